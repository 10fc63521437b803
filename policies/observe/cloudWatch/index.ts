import { isUnknown, type Maybe } from "../../../recovery/bound";
import type { Alert, Asset } from "../../../recovery/plan";
import type { Given } from "../given";
import { sourceOf, titleOf } from "../names";
import type { Program } from "../program";
import { orDefault } from "../read";
import type { MetricAlarm } from "../resources/metricAlarm";
import { detectTerms } from "./detection";
import { watchedBy } from "./metrics";
import { silenceOf } from "./receivers";

const guarded = ["freshness", "health", "capacity"];

/** Alarms of Amazon CloudWatch that say by their tags which asset they guard; what of it they watch, their metric says. */
export function readMetricAlarms(assets: readonly Asset[], given: readonly Given[], program: Program): Alert[] {
  return program.metricAlarms
    .flatMap((alarm) => readAlarm(alarm, assets, given, program) ?? [])
    .sort((a, b) => (`${a.name} ${a.source.resource}` < `${b.name} ${b.source.resource}` ? -1 : 1));
}

function readAlarm(
  alarm: MetricAlarm,
  assets: readonly Asset[],
  given: readonly Given[],
  program: Program,
): Alert | undefined {
  const { problems } = program;
  const { resource, facts } = alarm;
  const tag = (key: string) => facts.at("tags").key(`holdfast.dev/${key}`);
  const known = (key: string) => problems.known(tag(key).text(), sourceOf(resource, tag(key).property));
  const [asset, guards] = [known("asset"), known("guards")];
  if (asset === undefined && guards === undefined) return undefined;
  const title = titleOf(resource);
  const source = sourceOf(resource);
  if (asset === undefined || guards === undefined || !guarded.includes(guards)) {
    const message = `${title} must name its asset in the tag holdfast.dev/asset, and one of ${guarded.join(", ")} in holdfast.dev/guards`;
    problems.add(source, message, asset);
    return undefined;
  }
  if (!assets.some(({ id }) => id === asset)) {
    problems.add(source, `${title} guards ${asset}, for which nothing promises objectives`, asset);
    return undefined;
  }
  const watched = guards === "freshness" ? watchedBy(alarm, asset, given, program) : {};
  const flaw = watched.flaw ?? silenceOf(alarm, program);
  const severity = tag("severity").text();
  const name = orDefault(facts.text("name"), resource.name);
  const complete = [severity, facts.text("alarmDescription"), tag("runbook").text()];
  return {
    name: isUnknown(name) ? resource.name : name,
    asset,
    guards,
    disruptions: [],
    ...(watched.threshold === undefined ? {} : { threshold: watched.threshold }),
    ...(watched.protection === undefined ? {} : { protection: watched.protection }),
    coversAbsence: facts.text("treatMissingData") === "breaching",
    severity: severity === undefined ? { unknown: `${title} has no tag holdfast.dev/severity` } : severity,
    complete: complete.every((text) => typeof text === "string" && text !== ""),
    at: alarm.at,
    cluster: `CloudWatch of ${regionOf(alarm.at)}`,
    service: "CloudWatch",
    ...(flaw === undefined ? {} : { flaw }),
    detect: detectTerms(alarm, asset, program),
    source,
  };
}

function regionOf(at: Maybe<{ region: string }>): string {
  return isUnknown(at) ? "a region that is not known" : at.region;
}
