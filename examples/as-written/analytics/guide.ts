import * as fs from "node:fs";
import * as path from "node:path";
import type { Disruption, ObjectiveArgs, ObjectivesArgs } from "../../../recovery/objective";
import { disruptions } from "../../../recovery/objective";

/** Rows of the guide's table of recovery objectives. */
export const rows = {
  lake: { rpo: "1h", rto: "4h", is: "Data Lake" },
  databricks: { rpo: "4h", rto: "2h", is: "Databricks" },
  kafka: { rpo: "5m", rto: "30m", is: "Kafka" },
  powerbi: { rpo: "24h", rto: "4h", is: "Power BI" },
  configuration: { rpo: "1h", rto: "1h", is: "Configuration" },
} as const;

/** One of them. */
export type Row = keyof typeof rows;

/** `analytics/lake`. */
export function assetOf(row: Row): string {
  return `analytics/${row}`;
}

/** The objectives of a row; the table names no disruption, so it is taken to mean all of them. */
export function objectivesOf(row: Row): ObjectivesArgs {
  const { rpo, rto, is } = rows[row];
  const promised: ObjectiveArgs = { rpo, rto, owner: "Platform Operations Team", reason: `row ${is} of the guide` };
  return Object.fromEntries(disruptions.map((one) => [one, promised])) as Record<Disruption, ObjectiveArgs>;
}

/** "Retention: 30 days", which the guide says of its geo-redundant storage. */
export const KEPT = "30d";

/** "2.3PB used" and "4.2GB/s sustained". */
export const LAKE_BYTES = 2_300_000_000_000_000;
export const BYTES_PER_SECOND = 4_200_000_000;

/** "Critical: 15 minutes" of the escalation matrix. */
export const RESPONSE = "15m";

/** The table of scheduled maintenance: how often, how long, and what of it is noticed. */
export const maintenance = [
  { name: "cluster restart", schedule: "0 0 * * 0", lasts: "15m", effect: "none" },
  { name: "security patching", schedule: "0 0 1 * *", lasts: "2h", effect: "none" },
  { name: "platform upgrade", schedule: "0 0 1 */3 *", lasts: "4h", effect: "read-only" },
  { name: "DR testing", schedule: "0 0 1 */3 *", lasts: "8h", effect: "none" },
  { name: "capacity review", schedule: "0 0 1 * *", lasts: "2h", effect: "none" },
] as const;

/** Names of the guide's script, and those that it leaves out. */
export const BRONZE = "bronze";
export const BACKUP = "backup";
export const accounts = { data: "analyticsdata", backup: "analyticsbackup" } as const;

/** Where a job finds the scripts. */
export const SCRIPT_FOLDER = "/opt/analytics";

/** The guide's scripts that are about copies and recovery, word for word, by file name. */
export function scripts(): Record<string, string> {
  const folder = path.join(__dirname, "scripts");
  const names = fs.readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(path.join(folder, name), "utf8")]));
}
