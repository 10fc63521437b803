/** Names of the CronJobs that measure. */
export const monitoringJobs = {
  endToEnd: "analytics-end-to-end",
  lostEvents: "analytics-lost-events",
  tableWatch: "analytics-table-watch",
  eventLag: "analytics-event-lag",
  captureLag: "analytics-capture-lag",
  logLag: "analytics-log-lag",
} as const;

/** Their service accounts: who sends test events, and who asks how old copies are. */
export const MONITORING_ACCOUNTS = { endToEnd: "analytics-end-to-end", copyLag: "analytics-copy-lag" } as const;

/** Component of Application Insights. */
export const INSIGHTS = "analytics-insights";

/** Value of the `job` label of the probe that asks the primary region from the other one. */
export const REGION_PROBE = "analytics-region";

/** Kind of it, in its id. */
export const INSIGHTS_KIND = "Microsoft.Insights/components";

/** The resource group in which Databricks makes the machines of a region. */
export function managedGroup(group: string): string {
  return `${group}-databricks`;
}
