import { kubectl, runs } from "../commands";
import type { AnalyticsAlertText } from "./guide";

/** Texts of the alerts on what runs short, on costs, and on what has not been completed. */
export const capacityTexts: Readonly<Record<string, AnalyticsAlertText>> = {
  AnalyticsResourcePressure: {
    means: "A machine of a cluster has used more than 85 % of its processors for a quarter of an hour.",
    look: runs,
    act: [
      "One machine of many: data skew. All: the cluster is at its most, raise the limit of its autoscale.",
      "A job that should have ended: look for its timeout, and end it.",
    ],
    stop: "Latency rises with it: it is now [AnalyticsHighLatency](AnalyticsHighLatency.md).",
  },
  AnalyticsComputeBusy: {
    means: "A machine has used more than the target of 65 % for six hours: room for the next peak is missing.",
    look: runs,
    act: ["Note it for the weekly review: larger clusters, or jobs at other hours."],
    stop: "Nothing to stop: it wakes nobody.",
  },
  AnalyticsStorageFilling: {
    means: "The lake holds more than 80 % of its 5 PB.",
    look: [
      "az monitor metrics list --resource '<id of the account>' --metric UsedCapacity --interval PT1H --aggregation Average --output table",
    ],
    act: [
      "How fast does it grow? The capacity review of the month says when it is full.",
      "What is old goes to the archive by its lifecycle rule; history of tables is kept for 35 days, and no shorter.",
      "Ask Azure for a higher limit of the account weeks before it is needed.",
    ],
    stop: "It will be full within 30 days: it is an incident of the week, not of the review.",
  },
  AnalyticsThroughputLimit: {
    means:
      "Events or bytes come at more than 80 % of what the namespaces are sized for: beyond it writes are throttled.",
    act: [
      "A peak that ends: note it. A growth: raise `kafka.load` of the stack, which adds namespaces, and deploy.",
      "A producer that repeats itself: look whose events they are, and stop it.",
    ],
    stop: "Producers are throttled: deploy the namespaces now, with the owner of the producers on the line.",
  },
  AnalyticsQuotaLimit: {
    means: "80 % of the month's budget is spent. Azure knows of a day's costs up to two days later.",
    look: [
      'az rest --method post --url \'https://management.azure.com/subscriptions/<subscription>/providers/Microsoft.CostManagement/query?api-version=2023-11-01\' --body \'{"type": "ActualCost", "timeframe": "MonthToDate", "dataset": {"granularity": "Daily", "aggregation": {"cost": {"name": "Cost", "function": "Sum"}}, "grouping": [{"type": "Dimension", "name": "ServiceName"}]}}\'',
    ],
    act: [
      "Which service grew? Runaway jobs show as Databricks, forgotten copies as Storage.",
      "End what nobody needs.",
    ],
    stop: "It will be overrun before the month ends: tell whoever owns the budget today.",
  },
  AnalyticsCostOverrun: {
    means:
      "The month's budget is exceeded by 20 %. The response time counts from this page: what is reported is up to two days old, and a budget stops nothing.",
    look: runs,
    act: [
      "Runaway jobs first: end runs that are longer than their timeout, and give the job one.",
      "Then machines that nobody uses, then copies beyond their lifecycle.",
      "Never the copies, locks and replicas that recovery stands on: those belong to whoever promised them.",
    ],
    stop: "The cause is not found within the day: whoever owns the budget decides what is switched off.",
  },
  AnalyticsCostOverrunForeseen: {
    means: "Azure reckons that the month's budget will be exceeded by 20 %.",
    act: [
      "Look for the day on which the costs began to grow, and for what was deployed or started then.",
      "What is meant to stay: whoever owns the budget raises it, in the stack's configuration.",
    ],
    stop: "Nobody knows what grows: treat it as [AnalyticsCostOverrun](AnalyticsCostOverrun.md).",
  },
  AnalyticsSparkRunFailed: {
    means: "A run of a job of Databricks failed: a pipeline, a clone, a piece of maintenance.",
    look: runs,
    act: [
      "Out of memory with a large broadcast: lower the broadcast limit of the join.",
      "Timeout: look whether data has grown, or the cluster waits for machines.",
      "A clone: the next run takes what this one missed; the alerts on copies say when that is not enough.",
    ],
    stop: "The same job fails three times: call its owner.",
  },
  AnalyticsDeploymentIncomplete: {
    means:
      "A deployment began to change something an hour ago or longer, and it has not succeeded since: the platform is between two versions.",
    look: ["pulumi stack history --stack prod --show-secrets=false | head -20", "pulumi preview --stack prod --diff"],
    act: [
      "It still runs: wait for its end. It broke off: `pulumi refresh`, then deploy again.",
      "What Azure refuses stands in the activity log, with the code of the error.",
    ],
    stop: "It cannot be completed today: deploy the last version that was whole.",
  },
  AnalyticsLogsSilent: {
    means: "No metric has reached the workspace for 15 minutes: every alert on logs is blind.",
    look: [kubectl("get pods")],
    act: [
      "Was a diagnostic setting deleted? Sentinel opens an incident for that: treat it as one.",
      "Ingestion is late: Azure says so in its health; watch the alerts of Prometheus meanwhile.",
      "The region is in trouble: switch the workspace over to the other one.",
    ],
    stop: "An hour: somebody has to look at the platform itself until lines arrive.",
  },
  AnalyticsMonitorHeartbeat: {
    means:
      "Always firing. The heartbeat service pages when it stops: Azure Monitor evaluates no rules, gets no metrics, or tells nobody.",
    look: [
      "az monitor scheduled-query show --resource-group analytics-prod-primary --name AnalyticsMonitorHeartbeat --query '{enabled: enabled, updated: systemData.lastModifiedAt}'",
      "az monitor action-group list --resource-group analytics-prod-primary --query '[].{name: name, enabled: enabled}' --output table",
    ],
    act: [
      "The rule or its group is off or gone: deploy, and treat it as an intrusion until somebody says they did it.",
      "Both are there: Azure Monitor itself; the alerts of Prometheus at both sites go on.",
    ],
    stop: "An hour: somebody has to look at the platform itself.",
  },
};
