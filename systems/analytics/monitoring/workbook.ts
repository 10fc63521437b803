import * as applicationinsights from "@pulumi/azure-native/applicationinsights";
import type * as pulumi from "@pulumi/pulumi";
import { type AzureSite, placed } from "../../../components/azure/place";
import { type Target, targets } from "../alerts/targets";

/** Its name must be a GUID; a resource group has one of it. */
const NAME = "6b0c6a3e-5a0e-5f1b-9a55-6f0b8c1f3d21";

/** Where the page stands, and what it reads. */
export interface WorkbookArgs {
  at: AzureSite;
  /** Id of the workspace of logs. */
  workspace: string;
  parent: pulumi.Resource;
  after: pulumi.Resource[];
}

/** A page of Azure Monitor with what is left of each target's budget, and how the platform does. */
export function workbook({ at, workspace, parent, after }: WorkbookArgs): applicationinsights.Workbook {
  return new applicationinsights.Workbook(
    "analytics-targets",
    {
      ...placed(at),
      resourceName: NAME,
      displayName: "Analytics: targets and budgets",
      category: "workbook",
      kind: "shared",
      sourceId: workspace,
      serializedData: JSON.stringify({
        version: "Notebook/1.0",
        items: charts().map(({ title, query, chart }) => ({
          type: 3,
          name: title,
          content: {
            version: "KqlItem/1.0",
            title,
            query,
            size: 0,
            timeContext: { durationMs: MONTH_MS },
            queryType: 0,
            resourceType: "microsoft.operationalinsights/workspaces",
            crossComponentResources: [workspace],
            visualization: chart,
          },
        })),
      }),
      tags: { system: "analytics" },
    },
    { parent, provider: at.provider, dependsOn: after },
  );
}

const MONTH_MS = 30 * 86_400_000;

/** One chart of the page. */
export interface Chart {
  title: string;
  query: string;
  chart: "timechart" | "table";
}

/** The charts: the budget of every target, and the document's key metrics. */
export function charts(): Chart[] {
  return [
    ...targets.map(budgetChart),
    {
      title: "API response: p50 and p99 in milliseconds",
      query:
        "AppRequests | summarize p50 = percentile(DurationMs, 50), p99 = percentile(DurationMs, 99) by bin(TimeGenerated, 1h)",
      chart: "timechart",
    },
    {
      title: "End to end: seconds until a test event can be read",
      query:
        'AppAvailabilityResults | where Name == "end-to-end" | summarize Median = percentile(DurationMs, 50) / 1000, Slowest = max(DurationMs) / 1000 by bin(TimeGenerated, 1h)',
      chart: "timechart",
    },
    {
      title: "Events and bytes a second",
      query:
        'AzureMetrics | where ResourceProvider =~ "MICROSOFT.EVENTHUB" and MetricName in ("IncomingMessages", "IncomingBytes") | summarize PerSecond = sum(Total) / 3600 by MetricName, bin(TimeGenerated, 1h)',
      chart: "timechart",
    },
    {
      title: "Incidents of Sentinel",
      query:
        "SecurityIncident | summarize arg_max(LastModifiedTime, Title, Severity, Status) by IncidentNumber | project IncidentNumber, Title, Severity, Status, LastModifiedTime",
      chart: "table",
    },
  ];
}

/** How much of 30 days' budget is left: 1 of all of it, below 0 none. */
function budgetChart({ says, lines, bad, budgetPerMillion }: Target): Chart {
  return {
    title: `Budget left: ${says}`,
    query: `${lines} | summarize All = sum(ItemCount), Bad = sumif(ItemCount, ${bad}) by bin(TimeGenerated, 1d) | order by TimeGenerated asc | extend Left = 1 - row_cumsum(Bad) * 1000000.0 / (row_cumsum(All) * ${budgetPerMillion}) | project TimeGenerated, Left`,
    chart: "timechart",
  };
}
