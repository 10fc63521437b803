import * as monitor from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";
import { type AzureSite, placed } from "./place";

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

/** A condition on a metric. */
interface OnMetric {
  metric: string;
  namespace: string;
  aggregation: "Average" | "Maximum" | "Minimum" | "Total";
  threshold: number;
  /** @default false */
  below?: boolean;
}

/** A condition on how many lines a query finds: too few, or any more than there should be. */
type OnLines = { query: string } & (
  | {
      /** Fires on fewer lines than this, where it is 1 on none at all. */
      fewerThan: number;
    }
  | {
      /** Fires on more lines than this, where it is 0 on any. */
      moreThan: number;
      /** Tells again at every look while it holds, so that its silence can be noticed. @default false */
      repeats?: boolean;
    }
);

/** One alert: on a metric, or on how many lines a query finds. */
export type AzureAlertArgs = About & (OnMetric | OnLines);

/** Arguments of `AzureAlerts`. */
export interface AzureAlertsArgs {
  at: AzureSite;
  /** Name of the group that is told. */
  group: string;
  /** At most 12 characters, in what people are sent. */
  shortName: string;
  /** Address of the paging service. @default nobody is paged */
  webhook?: pulumi.Input<string>;
  /** Addresses that are written to. @default none */
  mail?: readonly string[];
  /** Folder of the runbook pages. */
  runbooks: string;
  alerts: readonly AzureAlertArgs[];
  tags?: Record<string, string>;
}

/** Alerts on what only Azure sees, and who is told of them. */
export class AzureAlerts extends pulumi.ComponentResource {
  /** The group that is told: for what is no rule of Azure Monitor, such as a budget. */
  declare readonly group: monitor.ActionGroup;

  constructor(name: string, args: AzureAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:azure:AzureAlerts", name, {}, opts);
    refuse(name, args);
    const { at, group, shortName, webhook, mail = [], alerts } = args;
    const options = { parent: this, provider: at.provider };
    this.group = new monitor.ActionGroup(
      `${name}-group`,
      {
        actionGroupName: group,
        groupShortName: shortName,
        resourceGroupName: at.resourceGroup,
        // Groups are kept in every region, so that one that is lost does not silence them.
        location: "Global",
        enabled: true,
        ...(webhook === undefined
          ? {}
          : { webhookReceivers: [{ name: "page", serviceUri: webhook, useCommonAlertSchema: true }] }),
        ...(mail.length === 0
          ? {}
          : {
              emailReceivers: mail.map((emailAddress, i) => ({
                name: `mail-${i + 1}`,
                emailAddress,
                useCommonAlertSchema: true,
              })),
            }),
        tags: args.tags ?? {},
      },
      options,
    );
    for (const one of alerts) declare(`${name}-${one.alert}`, one, args, this.group.id, options);
    this.registerOutputs({});
  }
}

/** Kinds of which one rule watches several, or all in a resource group (Azure Monitor, "Types of alerts", July 2025). */
const together = ["Microsoft.Compute/virtualMachines", "Microsoft.KeyVault/vaults"];

function refuse(name: string, { shortName, webhook, mail = [], alerts }: AzureAlertsArgs): void {
  if (shortName.length > 12)
    throw new RangeError(`${name}: shortName must have at most 12 characters, got ${shortName}`);
  if (webhook === undefined && mail.length === 0)
    throw new RangeError(`${name}: webhook or mail must be given: a group without receivers tells nobody`);
  for (const one of alerts)
    if ("metric" in one && one.scopes.length > 1 && !together.includes(one.namespace))
      throw new RangeError(
        `${name}: scopes of ${one.alert} must be one, got ${one.scopes.length}: Azure watches several of ${one.namespace} by no one rule`,
      );
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
    autoMitigate: !("repeats" in one && one.repeats === true),
    tags: {
      ...tags,
      holdfast_asset: one.asset,
      holdfast_guards: one.guards,
      holdfast_runbook: `${runbooks}/${one.alert}.md`,
    },
  };
  if ("metric" in one) {
    const actions = [{ actionGroupId: group }];
    new monitor.MetricAlert(name, { ...shared, ...metricRule(one, at), location: "Global", actions }, options);
    return;
  }
  const condition = {
    query: one.query,
    ...("fewerThan" in one
      ? { operator: "LessThan", threshold: one.fewerThan }
      : { operator: "GreaterThan", threshold: one.moreThan }),
    timeAggregation: "Count",
    failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
  };
  new monitor.ScheduledQueryRule(
    name,
    {
      ...shared,
      ...placed(at),
      kind: "LogAlert",
      criteria: { allOf: [condition] },
      actions: { actionGroups: [group] },
    },
    options,
  );
}

function metricRule({ namespace, metric, below, threshold, aggregation }: OnMetric, { region }: AzureSite) {
  const condition = {
    name: "one",
    criterionType: "StaticThresholdCriterion" as const,
    metricNamespace: namespace,
    metricName: metric,
    operator: below ? "LessThan" : "GreaterThan",
    threshold,
    timeAggregation: aggregation,
  };
  // What one rule watches of several takes other words than what it watches of one.
  if (!together.includes(namespace))
    return {
      criteria: {
        odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria" as const,
        allOf: [condition],
      },
    };
  return {
    targetResourceType: namespace,
    targetResourceRegion: region,
    criteria: {
      odataType: "Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria" as const,
      allOf: [condition],
    },
  };
}
