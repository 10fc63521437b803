import { isProblem, type Problem } from "../duration";
import type { Batch, Calendar } from "./calendar";

const single: readonly number[] = [0];

/** The calendar that has the runs of all calendars, which must have no problem; runs at the same instant are one. */
export function united(calendars: readonly Calendar[]): Calendar {
  const [only, ...others] = calendars;
  if (only && others.length === 0) return only;
  const next = (after: number) => {
    const runs = calendars.map((calendar) => calendar.next(after)).filter((run) => typeof run === "number");
    return runs.length > 0 ? Math.min(...runs) : undefined;
  };
  function* batches(from: number, to: number): Generator<Batch> {
    for (let run = next(from); run !== undefined && run < to; run = next(run)) yield { first: run, offsets: single };
  }
  return { next, batches };
}

const never: Problem = { problem: "no run starts after the end of time" };

/** The runs of a calendar from `start` on and before `end`, both in epoch seconds; what comes after is the problem given. */
export function within(calendar: Calendar, start: number, end: number, ended: Problem = never): Calendar {
  return {
    next: (after) => {
      const run = calendar.next(Math.max(after, start - 1));
      return typeof run === "number" && run >= end ? ended : run;
    },
    *batches(from, to) {
      for (const batch of calendar.batches(Math.max(from, start - 1), Math.min(to, end))) {
        yield batch;
        if (isProblem(batch)) return;
      }
      if (to > end) yield ended;
    },
  };
}
