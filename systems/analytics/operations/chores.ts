import * as k8s from "@pulumi/kubernetes";
import { placed } from "../../../components/kubernetes/placement";
import { MaintenanceJob } from "../../../components/maintenance/maintenanceJob";
import { duration } from "../../../recovery/duration";
import { overdueAfter } from "../../alerts/freshness";
import type { ScheduledJob } from "../../alerts/rule";
import { BYTES_PER_UNIT, streamSize } from "../data/streams";
import { type Layer, layers } from "../data/tables";
import { workspaceUrl } from "../endpoints";
import { accountId, namespaceId } from "../ids";
import { type ScriptArgs, scriptWork } from "../jobWork";
import { CATALOG, JOB_LABELS, LOCKED_CONTAINERS, NOTEBOOKS } from "../names";
import { assetIds, DATABRICKS_ID } from "../objectives";
import type { AnalyticsSite, Estate, Role } from "../site";
import {
  BACK,
  CHORE_ACCOUNTS,
  choreNames,
  clusterName,
  type UpgradeStep,
  upgradeJob,
  upgradeSteps,
} from "./choreNames";
import type { Chore } from "./operationsConfig";

type Work = Pick<ScriptArgs, "script" | "account" | "env" | "scratchBytes">;

/** Where a chore runs: a region's nodes are patched from the other one, whose pods no drain ends. */
const runsAt: Readonly<Record<Chore, Role>> = {
  restartBronze: "primary",
  restartSilver: "primary",
  restartGold: "primary",
  patchSecondary: "primary",
  patchPrimary: "secondary",
  capacity: "primary",
  review: "primary",
  diagnostics: "primary",
};

/** The document's daily, weekly and monthly work. */
export function chores(estate: Estate): MaintenanceJob[] {
  const work = choreWork(estate);
  return (Object.keys(choreNames) as Chore[]).map((chore) => {
    const at = estate[runsAt[chore]];
    const timing = estate.config.operations.chores[chore];
    const { env, ...args } = work[chore];
    const deadline = { DEADLINE_SECONDS: String(duration(timing.deadline)) };
    return new MaintenanceJob(
      choreNames[chore],
      {
        placement: at.placement,
        job: choreNames[chore],
        work: scriptWork(estate, at, { ...args, asset: "databricks", env: { ...deadline, ...env } }),
        ...timing,
        // An export that is taken meanwhile would hold the names of clusters that are gone an hour later.
        ...(chore.startsWith("restart") ? { apartFrom: [DATABRICKS_ID] } : { reads: Object.values(assetIds) }),
      },
      { parent: estate.parent },
    );
  });
}

/** When a site's chores are overdue. */
export function choreJobs({ config }: Pick<Estate, "config">, role: Role): ScheduledJob[] {
  return (Object.keys(choreNames) as Chore[])
    .filter((chore) => runsAt[chore] === role)
    .map((chore) => ({
      cronJob: choreNames[chore],
      overdueAfter: overdueAfter(config.operations.chores[chore]),
    }));
}

/** The quarterly upgrade as jobs that somebody starts one after the other, and the way back. */
export function upgrade(estate: Estate): MaintenanceJob[] {
  const { config, names, primary } = estate;
  const { runtime, limits } = config.operations;
  const steps: [UpgradeStep, string][] = [...(Object.entries(upgradeSteps) as [UpgradeStep, string][]), ["back", BACK]];
  return steps.map(([step, deadline]) => {
    return new MaintenanceJob(
      upgradeJob(step),
      {
        placement: primary.placement,
        job: upgradeJob(step),
        work: scriptWork(estate, primary, {
          script: ["upgrade.sh", step],
          account: CHORE_ACCOUNTS.operate,
          asset: "databricks",
          env: {
            DATABRICKS_URL: workspaceUrl(estate, "primary"),
            DEADLINE_SECONDS: String(duration(deadline)),
            CLUSTERS: layers.map(clusterName).join(" "),
            SUCCESSOR: runtime.successor ?? "",
            CHECK_NOTEBOOK: `${NOTEBOOKS}/maintenance-check`,
            CATALOG,
            WAREHOUSE: names.warehouse,
            FRESHNESS_SQL: freshnessSql(),
            FRESH_SECONDS: String(limits.freshSeconds),
          },
        }),
        schedule: "0 0 1 1 *",
        startWithin: "1m",
        deadline,
        suspend: true,
      },
      { parent: estate.parent },
    );
  });
}

/** How old the newest event is in the layers that hold single events. */
export function freshnessSql(): string {
  return ["bronze", "silver"]
    .map(
      (layer) =>
        `SELECT '${layer}' AS layer, timestampdiff(SECOND, max(event_time), current_timestamp()) AS age FROM ${CATALOG}.${layer}.events WHERE date >= current_date() - INTERVAL 1 DAY`,
    )
    .join(" UNION ALL ");
}

/**
 * No node is taken away under a job: whoever drains one waits until it has ended, which the deadline of each bounds. There
 * are never so many jobs at once as it names, so that none may be evicted.
 */
export function undisturbedJobs(at: AnalyticsSite, parent: Estate["parent"]): k8s.policy.v1.PodDisruptionBudget {
  const { namespace } = at.placement;
  return new k8s.policy.v1.PodDisruptionBudget(
    `${at.prefix}-undisturbed`,
    {
      metadata: { name: "analytics-jobs", namespace, labels: JOB_LABELS },
      spec: { minAvailable: 1_000, selector: { matchLabels: JOB_LABELS } },
    },
    placed(parent, at.placement),
  );
}

function choreWork(estate: Estate): Record<Chore, Work> {
  const { config, names, primary, secondary } = estate;
  const { operations, databricks, lake, kafka } = config;
  const { limits, runtime, kubernetes } = operations;
  const reports = `${names.locked}/${LOCKED_CONTAINERS.logs}/reports`;
  const at = (role: Role) => ({ DATABRICKS_URL: workspaceUrl(estate, role) });
  const spaces = names.namespaces.map((name) => namespaceId(primary, name));
  const lakes = [accountId(primary, names.lake.written), accountId(secondary, names.lake.copy)];
  const restart = (layer: Layer): Work => ({
    script: ["restart.sh"],
    account: CHORE_ACCOUNTS.operate,
    env: { ...at("primary"), CLUSTER: clusterName(layer), RUNTIME: databricks.runtime },
  });
  const patch = (role: Role, before?: Role): Work => ({
    script: ["patching.sh"],
    account: CHORE_ACCOUNTS.patch,
    env: {
      ...at(role),
      AKS_CLUSTER: kubernetes[role],
      STAGE_BEFORE: before === undefined ? "" : kubernetes[before],
      RUNTIME_SUPPORTED_UNTIL: runtime.supportedUntil,
      // A week, and a day that a restart may be late.
      UNPATCHED_DAYS: "8",
      NOTICE_DAYS: "90",
    },
  });
  const { units, namespaces } = streamSize(kafka.load);
  return {
    restartBronze: restart("bronze"),
    restartSilver: restart("silver"),
    restartGold: restart("gold"),
    patchSecondary: patch("secondary"),
    patchPrimary: patch("primary", "secondary"),
    capacity: {
      script: ["capacity.sh"],
      account: CHORE_ACCOUNTS.look,
      env: {
        ...at("primary"),
        WAREHOUSE: names.warehouse,
        REPORTS: reports,
        CAPACITIES: JSON.stringify([
          {
            name: "lake_bytes",
            resources: lakes.slice(0, 1),
            metric: "UsedCapacity",
            aggregation: "Average",
            perSeconds: 1,
            limit: lake.mostBytes,
          },
          {
            name: "events_bytes_per_second",
            resources: spaces,
            metric: "IncomingBytes",
            aggregation: "Total",
            perSeconds: 3_600,
            limit: units * namespaces * BYTES_PER_UNIT,
          },
        ]),
        LEVEL_PERCENT: String(limits.fullPercent),
        COMPUTE_PERCENT: String(limits.averagePercent),
        DAYS_BACK: "90",
        DAYS_AHEAD: "30",
      },
    },
    review: {
      script: ["review.sh"],
      account: CHORE_ACCOUNTS.look,
      env: {
        ...at("primary"),
        WAREHOUSE: names.warehouse,
        REPORTS: reports,
        SKEW_TABLE: `${CATALOG}.bronze.events`,
        SKEW_COLUMN: "partition_id",
        AVERAGE_PERCENT: String(limits.averagePercent),
        PEAK_PERCENT: String(limits.peakPercent),
        IDLE_PERCENT: String(limits.idlePercent),
        SLOW_SECONDS: String(limits.slowSeconds),
        SKEW_PERCENT: String(limits.skewPercent),
      },
    },
    diagnostics: {
      script: ["diagnostics.sh"],
      account: CHORE_ACCOUNTS.look,
      env: {
        ...at("primary"),
        CLUSTERS: layers.map(clusterName).join(" "),
        STORAGE_ACCOUNTS: lakes.join(" "),
        NAMESPACES: spaces.join(" "),
        PRIVATE_ENDPOINTS: operations.privateEndpoints.join(" "),
        NAMES_AND_PORTS: namesAndPorts(estate).join(" "),
        CAPACITY_BYTES: String(lake.mostBytes),
        FULL_PERCENT: String(limits.fullPercent),
        CONNECT_SECONDS: "5",
      },
    },
  };
}

/** What the jobs and pipelines must reach, by name and port. */
function namesAndPorts({ config, names }: Estate): string[] {
  const lakes = Object.values(names.lake).map((account) => `${account}.dfs.core.windows.net:443`);
  const kafka = names.namespaces.map((name) => `${name}.servicebus.windows.net:9093`);
  return [...lakes, ...kafka, `${names.vault}.vault.azure.net:443`, `${config.databricks.hosts.primary}:443`];
}
