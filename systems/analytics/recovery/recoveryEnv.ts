import { type Duration, duration, isProblem } from "../../../recovery/duration";
import { type Disruption, largestKept, parseLimit } from "../../../recovery/objective";
import type { AnalyticsConfig } from "../config";
import { exportFolder } from "../copies/exports";
import { connectorId } from "../data/catalog";
import { streamSize } from "../data/streams";
import { layers } from "../data/tables";
import { workspaceUrl } from "../endpoints";
import { accountId, logsId, namespaceId, resourceId } from "../ids";
import { BRONZE_EVENTS, CATALOG, CLONE_POOL, databricksJobs, LOCKED_CONTAINERS, TABLES } from "../names";
import type { AssetName } from "../objectives";
import { lakeChores } from "../operations/choreNames";
import type { Estate, Role } from "../site";
import { checkLines, tableChecks } from "./recoveryChecks";
import type { PathPlan, Way } from "./recoverySteps";

/**
 * What was written so long before the moment that came back is read again, body by body: as much as lies between two clones.
 * At the 1.3 GB a second that the register assumes that is 1.2 TB, which take 5 minutes to read at 4.2 GB a second.
 */
const CHECKED: Duration = "15m";

/** Service account of whoever recovers. */
export const RECOVERY_ACCOUNT = "analytics-recovery";

/** ConfigMap in which the steps of a recovery note what they did. */
export const PROGRESS_MAP = "analytics-recovery";

/** Where the security team keeps the private key of the clean room, in the pods of its own cluster. */
export const ROOM_KEY = { secret: "analytics-room-key", key: "identity", folder: "/room/key" } as const;

/** What people have to say of a clean room before an asset can come back there, besides its subscription and group. */
export const roomNeeds: Readonly<Record<AssetName, string>> = {
  lake: "ROOM_DATABRICKS_URL ROOM_ACCOUNT",
  kafka: "ROOM_DATABRICKS_URL",
  databricks: "ROOM_DATABRICKS_URL",
  powerbi: "ROOM_DATABRICKS_URL ROOM_CAPACITY",
  configuration: "ROOM_GROUP",
  keys: "ROOM_VAULT",
  logs: "ROOM_ACCOUNT",
};

const pipelineNames = layers.map(databricksJobs.pipeline);

/** Clones are taken where the metastore knows all tables: elsewhere they would take what serves for what is to be cloned. */
const cloning = [databricksJobs.cloneToCopy, databricksJobs.cloneToLocked, CLONE_POOL];

/** Both the job and its cluster: each region has its own, and a clean room reads what was captured. */
const { replays } = databricksJobs;

/** Jobs, clusters and pools that no export brings, by where to: the program has declared them there, or they belong to one region. */
const leftOut: Readonly<Record<Way, readonly string[]>> = {
  place: [],
  secondary: [...pipelineNames, ...Object.values(lakeChores), ...cloning, replays],
  room: [...cloning, replays],
};

/** Environment of the steps of a path, besides what every job has. */
export function recoveryEnv(estate: Estate, { asset, disruption, way }: PathPlan): Record<string, string> {
  return {
    PROMISED_RPO: String(promisedRpo(estate, asset, disruption)),
    OWN_REGION: estate.secondary.region,
    ...assetEnv(estate, way)[asset],
    ...(way === "room" ? { ROOM_NEEDS: roomNeeds[asset] } : {}),
  };
}

/** What a promise lets be lost at most, in seconds. */
export function promisedRpo({ config }: Pick<Estate, "config">, asset: AssetName, disruption: Disruption): number {
  const limit = parseLimit(config.objectives[asset][disruption].rpo);
  if (isProblem(limit)) throw new RangeError(`${asset}: rpo of ${disruption} ${limit.problem}`);
  return largestKept(limit);
}

/** Networks of a region that its accounts are open to, as the scripts read a list. */
export function subnets({ jobs, workers }: AnalyticsConfig["network"][Role]): string {
  return [jobs, ...workers].join(" ");
}

/** What the steps of each asset work on, by where they lead. */
export function assetEnv(estate: Estate, way: Way): Record<AssetName, Record<string, string>> {
  const { config, names, primary, secondary } = estate;
  // In place everything is the primary's; elsewhere the secondary's, until somebody names the clean room.
  const role = way === "place" ? "primary" : "secondary";
  const stored = (asset: "databricks" | "powerbi" | "configuration" | "keys" | "logs") => {
    const { store, prefix } = exportFolder(estate, asset);
    return { STORE: store, PREFIX: prefix };
  };
  const spark = {
    DATABRICKS_URL: workspaceUrl(estate, role),
    WAREHOUSE: names.warehouse,
    PIPELINES: pipelineNames.join(" "),
  };
  const tables = {
    ...spark,
    CATALOG,
    LAYERS: layers.join(" "),
    TABLES,
    CHECKS: checkLines(tableChecks(CATALOG, config.lake.tables)),
    CHECKED_SECONDS: String(duration(CHECKED)),
  };
  const events = {
    BRONZE: BRONZE_EVENTS,
    NAMESPACES: names.namespaces.join(" "),
    TOPIC: config.kafka.topic,
    REPLAYS: replays,
  };
  return {
    lake: {
      ...tables,
      ...events,
      WRITTEN: names.lake.written,
      // Where it writes until the other region serves.
      PRIMARY_DATABRICKS_URL: workspaceUrl(estate, "primary"),
      LAKE_JOBS: [databricksJobs.cloneToCopy, databricksJobs.cloneToLocked, ...Object.values(lakeChores)].join(" "),
      COPY: names.lake.copy,
      LOCKED: names.locked,
      STORE: `${names.locked}/${LOCKED_CONTAINERS.tables}`,
      WRITTEN_ID: accountId(primary, names.lake.written),
      COPY_ID: accountId(secondary, names.lake.copy),
      OWN_SUBNETS: subnets(config.network.secondary),
      OWN_CATALOG: connectorId(secondary),
    },
    kafka: {
      ...tables,
      ...events,
      WAREHOUSE: names.replays,
      NAMESPACE_IDS: names.namespaces.map((name) => namespaceId(primary, name)).join(" "),
      PARTITIONS: String(streamSize(config.kafka.load).partitions),
      LOCKED: names.locked,
      EVENTS: LOCKED_CONTAINERS.events,
      STORE: `${names.locked}/${LOCKED_CONTAINERS.events}`,
    },
    databricks: { ...spark, ...stored("databricks"), LEFT_OUT: leftOut[way].join(" ") },
    powerbi: {
      ...stored("powerbi"),
      WAREHOUSE_HOST: config.databricks.hosts[role],
      CAPACITY_ID: resourceId(estate[role], "Microsoft.Fabric/capacities", names.capacity[role]),
    },
    configuration: {
      ...stored("configuration"),
      GROUPS_THERE: way === "place" ? `${names.group.primary} ${names.group.secondary}` : names.group.secondary,
    },
    keys: {
      ...stored("keys"),
      VAULT: names.vault,
      ...(way === "room" ? { ROOM_KEY: `${ROOM_KEY.folder}/${ROOM_KEY.key}` } : {}),
    },
    logs: {
      ...stored("logs"),
      LOGS_ID: logsId(primary, names.logs),
      RESTORED: `${names.locked}/${LOCKED_CONTAINERS.logs}/restored`,
    },
  };
}
