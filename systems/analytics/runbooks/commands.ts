import { commandsIn } from "../../runbooks/commands";

/** Namespace of the platform's jobs in production, and what its names in Azure begin with. */
export const NAMESPACE = "analytics-prod";

/** Commands in the namespace of the platform's jobs. */
export const commands = commandsIn(NAMESPACE);

export const { kubectl, lastRuns, startJob, runJob } = commands;

const GROUP = `${NAMESPACE}-primary`;

/** Puts a query to the workspace of logs; it must hold no single quote. */
export function askLogs(query: string, span: string): string[] {
  if (query.includes("'")) throw new RangeError(`a query of a page must hold no single quote, got ${query}`);
  return [
    `LOGS=$(az monitor log-analytics workspace show --resource-group ${GROUP} --workspace-name ${NAMESPACE}-logs --query customerId --output tsv)`,
    `az monitor log-analytics query --workspace "$LOGS" --timespan ${span} --output table --analytics-query '${query}'`,
  ];
}

/** The alerts of Azure that fire now. */
export const firing =
  "az graph query --graph-query 'alertsmanagementresources | where properties.essentials.monitorCondition == \"Fired\" | project name, properties.essentials.severity, properties.essentials.startDateTime' --output table";

/** What Azure says of itself, and of our resources. */
export const health = [
  "az rest --method get --url 'https://management.azure.com/subscriptions/<subscription>/providers/Microsoft.ResourceHealth/availabilityStatuses?api-version=2023-10-01-preview' --query \"value[?properties.availabilityState!='Available'].[id,properties.availabilityState,properties.summary]\" --output table",
  "az rest --method get --url 'https://management.azure.com/subscriptions/<subscription>/providers/Microsoft.ResourceHealth/events?api-version=2024-02-01' --query \"value[?properties.status=='Active'].[name,properties.title]\" --output table",
];

/** The workspace's jobs that run, and runs that failed lately. */
export const runs = [
  "databricks jobs list-runs --active-only",
  "databricks jobs list-runs --completed-only --limit 20 --output json | jq '.[] | select(.state.result_state != \"SUCCESS\") | {run_id, run_name, state}'",
];
