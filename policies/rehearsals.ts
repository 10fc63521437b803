import {
  type Asset,
  type Evidence,
  formatSeconds,
  isBounded,
  isUnbounded,
  isUnknown,
  largestKept,
  openEnd,
  type Rehearsal,
  type Source,
  seconds,
  type Violation,
  worstGaps,
} from "../recovery";
import { verificationComesBeforeExpiry } from "./rules/verification-comes-before-expiry";

/** The longest quarter: a rehearsal that comes less often is none. */
const longestGap = seconds(92 * 86_400);

/** Drills and verifications that run, but too seldom, too late, too long or without end; where one of a kind does well, none. */
export function rarelyRehearsed(evidence: Evidence): Violation[] {
  const { plan, asOf } = evidence;
  // A verification that comes after the last good point expired is that rule's finding.
  const told = new Set(verificationComesBeforeExpiry.check(evidence).flatMap(({ assets }) => assets));
  return plan.assets.flatMap(({ id, objectives }) =>
    (["verification", "drill"] as const).flatMap((role): Violation[] => {
      if (role === "verification" && told.has(id)) return [];
      const rehearsals = plan.rehearsals.filter((one) => one.asset === id && one.role === role);
      const weak = rehearsals.map((one) => weaknessOf(one, asOf) ?? slownessOf(one, objectives));
      const [first] = weak.filter((one) => one !== undefined);
      if (first === undefined || weak.includes(undefined)) return [];
      return [{ assets: [id], ...first }];
    }),
  );
}

/** Why a rehearsal is none; a schedule that is suspended, unknown or never runs is a finding of schedules-run. */
function weaknessOf(
  rehearsal: Rehearsal,
  asOf: number,
): { source: Source; message: string; cannotProve?: true } | undefined {
  const { name, role, schedule, suspended, source } = rehearsal;
  if (suspended !== false || isUnknown(schedule)) return undefined;
  const gaps = worstGaps(schedule, asOf);
  if ("problem" in gaps || gaps.runs === 0) return undefined;
  const open = openEnd(schedule, asOf);
  if (open !== undefined) {
    return {
      source: { ...source, property: "spec.schedule" },
      message: `${name} is a ${role} whose schedule has no end of a gap: ${open}`,
    };
  }
  const [gap] = gaps.maxGapSeconds;
  if (gap === undefined || gap > longestGap) {
    const often = gap === undefined ? "only once in ten years" : `every ${formatSeconds(seconds(gap))} at worst`;
    const message = `${name} is a ${role} that runs ${often}, more seldom than every ${formatSeconds(longestGap)}`;
    return { source: { ...source, property: "spec.schedule" }, message };
  }
  for (const term of [rehearsal.startSlack, rehearsal.run]) {
    if (term === undefined || typeof term.value === "number") continue;
    const why = isUnbounded(term.value) ? term.value.unbounded : term.value.unknown;
    const message = `${name} is a ${role} that may never end: ${why}`;
    return { source: term.source, message, ...(isUnknown(term.value) ? { cannotProve: true } : {}) };
  }
  return undefined;
}

/** A drill that may take longer than everything that is promised ends well, and proves none of it. */
function slownessOf(
  { name, role, asset, run }: Rehearsal,
  objectives: Asset["objectives"],
): { source: Source; message: string } | undefined {
  const longest = Math.max(0, ...Object.values(objectives).map(({ rto }) => largestKept(rto)));
  if (role !== "drill" || longest === 0 || !isBounded(run.value) || run.value <= longest) return undefined;
  const message = `${name} is a drill that may take ${formatSeconds(run.value)}, longer than every RTO of ${asset} (${formatSeconds(seconds(longest))} at most): that it succeeds proves none of them`;
  return { source: run.source, message };
}
