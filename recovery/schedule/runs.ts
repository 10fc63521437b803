import { isProblem, type Problem } from "../duration";
import { calendarOf, type Schedule } from "./calendar";

/** The runs after `from` and before `to`, all in epoch seconds, or why the schedule cannot be read. */
export function runs(schedule: Schedule, from: number, to: number): number[] | Problem {
  const calendar = calendarOf(schedule);
  if (isProblem(calendar)) return calendar;
  const found: number[] = [];
  for (const batch of calendar.batches(from, to)) {
    if (isProblem(batch)) return batch;
    for (const offset of batch.offsets) found.push(batch.first + offset);
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
