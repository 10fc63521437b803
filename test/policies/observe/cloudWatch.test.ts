import { describe, expect, it } from "vitest";
import { type Provider, type Resource, UNKNOWN, type Value } from "../../../policies/graph";
import { judge } from "../../../policies/judge";
import { answering, here, type Props, there } from "./nucleus";
import { pair } from "./pair";
import { asOf, declaredGraph, edit, forgotten, ignore, messages, type Parts, read, resource } from "./program";
import { asset as database } from "./rdsProgram";
import { asset as assets } from "./s3Program";

const topicArn = "arn:aws:sns:eu-west-1:111111111111:nucleus";

function alarm(name: string, asset: string, metric: Props, more: Props = {}, provider: Provider = there): Resource {
  const tags = {
    "holdfast.dev/asset": asset,
    "holdfast.dev/guards": "freshness",
    "holdfast.dev/severity": "critical",
    "holdfast.dev/runbook": "https://example.com/runbook",
  };
  const props = {
    name,
    tags,
    alarmDescription: "The copy falls behind.",
    statistic: "Maximum",
    period: 60,
    evaluationPeriods: 5,
    comparisonOperator: "GreaterThanThreshold",
    treatMissingData: "breaching",
    alarmActions: [topicArn],
    ...metric,
    ...more,
  };
  return resource("aws:cloudwatch/metricAlarm:MetricAlarm", name, props, { provider });
}

const ofBucket = { SourceBucket: "assets", DestinationBucket: "assets-far", RuleId: "all" };

const room = (DBInstanceIdentifier: string): Props => ({
  namespace: "AWS/RDS",
  metricName: "FreeStorageSpace",
  dimensions: { DBInstanceIdentifier },
  statistic: "Minimum",
  comparisonOperator: "LessThanThreshold",
  threshold: 1_000_000_000,
});

/** The example with an alarm on each of its replicas, and somebody who is told. */
function watched(): Parts {
  return {
    ...pair(),
    register: answering({
      "managed-service": "5m",
      "log-upload": "5m",
      "backup-copy": "30m",
      "replica-lag": "10m",
      "alarm-delivery": "5m",
    }),
    latency: alarm("AssetsBehind", assets, {
      namespace: "AWS/S3",
      metricName: "ReplicationLatency",
      dimensions: ofBucket,
      threshold: 900,
    }),
    lag: alarm("ReplicaBehind", database, {
      namespace: "AWS/RDS",
      metricName: "ReplicaLag",
      dimensions: { DBInstanceIdentifier: "nucleus-replica" },
      threshold: 1_200,
    }),
    failed: alarm("AssetsFailed", assets, {
      namespace: "AWS/S3",
      metricName: "OperationsFailedReplication",
      dimensions: ofBucket,
      statistic: "Sum",
      threshold: 0,
    }),
    room: alarm("RoomLow", database, room("nucleus")),
    roomThere: alarm("RoomLowThere", database, room("nucleus-replica")),
    topic: resource("aws:sns/topic:Topic", "nucleus", { name: "nucleus" }, { provider: there }),
    subscription: resource(
      "aws:sns/topicSubscription:TopicSubscription",
      "on-call",
      { topic: topicArn, protocol: "https", endpoint: "https://page.example.com" },
      { provider: there },
    ),
  };
}

function alertOf(parts: Parts, name = "AssetsBehind") {
  return read(parts).plan.alerts.find((one) => one.name === name);
}

const changed = (path: string, value: Value) => edit(watched(), "latency", path, value);

describe("an alarm of Amazon CloudWatch", () => {
  it("watches the copy that its dimensions name, in the region where its metric is published", () => {
    expect(messages(watched())).toEqual([]);
    expect(alertOf(watched())).toMatchObject({
      asset: assets,
      guards: "freshness",
      protection: `${assets}/object-replica`,
      threshold: 900,
      coversAbsence: true,
      severity: "critical",
      complete: true,
      service: "CloudWatch",
    });
    expect(alertOf(watched(), "ReplicaBehind")).toMatchObject({
      asset: database,
      protection: `${database}/replica`,
      threshold: 1_200,
    });
    expect([alertOf(watched())?.flaw, alertOf(watched(), "ReplicaBehind")?.flaw]).toEqual([undefined, undefined]);
  });

  it("is what each-objective-has-an-alert asks for of a replica", () => {
    const about = (parts: Parts) =>
      judge(declaredGraph(parts), asOf).findings.filter(({ message }) => message.includes("object-replica is"));
    expect(about(watched())).toEqual([]);
    expect(about(pair())).toMatchObject([{ rule: "each-objective-has-an-alert", level: "mandatory" }]);
    expect(about(changed("treatMissingData", undefined))).toHaveLength(1);
    expect(about(changed("threshold", 899))).toEqual([]);
    const early = judge(declaredGraph(changed("threshold", 899)), asOf).findings.map(({ message }) => message);
    expect(early).toContainEqual(
      expect.stringContaining("AssetsBehind fires at an age of 14m 59s, on healthy days too"),
    );
  });

  it("notices after as many periods as must breach, an evaluation, and the register's word for what nobody bounds", () => {
    const spans = (parts: Parts) => alertOf(parts)?.detect.map(({ value }) => value);
    expect(spans(watched())).toEqual([300, 60, 300]);
    expect(spans(changed("datapointsToAlarm", 3))).toEqual([180, 60, 300]);
    expect(spans(changed("period", 10))).toEqual([50, 10, 300]);
    expect(spans(changed("period", 86_400))?.[1]).toHaveProperty("unknown");
    expect(spans(changed("period", undefined))?.[0]).toEqual({ unknown: "it names no period" });
    expect(spans(changed("evaluationPeriods", UNKNOWN))?.[0]).toHaveProperty("unknown");
    expect(spans(forgotten(watched(), "alarm-delivery"))?.[2]).toEqual({
      unknown: `nobody declared it: Register has no assumption alarm-delivery for ${assets}`,
    });
  });

  it.each<[string, Parts, string]>([
    ["its actions are off", changed("actionsEnabled", false), "actionsEnabled"],
    ["it has no actions", changed("alarmActions", []), "it has no alarmActions"],
    ["nobody is subscribed", { ...watched(), subscription: watched().topic as Resource }, "nobody is subscribed"],
    [
      "a filter may leave it out",
      edit(watched(), "subscription", "filterPolicy", "{}"),
      "nobody is subscribed to the topic",
    ],
    ["another copy is named", changed("dimensions.RuleId", "some"), `its dimensions name no replica of ${assets}`],
    ["another bucket is named", changed("dimensions.DestinationBucket", "x"), "its dimensions name no replica"],
    ["its metric tells nothing of a copy", changed("metricName", "AllRequests"), "no reader knows what AWS/S3 AllReq"],
    ["it fires on what is young", changed("comparisonOperator", "LessThanThreshold"), "comparisonOperator LessThan"],
    ["it looks at the average", changed("statistic", "Average"), "at the Average, and not at the Maximum"],
    [
      "it stands where its metric is not",
      { ...watched(), latency: { ...(watched().latency as Resource), provider: here } },
      "it stands in eu-central-1, and its metric is published in eu-west-1",
    ],
  ])("does not notice where %s", (_, parts, flaw) => {
    expect(alertOf(parts)?.flaw).toContain(flaw);
  });

  it.each<[string, Parts]>([
    ["its actions are not known", changed("alarmActions", UNKNOWN)],
    ["its actions may differ", ignore(watched(), "latency", "alarmActions")],
    ["its topic is none of this program", changed("alarmActions", ["arn:aws:sns:eu-west-1:111111111111:other"])],
    ["its metric is not known", changed("metricName", UNKNOWN)],
  ])("cannot be proven to notice where %s", (_, parts) => {
    expect(alertOf(parts)?.flaw).toHaveProperty("unknown");
  });

  it.each<[string, Value]>([
    ["not known", UNKNOWN],
    ["missing", undefined],
  ])("cannot be proven to fire in time where its threshold is %s", (_, value) => {
    expect(alertOf(changed("threshold", value))?.threshold).toHaveProperty("unknown");
  });

  it.each<[string, Value, boolean]>([
    ["breaching", "breaching", true],
    ["nothing, and CloudWatch takes missing", undefined, false],
    ["notBreaching", "notBreaching", false],
    ["something that is not known", UNKNOWN, false],
  ])("fires when its metric is gone where it treats missing data as %s", (_, value, covers) => {
    expect(alertOf(changed("treatMissingData", value))?.coversAbsence).toBe(covers);
  });

  it("is complete with a severity, a description and a runbook", () => {
    for (const path of ["alarmDescription", 'tags["holdfast.dev/runbook"]', 'tags["holdfast.dev/severity"]']) {
      expect(alertOf(changed(path, undefined))?.complete).toBe(false);
    }
    expect(alertOf(changed('tags["holdfast.dev/severity"]', undefined))?.severity).toHaveProperty("unknown");
  });

  it("tells by another metric that there is one, and by another guard nothing of an age", () => {
    const pending = changed("metricName", "OperationsPendingReplication");
    expect(alertOf(pending)).toMatchObject({ protection: `${assets}/object-replica`, coversAbsence: true });
    expect(alertOf(pending)).not.toHaveProperty("threshold");
    const failed = edit(
      changed("metricName", "OperationsFailedReplication"),
      "latency",
      'tags["holdfast.dev/guards"]',
      "health",
    );
    expect(alertOf(failed)).toMatchObject({ guards: "health" });
    expect(alertOf(failed)).not.toHaveProperty("protection");
  });

  it("must say both what it guards and whose", () => {
    expect(messages(changed('tags["holdfast.dev/guards"]', undefined))).toEqual([
      "MetricAlarm AssetsBehind must name its asset in the tag holdfast.dev/asset, and one of freshness, health, capacity in holdfast.dev/guards",
    ]);
    expect(messages(changed('tags["holdfast.dev/asset"]', "nucleus/nothing"))).toEqual([
      "MetricAlarm AssetsBehind guards nucleus/nothing, for which nothing promises objectives",
    ]);
    expect(alertOf(changed("tags", {}))).toBeUndefined();
    expect(messages(changed("tags", {}))).toEqual([]);
  });
});
