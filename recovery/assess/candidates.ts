import { type Bound, compare, isBounded, isUnbounded, isUnknown, max, sum } from "../bound";
import { formatSeconds, seconds } from "../duration";
import { ageTerms, baseAge, freshest, restoreTime } from "../loss/restorePoints";
import { copySurvives, placeSurvives, redundancySurvives } from "../loss/survive";
import type { Disruption } from "../objective";
import type { Asset, Copy, Path, Plan, Protection, Redundancy, RestorePoints, Term } from "../plan";
import { criticalPath, recoveryTerms, untilWritesStop } from "../time/criticalPath";
import type { Candidate, Sum } from "./assessment";

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
  const runner = placeSurvives(path.runsAt, { at: asset.at, disruption });
  if (runner.survives !== true) {
    return { reason: `what runs it is lost too: ${runner.reason}`, unknown: runner.survives === "unknown" };
  }
  for (const need of path.needs) {
    if (need.assumption !== undefined) continue;
    const there = placeSurvives(need.at, { at: asset.at, disruption });
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
  if (protection.kind !== "restore-points") return { reason: "todo", unknown: true };
  return restoreCandidate(identity, path, protection, outlives.copies, disruption, asOf);
}

function protectionSurvives(protection: Protection, asset: Asset, disruption: Disruption): { copies: Copy[] } | Drop {
  if (protection.kind === "redundancy") return redundancyOutlives(protection, disruption);
  if (protection.kind !== "restore-points") return { reason: "todo", unknown: true };
  const answers = protection.copies.map((copy) => ({
    copy,
    ...copySurvives(copy, { at: asset.at, disruption, asOf: 0 }),
  }));
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
  const damaging = disruption === "corruption" || disruption === "compromise";
  const kept = copies
    .map((copy) => (disruption === "compromise" ? copy.lock.keptFor : copy.keptFor))
    .sort((a, b) => compare(b.value, a.value))[0] ?? { ...points.transfer, value: seconds(0) };
  const lossWith = (missed: 0 | 1): { loss: Sum; window: Window } => {
    const all = ageTerms(points, cadence, missed);
    const age = damaging ? damageAge(points, all, path) : all;
    const window = windowOf(points, { age, run: cadence.run, kept: kept.value }, path, asOf);
    const after = damaging ? untilWritesStop(path).map((term): Term => ({ ...term, part: "after" })) : [];
    return { loss: totalOf([...age, ...after, ...expired(window, kept)]), window };
  };
  const [healthy, failed] = [lossWith(0), lossWith(1)];
  return { ...identity, rpo: [healthy.loss, failed.loss], window: failed.window };
}

type Window = NonNullable<Candidate["window"]>;

/** With no point old enough left, everything is lost. */
function expired({ needed, available }: Window, kept: Term): Term[] {
  if (!isBounded(needed) || !isBounded(available) || needed <= available) return [];
  const unbounded = `points reach ${formatSeconds(available)} back, and ${formatSeconds(needed)} are needed`;
  return [{ ...kept, name: "restore points are still kept", value: { unbounded } }];
}

/** How old the point to restore can be when its restore ends, against how long it and its base are kept. */
function windowOf(
  points: RestorePoints,
  { age, run, kept }: { age: readonly Term[]; run: Term; kept: Bound },
  path: Path,
  asOf: number,
): Window {
  const steps = criticalPath(path.steps).total;
  const restore = restoreTime(points, asOf);
  const needed = sum([
    ...[...age, ...path.detect, ...path.decide].map(({ value }) => value),
    // Expiry counts from when a point is written; the state it holds may be as much younger as its run is long.
    points.capture === "end" ? run.value : seconds(0),
    // A restore without a bound is a violation of its own: restores-fit-their-deadline.
    restore === undefined || !isBounded(restore) ? steps : max(steps, restore),
  ]);
  const base = baseAge(points, asOf);
  if (!isBounded(kept) || isUnknown(base)) return { needed, available: isUnknown(base) ? base : kept };
  return { needed, available: seconds(isBounded(base) ? Math.max(0, kept - base) : 0) };
}

/**
 * Age of the newest clean point when damage strikes. A point captured at its start is clean whatever it held later; one
 * captured at its end, or along the way, only if its run ended before. What is still in flight when the damage is
 * noticed does not help.
 */
function damageAge(points: RestorePoints, [gap, slack, run, transfer]: readonly Term[], path: Path): Term[] {
  if (!gap || !slack || !run || !transfer) return [];
  const noticed = sum([...path.detect, ...path.decide].map(({ value }) => value));
  const atStart = points.capture === "start";
  const inFlight: Term = {
    ...transfer,
    name: atStart ? "run and transfer beyond the time to notice" : "transfer beyond the time to notice",
    value: beyond(atStart ? sum([run.value, transfer.value]) : transfer.value, noticed),
  };
  const terms = atStart ? [gap, slack, { ...inFlight, source: run.source }] : [gap, slack, run, inFlight];
  return terms.map((term) => ({ ...term, part: "before" }));
}

/** What of a span is left after another. */
function beyond(span: Bound, passed: Bound): Bound {
  if (isBounded(span) && isBounded(passed)) return seconds(Math.max(0, span - passed));
  return isUnbounded(passed) ? seconds(0) : isBounded(span) ? passed : span;
}

/** Terms with their total. */
export function totalOf(terms: Term[]): Sum {
  return { total: sum(terms.map((term) => term.value)), terms };
}
