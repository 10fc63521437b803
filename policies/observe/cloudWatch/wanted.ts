import { isUnknown } from "../../../recovery/bound";
import type { Path } from "../../../recovery/plan";
import type { Given } from "../given";
import { titleOf } from "../names";
import type { Program } from "../program";
import type { MetricAlarm } from "../resources/metricAlarm";
import { bucketReplica, instanceOfAlarm } from "./metrics";
import { silenceOf } from "./receivers";

/** Something that no age of a copy shows, and the alarm that tells it. */
interface Wanted {
  metric: string;
  what: (title: string) => string;
  /** Whether an alarm on that metric fires on it. */
  fires: (alarm: MetricAlarm) => boolean;
}

const gaveUp: Wanted = {
  metric: "AWS/S3 OperationsFailedReplication",
  what: (title) => `that S3 gave up on a file of ${title}, which no latency shows`,
  fires: ({ facts }) =>
    facts.text("comparisonOperator") === "GreaterThanThreshold" &&
    facts.whole("threshold") === 0 &&
    ["Sum", "Maximum"].some((one) => facts.text("statistic") === one),
};

const full: Wanted = {
  metric: "AWS/RDS FreeStorageSpace",
  what: (title) => `that ${title} has no storage left, with which it takes no backups and follows nothing`,
  fires: ({ facts }) =>
    ["LessThanThreshold", "LessThanOrEqualToThreshold"].some((one) => facts.text("comparisonOperator") === one) &&
    facts.text("treatMissingData") === "breaching",
};

/**
 * What a recovery counts on may fail in ways that no age tells: where alarms of CloudWatch guard an asset, they tell these
 * too. Where none does, the rule on alerts says so.
 */
export function noteUntold(given: readonly Given[], paths: readonly Path[], program: Program): void {
  const guarded = program.metricAlarms.map(({ facts }) => facts.at("tags").key("holdfast.dev/asset").text());
  for (const one of given) {
    const { protection, resources } = one;
    const { id, asset, kind, source } = protection;
    if (!guarded.includes(asset) || !paths.some((path) => path.protection === id)) continue;
    const [resource] = resources;
    const wanted = resource?.type === "aws:rds/instance:Instance" ? full : kind === "replica" ? gaveUp : undefined;
    if (resource === undefined || wanted === undefined || kind === "archive") continue;
    if (wanted === gaveUp && !source.resource.includes("aws:s3/")) continue;
    const telling = program.metricAlarms.filter((alarm) => {
      const { facts } = alarm;
      if (`${facts.text("namespace")} ${facts.text("metricName")}` !== wanted.metric || !wanted.fires(alarm))
        return false;
      const found = wanted === full ? instanceOfAlarm(alarm, [one]) : bucketReplica(alarm, [one], program);
      return found?.id === id;
    });
    const silences = telling.map((alarm) => silenceOf(alarm, program));
    if (silences.includes(undefined)) continue;
    const why = silences.map((silence) => (isUnknown(silence) ? silence.unknown : silence)).join("; ");
    const message = `no alarm tells ${wanted.what(titleOf(resource))} (${wanted.metric})${why === "" ? "" : `: ${why}`}`;
    program.problems.add(source, message, asset);
  }
}
