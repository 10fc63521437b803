import { type Bound, isBounded, isUnknown, sum } from "../bound";
import { type Seconds, seconds } from "../duration";
import { countBelow } from "../loss/due";
import { midnightOf, mostWalked } from "../loss/series";
import type { Availability, Plan, PlannedWork } from "../plan";
import { runs, worstGaps } from "../schedule";

/** Planned work beside what a promise of availability leaves for it. */
export interface Budget {
  availability: Availability;
  /** Seconds that the promise leaves in one of its spans. */
  allowed: Seconds;
  /** Seconds of planned work that count, in the worst such span of the next ten years. */
  planned: Bound;
  /** Each work of the system: how many windows the worst span holds, and whether they count. */
  work: { work: PlannedWork; windows: Bound; counts: boolean }[];
}

/** One budget for each promise of availability, in the order of the plan: the worst spans of all work are added. */
export function budgets(plan: Plan, asOf: number): Budget[] {
  return plan.availability.map((availability) => {
    const { system, perMillion, over, readOnlyCounts } = availability;
    const work = plan.work
      .filter((one) => one.system === system)
      .map((one) => {
        const counts = one.effect === "down" || (one.effect === "read-only" && readOnlyCounts);
        return { work: one, windows: windowsOf(one, over, asOf), counts };
      });
    return {
      availability,
      allowed: seconds(Math.floor((over * (1_000_000 - perMillion)) / 1_000_000)),
      planned: sum(
        work.filter(({ counts }) => counts).map(({ work: { lasts }, windows }) => product(windows, lasts.value)),
      ),
      work,
    };
  });
}

function product(windows: Bound, lasts: Bound): Bound {
  if (!isBounded(windows)) return windows;
  return isBounded(lasts) ? seconds(windows * lasts) : lasts;
}

/** Most windows that begin within a span, over ten years. */
function windowsOf({ schedule }: PlannedWork, over: Seconds, asOf: number): Bound {
  if (isUnknown(schedule)) return schedule;
  const gaps = worstGaps(schedule, asOf);
  if ("problem" in gaps) return { unknown: gaps.problem };
  if (gaps.runs < 2) return seconds(gaps.runs);
  if (gaps.runs > mostWalked) return seconds(Math.ceil(over / gaps.minGapSeconds));
  const from = midnightOf(asOf);
  const due = runs(schedule, from, from + 10 * 366 * 86_400);
  if (!Array.isArray(due)) return { unknown: due.problem };
  return seconds(due.reduce((most, at, place) => Math.max(most, countBelow(due, at + over) - place), 0));
}

/** How many spans of a promise the planned work of one takes: `{ spans: 56 }` for 4 h beside 99.99 % of 30 days. */
export function spansTaken({ allowed, planned }: Budget): number | undefined {
  if (!isBounded(planned) || !(allowed > 0)) return undefined;
  return Math.ceil(planned / allowed);
}
