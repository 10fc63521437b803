import { DATABRICKS_ID, KAFKA_ID, LAKE_ID } from "../objectives";
import { type AlertScopes, type AnalyticsAlert, onLines, onSilence } from "./rule";
import { END_TO_END, NOTHING_LOST, TABLES_WHOLE } from "./targets";

/** Sizes that thresholds follow. */
export interface AlertSizes {
  /** The document's 5 PB. */
  lakeBytes: number;
  /** The document's 1.2 million. */
  eventsPerSecond: number;
  /** The document's 4.2 GB. */
  bytesPerSecond: number;
  /** Id in the directory of whoever deploys. */
  deployer: string;
}

/** The document's alerts on a working platform, with its thresholds; Sentinel's and the budget's are elsewhere. */
export function guideAlerts({ logs, compute, lake }: AlertScopes, sizes: AlertSizes): AnalyticsAlert[] {
  const critical = { level: "critical", severity: "critical", window: "PT5M", every: "PT5M" } as const;
  const warning = { level: "warning", window: "PT15M", every: "PT5M" } as const;
  const cpu = {
    scopes: [compute],
    namespace: "Microsoft.Compute/virtualMachines",
    metric: "Percentage CPU",
    asset: DATABRICKS_ID,
    guards: "capacity" as const,
  };
  return [
    {
      ...critical,
      ...onLines(
        logs,
        'AzureMetrics | where MetricName == "Availability" and ResourceProvider in~ ("MICROSOFT.STORAGE", "MICROSOFT.KEYVAULT") | summarize Available = avg(Average) by _ResourceId | where Available < 99.9',
      ),
      alert: "AnalyticsStoreDown",
      asset: LAKE_ID,
      guards: "health",
      description: "Service down: an account or a vault answers fewer than 999 of 1,000 calls.",
    },
    {
      ...critical,
      ...onLines(
        logs,
        'AzureMetrics | where ResourceProvider =~ "MICROSOFT.EVENTHUB" and MetricName == "IncomingMessages" | summarize Events = sum(Total) by Resource | where Events == 0',
      ),
      alert: "AnalyticsEventsStopped",
      asset: KAFKA_ID,
      guards: "health",
      description: "Service down: a namespace has taken no event for five minutes.",
    },
    {
      ...critical,
      ...onLines(
        logs,
        `AppAvailabilityResults | where Name == "${END_TO_END}" | summarize Runs = count(), Failed = countif(Success == false) | where Failed >= 3`,
      ),
      alert: "AnalyticsPipelineDown",
      asset: DATABRICKS_ID,
      guards: "health",
      description: "Service down: test events do not reach the lake in time, three times within five minutes.",
    },
    {
      ...critical,
      ...onLines(
        logs,
        `AppAvailabilityResults | where Name in ("${NOTHING_LOST}", "${TABLES_WHOLE}") and Success == false | project TimeGenerated, Message`,
      ),
      alert: "AnalyticsDataLoss",
      // The register counts on damage being noticed within 15 minutes.
      every: "PT1M",
      asset: LAKE_ID,
      guards: "health",
      description:
        "Data loss: numbered events that Event Hubs took are not in the lake, or somebody took from its tables.",
    },
    {
      ...critical,
      ...onSilence(logs, `AppAvailabilityResults | where Name in ("${END_TO_END}", "${NOTHING_LOST}")`),
      alert: "AnalyticsEventsUnchecked",
      window: "PT15M",
      asset: LAKE_ID,
      guards: "health",
      description: "Nobody has checked for 15 minutes whether events still arrive in the lake.",
    },
    {
      ...critical,
      ...onLines(
        logs,
        'SecurityIncident | summarize arg_max(LastModifiedTime, Title, Severity, Status) by IncidentNumber | where Status == "New" and Severity in ("High", "Medium")',
      ),
      alert: "AnalyticsSecurityBreach",
      window: "PT1H",
      asset: LAKE_ID,
      guards: "health",
      description: "Security breach: Sentinel has an incident that nobody has taken.",
    },
    {
      ...warning,
      ...onLines(
        logs,
        `AppAvailabilityResults | where Name == "${END_TO_END}" | summarize Runs = count(), Slow = countif(DurationMs > 10000) | where Slow >= 3`,
      ),
      alert: "AnalyticsHighLatency",
      severity: "high",
      asset: DATABRICKS_ID,
      guards: "health",
      description: "High latency: test events take more than 10 seconds to the lake, three times in 15 minutes.",
    },
    {
      ...warning,
      ...onLines(
        logs,
        "AppRequests | summarize All = sum(ItemCount), Failed = sumif(ItemCount, Success == false) | where Failed > 0.01 * All",
      ),
      alert: "AnalyticsErrorSpike",
      severity: "high",
      asset: DATABRICKS_ID,
      guards: "health",
      description: "Error spike: more than 1 % of requests fail.",
    },
    {
      ...warning,
      ...onLines(logs, "AppRequests | summarize Median = percentilew(DurationMs, ItemCount, 50) | where Median >= 100"),
      alert: "AnalyticsApiSlow",
      level: "target",
      window: "PT1H",
      severity: "high",
      asset: DATABRICKS_ID,
      guards: "health",
      description: "Half of all requests of an hour took 100 ms or more.",
    },
    {
      ...warning,
      ...onSilence(logs, "AppRequests"),
      alert: "AnalyticsRequestsUnseen",
      window: "PT30M",
      severity: "high",
      asset: DATABRICKS_ID,
      guards: "health",
      description: "No service has reported a request for half an hour: nobody sees errors or slow answers.",
    },
    {
      ...warning,
      ...cpu,
      alert: "AnalyticsResourcePressure",
      severity: "medium",
      aggregation: "Average",
      threshold: 85,
      description:
        "Resource pressure: a machine of Databricks has used more than 85 % of its processors for 15 minutes.",
    },
    {
      ...warning,
      ...cpu,
      alert: "AnalyticsComputeBusy",
      level: "target",
      window: "PT6H",
      every: "PT1H",
      severity: "low",
      aggregation: "Average",
      threshold: 65,
      description: "A machine of Databricks has used more than the target of 65 % of its processors for six hours.",
    },
    {
      ...warning,
      scopes: [lake],
      namespace: "Microsoft.Storage/storageAccounts",
      metric: "UsedCapacity",
      aggregation: "Average",
      threshold: Math.round(sizes.lakeBytes * 0.8),
      alert: "AnalyticsStorageFilling",
      window: "PT6H",
      every: "PT1H",
      severity: "medium",
      asset: LAKE_ID,
      guards: "capacity",
      description: "Quota limit: the lake holds more than 80 % of its capacity.",
    },
    {
      ...warning,
      ...onLines(logs, ratesQuery(sizes)),
      alert: "AnalyticsThroughputLimit",
      severity: "medium",
      asset: KAFKA_ID,
      guards: "capacity",
      description: "Quota limit: events or bytes come at more than 80 % of what the namespaces are sized for.",
    },
    {
      ...warning,
      ...onLines(
        logs,
        'DatabricksJobs | where ActionName in ("runFailed", "runTriggerFailed") | project TimeGenerated, RequestParams, _ResourceId',
      ),
      alert: "AnalyticsSparkRunFailed",
      severity: "high",
      asset: DATABRICKS_ID,
      guards: "health",
      description: "A run of a job of Databricks failed.",
    },
    {
      ...warning,
      ...onLines(logs, unfinishedQuery(sizes)),
      alert: "AnalyticsDeploymentIncomplete",
      level: "information",
      window: "PT6H",
      every: "PT15M",
      severity: "high",
      asset: DATABRICKS_ID,
      guards: "health",
      description:
        "A deployment has not completed: what it began to change an hour ago or more has not succeeded since.",
    },
    {
      ...critical,
      ...onSilence(logs, "AzureMetrics"),
      alert: "AnalyticsLogsSilent",
      window: "PT15M",
      asset: LAKE_ID,
      guards: "health",
      description: "No metric has reached the workspace for 15 minutes: alerts on logs see nothing.",
    },
  ];
}

/** The share of what the namespaces are sized for at which somebody must add some. */
const PRESSED = 0.8;

/** A minute's lines are sums: of the 15 of a window the busiest counts. */
function ratesQuery({ eventsPerSecond, bytesPerSecond }: AlertSizes): string {
  const [events, bytes] = [eventsPerSecond, bytesPerSecond].map((rate) => Math.round(rate * 60 * PRESSED));
  return [
    'AzureMetrics | where ResourceProvider =~ "MICROSOFT.EVENTHUB" and MetricName in ("IncomingMessages", "IncomingBytes")',
    "summarize Minute = sum(Total) by MetricName, bin(TimeGenerated, 1m)",
    `where (MetricName == "IncomingMessages" and Minute > ${events}) or (MetricName == "IncomingBytes" and Minute > ${bytes})`,
  ].join(" | ");
}

/** "Deployment complete" by its absence: the last that is known of something that was begun is not its success. */
function unfinishedQuery({ deployer }: AlertSizes): string {
  return [
    `AzureActivity | where CategoryValue == "Administrative" and Caller == "${deployer}"`,
    "summarize arg_max(TimeGenerated, ActivityStatusValue) by _ResourceId, OperationNameValue",
    'where ActivityStatusValue != "Success" and TimeGenerated < ago(1h)',
  ].join(" | ");
}
