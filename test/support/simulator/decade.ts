import { isProblem, runs, type Schedule } from "../../../recovery/schedule";
import { asOf } from "../../recovery/build";

/** The ten years from `asOf` that the model looks at. */
export const decade = { from: asOf, to: Date.UTC(2036, 10, 21) / 1_000 } as const;

const year = 366 * 86_400;
const calendars = new Map<string, number[]>();

/** Every instant a schedule is due, from a year before the ten years until a year after them. */
export function dueOf(schedule: Schedule): number[] {
  const key = `${schedule.scheduler} ${schedule.expression} ${schedule.timeZone}`;
  const found = calendars.get(key) ?? runs(schedule, decade.from - year, decade.to + year);
  if (isProblem(found)) throw new Error(found.problem);
  calendars.set(key, found);
  return found;
}

/** The shortest time between two runs in seconds. */
export function shortestGap(due: readonly number[]): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let place = 1; place < due.length; place++) {
    shortest = Math.min(shortest, (due[place] ?? 0) - (due[place - 1] ?? 0));
  }
  return shortest;
}
