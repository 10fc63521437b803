import {
  type Alert,
  type Archive,
  type Asset,
  type Bound,
  type Evidence,
  formatBound,
  formatLimit,
  formatSeconds,
  isBounded,
  isUnknown,
  type Limit,
  largestKept,
  type Replica,
  sum,
  type Violation,
} from "../recovery";
import { unshippedTerms } from "../recovery/loss/archive";
import { isQuiet, unnoticed, violationOf } from "./freshness";

/** A log that is no longer shipped, or a replica that is no longer fed, looks well until it is needed. */
export function copiesAreWatched({ plan, assessments }: Evidence, asset: Asset, alerts: readonly Alert[]): Violation[] {
  return plan.protections.flatMap((copy): Violation[] => {
    if (copy.asset !== asset.id || (copy.kind !== "archive" && copy.kind !== "replica")) return [];
    if (!plan.paths.some(({ protection }) => protection === copy.id)) return [];
    // What no service tells no alert can watch: its lag stays an assumption, with the drill that measures it.
    if (copy.kind === "replica" && copy.unseen !== undefined) return [];
    const what = `how far behind ${copy.id} is`;
    const saying = alerts.filter(({ guards, protection }) => guards === "freshness" && protection === copy.id);
    const guarding = saying.filter(({ flaw }) => flaw === undefined);
    const aging = guarding.filter(({ threshold }) => threshold !== undefined);
    const [first] = aging;
    if (first === undefined) {
      return [
        unnoticed(
          asset,
          what,
          saying.filter(({ flaw }) => flaw !== undefined),
        ),
      ];
    }
    const found: Violation[] = [];
    if (!guarding.some(({ coversAbsence }) => coversAbsence)) {
      found.push(violationOf(asset, first.source, `no alert notices that ${what} is not measured at all (absent)`));
    } else if (aging.every(isQuiet)) {
      found.push(violationOf(asset, first.source, `no alert that notices ${what} is critical: nobody is woken`));
    }
    // Where writes are refused beyond a lag, no alert is what keeps the promise: it tells that they are refused.
    const enforced = copy.kind === "replica" && copy.lag.grade === "guaranteed";
    const limit = enforced ? undefined : limitOf(asset, copy.id, assessments);
    return [...found, ...aging.flatMap((alert) => mistimed(asset, alert, behind(copy), limit))];
  });
}

/** How far behind it is on a day on which nothing fails. */
function behind(copy: Archive | Replica): Bound {
  return copy.kind === "replica" ? copy.lag.value : sum(unshippedTerms(copy, 0).map(({ value }) => value));
}

/** It must stay silent on healthy days, and wake somebody before the promise is broken. */
function mistimed(asset: Asset, alert: Alert, healthy: Bound, limit: Limit | undefined): Violation[] {
  const { name, threshold, severity, source } = alert;
  if (threshold === undefined) return [];
  if (isUnknown(threshold)) {
    return [{ ...violationOf(asset, source, `${name}: ${threshold.unknown}`), cannotProve: true }];
  }
  if (severity !== "critical") return [];
  if (isBounded(healthy) && threshold < healthy) {
    const message = `${name} fires at an age of ${formatSeconds(threshold)}, on healthy days too: it is up to ${formatSeconds(healthy)} behind`;
    return [violationOf(asset, source, message)];
  }
  const detect = sum(alert.detect.map(({ value }) => value));
  if (!isBounded(detect)) {
    const why = isUnknown(detect) ? detect.unknown : detect.unbounded;
    return [{ ...violationOf(asset, source, `${name}: ${why}`), ...(isUnknown(detect) ? { cannotProve: true } : {}) }];
  }
  if (limit === undefined || threshold + detect <= largestKept(limit)) return [];
  const message = `${name} fires ${formatSeconds(threshold)} + ${formatBound(detect)} after the newest state there is, later than the RPO of ${formatLimit(limit)}`;
  return [violationOf(asset, source, message)];
}

/** The smallest RPO that a copy keeps when something is lost; damage is another matter, since it copies that as well. */
function limitOf(asset: Asset, copy: string, assessments: Evidence["assessments"]): Limit | undefined {
  const limits = (["process", "node", "zone", "region"] as const).flatMap((disruption) => {
    const answer = assessments.find((one) => one.asset === asset.id && one.disruption === disruption);
    return answer?.chosen?.protection === copy ? (asset.objectives[disruption]?.rpo ?? []) : [];
  });
  return limits.sort((a, b) => largestKept(a) - largestKept(b))[0];
}
