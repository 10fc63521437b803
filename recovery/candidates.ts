import type { Candidate, Sum } from "./assessment";
import { type Bound, compare, isBounded, isUnbounded, isUnknown, max, sum } from "./bound";
import { seconds } from "./duration";
import type { Disruption } from "./objective";
import type { Asset, Copy, Path, Plan, Protection, Redundancy, RestorePoints, Term } from "./plan";
import { ageTerms, freshest, reachBack, restoreTime } from "./points";
import { criticalPath, recoveryTerms, untilWritesStop } from "./recoveryTime";
import { copySurvives, placeSurvives, redundancySurvives } from "./survive";

/** A way to recover that does not outlive the disruption, or nobody can tell. */
export interface Dropped {
  path: string;
  label: string;
  reason: string;
  unknown: boolean;
  /** A path was declared, and not only a protection. */
  declared: boolean;
}

/** Ways to recover one asset from one disruption: those that survive it with their costs, and those dropped with the reason. */
export interface Ways {
  candidates: Candidate[];
  dropped: Dropped[];
}

/** Survival first: every path and protection of an asset against one disruption. */
export function waysOf(plan: Plan, asset: Asset, disruption: Disruption, asOf: number): Ways {
  const ways: Ways = { candidates: [], dropped: [] };
  const paths = plan.paths.filter((path) => path.asset === asset.id && path.disruptions.includes(disruption));
  for (const path of paths) {
    const protection = plan.protections.find((one) => one.id === path.protection && one.asset === asset.id);
    const answer = wayOf(path, protection, asset, disruption, asOf);
    if ("rto" in answer) ways.candidates.push(answer);
    else ways.dropped.push({ path: path.id, label: path.label, ...answer, declared: true });
  }
  for (const protection of plan.protections.filter((one) => one.asset === asset.id)) {
    if (paths.some((path) => path.protection === protection.id)) continue;
    const outlives = protectionSurvives(protection, asset, disruption);
    ways.dropped.push({
      path: protection.id,
      label: protection.label,
      reason: "reason" in outlives ? outlives.reason : "no recovery path uses it",
      unknown: "reason" in outlives && outlives.unknown,
      declared: false,
    });
  }
  return ways;
}

type Drop = Pick<Dropped, "reason" | "unknown">;

function wayOf(
  path: Path,
  protection: Protection | undefined,
  asset: Asset,
  disruption: Disruption,
  asOf: number,
): Candidate | Drop {
  const excluded = path.excluded[disruption];
  if (excluded !== undefined) return { reason: excluded, unknown: false };
  if (protection === undefined) return { reason: "the protection it uses does not exist", unknown: false };
  const outlives = protectionSurvives(protection, asset, disruption);
  if ("reason" in outlives) return outlives;
  const runner = placeSurvives(path.runsAt, asset.at, disruption);
  if (runner.survives !== true) {
    return { reason: `what runs it is lost too: ${runner.reason}`, unknown: runner.survives === "unknown" };
  }
  for (const need of path.needs) {
    if (need.assumption !== undefined) continue;
    const there = placeSurvives(need.at, asset.at, disruption);
    if (there.survives !== true) {
      return { reason: `it needs ${need.what}, and ${there.reason}`, unknown: there.survives === "unknown" };
    }
  }
  const rto = totalOf(recoveryTerms(path));
  const identity = { path: path.id, protection: protection.id, label: path.label, rto };
  if (protection.kind === "redundancy") {
    const loss = totalOf(protection.loss);
    return { ...identity, rpo: [loss, loss] };
  }
  return restoreCandidate(identity, path, protection, outlives.copies, disruption, asOf);
}

function protectionSurvives(protection: Protection, asset: Asset, disruption: Disruption): { copies: Copy[] } | Drop {
  if (protection.kind === "redundancy") return redundancyOutlives(protection, disruption);
  const answers = protection.copies.map((copy) => ({ copy, ...copySurvives(copy, asset.at, disruption) }));
  const copies = answers.filter((answer) => answer.survives === true).map((answer) => answer.copy);
  if (copies.length > 0) return { copies };
  const reasons = answers.map((answer) => ("reason" in answer ? `${answer.copy.source.name}: ${answer.reason}` : ""));
  return {
    reason: reasons.length > 0 ? reasons.join("; ") : "its restore points are kept nowhere",
    unknown: answers.some((answer) => answer.survives === "unknown"),
  };
}

function redundancyOutlives(protection: Redundancy, disruption: Disruption): { copies: Copy[] } | Drop {
  const answer = redundancySurvives(protection, disruption);
  return answer.survives === true ? { copies: [] } : { reason: answer.reason, unknown: answer.survives === "unknown" };
}

function restoreCandidate(
  identity: Pick<Candidate, "path" | "protection" | "label" | "rto">,
  path: Path,
  points: RestorePoints,
  copies: readonly Copy[],
  disruption: Disruption,
  asOf: number,
): Candidate {
  const cadence = freshest(points, asOf);
  if (cadence === undefined) {
    const never: Bound = { unbounded: "every schedule that takes restore points is suspended, or there is none" };
    const term: Term = { name: "newest restore point", value: never, grade: "guaranteed", source: points.source };
    const loss = totalOf([term]);
    return { ...identity, rpo: [loss, loss] };
  }
  const lossWith = (missed: 0 | 1): Sum => {
    const age = ageTerms(points, cadence, missed);
    if (disruption !== "corruption" && disruption !== "compromise") return totalOf(age);
    return totalOf([...damageAge(points, age, path), ...untilWritesStop(path).map(after)]);
  };
  const rpo: [Sum, Sum] = [lossWith(0), lossWith(1)];
  if (disruption !== "corruption" && disruption !== "compromise") return { ...identity, rpo };
  const kept = copies
    .map((copy) => (disruption === "compromise" ? copy.lock.keptFor.value : copy.keptFor.value))
    .sort((a, b) => compare(b, a))[0];
  const restore = restoreTime(points, asOf);
  const steps = criticalPath(path.steps).total;
  const needed = sum([
    ...path.detect.map((term) => term.value),
    ...path.decide.map((term) => term.value),
    ...ageTerms(points, cadence, 1).map((term) => term.value),
    restore === undefined ? steps : max(steps, restore),
  ]);
  return { ...identity, rpo, window: { needed, available: reachBack(points, kept ?? seconds(0), asOf) } };
}

/**
 * Age of the newest clean point when damage strikes. A point captured at its start is clean whatever it held later, so
 * only a run still in flight when the damage is noticed is lost; a fuzzy one is clean only if it ended before.
 */
function damageAge(points: RestorePoints, age: readonly Term[], path: Path): Term[] {
  const before = (term: Term): Term => ({ ...term, part: "before" });
  if (points.capture === "fuzzy") return age.map(before);
  const inFlight = [points.series.length > 0 ? (age[2]?.value ?? seconds(0)) : seconds(0), points.transfer.value];
  const noticed = sum([...path.detect, ...path.decide].map((term) => term.value));
  const flight = sum(inFlight);
  const left: Bound =
    isBounded(flight) && isBounded(noticed)
      ? seconds(Math.max(0, flight - noticed))
      : isUnbounded(noticed)
        ? seconds(0)
        : flight;
  const rest = age[2];
  return [
    ...age.slice(0, 2).map(before),
    ...(rest ? [before({ ...rest, name: "run and transfer beyond the time to notice", value: left })] : []),
  ];
}

function after(term: Term): Term {
  return { ...term, part: "after" };
}

/** Terms with their total. */
export function totalOf(terms: Term[]): Sum {
  return { total: sum(terms.map((term) => term.value)), terms };
}

/** Whether any term is unknown. */
export function hasUnknown(total: Sum): boolean {
  return total.terms.some((term) => isUnknown(term.value));
}
