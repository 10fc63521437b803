import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Duration, duration } from "../../recovery/duration";

/** One alarm on a metric of AWS. */
export interface CloudAlarm {
  /** Name of the alarm, and of its runbook page. */
  alarm: string;
  namespace: string;
  metric: string;
  dimensions: Record<string, pulumi.Input<string>>;
  statistic: "Maximum" | "Minimum" | "Sum";
  /** Fires above it, or below it where `below` says so. */
  threshold: number;
  /** @default false */
  below?: boolean;
  period: Duration;
  /** Periods in a row. */
  periods: number;
  /** What a metric without data means; only `breaching` tells of one that has stopped. */
  missing: "breaching" | "notBreaching";
  /** Asset it speaks for, and what its promise needs it for. */
  asset: string;
  guards: "freshness" | "health" | "capacity";
  severity: "critical" | "warning";
  description: string;
}

/** Arguments of `CloudAlarms`. */
export interface CloudAlarmsArgs {
  /** Of the region in which the metrics are published. */
  provider: aws.Provider;
  /** Name of the topic that tells of them. */
  topic: string;
  /** Address that the paging service turns into pages; AWS asks it once to confirm. */
  to: string;
  /** Folder of the runbook pages. */
  runbooks: string;
  alarms: readonly CloudAlarm[];
  tags?: Record<string, string>;
}

/** Alarms on what only AWS sees, and who is told of them. */
export class CloudAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: CloudAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:alerts:CloudAlarms", name, {}, opts);
    const { provider, topic, to, runbooks, alarms, tags = {} } = args;
    const options = { parent: this, provider };
    const told = new aws.sns.Topic(`${name}-topic`, { name: topic, tags }, options);
    new aws.sns.TopicSubscription(`${name}-page`, { topic: told.arn, protocol: "email", endpoint: to }, options);
    for (const one of alarms) {
      new aws.cloudwatch.MetricAlarm(
        `${name}-${one.alarm}`,
        { ...alarmOf(one, runbooks, tags), alarmActions: [told.arn], okActions: [told.arn] },
        options,
      );
    }
    this.registerOutputs({});
  }
}

function alarmOf(
  one: CloudAlarm,
  runbooks: string,
  tags: Record<string, string>,
): Omit<aws.cloudwatch.MetricAlarmArgs, "alarmActions" | "okActions"> {
  return {
    name: one.alarm,
    alarmDescription: one.description,
    namespace: one.namespace,
    metricName: one.metric,
    dimensions: one.dimensions,
    statistic: one.statistic,
    comparisonOperator: one.below ? "LessThanThreshold" : "GreaterThanThreshold",
    threshold: one.threshold,
    period: duration(one.period),
    evaluationPeriods: one.periods,
    treatMissingData: one.missing,
    tags: {
      ...tags,
      "holdfast.dev/asset": one.asset,
      "holdfast.dev/guards": one.guards,
      "holdfast.dev/severity": one.severity,
      "holdfast.dev/runbook": `${runbooks}/${one.alarm}.md`,
    },
  };
}
