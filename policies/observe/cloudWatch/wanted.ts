import type { Path } from "../../../recovery/plan";
import type { Given } from "../given";
import { titleOf } from "../names";
import type { Program } from "../program";
import type { MetricAlarm } from "../resources/metricAlarm";
import { bucketReplica, instanceOfAlarm } from "./metrics";
import { whyUntold } from "./receivers";

/** Something that no age of a copy shows, and the alarm that tells it. */
interface Wanted {
  metric: string;
  what: (title: string) => string;
  /** Whether an alarm on that metric fires on it. */
  fires: (alarm: MetricAlarm) => boolean;
  /** What of this asset an alarm on that metric watches. */
  find: typeof bucketReplica;
}

const gaveUp: Wanted = {
  metric: "AWS/S3 OperationsFailedReplication",
  what: (title) => `that S3 gave up on a file of ${title}, which no latency shows`,
  fires: ({ facts }) =>
    facts.text("comparisonOperator") === "GreaterThanThreshold" &&
    facts.whole("threshold") === 0 &&
    ["Sum", "Maximum"].some((one) => facts.text("statistic") === one),
  find: bucketReplica,
};

const full: Wanted = {
  metric: "AWS/RDS FreeStorageSpace",
  what: (title) => `that ${title} has no storage left, with which it takes no backups and follows nothing`,
  fires: ({ facts }) =>
    ["LessThanThreshold", "LessThanOrEqualToThreshold"].some((one) => facts.text("comparisonOperator") === one) &&
    facts.text("treatMissingData") === "breaching",
  find: instanceOfAlarm,
};

function wantedOf({ protection: { kind, source }, resources: [resource] }: Given): Wanted | undefined {
  if (resource === undefined || kind === "archive") return undefined;
  if (resource.type === "aws:rds/instance:Instance") return full;
  return kind === "replica" && source.resource.includes("aws:s3/") ? gaveUp : undefined;
}

/**
 * What a recovery counts on may fail in ways that no age tells: where alarms of CloudWatch guard an asset, they tell these
 * too. Where none does, the rule on alerts says so.
 */
export function noteUntold(given: readonly Given[], paths: readonly Path[], program: Program): void {
  const guarded = program.metricAlarms.map(({ facts }) => facts.at("tags").key("holdfast.dev/asset").text());
  for (const one of given) {
    const { id, asset, source } = one.protection;
    const [resource] = one.resources;
    const wanted = wantedOf(one);
    if (resource === undefined || wanted === undefined) continue;
    if (!guarded.includes(asset) || !paths.some((path) => path.protection === id)) continue;
    const why = whyUntold(
      program.metricAlarms.filter(
        (alarm) =>
          `${alarm.facts.text("namespace")} ${alarm.facts.text("metricName")}` === wanted.metric &&
          wanted.fires(alarm) &&
          wanted.find(alarm, [one], program)?.id === id,
      ),
      program,
    );
    if (why === undefined) continue;
    const message = `no alarm tells ${wanted.what(titleOf(resource))} (${wanted.metric})${why === "" ? "" : `: ${why}`}`;
    program.problems.add(source, message, asset);
  }
}
