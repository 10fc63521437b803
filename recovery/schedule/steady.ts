import type { Batch, Calendar } from "./calendar";
import { secondsPerDay } from "./civil";

const single: readonly number[] = [0];

/** The calendar of runs `period` seconds apart, whatever the clocks do, one of them at `phase` in epoch seconds. */
export function steadyCalendar(period: number, phase: number): Calendar {
  const next = (after: number) => phase + (Math.floor((after - phase) / period) + 1) * period;
  return { next, batches: (from, to) => batches(period, next(from), to) };
}

/** About a day at a time, and run by run where less is left. */
function* batches(period: number, start: number, to: number): Generator<Batch> {
  const count = Math.ceil(secondsPerDay / period);
  const offsets = Array.from({ length: count }, (_, place) => place * period);
  let first = start;
  for (; first + (count - 1) * period < to; first += count * period) yield { first, offsets };
  for (; first < to; first += period) yield { first, offsets: single };
}
