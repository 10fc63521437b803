import { isProblem, type Problem } from "../duration";
import type { Schedule } from "./calendar";
import { civilDay, dayNumber, secondsPerDay } from "./civil";
import { type Gaps, gaps } from "./gaps";
import { formatInstant } from "./instant";
import { next } from "./runs";

const years = 10;
const known = new Map<string, Gaps | Problem>();

/**
 * Why a schedule has a gap that ten years of it do not show: it begins later than its longest gap allows, or ends; in
 * words. A problem of the schedule is none.
 */
export function openEnd(schedule: Schedule, asOf: number): string | undefined {
  const today = Math.floor(asOf / secondsPerDay);
  const key = `${today} ${schedule.scheduler} ${schedule.timeZone} ${schedule.expression}`;
  if (!openEnds.has(key)) openEnds.set(key, openEndFrom(schedule, today));
  return openEnds.get(key);
}

const openEnds = new Map<string, string | undefined>();

function openEndFrom(schedule: Schedule, today: number): string | undefined {
  const { from, to } = tenYearsFrom(today);
  const first = next(schedule, from - 1);
  const gaps = worstGaps(schedule, from);
  if (isProblem(first) || isProblem(gaps)) return undefined;
  if (first === undefined || first >= to) return "it does not run within ten years";
  const [longest = 0] = gaps.maxGapSeconds;
  if (gaps.runs > 1 && first - from > longest) return `it does not run before ${formatInstant(first)}`;
  return next(schedule, to - 1) === undefined ? "it ends within ten years, and nothing runs after it" : undefined;
}

/**
 * The gaps over the ten years from the UTC midnight that starts the day of `asOf` (epoch seconds), long enough for
 * each day of the year to fall on each weekday's change of the clocks; computed once for each schedule and day.
 *
 * @param missed how many runs in a row may be missed. @default 2
 */
export function worstGaps(schedule: Schedule, asOf: number, missed = 2): Gaps | Problem {
  const today = Math.floor(asOf / secondsPerDay);
  const key = `${today} ${missed} ${schedule.scheduler} ${schedule.timeZone} ${schedule.expression}`;
  const answer = known.get(key) ?? gaps(schedule, { ...tenYearsFrom(today), missed });
  known.set(key, answer);
  return answer;
}

function tenYearsFrom(today: number): { from: number; to: number } {
  const { year, month, dayOfMonth } = civilDay(today);
  return { from: today * secondsPerDay, to: dayNumber(year + years, month, dayOfMonth) * secondsPerDay };
}
