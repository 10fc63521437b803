import * as databricks from "@pulumi/databricks";
import type * as pulumi from "@pulumi/pulumi";
import { DrillJob } from "../../../components/drill/drillJob";
import { duration, isProblem } from "../../../recovery/duration";
import { largestKept, parseLimit } from "../../../recovery/objective";
import { healthyAge, overdueAfter } from "../../alerts/freshness";
import type { ScheduledJob } from "../../alerts/rule";
import { gapsOf, wholeDaysOf } from "../../spans";
import { type JobIdentity, jobIdentity, workspaceAccess } from "../access";
import type { AnalyticsConfig } from "../config";
import type { LakeCatalog } from "../data/catalog";
import { accountId, subscriptionId, vaultId } from "../ids";
import { scriptWork } from "../jobWork";
import { lakeAccess } from "../lakeAccess";
import { type AssetName, assetIds, assetNames, retentions } from "../objectives";
import type { AnalyticsSite, Estate } from "../site";
import { assetEnv } from "./recoveryEnv";
import { type PathName, type PathPlan, recoveryPaths } from "./recoverySteps";

/** Service account of verifications and drills: it reads copies, and makes what a drill makes. */
export const REHEARSAL_ACCOUNT = "analytics-rehearsal";

/** The way back whose steps a drill goes through, all in the secondary region: production itself is not failed over. */
export const rehearsed = {
  lake: "lake-in-secondary",
  kafka: "kafka-in-clean-room",
  databricks: "databricks-in-secondary",
  powerbi: "powerbi-in-secondary",
  configuration: "configuration-in-secondary",
  keys: "keys-in-secondary",
  logs: "logs-in-place",
} as const satisfies Record<AssetName, PathName>;

/** The document's 8 hours. It says quarterly; a record counts for 90 days, which is less than a quarter has. */
export const drillTime = { schedule: "0 6 17 1-11/2 *", startWithin: "10m", deadline: "8h" } as const;

/** A verification each week, one asset after the other. */
export const verifyTime = (place: number) => ({ schedule: `${place * 8} 4 * * 1`, startWithin: "10m", deadline: "2h" });

/** Name of the CronJob that tests the recovery of an asset. */
export const drillJob = (asset: AssetName) => `analytics-drill-${asset}`;

/** Name of the CronJob that reads the restore points of an asset back. */
export const verifyJob = (asset: AssetName) => `analytics-verify-${asset}`;

/** What alerts hold them to: one that has not succeeded for longer is overdue. */
export function rehearsalJobs(): Record<"verifications" | "drills", ScheduledJob[]> {
  const due = (cronJob: string, timing: { schedule: string; startWithin: string; deadline: string }): ScheduledJob => ({
    cronJob,
    overdueAfter: overdueAfter({ ...timing, timeZone: "Etc/UTC" }),
  });
  return {
    verifications: assetNames.map((asset, place) => due(verifyJob(asset), verifyTime(place))),
    drills: assetNames.map((asset) => due(drillJob(asset), drillTime)),
  };
}

/** Reads restore points back each week, and tests every second month how long a recovery takes and what it brings. */
export function rehearsals(estate: Estate, catalog: LakeCatalog, parent: pulumi.Resource): DrillJob[] {
  const { names, primary, secondary, config } = estate;
  const identity = jobIdentity(
    secondary,
    REHEARSAL_ACCOUNT,
    [
      { role: "blobReader", scope: accountId(secondary, names.locked) },
      { role: "secretsUser", scope: vaultId(primary, names.vault) },
      // A drill makes definitions of policies under a name of its own, and takes them away.
      { role: "policyContributor", scope: subscriptionId(primary.subscription) },
    ],
    parent,
  );
  readsCopies(secondary, catalog, identity, parent);
  return assetNames.flatMap((asset, place) =>
    (["verification", "drill"] as const).map((role) => {
      const drill = role === "drill";
      const timing = drill ? drillTime : verifyTime(place);
      const work = scriptWork(estate, secondary, {
        script: [drill ? "drill.sh" : "verify.sh"],
        account: REHEARSAL_ACCOUNT,
        asset,
        env: {
          ...assetEnv(estate, "secondary")[asset],
          KEPT_DAYS: String(wholeDaysOf(retentions[asset].atLeast)),
          STEP_SECONDS: String(duration(timing.deadline)),
          SAMPLED: "16",
          ...(asset === "lake" ? { LAKE_BYTES: String(config.lake.bytes) } : {}),
          ...(asset === "kafka" ? { KAFKA_BYTES: String(config.kafka.bytes) } : {}),
          ...(drill ? drillPromise(config, asset) : { MOST_AGE: String(oldest(config, asset)) }),
        },
        scratchBytes: asset === "powerbi" ? config.powerbi.bytes * 3 : 20e9,
        size: { cores: 2, gib: 4 },
      });
      return new DrillJob(
        `analytics-${role}-${asset}`,
        {
          placement: secondary.placement,
          job: drill ? drillJob(asset) : verifyJob(asset),
          work,
          role,
          protects: assetIds[asset],
          ...timing,
        },
        { parent },
      );
    }),
  );
}

/** In the workspace that stands by: it reads copies where they lie, and makes schemas and jobs of its own beside the others. */
function readsCopies(at: AnalyticsSite, catalog: LakeCatalog, made: JobIdentity, parent: pulumi.Resource): void {
  // Clusters, pools and policies of others are shown to administrators alone, and a drill leads jobs to them.
  const user = workspaceAccess(at, REHEARSAL_ACCOUNT, made, "ADMIN", parent);
  for (const kind of ["warehouse", "replays"] as const)
    new databricks.Permissions(
      `${REHEARSAL_ACCOUNT}-${kind}`,
      {
        sqlEndpointId: catalog[kind].id,
        accessControls: [{ servicePrincipalName: made.identity.clientId, permissionLevel: "CAN_USE" }],
      },
      { parent, provider: at.databricks, dependsOn: [user, catalog[kind]] },
    );
  lakeAccess(
    at,
    REHEARSAL_ACCOUNT,
    made,
    {
      // Once a failover has named the clones, Unity Catalog lets nobody read a folder who may not read its table.
      catalog: ["USE_CATALOG", "USE_SCHEMA", "SELECT", "CREATE_SCHEMA"],
      files: { copy: ["READ_FILES"], locked: ["READ_FILES"], captured: ["READ_FILES"] },
    },
    { parent, dependsOn: [user, catalog] },
  );
}

/** What a drill is held against: the objectives of the path that it rehearses, and what the plan reckons with. */
export function drillPromise(config: AnalyticsConfig, asset: AssetName): Record<string, string> {
  const path = rehearsed[asset];
  const { disruption, steps }: PathPlan = recoveryPaths[path];
  const of = (text: string) => {
    const limit = parseLimit(text);
    if (isProblem(limit)) throw new RangeError(`${asset}: ${disruption} ${limit.problem}`);
    return String(largestKept(limit));
  };
  const { rpo, rto } = config.objectives[asset][disruption];
  const planned = Object.entries(steps)
    // Nobody is fenced, led anywhere or let in by a drill.
    .filter(([name]) => ["find", "restore", "verify", "capacity"].includes(name))
    .reduce((sum, [, { deadline }]) => sum + duration(deadline), 0);
  return {
    REHEARSES: path,
    PROMISED_RPO_SECONDS: of(rpo),
    PROMISED_RTO_SECONDS: of(rto),
    PLANNED_SECONDS: String(planned),
    PLANNED_AGE_SECONDS: String(oldest(config, asset)),
  };
}

/** How old the newest copy of an asset is at most, through one failed run. */
export function oldest({ backups, lake, kafka }: AnalyticsConfig, asset: AssetName): number {
  if (asset === "kafka") return duration(kafka.capture) * 2 + duration("5m");
  // Every quarter of an hour, as Quartz has it, twice, and as long as a run may take.
  if (asset === "lake") return 2 * duration("15m") + duration(lake.clones.deadline) + duration("3m");
  const one = backups[asset];
  return healthyAge(gapsOf(one)[1], duration(one.startWithin), duration(one.deadline));
}
