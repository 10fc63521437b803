import type { Problem } from "../duration";
import type { Batch, Calendar } from "./calendar";
import { secondsPerDay } from "./civil";
import type { DayRule } from "./dayRule";
import { type Clocks, clocksOn, type LocalSpan, localDay } from "./localDay";
import { daysFrom, runsOn, timesOf, type WallClock } from "./runDays";
import type { Zone } from "./zone";

/** What a scheduler does where the clocks change; it never runs at a local time that does not exist. */
export interface ClockRule {
  /** Which of the two instants of a repeated local time has the run. */
  readonly repeated: "first" | "second";
  /**
   * Where the schedule goes on after local times that do not exist: at their end or later. The search for it starts at
   * `from`; `runs` says whether the schedule asks for runs on that day.
   */
  readonly resumesAt: (clock: WallClock, skipped: LocalSpan, from: number, runs: boolean) => number;
  /** Whether the scheduler hangs on a day all of whose times are passed over. */
  readonly hangs: (day: DayRule) => boolean;
}

const single: readonly number[] = [0];

/** The calendar of a schedule in a zone; one that never comes due is known after its last year, 2199 at most. */
export function wallClockCalendar(clock: WallClock, zone: Zone, rule: ClockRule): Calendar {
  const times = timesOf(clock);
  const plan = { clock, times, wholeDay: offsetsOf(times), zone, rule };
  return { next: (after) => next(plan, after), batches: (from, to) => batches(plan, from, to) };
}

interface Plan {
  readonly clock: WallClock;
  readonly times: readonly number[];
  readonly wholeDay: readonly number[];
  readonly zone: Zone;
  readonly rule: ClockRule;
}

function next(plan: Plan, after: number): number | undefined | Problem {
  for (const day of daysFrom(plan.clock, localDay(plan.zone, after) - 1)) {
    const clocks = clocksOn(plan.zone, day);
    const settled = settledOn(plan, day, clocks);
    if (hangsBetween(plan, day, clocks, settled, after, Number.POSITIVE_INFINITY)) return hanging(plan, day);
    for (const time of plan.times) {
      const run = runAt(plan, day, time, clocks, settled);
      if (run !== undefined && run > after) return run;
    }
  }
  return undefined;
}

/** The end of each day in one batch, from where its clocks have changed and the window has begun; the rest run by run. */
function* batches(plan: Plan, from: number, to: number): Generator<Batch | Problem> {
  const { clock, times, zone } = plan;
  const lastDay = localDay(zone, to) + 1;
  const latest = times.at(-1) ?? 0;
  for (const day of daysFrom(clock, localDay(zone, from) - 1)) {
    if (day > lastDay) return;
    const clocks = clocksOn(zone, day);
    const settled = settledOn(plan, day, clocks);
    if (hangsBetween(plan, day, clocks, settled, from, to)) {
      yield hanging(plan, day);
      return;
    }
    const midnight = day * secondsPerDay - clocks.atEnd;
    const together = midnight + latest < to ? times.findIndex((time) => time >= settled && midnight + time > from) : -1;
    const alone = together < 0 ? times.length : together;
    for (let place = 0; place < alone; place++) {
      const run = runAt(plan, day, times[place] ?? 0, clocks, settled);
      if (run !== undefined && run > from && run < to) yield { first: run, offsets: single };
    }
    if (alone === times.length) continue;
    const offsets = alone === 0 ? plan.wholeDay : offsetsOf(times.slice(alone));
    yield { first: midnight + (times[alone] ?? 0), offsets };
  }
}

/** The distance of each time from the first; as only ends of days are taken, equally many have equal ones. */
function offsetsOf(times: readonly number[]): readonly number[] {
  const [first = 0] = times;
  return times.map((time) => time - first);
}

/** The run at a time of day in epoch seconds, or undefined where the scheduler passes over it. */
function runAt({ rule }: Plan, day: number, time: number, clocks: Clocks, settled: number): number | undefined {
  const { atStart, atEnd, skipped, repeated } = clocks;
  const wall = day * secondsPerDay + time;
  if (time >= settled) return wall - atEnd;
  if (skipped) return wall < skipped.start ? wall - atStart : undefined;
  if (repeated) return wall - (wall < repeated.start || rule.repeated === "first" ? atStart : atEnd);
  return undefined;
}

/** From how many seconds after midnight on all times of a day have their run, with the UTC offset of the day's end. */
function settledOn(plan: Plan, day: number, { skipped, repeated }: Clocks): number {
  const midnight = day * secondsPerDay;
  if (repeated) return repeated.end - midnight;
  if (skipped) return resumption(plan, day, skipped) - midnight;
  const before = clocksOn(plan.zone, day - 1).skipped;
  return before ? Math.max(0, resumption(plan, day - 1, before) - midnight) : 0;
}

/** Where the schedule goes on after what is skipped on a day. */
function resumption({ clock, times, rule }: Plan, day: number, skipped: LocalSpan): number {
  const midnight = day * secondsPerDay;
  const runs = runsOn(clock, day);
  // The search of the day before goes on into this one, even where this one has no runs.
  if (!runs && !runsOn(clock, day - 1)) return skipped.end;
  const last = runs ? times.findLast((time) => midnight + time < skipped.start) : undefined;
  return rule.resumesAt(clock, skipped, last === undefined ? midnight : midnight + last + 1, runs);
}

function hangsBetween(plan: Plan, day: number, clocks: Clocks, settled: number, from: number, to: number): boolean {
  if (clocks.skipped === undefined || !plan.rule.hangs(plan.clock.day)) return false;
  const change = clocks.skipped.start - clocks.atStart;
  return (
    change > from && change < to && plan.times.every((time) => runAt(plan, day, time, clocks, settled) === undefined)
  );
}

function hanging({ zone }: Plan, day: number): Problem {
  const date = new Date(day * secondsPerDay * 1000).toISOString().slice(0, 10);
  return {
    problem: `schedule must not ask for a nearest weekday at a time that ${zone.name} skips: on ${date} Quartz would search without end and start no further run; set the time zone to "Etc/UTC"`,
  };
}
