import { isProblem, type Problem } from "../duration";
import { calendarOf, type Schedule } from "./calendar";
import { secondsPerDay } from "./civil";
import { badSpan, outOfReach } from "./reach";

/** Most runs that are listed. */
const mostRuns = 10_000_000;

/** The runs after `from` and before `to`, all in epoch seconds, or why the schedule cannot be read. */
export function runs(schedule: Schedule, from: number, to: number): number[] | Problem {
  const calendar = badSpan(from, to) ?? calendarOf(schedule);
  if (isProblem(calendar)) return calendar;
  const found: number[] = [];
  for (const batch of calendar.batches(Math.floor(from), Math.ceil(to))) {
    if (isProblem(batch)) return batch;
    if (found.length + batch.offsets.length > mostRuns) {
      return { problem: `schedule "${schedule.expression}" has more than ${mostRuns} runs in that time` };
    }
    for (const offset of batch.offsets) found.push(batch.first + offset);
  }
  return found;
}

/**
 * The first run after an instant, both in epoch seconds; undefined when the scheduler finds none before the year 3000
 * (Kubernetes looks no further than the fifth year after).
 */
export function next(schedule: Schedule, after: number): number | undefined | Problem {
  const calendar = outOfReach(after) ?? calendarOf(schedule);
  if (isProblem(calendar)) return calendar;
  const run = calendar.next(Math.floor(after));
  return typeof run === "number" && outOfReach(run) ? undefined : run;
}

// 29 February falls on each weekday within 40 years.
const horizon = 41 * 366 * secondsPerDay;

/** Whether a schedule has no run any more after an instant in epoch seconds; a problem of the schedule is none. */
export function isOver(schedule: Schedule, after: number): boolean {
  if (next(schedule, after) !== undefined) return false;
  const calendar = calendarOf(schedule);
  if (isProblem(calendar)) return false;
  for (const _ of calendar.batches(Math.floor(after), Math.floor(after) + horizon)) return false;
  return true;
}
