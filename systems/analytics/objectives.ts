import { disruptions, type ObjectiveArgs, type ObjectivesArgs, type RetentionArgs } from "../../recovery/objective";

/** Tables of bronze, silver and gold. */
export const LAKE_ID = "analytics/lake";

/** Jobs, clusters, Unity Catalog and permissions of the workspace. */
export const DATABRICKS_ID = "analytics/databricks";

/** Event Hubs, read and written as Kafka. */
export const KAFKA_ID = "analytics/kafka";

/** Workspaces of Power BI: reports, models and who may see them. */
export const POWERBI_ID = "analytics/powerbi";

/** How everything is set: what git says, and what is there. */
export const CONFIGURATION_ID = "analytics/configuration";

/** Secrets of the vault. */
export const KEYS_ID = "analytics/keys";

/** Lines of Log Analytics, on which Sentinel stands. */
export const LOGS_ID = "analytics/logs";

/** The assets of the system, by their key in the configuration. */
export const assetIds = {
  lake: LAKE_ID,
  databricks: DATABRICKS_ID,
  kafka: KAFKA_ID,
  powerbi: POWERBI_ID,
  configuration: CONFIGURATION_ID,
  keys: KEYS_ID,
  logs: LOGS_ID,
} as const;

/** Key of an asset in the configuration. */
export type AssetName = keyof typeof assetIds;

/** Keys of all assets. */
export const assetNames = Object.keys(assetIds) as AssetName[];

const owner = "platform operations team";

/** A row of the document's table, which holds for every disruption but those that it is given `except` for. */
function row(is: string, rpo: string, rto: string, except: Partial<ObjectivesArgs>): ObjectivesArgs {
  const promised: ObjectiveArgs = { rpo, rto, owner, reason: `the row ${is} of the table of recovery objectives` };
  return { ...(Object.fromEntries(disruptions.map((one) => [one, promised])) as ObjectivesArgs), ...except };
}

/**
 * The one exception of all rows. Nothing bounds how soon an intrusion is noticed; until then everything that was written
 * counts as lost, and the rows of minutes and hours say nothing that anybody could keep.
 */
function intrusion(rpo: string, rto: string): Pick<ObjectivesArgs, "compromise"> {
  const reason =
    "an intrusion is noticed within half a shift and everything is rebuilt where its credentials do not reach: a working day, whatever the row says of faults";
  return { compromise: { rpo, rto, owner: "security team", reason } };
}

/** What is promised for each asset where a stack says nothing else. */
export const assetObjectives: Readonly<Record<AssetName, ObjectivesArgs>> = {
  lake: row("Data Lake", "1h", "4h", intrusion("24h", "8h")),
  databricks: row("Databricks", "4h", "2h", intrusion("24h", "8h")),
  kafka: row("Kafka", "5m", "30m", {
    ...intrusion("24h", "8h"),
    corruption: {
      rpo: "1h",
      rto: "2h",
      owner,
      reason:
        "an event is never changed where it lies: what is damaged is what was read and written after it, and nobody notices that and stops the writers within 5 minutes",
    },
  }),
  powerbi: row("Power BI", "24h", "4h", intrusion("24h", "8h")),
  configuration: row("Configuration", "1h", "1h", intrusion("24h", "8h")),
  keys: row("Configuration (secrets are part of it)", "1h", "1h", intrusion("24h", "8h")),
  logs: {
    ...row("Data Lake (the document has none for logs, which are read as its data are)", "1h", "4h", {}),
    ...Object.fromEntries(
      (["corruption", "compromise"] as const).map((disruption): [typeof disruption, ObjectiveArgs] => [
        disruption,
        {
          rpo: "3d",
          rto: "24h",
          owner: "security team",
          reason:
            "lines are written once and nobody changes them; who needs them after an intrusion needs those from before it, which a daily copy under a lock holds",
        },
      ]),
    ),
  },
};

/** The document's 30 days, of which the 35 days of history, locks and soft delete leave a margin. */
export const retention: RetentionArgs = { atLeast: "30d" };

/** How long each asset is kept. Logs are at hand for longer, by their own tables: this is about what restores them. */
export const retentions: Readonly<Record<AssetName, RetentionArgs>> = {
  lake: retention,
  databricks: retention,
  kafka: retention,
  powerbi: retention,
  configuration: retention,
  keys: retention,
  logs: retention,
};
