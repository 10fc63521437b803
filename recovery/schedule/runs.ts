import { calendarOf, type Schedule } from "./calendar.js";
import { isProblem, type Problem } from "./problem.js";

/** The runs after `from` and before `to`, all in epoch seconds, or why the schedule cannot be read. */
export function runs(schedule: Schedule, from: number, to: number): number[] | Problem {
  const calendar = calendarOf(schedule);
  if (isProblem(calendar)) return calendar;
  const found: number[] = [];
  for (const { first, offsets } of calendar.batches(from, to)) {
    for (const offset of offsets) found.push(first + offset);
  }
  return found;
}

/**
 * The first run after an instant, both in epoch seconds; undefined when the scheduler finds none
 * (Kubernetes looks no further than the fifth year after).
 */
export function next(schedule: Schedule, after: number): number | undefined | Problem {
  const calendar = calendarOf(schedule);
  return isProblem(calendar) ? calendar : calendar.next(after);
}
