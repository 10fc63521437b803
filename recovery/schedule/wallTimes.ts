import type { Batch, Calendar } from "./calendar";
import { secondsPerDay } from "./civil";
import type { Transition, Zone } from "./zone";

/** What a schedule asks for by the clock on the wall. */
export interface WallTimes {
  /** Whether it asks for runs on a local day, given in days since 1970-01-01. */
  onDay(day: number): boolean;
  /** The times of such a day in whole seconds after midnight, in order, each once. */
  readonly times: readonly number[];
}

/** What a scheduler does at a change of the clocks. */
export interface Passage {
  /** Its runs from the change on, in epoch seconds, in order, each once and all before `until`. */
  readonly runs: readonly number[];
  /** The instant in epoch seconds from which it runs by the clock on the wall again. */
  readonly until: number;
}

const single: readonly number[] = [0];
// No change of the clocks was ever greater than a day, and no scheduler needs longer than that to get over one.
const reach = 2 * secondsPerDay;
const month = 31 * secondsPerDay;
// 29 February falls on each weekday within 40 years: a schedule without a run in that time has none at all.
const horizon = 41 * 366 * secondsPerDay;

/** The calendar of a scheduler that runs by the clock on the wall, but for what it does at changes of the clocks. */
export function wallTimesCalendar(asked: WallTimes, zone: Zone, passage: (change: Transition) => Passage): Calendar {
  function* batches(from: number, to: number): Generator<Batch> {
    const changes = zone.transitions(from - reach, to);
    let clear = from + 1;
    for (const change of changes) {
      yield* runsBetween(asked, change.before, clear, Math.min(change.at, to));
      const { runs, until } = passage(change);
      for (const run of runs) if (run > from && run < to) yield { first: run, offsets: single };
      clear = Math.max(clear, until);
    }
    yield* runsBetween(asked, zone.offsetAt(clear), clear, to);
  }
  return { batches, next: (after) => firstRun(batches, after) };
}

/** The runs from `start` up to but not including `end`, in epoch seconds, while the UTC offset is the one given. */
export function* runsBetween(asked: WallTimes, offset: number, start: number, end: number): Generator<Batch> {
  const [earliest] = asked.times;
  if (earliest === undefined || start >= end) return;
  const offsets = asked.times.map((time) => time - earliest);
  const last = Math.floor((end - 1 + offset) / secondsPerDay);
  for (let day = Math.floor((start + offset) / secondsPerDay); day <= last; day++) {
    if (!asked.onDay(day)) continue;
    const midnight = day * secondsPerDay - offset;
    if (midnight >= start && midnight + secondsPerDay <= end) yield { first: midnight + earliest, offsets };
    else yield* partOfDay(asked.times, midnight, start, end);
  }
}

/** Run by run, because batches of equal length must have equal offsets. */
function* partOfDay(times: readonly number[], midnight: number, start: number, end: number): Generator<Batch> {
  for (const time of times) {
    const run = midnight + time;
    if (run >= start && run < end) yield { first: run, offsets: single };
  }
}

/** The first run after an instant: a month is searched first, then ever longer times. */
function firstRun(batches: (from: number, to: number) => Iterable<Batch>, after: number): number | undefined {
  let length = month;
  for (let from = after; from < after + horizon; from += length, length *= 4) {
    for (const { first } of batches(from, from + length + 1)) return first;
  }
  return undefined;
}
