import type { IncidentSeverity, Level } from "../alerts/severities";

/** The document's alerts on costs, and one on what Azure foresees: by the time a day's costs are known two more have come. */
export const budgetAlerts = [
  { alert: "AnalyticsQuotaLimit", percent: 80, of: "Actual", severity: "medium", level: "warning" },
  { alert: "AnalyticsCostOverrun", percent: 120, of: "Actual", severity: "critical", level: "critical" },
  { alert: "AnalyticsCostOverrunForeseen", percent: 120, of: "Forecasted", severity: "high", level: "target" },
] as const satisfies readonly {
  alert: string;
  percent: number;
  of: "Actual" | "Forecasted";
  severity: IncidentSeverity;
  level: Level;
}[];
