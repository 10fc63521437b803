import type { Problem } from "../duration";
import type { Schedule } from "./calendar";
import { civilDay, dayNumber, secondsPerDay } from "./civil";
import { type Gaps, gaps } from "./gaps";

const years = 10;
const known = new Map<string, Gaps | Problem>();

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
