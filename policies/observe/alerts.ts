import { type Bound, compare, isBounded, isUnknown, type Maybe, sum } from "../../recovery/bound";
import { seconds } from "../../recovery/duration";
import { placeSurvives } from "../../recovery/loss/survive";
import { type Disruption, disruptions } from "../../recovery/objective";
import type { Alert, Asset, Term } from "../../recovery/plan";
import { disruptionsOf, listOf } from "./annotations";
import { covers } from "./assumptions";
import { coversAbsence, freshnessOf } from "./expression";
import { coversAbsenceOfRuns, flawOf } from "./flaws";
import { sourceOf, titleOf } from "./names";
import { notificationOf } from "./notification";
import type { Program } from "./program";
import type { AlertRule, PrometheusRule } from "./resources/prometheusRule";
import type { Told } from "./routes";

const guarded = ["freshness", "detection", "drill", "verification", "watchdog", "capacity", "health"];

/** Alerts that say which asset they guard, one for each asset, by name. */
export function readAlerts(assets: readonly Asset[], program: Program): Alert[] {
  const found = program.prometheusRules.flatMap((rule) =>
    rule.alerts
      .flatMap((one) => readAlert(one, rule, assets, program))
      .map((alert) => ({ alert, cluster: rule.cluster })),
  );
  return found
    .map(({ alert, cluster }) => {
      const near = found.filter((other) => other.cluster === cluster).map((other) => other.alert);
      return { ...alert, coversAbsence: near.some((other) => sees(other, alert)) };
    })
    .sort((a, b) =>
      `${a.name} ${a.asset} ${a.source.resource}` < `${b.name} ${b.asset} ${b.source.resource}` ? -1 : 1,
    );
}

/** The fastest notice of a disruption among the alerts that outlive it. */
export function detectionOf(asset: Asset, disruption: Disruption, alerts: readonly Alert[]): Term[] {
  const guarding = alerts.filter(
    (alert) => alert.guards === "detection" && alert.asset === asset.id && alert.disruptions.includes(disruption),
  );
  const answers = guarding.map((alert) => ({ alert, ...placeSurvives(alert.at, { at: asset.at, disruption }) }));
  const standing = answers.filter(({ survives }) => survives === true).map(({ alert }) => alert);
  const noticing = standing.filter(({ flaw }) => disruption !== "region" || flaw === undefined);
  const [fastest] = noticing.sort((a, b) => compare(total(a), total(b)));
  if (fastest) return fastest.detect;
  const flawed = standing.find(({ flaw }) => isUnknown(flaw)) ?? standing[0];
  if (flawed?.flaw !== undefined) return [blind(flawed, flawed.flaw)];
  const [unsure] = answers.filter(({ survives }) => survives === "unknown");
  const why = unsure && "reason" in unsure ? unsure.reason : undefined;
  const value: Bound = why
    ? { unknown: `whether alert ${unsure?.alert.name} outlives it is not known: ${why}` }
    : { unbounded: guarding.length > 0 ? "every alert that notices it is lost with it" : "no alert notices it" };
  return [{ name: "alert", value, grade: "guaranteed", source: unsure?.alert.source ?? asset.source }];
}

function blind({ name, source }: Alert, flaw: Maybe<string>): Term {
  const value = isUnknown(flaw)
    ? { unknown: `whether alert ${name} notices it is not known: ${flaw.unknown}` }
    : { unbounded: `alert ${name} does not notice it: ${flaw}` };
  return { name: "alert", value, grade: "guaranteed", source };
}

function readAlert(one: AlertRule, rule: PrometheusRule, assets: readonly Asset[], program: Program): Alert[] {
  const source = sourceOf(rule.resource, one.facts.property);
  const { problems } = program;
  const pattern = problems.known(one.asset, source);
  const guards = problems.known(one.guards, source);
  if (pattern === undefined && guards === undefined) return [];
  const where = `alert ${one.name} of ${titleOf(rule.resource)}`;
  if (pattern === undefined || guards === undefined) {
    problems.add(source, `${where} must name both holdfast_asset and holdfast_guards`, pattern);
    return [];
  }
  if (!guarded.includes(guards)) {
    problems.add(source, `${where}: holdfast_guards must be one of ${guarded.join(", ")}`, pattern);
  }
  const { known, wrong } = disruptionsOf(listOf(problems.known(one.disruptions, source, pattern)));
  if (wrong.length > 0) {
    problems.add(source, `${where}: holdfast_disruptions must be among ${disruptions.join(", ")}`, pattern);
  }
  const ids = assets.map(({ id }) => id).filter((id) => covers(pattern, id));
  if (ids.length === 0)
    problems.add(source, `${where} guards ${pattern}, for which nothing promises objectives`, pattern);
  return ids.map((asset) => {
    const { threshold, role } = guards === "freshness" ? freshnessOf(one.expression, asset) : {};
    if (isUnknown(threshold)) problems.unknown(source, `${where}: ${threshold.unknown}`, asset);
    const told = notificationOf(one, rule, program);
    const guarding = { one, rule, guards, asset, told, program };
    const flaw = flawOf(guarding);
    const rehearsing = guards === "verification" || guards === "drill";
    return {
      name: one.name,
      asset,
      guards,
      disruptions: known,
      ...(threshold === undefined ? {} : { threshold }),
      ...(role === undefined ? {} : { role }),
      coversAbsence: rehearsing ? coversAbsenceOfRuns(guarding) : coversAbsence(one.expression, guards, asset, role),
      severity: one.severity === undefined ? { unknown: `${where} has no label severity` } : one.severity,
      complete: one.complete,
      at: rule.at,
      cluster: rule.cluster,
      ...(flaw === undefined ? {} : { flaw }),
      detect: detectTerms(one, rule, asset, told, program),
      source,
    };
  });
}

/** Whether another alert of the same kind notices that the series of this one is gone; with all series, each is. */
function sees(other: Alert, alert: Alert): boolean {
  const alike = other.asset === alert.asset && other.guards === alert.guards;
  return other.coversAbsence && alike && (alert.role === undefined || alert.role === other.role);
}

/** From the fault to the notification: facts.md 11.3. */
function detectTerms(one: AlertRule, rule: PrometheusRule, asset: string, told: Told, program: Program): Term[] {
  const at = (path: string) => sourceOf(rule.resource, one.facts.at(path).property);
  return [
    ...scrapeTerms(rule, asset, program),
    {
      name: "evaluation",
      value: one.evaluation,
      grade: "guaranteed",
      source: sourceOf(rule.resource, "spec.groups.interval"),
    },
    { name: "alert holds", value: roundedUp(one.holdsFor, one.evaluation), grade: "guaranteed", source: at("for") },
    { name: "notification", value: told.value, grade: "guaranteed", source: told.source },
  ];
}

function scrapeTerms(rule: PrometheusRule, asset: string, { monitors }: Program): Term[] {
  const scrapes = monitors
    .filter((one) => one.cluster === rule.cluster && one.asset === asset)
    .flatMap(({ scrapes }) => scrapes);
  const [slowest] = scrapes.sort((a, b) => compare(sum([b.interval, b.timeout]), sum([a.interval, a.timeout])));
  if (slowest === undefined) {
    const unknown = `nothing in the cluster of ${titleOf(rule.resource)} says that it scrapes ${asset}`;
    return [{ name: "scrape", value: { unknown }, grade: "guaranteed", source: sourceOf(rule.resource) }];
  }
  return [
    { name: "scrape", value: slowest.interval, grade: "guaranteed", source: slowest.facts.source("interval") },
    {
      name: "scrape timeout",
      value: slowest.timeout,
      grade: "guaranteed",
      source: slowest.facts.source("scrapeTimeout"),
    },
  ];
}

/** An alert fires at an evaluation, so what it waits is a multiple of their interval. */
function roundedUp(span: Bound, evaluation: Bound): Bound {
  if (!isBounded(span) || span === 0) return span;
  if (!isBounded(evaluation) || evaluation === 0) return evaluation;
  return seconds(Math.ceil(span / evaluation) * evaluation);
}

function total({ detect }: Alert): Bound {
  return sum(detect.map(({ value }) => value));
}
