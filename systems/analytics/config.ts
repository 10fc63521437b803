import { z } from "zod";
import { type Duration, duration, isProblem, parseDuration } from "../../recovery/duration";
import type { ObjectivesArgs } from "../../recovery/objective";
import type { ConfigProblem } from "../config/problems";
import * as is from "../config/settings";
import type { SiteUse, SystemSettings } from "../config/system";
import { inherit, type PartialObjectives, partialObjectives } from "../tiers";
import { alertSettings, monitoringSettings } from "./alerts/settings";
import { type StreamLoad, streamSize } from "./data/streams";
import { defaultTables, tableSettings } from "./data/tables";
import { type AssetName, assetNames, assetObjectives } from "./objectives";
import { operationsSchema } from "./operations/operationsConfig";

const span = (value: string) => is.span().default(value);

/**
 * The network of a region, which another program declares. Its subnets have service endpoints of Storage for all regions
 * (Microsoft.Storage.Global), Key Vault and Event Hubs: by them accounts, vaults and namespaces know who calls.
 */
const network = z.strictObject({
  /** Subnet of the cluster, whose jobs call accounts, vaults and namespaces. */
  jobs: subnet(),
  /** Subnets of the workspace's clusters, of hosts and of containers. */
  workers: z.tuple([subnet(), subnet()], {
    error: () => "must be two subnets of one network, of the hosts and of the containers of Databricks' clusters",
  }),
});

function subnet() {
  return is.matching(
    "the id of a subnet, such as /subscriptions/.../virtualNetworks/analytics/subnets/jobs",
    /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/,
  );
}

function workspaceHost() {
  return is.matching(
    "the host of a workspace, such as adb-1111111111111111.1.azuredatabricks.net",
    /^adb-\d{10,20}\.\d{1,2}\.azuredatabricks\.net$/,
  );
}

/** Lag that Event Hubs takes: more, or a bound between, it refuses. */
const lag = z.custom<Duration>(
  (value) => {
    const length = parseDuration(value);
    return !isProblem(length) && (length === 0 || (length >= 300 && length <= 86_400));
  },
  { error: () => 'must be "0s", or "5m" to "1d": Event Hubs takes no other bound' },
);

const cluster = z
  .strictObject({
    nodeType: is.words("Standard_D16s_v5").default("Standard_D16s_v5"),
    workers: is.whole(1, 1_000, 10).default(10),
  })
  .prefault({});

/** When a job of Databricks runs, as Quartz reads it, and how long it may take. */
const quartz = (at: string, deadline: string) =>
  z.strictObject({ schedule: is.words(at).default(at), deadline: span(deadline) }).prefault({});

/** Everything about the analytics platform that a stack can say; what it leaves out is production's. */
export const analyticsSchema = z.strictObject({
  namespace: is.objectName().default("analytics-prod"),
  /** Holds curl, jq, age and what else the job scripts call. */
  image: is.image(),
  sites: z
    .strictObject({
      primary: is.objectName().default("analytics-primary"),
      secondary: is.objectName().default("analytics-secondary"),
      cleanRoom: is.objectName().default("analytics-clean-room"),
    })
    .prefault({}),
  /** Directory that all identities are of. */
  tenant: is.guid("the id of a directory"),
  /** What names begin with that all of Azure shares: accounts, vaults, namespaces. */
  prefix: is.matching('3 to 11 lower-case letters and digits, such as "companyprod"', /^[a-z][a-z0-9]{2,10}$/),
  objectives: partialObjectives.prefault({}),
  assetObjectives: z
    .strictObject({
      lake: partialObjectives.prefault({}),
      databricks: partialObjectives.prefault({}),
      kafka: partialObjectives.prefault({}),
      powerbi: partialObjectives.prefault({}),
      configuration: partialObjectives.prefault({}),
      keys: partialObjectives.prefault({}),
      logs: partialObjectives.prefault({}),
    })
    .prefault({}),
  network: z.strictObject({ primary: network, secondary: network }),
  /** Who recovers where no credential of this program reaches: it reads what is under the lock, and nothing else. */
  cleanRoom: z.strictObject({
    /** Id of its identity in the directory. */
    reader: is.guid("the id of an identity"),
    subnet: subnet(),
  }),
  lake: z
    .strictObject({
      /** The document's 2.3 PB. */
      bytes: is.whole(1, 5e15, 2.3e15).default(2.3e15),
      /** The document's capacity of 5 PB. */
      mostBytes: is.whole(1, 5e16, 5e15).default(5e15),
      /** History of every table, and what is deleted: longer than the 30 days promised. */
      keep: is.days().default("35d"),
      tables: z.array(tableSettings).default(defaultTables),
      /** Clones of all tables, to the other region and to the account under the lock. */
      clones: quartz("0 0/15 * * * ?", "12m"),
    })
    .prefault({}),
  backups: z
    .strictObject({
      lock: is.days().default("35d"),
      expire: is.days().default("45d"),
      /** Whether nobody can take the lock away any more: deployed once with `false`, then with `true` for good. */
      locked: is.flag().default(true),
      databricks: is.timing("*/30 * * * *", "1m", "10m"),
      powerbi: is.timing("15 */6 * * *", "5m", "1h"),
      /** As often as the configuration is: each look tells what somebody has changed. */
      keys: is.timing("*/5 * * * *", "60s", "3m"),
      logs: is.timing("40 2 * * *", "10m", "2h"),
      /** How old the newest clones are. */
      cloneStatus: is.timing("*/5 * * * *", "60s", "2m"),
      /** Copies of logs are kept as long as the logs, and some. */
      logsExpire: is.days().default("400d"),
      /** Compares what is there with the last look, too: an alert is as early as it. */
      configuration: is.timing("*/5 * * * *", "30s", "3m"),
    })
    .prefault({}),
  kafka: z
    .strictObject({
      load: z
        .strictObject({
          eventsPerSecond: is.whole(1, 1e9, 1.2e6).default(1.2e6),
          bytesPerSecond: is.whole(1, 1e12, 4.2e9).default(4.2e9),
        })
        .prefault({}),
      topic: is.objectName().default("events"),
      keep: is.days().default("35d"),
      lag: lag.default("5m"),
      /** An event is in a file of the locked account after this at the latest. */
      capture: span("5m"),
      /** What a recovery brings back: events that the lake does not hold yet, an hour of 4.2 GB a second. */
      bytes: is.whole(1, 1e17, 15.12e12).default(15.12e12),
      /** Subnets of those who write events. */
      producers: z.array(subnet()).default([]),
    })
    .prefault({}),
  databricks: z.strictObject({
    /** Where the workspaces answer: Azure says it when one is made, so a first deployment has to be followed by another. */
    hosts: z.strictObject({ primary: workspaceHost(), secondary: workspaceHost() }),
    /** 13.3 LTS of the document has ended; SQL scripting takes 16.3 or later. */
    runtime: is.matching('a runtime of Databricks, such as "16.4.x-scala2.12"', /^\d+\.\d+\.x-scala2\.\d+$/),
    /** Node types and workers of jobs' own clusters. */
    cluster,
    /** Size of the SQL warehouses. */
    warehouse: is.words("Small").default("Small"),
    /** Repository with the notebooks of the pipelines, and the branch that runs. */
    git: z.strictObject({
      url: is.matching("the address of a git repository", /^https:\/\/\S+$/),
      provider: is.oneOf("gitHub", "gitHubEnterprise", "gitLab", "azureDevOpsServices").default("gitHub"),
      branch: is.words("main").default("main"),
    }),
    /** Notebooks of that repository that run without end, by the layer that they write. */
    pipelines: z
      .strictObject({
        bronze: is.words("pipelines/bronze").default("pipelines/bronze"),
        silver: is.words("pipelines/silver").default("pipelines/silver"),
        gold: is.words("pipelines/gold").default("pipelines/gold"),
      })
      .prefault({}),
  }),
  powerbi: z.strictObject({
    /** Size of the capacity. */
    sku: is.matching('a size of Fabric, such as "F64"', /^F\d{1,4}$/).default("F64"),
    /** Who administers the capacities. */
    admins: is.some(is.words("bi-admins@company.com"), '["bi-admins@company.com"]'),
    /** Workspaces whose content is exported, by id. */
    workspaces: is.some(is.guid("the id of a workspace of Power BI"), '["00000000-0000-0000-0000-000000000000"]'),
    bytes: is.whole(1, 1e13, 50e9).default(50e9),
  }),
  keys: z.strictObject({
    /** Public key of the clean room; its private half has never been in reach of this program. */
    recipient: is.ageRecipient(),
    keepDeleted: is.days().default("90d"),
  }),
  logs: z
    .strictObject({
      /** At hand, and in all: 3 and 12 months. */
      hot: is.days().default("90d"),
      keep: is.days().default("365d"),
      /** Tables that are kept for so long, and copied under the lock. */
      tables: is
        .some(is.words("AzureActivity"), '["AzureActivity"]')
        .default(["AzureActivity", "AzureDiagnostics", "SecurityAlert", "SecurityIncident"]),
      bytes: is.whole(1, 1e15, 100e9).default(100e9),
    })
    .prefault({}),
  operations: operationsSchema,
  alerts: alertSettings,
  /** When the jobs that measure run. */
  monitoring: monitoringSettings,
});

type Parsed = z.output<typeof analyticsSchema>;

/** What a stack says about the analytics platform, with what it left out filled in and its objectives inherited. */
export type AnalyticsConfig = Omit<Parsed, "objectives" | "assetObjectives"> & {
  objectives: Record<AssetName, ObjectivesArgs>;
};

/** The analytics platform as a system of a stack. */
export const analyticsSystem: SystemSettings<typeof analyticsSchema, AnalyticsConfig> = {
  schema: analyticsSchema,
  resolve: ({ objectives, assetObjectives: own, ...rest }) => {
    const inherited = assetNames.map((name) => [
      name,
      inherit(assetObjectives[name] as PartialObjectives, objectives, own[name]).objectives,
    ]);
    return { ...rest, objectives: Object.fromEntries(inherited) as Record<AssetName, ObjectivesArgs> };
  },
  contradictions,
  sites,
};

function sites(raw: Readonly<Record<string, unknown>>): SiteUse[] {
  const roles = analyticsSchema.shape.sites.safeParse(raw.sites).data;
  return [
    { key: "sites.primary", site: roles?.primary, needsCluster: true },
    { key: "sites.secondary", site: roles?.secondary, needsCluster: true },
    { key: "sites.cleanRoom", site: roles?.cleanRoom, needsCluster: false },
  ];
}

function contradictions(raw: Readonly<Record<string, unknown>>): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const refuse = (key: string, must: string, got: unknown) =>
    problems.push({ key, message: `must be ${must}, got ${JSON.stringify(got)}` });
  const read = <K extends keyof typeof analyticsSchema.shape>(key: K) => {
    const result = analyticsSchema.shape[key].safeParse(raw[key]);
    return result.success ? (result.data as Parsed[K]) : undefined;
  };
  const places = read("sites");
  if (places && places.primary === places.secondary)
    refuse("sites.secondary", "another site than sites.primary, or both are lost together", places.secondary);
  for (const [role, { workers }] of Object.entries(read("network") ?? {})) {
    const [hosts, containers] = workers.map((id) => id.slice(0, id.lastIndexOf("/subnets/")));
    if (hosts !== containers || workers[0] === workers[1])
      refuse(`network.${role}.workers`, "two subnets of one network", workers);
  }
  const backups = read("backups");
  if (backups && duration(backups.expire) <= duration(backups.lock))
    refuse("backups.expire", `longer than backups.lock ${backups.lock}: what is locked cannot expire`, backups.expire);
  const lake = read("lake");
  if (lake && lake.bytes > lake.mostBytes)
    refuse("lake.mostBytes", `at least lake.bytes ${lake.bytes}`, lake.mostBytes);
  if (lake && duration(lake.keep) > duration("365d"))
    refuse("lake.keep", "1d to 365d, the longest that Azure keeps what is deleted", lake.keep);
  const kafka = read("kafka");
  if (kafka && duration(kafka.keep) > duration("90d"))
    refuse("kafka.keep", "1d to 90d, the longest that Event Hubs Premium keeps events", kafka.keep);
  if (kafka && (duration(kafka.capture) < 60 || duration(kafka.capture) > 900))
    refuse("kafka.capture", "1m to 15m, which Capture takes", kafka.capture);
  const size = kafka && sizeProblem(kafka.load);
  if (size !== undefined) problems.push({ key: "kafka.load", message: size });
  const keys = read("keys");
  if (keys && (duration(keys.keepDeleted) < duration("7d") || duration(keys.keepDeleted) > duration("90d")))
    refuse("keys.keepDeleted", "7d to 90d, which Key Vault takes", keys.keepDeleted);
  const logs = read("logs");
  if (logs && (duration(logs.hot) < duration("30d") || duration(logs.hot) > duration("730d")))
    refuse("logs.hot", "30d to 730d, which Log Analytics takes", logs.hot);
  if (logs && (duration(logs.keep) < duration(logs.hot) || duration(logs.keep) > duration("4383d")))
    refuse("logs.keep", `${logs.hot} (logs.hot) to 4383d, which Log Analytics takes`, logs.keep);
  return problems;
}

/** Why no namespaces take a load; nothing where some do. */
function sizeProblem(load: StreamLoad): string | undefined {
  try {
    streamSize(load);
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
