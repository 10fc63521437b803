import type { AzureAlertArgs } from "../../../components/azure/azureAlerts";
import { type IncidentSeverity, type Level, severities } from "./severities";

/** One alert as each kind of condition has it, without what is the same for many. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** An alert of Azure Monitor in the document's words. */
export type AnalyticsAlert = Without<AzureAlertArgs, "severity"> & {
  /** Level of the document, or `target` where it has a target and no alert. */
  level: Level;
  severity: IncidentSeverity;
};

/** Ids of what alerts look at; plain, so that they are known before deployment. */
export interface AlertScopes {
  /** The workspace of logs. */
  logs: string;
  /** The resource group in which Databricks makes its virtual machines. */
  compute: string;
  /** The account that the lake is written to. */
  lake: string;
}

/** What it is for Azure. */
export function azureAlert({ level, severity, ...alert }: AnalyticsAlert): AzureAlertArgs {
  return { ...alert, severity: severities[severity].azure } as AzureAlertArgs;
}

/** A rule that fires on any line that a query finds: each line is something wrong. */
export function onLines(logs: string, query: string): { scopes: string[]; query: string; moreThan: number } {
  return { scopes: [logs], query, moreThan: 0 };
}

/** A rule that fires when a query finds nothing: what it looks for is good, and its absence is the news. */
export function onSilence(logs: string, query: string): { scopes: string[]; query: string; fewerThan: number } {
  return { scopes: [logs], query, fewerThan: 1 };
}
