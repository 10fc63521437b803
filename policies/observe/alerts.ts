import { type Bound, compare, isUnknown, type Maybe, sum } from "../../recovery/bound";
import { placeSurvives } from "../../recovery/loss/survive";
import { type Disruption, disruptions } from "../../recovery/objective";
import type { Alert, Asset, Term } from "../../recovery/plan";
import { type PrometheusSettings, prometheusDetection } from "../../recovery/time";
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
    const { threshold, ...watched } = guards === "freshness" ? freshnessOf(one.expression, asset) : {};
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
      ...(watched.role === undefined ? {} : { role: watched.role }),
      ...(watched.protection === undefined ? {} : { protection: `${asset}/${watched.protection}` }),
      coversAbsence: rehearsing ? coversAbsenceOfRuns(guarding) : coversAbsence(one.expression, guards, asset, watched),
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
  return (
    other.coversAbsence &&
    alike &&
    other.protection === alert.protection &&
    (alert.role === undefined || alert.role === other.role)
  );
}

/** From the fault to the notification. */
function detectTerms(one: AlertRule, rule: PrometheusRule, asset: string, told: Told, program: Program): Term[] {
  return prometheusDetection({
    ...scrapeOf(rule, asset, program),
    evaluation: {
      value: orGlobal(one.evaluation, "its group's interval"),
      source: sourceOf(rule.resource, "spec.groups.interval"),
    },
    for: { value: one.holdsFor, source: sourceOf(rule.resource, one.facts.at("for").property) },
    wait: told,
  });
}

/**
 * Prometheus takes 0s for an interval that is not there, and its own configuration decides (`LoadGroups` in
 * prometheus/prometheus rules/manager.go, `ScrapeConfig.Validate` in config/config.go).
 */
function orGlobal(interval: Bound, what: string): Bound {
  return interval === 0 ? { unknown: `${what} is 0s: the Prometheus that loads it decides` } : interval;
}

/** The slowest of what scrapes an asset near a rule. */
function scrapeOf(
  rule: PrometheusRule,
  asset: string,
  { monitors }: Program,
): Pick<PrometheusSettings, "scrape" | "scrapeTimeout"> {
  const [slowest] = monitors
    .filter((one) => one.cluster === rule.cluster && one.asset !== undefined && covers(one.asset, asset))
    .flatMap(({ scrapes }) => scrapes)
    .map(({ facts, interval, timeout }) => ({
      scrape: { value: orGlobal(interval, `interval of ${facts.source().name}`), source: facts.source("interval") },
      // Prometheus refuses a timeout longer than the interval, so one that is not there is at most that.
      scrapeTimeout: { value: timeout === 0 ? interval : timeout, source: facts.source("scrapeTimeout") },
    }))
    .sort((a, b) => compare(spanOf(b), spanOf(a)));
  if (slowest !== undefined) return slowest;
  const unknown = `nothing in the cluster of ${titleOf(rule.resource)} says that it scrapes ${asset}`;
  const nobody = { value: { unknown }, source: sourceOf(rule.resource) };
  return { scrape: nobody, scrapeTimeout: nobody };
}

function spanOf({ scrape, scrapeTimeout }: Pick<PrometheusSettings, "scrape" | "scrapeTimeout">): Bound {
  return sum([scrape.value, scrapeTimeout.value]);
}

function total({ detect }: Alert): Bound {
  return sum(detect.map(({ value }) => value));
}
