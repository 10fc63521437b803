import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type CloudAlarm, CloudAlarms } from "../../components/alerts/cloudAlarms";
import { copyRule } from "../../components/storage/assetBucket";
import type { OmniverseConfig } from "./config";
import type { CloudSite } from "./data";
import { type EdgeDimensions, entranceAlarms, nameAlarms } from "./edgeAlarms";
import { ASSETS_ID, DATABASE_ID } from "./objectives";

/** What Replication Time Control promises, seconds. */
const CONTRACT = 900;

/** Beyond it a promotion would lose more than the register says. */
const LAG = 600;

/** What only AWS sees: how far its copies are behind, and how much room the database has. */
export function cloudAlarms(
  parent: pulumi.Resource,
  config: OmniverseConfig,
  { primary, secondary }: Record<CloudSite["role"], CloudSite>,
  /** Of the region in which Route 53 publishes its metrics. */
  names: aws.Provider,
  edge: EdgeDimensions,
): CloudAlarms[] {
  const alarms = alarmsOf(config, edge);
  return [primary, secondary, { role: "names", provider: names } as const].map(
    ({ role, provider }) =>
      new CloudAlarms(
        `omniverse-${role}-alarms`,
        {
          provider,
          topic: `${config.namespace}-alarms`,
          to: config.alerts.cloudAlarmsTo,
          runbooks: config.alerts.runbooks,
          alarms: alarms[role],
          tags: { system: "omniverse" },
        },
        { parent },
      ),
  );
}

/** What the alarms are made from. */
export type AlarmedConfig = Pick<OmniverseConfig, "assets" | "database">;

/** Every alarm, by the site in whose region its metric is published. */
export function alarmsOf(
  config: AlarmedConfig,
  edge: EdgeDimensions,
): Record<CloudSite["role"] | "names", CloudAlarm[]> {
  return {
    primary: [...roomAlarms(config, config.database.identifier), ...entranceAlarms(edge)],
    names: nameAlarms(edge),
    secondary: [...copyAlarms(config), ...replicaAlarms(config)],
  };
}

/** S3 publishes them where the copy is. */
function copyAlarms({ assets }: AlarmedConfig): CloudAlarm[] {
  const dimensions = { SourceBucket: assets.bucket, DestinationBucket: assets.replica, RuleId: copyRule };
  const common = { namespace: "AWS/S3", dimensions, period: "1m", asset: ASSETS_ID } as const;
  return [
    {
      ...common,
      alarm: "OmniverseAssetCopyBehind",
      metric: "ReplicationLatency",
      statistic: "Maximum",
      threshold: CONTRACT,
      periods: 5,
      // An idle bucket has nothing that could be late.
      missing: "notBreaching",
      guards: "freshness",
      severity: "critical",
      description: "Files reach the other region later than the contract of 15 minutes: a lost region now costs more.",
    },
    {
      ...common,
      alarm: "OmniverseAssetCopyUnseen",
      metric: "OperationsPendingReplication",
      statistic: "Maximum",
      threshold: 100_000,
      periods: 15,
      missing: "breaching",
      guards: "freshness",
      severity: "warning",
      description: "S3 says nothing of the copy any more, or a hundred thousand files wait: is the rule still there?",
    },
    {
      ...common,
      alarm: "OmniverseAssetCopyFailed",
      metric: "OperationsFailedReplication",
      statistic: "Sum",
      threshold: 0,
      periods: 1,
      missing: "notBreaching",
      guards: "health",
      severity: "critical",
      description: "S3 gave up on a file: it is in one region only, and a failover refuses what refers to it.",
    },
  ];
}

function replicaAlarms({ database }: Pick<AlarmedConfig, "database">): CloudAlarm[] {
  if (!database.replica) return [];
  const identifier = `${database.identifier}-replica`;
  return [
    // A full one cannot follow, and after a failover it is the one that serves.
    ...roomAlarms({ database }, identifier),
    {
      alarm: "OmniverseReplicaBehind",
      namespace: "AWS/RDS",
      metric: "ReplicaLag",
      dimensions: { DBInstanceIdentifier: identifier },
      statistic: "Maximum",
      threshold: LAG,
      period: "1m",
      periods: 5,
      missing: "breaching",
      asset: DATABASE_ID,
      guards: "freshness",
      severity: "critical",
      description: "The replica is too far behind to be promoted, or says nothing any more.",
    },
  ];
}

/** A full database takes no backups. */
function roomAlarms({ database }: Pick<AlarmedConfig, "database">, DBInstanceIdentifier: string): CloudAlarm[] {
  return [
    {
      alarm: "OmniverseDatabaseStorageLow",
      namespace: "AWS/RDS",
      metric: "FreeStorageSpace",
      dimensions: { DBInstanceIdentifier },
      statistic: "Minimum",
      // A tenth of what it began with; it grows by itself until storageMostGib.
      threshold: Math.round((database.size.storageGib / 10) * 1_073_741_824),
      below: true,
      period: "5m",
      periods: 3,
      missing: "breaching",
      asset: DATABASE_ID,
      guards: "capacity",
      severity: "critical",
      description: "The database has less than a tenth of its storage left: a full one takes no backups.",
    },
  ];
}
