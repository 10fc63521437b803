import type { Problem } from "../duration";
import { kubernetesCalendar } from "./kubernetes";

/** When a scheduler starts runs: its name, its expression, and the IANA zone that expression is read in. */
export type Schedule = { scheduler: "kubernetes"; expression: string; timeZone: string };

/** One or more runs in order: the first in epoch seconds, and each one's distance from it in seconds. */
export interface Batch {
  readonly first: number;
  readonly offsets: readonly number[];
}

/** A schedule that has been read: all that the arithmetic needs to know of a scheduler. */
export interface Calendar {
  /** The first run after an instant, in epoch seconds, or undefined when the scheduler would find none. */
  next(after: number): number | undefined | Problem;
  /**
   * The runs after `from` and before `to`, in epoch seconds; batches of equal length have equal offsets.
   * A problem ends them: after it the scheduler starts no further run.
   */
  batches(from: number, to: number): Iterable<Batch | Problem>;
}

/** Reads a schedule as its scheduler would, or says why it cannot. */
export function calendarOf(schedule: Schedule): Calendar | Problem {
  switch (schedule.scheduler) {
    case "kubernetes":
      return kubernetesCalendar(schedule.expression, schedule.timeZone);
  }
}
