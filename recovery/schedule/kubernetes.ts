import type { Batch, Calendar } from "./calendar.js";
import { civilDay, secondsPerDay } from "./civil.js";
import { type Cron, matchesDay, parseCron } from "./cron.js";
import { nextRun } from "./cursor.js";
import { isProblem, type Problem } from "./problem.js";
import { type Zone, zoneOf } from "./zone.js";

const single: readonly number[] = [0];
const fiveYears = 5 * 365 * secondsPerDay;
// Farther than this from a change of the clocks each local time exists once, so every day runs by the book.
const margin = secondsPerDay;

/** The calendar of the Kubernetes CronJob controller, or what is wrong with the expression or the zone. */
export function kubernetesCalendar(expression: string, timeZone: string): Calendar | Problem {
  const cron = parseCron(expression);
  const zone = zoneOf(timeZone);
  const problems = [cron, zone].filter(isProblem).map(({ problem }) => problem);
  if (isProblem(cron) || isProblem(zone)) return { problem: problems.join("; ") };
  return {
    next: (after) => nextRun(cron, zone, after),
    batches: (from, to) => batches(cron, zone, from, to),
  };
}

/** Searches run by run around changes of the clocks, and goes day by day from the first run that is clear of them. */
function* batches(cron: Cron, zone: Zone, from: number, to: number): Generator<Batch> {
  const changes = zone.transitions(from - 2 * margin, to + margin).map(({ at }) => at);
  const times = timesOf(cron);
  let last = from;
  while (last < to) {
    const run = nextRun(cron, zone, last);
    if (run === undefined) {
      // The controller gives up for now, and finds a later run once that is within its reach.
      last += fiveYears;
      continue;
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

/** Local days since 1970-01-01, from `first` up to but not including `end`, that share a UTC offset in seconds. */
interface Days {
  readonly first: number;
  readonly end: number;
  readonly offset: number;
}

/** The days from that of a run on up to `to` that are clear of changes of the clocks. */
function clearDays(changes: readonly number[], run: number, offset: number, to: number): Days {
  const first = Math.floor((run + offset) / secondsPerDay);
  const midnight = first * secondsPerDay - offset;
  if (changes.some((at) => at <= run && midnight < at + margin)) return { first, end: first, offset };
  const change = changes.find((at) => at > run) ?? Number.POSITIVE_INFINITY;
  return { first, end: Math.floor((Math.min(to, change - margin) + offset) / secondsPerDay), offset };
}

/** The runs after `run` on days that are clear of changes of the clocks. */
function* wholeDays(cron: Cron, times: Times, days: Days, run: number): Generator<Batch> {
  for (let day = days.first; day < days.end; day++) {
    const date = civilDay(day);
    if (!cron.month.has(date.month) || !matchesDay(cron, date)) continue;
    const midnight = day * secondsPerDay - days.offset;
    const left = day > days.first ? times : timesFrom(times.all.filter((time) => midnight + time > run));
    if (left.all.length > 0) yield { first: midnight + left.first, offsets: left.offsets };
  }
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
