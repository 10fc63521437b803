import { isProblem, type Problem } from "../duration";
import type { Batch, Calendar } from "./calendar";
import { type CivilDay, civilDay, secondsPerDay } from "./civil";
import { type Cron, matchesDay, parseCron } from "./cron";
import { nextRun } from "./cursor";
import { type Transition, type Zone, zoneOf } from "./zone";

const single: readonly number[] = [0];
const fiveYears = 5 * 365 * secondsPerDay;
// A search rounds down to midnight at most, and no change of the clocks was ever greater than a day.
const reach = 2 * secondsPerDay;

/** The calendar of the Kubernetes CronJob controller, or what is wrong with the expression or the zone. */
export function kubernetesCalendar(expression: string, timeZone: string): Calendar | Problem {
  const cron = parseCron(expression);
  const zone = zoneOf(timeZone);
  const problems = [cron, zone].filter(isProblem).map(({ problem }) => problem);
  if (isProblem(cron) || isProblem(zone)) return { problem: problems.join("; ") };
  return {
    next: (after) => {
      const run = nextRun(cron, zone, after);
      return run !== undefined && run <= after ? stuck(zone, run) : run;
    },
    batches: (from, to) => batches(cron, zone, from, to),
  };
}

/** Searches run by run around changes of the clocks, and goes day by day from the first run that is clear of them. */
function* batches(cron: Cron, zone: Zone, from: number, to: number): Generator<Batch | Problem> {
  const changes = zone.transitions(from - reach, to + reach);
  const times = timesOf(cron);
  let last = from;
  while (last < to) {
    const run = nextRun(cron, zone, last);
    if (run === undefined) {
      // The controller gives up for now, and finds a later run once that is within its reach.
      last += fiveYears;
      continue;
    }
    if (run <= last) {
      yield stuck(zone, run);
      return;
    }
    if (run >= to) return;
    yield { first: run, offsets: single };
    last = run;
    const clear = clearDays(changes, run, zone.offsetAt(run), to);
    for (const batch of wholeDays(cron, times, clear, run)) {
      yield batch;
      last = batch.first + (batch.offsets.at(-1) ?? 0);
    }
  }
}

/**
 * Where a zone repeats part of an hour, robfig's search can come back to the run it started from (Pacific/Chatham,
 * minutes 46 to 59 of hour 3); the controller then reports an interval of zero and starts no further run.
 */
function stuck(zone: Zone, run: number): Problem {
  const when = new Date(run * 1000).toISOString();
  return {
    problem: `schedule must not run in the hour that ${zone.name} repeats: the CronJob controller would start no run after ${when}; set timeZone: "Etc/UTC"`,
  };
}

/** Local days since 1970-01-01, from `first` up to but not including `end`, that share a UTC offset in seconds. */
interface Days {
  readonly first: number;
  readonly end: number;
  readonly offset: number;
}

/**
 * The days from that of a run on up to `to` that are clear of changes of the clocks: farther from a change than its
 * size each local time exists once, so every such day runs by the book.
 */
function clearDays(changes: readonly Transition[], run: number, offset: number, to: number): Days {
  const first = Math.floor((run + offset) / secondsPerDay);
  const midnight = first * secondsPerDay - offset;
  const before = changes.findLast(({ at }) => at <= run);
  if (before && midnight < before.at + size(before)) return { first, end: first, offset };
  const after = changes.find(({ at }) => at > run);
  const end = after ? Math.min(to, after.at - size(after)) : to;
  return { first, end: Math.floor((end + offset) / secondsPerDay), offset };
}

function size({ before, after }: Transition): number {
  return Math.abs(after - before);
}

/** The runs after `run` on days that are clear of changes of the clocks. */
function* wholeDays(cron: Cron, times: Times, days: Days, run: number): Generator<Batch> {
  const everyDay = cron.month.size === 12 && cron.dayOfMonth.size === 31 && cron.dayOfWeek.size === 7;
  for (let day = days.first; day < days.end; day++) {
    if (!everyDay && !runsOn(cron, civilDay(day))) continue;
    const midnight = day * secondsPerDay - days.offset;
    const left = day > days.first ? times : timesFrom(times.all.filter((time) => midnight + time > run));
    if (left.all.length > 0) yield { first: midnight + left.first, offsets: left.offsets };
  }
}

function runsOn(cron: Cron, day: CivilDay): boolean {
  return cron.month.has(day.month) && matchesDay(cron, day);
}

/** Times of day in seconds after midnight: all, the first, and each one's distance from the first. */
interface Times {
  readonly all: readonly number[];
  readonly first: number;
  readonly offsets: readonly number[];
}

function timesOf({ hour, minute }: Cron): Times {
  const all = [...hour].flatMap((h) => [...minute].map((m) => h * 3600 + m * 60));
  return timesFrom(all.sort((a, b) => a - b));
}

function timesFrom(all: readonly number[]): Times {
  const [first = 0] = all;
  return { all, first, offsets: all.map((time) => time - first) };
}
