import {
  type Asset,
  type Bound,
  type Copy,
  compare,
  type Fix,
  formatBound,
  formatSeconds,
  isBounded,
  isUnbounded,
  isUnknown,
  keptTerm,
  type Plan,
  type Rehearsal,
  type Rule,
  reachBack,
  type Schedule,
  seconds,
  sum,
  type Violation,
  worstGaps,
} from "../../recovery";

/**
 * A fault that nobody notices before the last good point expires cannot be undone. Every verification is taken to
 * succeed: one that fails or is late is an alert of its own (each-objective-has-an-alert).
 */
export const verificationComesBeforeExpiry: Rule = {
  name: "verification-comes-before-expiry",
  description: "What could be restored when one verification began can still be restored when the next one has ended.",
  level: "mandatory",
  severity: "medium",
  controls: ["NIST SP 800-53 CP-9(1)", "ISO/IEC 27001:2022 A.8.13"],
  remediation: "Verify more often, or keep points for longer than the longest gap between verifications and a run.",
  check: ({ plan, asOf }) => plan.assets.flatMap((asset) => violationsOf(plan, asset, asOf)),
};

interface Kept {
  copy: Copy;
  reach: Bound;
}

function violationsOf(plan: Plan, asset: Asset, asOf: number): Violation[] {
  const kept = plan.protections
    .flatMap((points): Kept[] => {
      if (points.kind !== "restore-points" || points.asset !== asset.id) return [];
      return points.copies.map((copy) => ({
        copy,
        reach: reachBack(points, keptTerm(points, copy, asOf).value, asOf, copy.relay),
      }));
    })
    .sort((a, b) => compare(b.reach, a.reach));
  const checks = plan.rehearsals
    .filter((one) => one.asset === asset.id && one.role === "verification" && one.suspended !== true)
    .map((rehearsal) => ({ rehearsal, noticed: noticedAfter(rehearsal, rehearsal.schedule, asOf) }))
    .sort((a, b) => compare(a.noticed, b.noticed));
  const check = checks[0];
  if (check === undefined || kept.length === 0) return [];
  if (checks.some(({ noticed }) => kept.some(({ reach }) => comesBefore(noticed, reach)))) return [];
  const { rehearsal, noticed } = check;
  const base = { assets: [asset.id], source: { ...rehearsal.source, property: "spec.schedule" } };
  const unread = [...checks.map((one) => one.noticed), ...kept.map(({ reach }) => reach)].find(isUnknown);
  if (unread) {
    const message = `it cannot be proven that ${rehearsal.name} notices a fault while good points are kept: ${unread.unknown}`;
    return [{ ...base, message, cannotProve: true }];
  }
  const [longest] = kept;
  if (longest === undefined) return [];
  const fault = "a fault can outlive every good point";
  if (isUnbounded(noticed)) {
    const message = `${fault}: nothing bounds when ${rehearsal.name} notices it: ${noticed.unbounded}`;
    return [{ ...base, message, ...(isUnbounded(rehearsal.run.value) ? { source: rehearsal.run.source } : {}) }];
  }
  const { copy, reach } = longest;
  const fix = fixOf(rehearsal, reach, asOf);
  return [
    {
      ...base,
      message: `${fault}: ${rehearsal.name} may notice it ${formatBound(noticed)} after it struck, and points kept ${formatBound(copy.keptFor.value)} in ${copy.source.name} reach ${formatBound(reach)} back`,
      ...(fix ? { fix } : {}),
    },
  ];
}

/** The longest time from a fault, just after one verification looked, to the end of the next. */
function noticedAfter(rehearsal: Rehearsal, schedule: Rehearsal["schedule"], asOf: number): Bound {
  if (isUnknown(schedule)) return schedule;
  const gaps = worstGaps(schedule, asOf);
  if ("problem" in gaps) return { unknown: gaps.problem };
  const [gap] = gaps.maxGapSeconds;
  if (gap === undefined) return { unbounded: "its schedule never runs twice" };
  return sum([seconds(gap), rehearsal.run.value]);
}

/** What is kept without end is there whenever a fault is noticed, and also when none ever is. */
function comesBefore(noticed: Bound, reach: Bound): boolean {
  return isUnbounded(reach) || (isBounded(noticed) && isBounded(reach) && noticed < reach);
}

/** The same hour each week, else each day, if that is often enough. */
function fixOf(rehearsal: Rehearsal, reach: Bound, asOf: number): Fix | undefined {
  const { schedule, source } = rehearsal;
  if (isUnknown(schedule)) return undefined;
  const fields = schedule.expression.trim().split(/\s+/);
  if (fields.length !== 5) return undefined;
  for (const days of ["* * 0", "* * *"]) {
    const oftener: Schedule = { ...schedule, expression: [...fields.slice(0, 2), days].join(" ") };
    const noticed = noticedAfter(rehearsal, oftener, asOf);
    if (!isBounded(noticed) || !comesBefore(noticed, reach)) continue;
    return {
      change: `spec.schedule of ${source.name}: "${oftener.expression}"`,
      source: { ...source, property: "spec.schedule" },
      result: `a fault is noticed within ${formatSeconds(noticed)}`,
    };
  }
  return undefined;
}
