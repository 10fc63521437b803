import type { Batch, Calendar } from "./calendar";

const single: readonly number[] = [0];

/** The calendar that has the runs of all calendars, which must have no problem; runs at the same instant are one. */
export function united(calendars: readonly Calendar[]): Calendar {
  const [only, ...others] = calendars;
  if (only && others.length === 0) return only;
  const following = (after: number) =>
    calendars.map((calendar) => {
      const run = calendar.next(after);
      return typeof run === "number" ? run : Number.POSITIVE_INFINITY;
    });
  const next = (after: number) => {
    const run = Math.min(...following(after));
    return run < Number.POSITIVE_INFINITY ? run : undefined;
  };
  function* batches(from: number, to: number): Generator<Batch> {
    const upcoming = following(from);
    for (let first = Math.min(...upcoming); first < to; first = Math.min(...upcoming)) {
      yield { first, offsets: single };
      for (const [place, run] of upcoming.entries()) {
        const later = run === first ? calendars[place]?.next(first) : run;
        upcoming[place] = typeof later === "number" ? later : Number.POSITIVE_INFINITY;
      }
    }
  }
  return { next, batches };
}

/** The runs of a calendar from `start` on and before `end`, both in epoch seconds. */
export function within(calendar: Calendar, start: number, end: number): Calendar {
  return {
    next: (after) => {
      const run = calendar.next(Math.max(after, start - 1));
      return typeof run === "number" && run >= end ? undefined : run;
    },
    batches: (from, to) => calendar.batches(Math.max(from, start - 1), Math.min(to, end)),
  };
}
