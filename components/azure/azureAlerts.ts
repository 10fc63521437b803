import * as monitor from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";
import type { AzureSite } from "./place";

/** What every alert says. */
interface About {
  /** Name of the alert, and of its runbook page. */
  alert: string;
  /** Ids of what it looks at. */
  scopes: pulumi.Input<string>[];
  /** Asset it speaks for, and what its promise needs it for. */
  asset: string;
  guards: "freshness" | "health" | "capacity";
  /** 0 critical, 1 error, 2 warning, 3 and 4 for information: 0 and 1 wake somebody. */
  severity: 0 | 1 | 2 | 3 | 4;
  description: string;
  /** What it looks back over, as Azure writes it: `PT5M`. */
  window: string;
  /** How often it looks: `PT1M`. */
  every: string;
}

/** One alert: on a metric, or on how many lines a query finds. */
export type AzureAlertArgs = About &
  (
    | {
        metric: string;
        namespace: string;
        aggregation: "Maximum" | "Minimum" | "Total";
        threshold: number;
        below?: boolean;
      }
    | {
        query: string;
        /** Fires on fewer lines than this, where it is 1 on none at all. */
        fewerThan: number;
      }
  );

/** Arguments of `AzureAlerts`. */
export interface AzureAlertsArgs {
  at: AzureSite;
  /** Name of the group that is told. */
  group: string;
  /** At most 12 characters, in what people are sent. */
  shortName: string;
  /** Address of the paging service. */
  webhook: pulumi.Input<string>;
  /** Folder of the runbook pages. */
  runbooks: string;
  alerts: readonly AzureAlertArgs[];
  tags?: Record<string, string>;
}

/** Alerts on what only Azure sees, and who is told of them. */
export class AzureAlerts extends pulumi.ComponentResource {
  constructor(name: string, args: AzureAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:azure:AzureAlerts", name, {}, opts);
    const { at, group, shortName, webhook, alerts } = args;
    const options = { parent: this, provider: at.provider };
    const told = new monitor.ActionGroup(
      `${name}-group`,
      {
        actionGroupName: group,
        groupShortName: shortName,
        resourceGroupName: at.resourceGroup,
        // Groups are kept in every region, so that one that is lost does not silence them.
        location: "Global",
        enabled: true,
        webhookReceivers: [{ name: "page", serviceUri: webhook, useCommonAlertSchema: true }],
        tags: args.tags ?? {},
      },
      options,
    );
    for (const one of alerts) declare(`${name}-${one.alert}`, one, args, told.id, options);
    this.registerOutputs({});
  }
}

function declare(
  name: string,
  one: AzureAlertArgs,
  { at, runbooks, tags = {} }: AzureAlertsArgs,
  group: pulumi.Output<string>,
  options: pulumi.CustomResourceOptions,
): void {
  const shared = {
    ruleName: one.alert,
    resourceGroupName: at.resourceGroup,
    description: one.description,
    severity: one.severity,
    enabled: true,
    scopes: one.scopes,
    windowSize: one.window,
    evaluationFrequency: one.every,
    autoMitigate: true,
    tags: {
      ...tags,
      holdfast_asset: one.asset,
      holdfast_guards: one.guards,
      holdfast_runbook: `${runbooks}/${one.alert}.md`,
    },
  };
  if ("metric" in one) {
    const condition = {
      name: "one",
      criterionType: "StaticThresholdCriterion" as const,
      metricNamespace: one.namespace,
      metricName: one.metric,
      operator: one.below ? "LessThan" : "GreaterThan",
      threshold: one.threshold,
      timeAggregation: one.aggregation,
    };
    new monitor.MetricAlert(
      name,
      {
        ...shared,
        location: "Global",
        targetResourceType: one.namespace,
        targetResourceRegion: at.region,
        criteria: { odataType: "Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria", allOf: [condition] },
        actions: [{ actionGroupId: group }],
      },
      options,
    );
    return;
  }
  const condition = {
    query: one.query,
    operator: "LessThan",
    threshold: one.fewerThan,
    timeAggregation: "Count",
    failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
  };
  new monitor.ScheduledQueryRule(
    name,
    {
      ...shared,
      location: at.region,
      kind: "LogAlert",
      criteria: { allOf: [condition] },
      actions: { actionGroups: [group] },
    },
    options,
  );
}
