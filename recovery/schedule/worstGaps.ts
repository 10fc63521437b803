import { isProblem, type Problem } from "../duration";
import type { Schedule } from "./calendar";
import { civilDay, dayNumber, secondsPerDay } from "./civil";
import { type Gaps, gaps } from "./gaps";
import { formatInstant } from "./instant";
import { outOfReach } from "./reach";
import { isOver, next } from "./runs";

const years = 10;

/** Years that are looked at where ten have fewer than three runs, of which one may fail: 29 February. */
export const yearsOfRare = 50;

/** Whether ten years have runs, and too few for a span over two gaps. */
export function isRare(runs: number): boolean {
  return runs === 1 || runs === 2;
}
const known = new Map<string, Gaps | Problem>();

/**
 * Why a schedule has a gap that ten years of it do not show: it begins later than its longest gap allows, or ends; in
 * words. A problem of the schedule is none.
 */
export function openEnd(schedule: Schedule, asOf: number): string | undefined {
  if (outOfReach(asOf)) return undefined;
  const today = Math.floor(asOf / secondsPerDay);
  const key = `${today} ${schedule.scheduler} ${schedule.timeZone} ${schedule.expression}`;
  if (!openEnds.has(key)) openEnds.set(key, openEndFrom(schedule, today));
  return openEnds.get(key);
}

const openEnds = new Map<string, string | undefined>();

function openEndFrom(schedule: Schedule, today: number): string | undefined {
  const { from, to } = yearsFrom(today, years);
  const first = next(schedule, from - 1);
  const gaps = worstGaps(schedule, from);
  if (isProblem(first) || isProblem(gaps)) return undefined;
  if (gaps.runs === 0) return "it does not run within ten years: name a day that exists, and an earlier start";
  const [longest = 0] = gaps.maxGapSeconds;
  if (first !== undefined && gaps.runs > 1 && first - from > longest) {
    return `it does not run before ${formatInstant(first)}: let it start earlier`;
  }
  if (!isOver(schedule, to - 1)) return undefined;
  const last = formatInstant(lastRun(schedule, from, to));
  return `it ends with the run of ${last}: after that nothing runs, so no gap is bounded; let it go on without an end`;
}

/** The last run before `to` of a schedule that has one after `from`, all in epoch seconds. */
function lastRun(schedule: Schedule, from: number, to: number): number {
  let [before, over] = [from, to];
  while (over - before > 1) {
    const middle = Math.floor((before + over) / 2);
    if (isOver(schedule, middle)) over = middle;
    else before = middle;
  }
  return over;
}

/**
 * The gaps over the ten years from the UTC midnight that starts the day of `asOf` (epoch seconds), long enough for
 * each day of the year to fall on each weekday's change of the clocks, and longer where runs are rare; computed once for
 * each schedule and day.
 *
 * @param missed how many runs in a row may be missed. @default 2
 */
export function worstGaps(schedule: Schedule, asOf: number, missed = 2): Gaps | Problem {
  const far = outOfReach(asOf);
  if (far) return far;
  const today = Math.floor(asOf / secondsPerDay);
  const key = `${today} ${missed} ${schedule.scheduler} ${schedule.timeZone} ${schedule.expression}`;
  const answer = known.get(key) ?? gapsFrom(schedule, today, missed);
  known.set(key, answer);
  return answer;
}

function gapsFrom(schedule: Schedule, today: number, missed: number): Gaps | Problem {
  const found = gaps(schedule, { ...yearsFrom(today, years), missed });
  if (isProblem(found) || !isRare(found.runs)) return found;
  const longer = gaps(schedule, { ...yearsFrom(today, yearsOfRare), missed });
  return isProblem(longer) ? found : longer;
}

function yearsFrom(today: number, count: number): { from: number; to: number } {
  const { year, month, dayOfMonth } = civilDay(today);
  return { from: today * secondsPerDay, to: dayNumber(year + count, month, dayOfMonth) * secondsPerDay };
}
