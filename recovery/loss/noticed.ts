import { type Bound, compare, isBounded, isUnknown, sumOf } from "../bound";
import { type Seconds, seconds } from "../duration";
import type { Alert, RestorePoints, Term } from "../plan";
import { type Cadence, freshest } from "./restorePoints";

/** An alert on points of one kind watches the newest where one schedule of that kind alone is the freshest. */
export function watchesNewest({ threshold, role }: Alert, points: RestorePoints, asOf: number): boolean {
  if (threshold === undefined) return false;
  if (role === undefined) return true;
  const newest = freshest(points, asOf);
  return points.series.some((series) => series.name === newest?.name && series.role === role);
}

/** The age at which an alert fires that might notice a failed run in time, and that cannot be read. */
export function unreadTerm(alerts: readonly Alert[], { asset }: RestorePoints): Term | undefined {
  for (const { name, guards, asset: watched, rerun, threshold, flaw, source } of alerts) {
    if (guards !== "freshness" || watched !== asset || rerun === undefined) continue;
    const value = [threshold, flaw].find(isUnknown);
    if (value !== undefined) return { name: `age at which ${name} fires`, value, grade: "guaranteed", source };
  }
  return undefined;
}

/**
 * Terms of the oldest state that may have to do when an alert notices a failed run and someone runs it again: threshold,
 * notification, rerun. An alert that would fire on healthy days, or of which nobody says how a rerun comes about, earns
 * no credit: undefined.
 */
export function noticedTerms(
  alerts: readonly Alert[],
  points: RestorePoints,
  cadence: Cadence,
  healthy: Bound,
  asOf: number,
): Term[] | undefined {
  const ways = alerts
    .filter((one) => one.guards === "freshness" && one.asset === points.asset && one.rerun !== undefined)
    .filter((one) => one.complete && one.coversAbsence && one.flaw === undefined && watchesNewest(one, points, asOf))
    .flatMap((one) => termsOf(one, points, cadence, healthy));
  return ways.sort((a, b) => compare(sumOf(a), sumOf(b)))[0];
}

function termsOf(alert: Alert, points: RestorePoints, { run }: Cadence, healthy: Bound): Term[][] {
  const { threshold } = alert;
  if (typeof threshold !== "number" || !isBounded(healthy) || threshold < healthy) return [];
  const age: Term = {
    name: `age at which ${alert.name} fires`,
    value: seconds(threshold),
    grade: "guaranteed",
    source: alert.source,
  };
  // Counted from the end of a run, the state is older than the age by that run.
  const older = alert.ageFrom === "completion" ? [run] : [];
  return [[age, ...older, ...alert.detect, ...(alert.rerun ?? []), run, points.transfer]];
}

/** What a restore point costs and how fast a missing one is noticed, in seconds. */
export interface Noticing {
  rpo: number;
  /** From the threshold until a failed run runs again. */
  detection: number;
  slack: number;
  run: number;
  transfer: number;
  ageFrom?: "capture" | "completion";
}

/**
 * The longest gap between runs, in seconds, that keeps an RPO through one failed run which an alert notices: the
 * threshold must let healthy days pass, and fire early enough; undefined where none does.
 */
export function longestGap({
  rpo,
  detection,
  slack,
  run,
  transfer,
  ageFrom = "capture",
}: Noticing): Seconds | undefined {
  const longest = rpo - detection - slack - (ageFrom === "capture" ? 2 : 3) * (run + transfer);
  return longest > 0 ? seconds(longest) : undefined;
}
