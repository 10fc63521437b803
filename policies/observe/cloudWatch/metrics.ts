import { isUnknown, type Maybe } from "../../../recovery/bound";
import type { Protection } from "../../../recovery/plan";
import type { Given } from "../given";
import type { Program } from "../program";
import { facts, type Read } from "../read";
import { destinationOf, replicationRulesOf } from "../resources/bucketReplication";
import type { MetricAlarm } from "../resources/metricAlarm";

/** What an alarm on the age of a copy watches. */
export interface Watched {
  /** Id of the protection. */
  protection?: string;
  /** Age in seconds at which it fires; nothing where it only tells that there is a metric. */
  threshold?: Maybe<number>;
  /** Why it does not notice that the copy falls behind, or why that is not known. */
  flaw?: Maybe<string>;
}

/** What each metric tells of a replica, in seconds behind or only by being there; and where it is published. */
const metrics: Readonly<Record<string, { age: boolean; find: typeof bucketReplica }>> = {
  "AWS/S3 ReplicationLatency": { age: true, find: bucketReplica },
  "AWS/S3 OperationsPendingReplication": { age: false, find: bucketReplica },
  "AWS/S3 BytesPendingReplication": { age: false, find: bucketReplica },
  "AWS/RDS ReplicaLag": { age: true, find: instanceOfAlarm },
};

/** What an alarm watches of an asset, by its metric and dimensions. */
export function watchedBy(alarm: MetricAlarm, asset: string, given: readonly Given[], program: Program): Watched {
  const { facts: own, at } = alarm;
  const [namespace, metric] = [own.text("namespace"), own.text("metricName")];
  const unread = [namespace, metric, own.keys("dimensions")].find(isUnknown);
  if (isUnknown(unread)) return { flaw: unread };
  const known = metrics[`${namespace} ${metric}`];
  if (known === undefined) return { flaw: `no reader knows what ${namespace ?? ""} ${metric ?? ""} tells of a copy` };
  const replicas = given.filter(({ protection }) => protection.kind === "replica" && protection.asset === asset);
  const found = known.find(alarm, replicas, program);
  if (found === undefined) return { flaw: `its dimensions name no replica of ${asset}` };
  const { id: protection } = found;
  const place = found.kind === "replica" ? found.at : undefined;
  if (place === undefined || isUnknown(place) || isUnknown(at))
    return { protection, flaw: { unknown: "whether it stands where its metric is published is not known" } };
  if (place.region !== at.region || place.account !== at.account) {
    return { protection, flaw: `it stands in ${at.region}, and its metric is published in ${place.region}` };
  }
  return known.age ? { protection, ...thresholdOf(alarm) } : { protection };
}

/** The age at which an alarm fires, which must be the largest there was. */
function thresholdOf({ facts: own }: MetricAlarm): Watched {
  const operator = own.text("comparisonOperator");
  const statistic = own.text("statistic");
  const threshold = own.whole("threshold");
  const unread = [operator, statistic, threshold].find(isUnknown);
  if (isUnknown(unread)) return { threshold: unread };
  if (threshold === undefined) return { threshold: { unknown: "it names no threshold" } };
  if (operator !== "GreaterThanThreshold" && operator !== "GreaterThanOrEqualToThreshold") {
    return { threshold, flaw: `it does not fire on what is too old (comparisonOperator ${operator ?? "not set"})` };
  }
  if (statistic !== "Maximum") {
    return { threshold, flaw: `it looks at the ${statistic ?? "statistic of nobody"}, and not at the Maximum` };
  }
  return { threshold };
}

function dimension({ facts: own }: MetricAlarm, key: string): Read<string> {
  return own.at("dimensions").key(key).text();
}

/** A copy of a bucket, by both buckets and the rule. */
export function bucketReplica(
  alarm: MetricAlarm,
  replicas: readonly Given[],
  { buckets, bucketReplications }: Program,
): Protection | undefined {
  const [from, to, id] = ["SourceBucket", "DestinationBucket", "RuleId"].map((key) => dimension(alarm, key));
  const bucket = buckets.find(({ name }) => typeof name === "string" && name === from);
  if (bucket === undefined) return undefined;
  const rules = replicationRulesOf(bucket, bucketReplications);
  const rule = isUnknown(rules)
    ? undefined
    : rules.find((one) => one.text("id") === id && destinationOf(one, bucket, buckets)?.name === to);
  return replicas.find(
    ({ protection: { source } }) => source.resource === rule?.resource.urn && source.property === rule?.property,
  )?.protection;
}

/** What an instance of Amazon RDS keeps, by its identifier, or by what the dimensions depend on. */
export function instanceOfAlarm(alarm: MetricAlarm, given: readonly Given[]): Protection | undefined {
  const identifier = dimension(alarm, "DBInstanceIdentifier");
  const upstream = alarm.resource.propertyDependencies.dimensions ?? [];
  return given.find(({ resources }) =>
    resources.some(
      (one) =>
        upstream.includes(one.urn) || (typeof identifier === "string" && facts(one).text("identifier") === identifier),
    ),
  )?.protection;
}
