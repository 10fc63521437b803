import { type Bound, compare, isBounded, isUnknown, sumOf } from "../bound";
import { type Seconds, seconds } from "../duration";
import type { Alert, RestorePoints, Term } from "../plan";
import type { Cadence } from "./restorePoints";

/**
 * What cannot be read of an alert that might notice a failed run in time: when it fires, or how long it takes until the
 * run runs again. Undefined for those that earn no credit whatever that is, since what can be read of them rules it out:
 * they would fire on healthy days, or no sooner than the next run on schedule.
 */
export function unreadTerm(
  alerts: readonly Alert[],
  [healthy, failed]: readonly [healthy: Bound, failed: Bound],
): Term | undefined {
  for (const one of alerts) {
    const { name, detect, rerun = [], threshold, flaw, source } = one;
    if (!mayNotice(one) || (flaw !== undefined && !isUnknown(flaw))) continue;
    const read = [...detect, ...rerun, ...(isBoundedAge(threshold) ? [{ value: seconds(threshold) }] : [])];
    const least = sumOf(read.filter(({ value }) => !isUnknown(value)));
    if (isBounded(failed) && compare(least, failed) >= 0) continue;
    if (isBoundedAge(threshold) && isBounded(healthy) && threshold < healthy) continue;
    const fires = [threshold, flaw].find(isUnknown);
    if (fires !== undefined) return { name: `age at which ${name} fires`, value: fires, grade: "guaranteed", source };
    const slow = [...detect, ...rerun].find(({ value }) => isUnknown(value));
    if (slow !== undefined) return slow;
  }
  return undefined;
}

function isBoundedAge(threshold: Alert["threshold"]): threshold is number {
  return typeof threshold === "number" && Number.isSafeInteger(threshold) && threshold >= 0;
}

/** Whether an alert on points can earn credit by all but its numbers, as far as they can be read. */
function mayNotice({ rerun, complete, coversAbsence }: Alert): boolean {
  return rerun !== undefined && complete && coversAbsence;
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
): Term[] | undefined {
  const ways = alerts
    .filter((one) => mayNotice(one) && one.flaw === undefined)
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
