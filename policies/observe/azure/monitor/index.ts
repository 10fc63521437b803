import { isUnknown } from "../../../../recovery/bound";
import type { Alert, Asset } from "../../../../recovery/plan";
import type { Given } from "../../given";
import { sourceOf, titleOf } from "../../names";
import type { Program } from "../../program";
import { orDefault } from "../../read";
import { detectTerms } from "./detection";
import { silenceOf } from "./receivers";
import type { AzureAlert } from "./rule";
import { watchedBy } from "./watched";

const guarded = ["freshness", "health", "capacity"];

/** Severities of Azure Monitor, 0 to 4, in the words that rules know: what wakes somebody, and what waits. */
const severities = ["critical", "critical", "warning", "warning", "warning"];

/** Alerts of Azure Monitor that say by their tags which asset they guard; what of it they watch, their condition says. */
export function readAzureAlerts(assets: readonly Asset[], given: readonly Given[], program: Program): Alert[] {
  return program.azure.alerts
    .flatMap((alert) => readAlert(alert, assets, given, program) ?? [])
    .sort((a, b) => (`${a.name} ${a.source.resource}` < `${b.name} ${b.source.resource}` ? -1 : 1));
}

function readAlert(
  alert: AzureAlert,
  assets: readonly Asset[],
  given: readonly Given[],
  program: Program,
): Alert | undefined {
  const { problems } = program;
  const { resource, facts, settings } = alert;
  const tag = (key: string) => facts.at("tags").key(`holdfast_${key}`);
  const known = (key: string) => problems.known(tag(key).text(), sourceOf(resource, tag(key).property));
  const [asset, guards] = [known("asset"), known("guards")];
  if (asset === undefined && guards === undefined) return undefined;
  const title = titleOf(resource);
  const source = sourceOf(resource);
  if (asset === undefined || guards === undefined || !guarded.includes(guards)) {
    const message = `${title} must name its asset in the tag holdfast_asset, and one of ${guarded.join(", ")} in holdfast_guards`;
    problems.add(source, message, asset);
    return undefined;
  }
  if (!assets.some(({ id }) => id === asset)) {
    problems.add(source, `${title} guards ${asset}, for which nothing promises objectives`, asset);
    return undefined;
  }
  const { flaw: blind, ...watched } =
    guards === "freshness" ? watchedBy(alert, asset, given, program) : { coversAbsence: false };
  const flaw = blind ?? silenceOf(alert, program);
  const name = orDefault(alert.name, resource.name);
  const severity = severityOf(alert);
  const complete = [settings.text("description"), tag("runbook").text()];
  return {
    name: isUnknown(name) ? resource.name : name,
    asset,
    guards,
    disruptions: [],
    ...watched,
    severity,
    complete: !isUnknown(severity) && complete.every((text) => typeof text === "string" && text !== ""),
    at: alert.at,
    cluster: "Azure Monitor",
    service: "Azure Monitor",
    ...(flaw === undefined ? {} : { flaw }),
    detect: detectTerms(alert, asset, program),
    source,
  };
}

function severityOf({ settings, resource }: AzureAlert): Alert["severity"] {
  const severity = settings.whole("severity");
  if (isUnknown(severity)) return severity;
  const unknown = `severity of ${titleOf(resource)} must be 0 to 4, got ${severity ?? "nothing"}`;
  return severities[severity ?? -1] ?? { unknown };
}
