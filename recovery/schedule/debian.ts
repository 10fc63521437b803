import { isProblem, type Problem } from "../duration";
import type { Calendar } from "./calendar";
import { civilDay, secondsPerDay } from "./civil";
import { matchesDay } from "./cron";
import { type DebianCron, parseDebianCron } from "./debianCron";
import { type Passage, type WallTimes, wallTimesCalendar } from "./wallTimes";
import { type Transition, zoneOf } from "./zone";

/** The calendar of Debian's cron, or what is wrong with the expression or the zone. */
export function debianCalendar(expression: string, timeZone: string): Calendar | Problem {
  const cron = parseDebianCron(expression);
  const zone = timeZone === "" ? unset : zoneOf(timeZone);
  const problems = [cron, zone].filter(isProblem).map(({ problem }) => problem);
  if (isProblem(cron) || isProblem(zone)) return { problem: problems.join("; ") };
  const asked = wallTimes(cron);
  return wallTimesCalendar(asked, zone, (change) => passage(asked, cron.wildcard, change));
}

// cron(8): it handles tasks in a single time zone, that of /etc/timezone.
const unset: Problem = {
  problem:
    'timeZone must be set, got ""; cron runs in the zone of its machine; for example "Etc/UTC" or "Europe/Berlin"',
};

function wallTimes(cron: DebianCron): WallTimes {
  const times = [...cron.hour].flatMap((hour) => [...cron.minute].map((minute) => (hour * 60 + minute) * 60));
  return {
    times: times.sort((a, b) => a - b),
    onDay: (day) => {
      const civil = civilDay(day);
      return cron.month.has(civil.month) && matchesDay(cron, civil);
    },
  };
}

const minute = 60;
/** What cron pauses after each batch of jobs it is late with, in seconds. */
const pause = 10;

/**
 * The main loop of cron.c (Debian 3.0pl1-162) from a change of the clocks until it is back in step, for a crontab with
 * this job only: `virtual` is the local minute up to which all jobs have run, `running` the one on the clock.
 */
function passage(asked: WallTimes, wildcard: boolean, change: Transition): Passage {
  const runs: number[] = [];
  const times = new Set(asked.times);
  const clock = (at: number) => Math.floor((at + (at < change.at ? change.before : change.after)) / minute);
  let now = change.at;
  let virtual = clock(change.at - 1);
  let running = virtual;
  let queued = false;

  const find = (local: number, wild: boolean, fixed: boolean) => {
    const day = Math.floor((local * minute) / secondsPerDay);
    const isDue = times.has(local * minute - day * secondsPerDay) && asked.onDay(day);
    queued ||= isDue && (wildcard ? wild : fixed);
  };
  const runQueue = () => {
    // Two batches at the same second are one restore point.
    if (queued && runs.at(-1) !== now) runs.push(now);
    const had = queued;
    queued = false;
    return had;
  };
  const nextMinute = () => {
    if (clock(now) === running) now += minute - ((((now + change.after) % minute) + minute) % minute);
  };
  do {
    nextMinute();
    running = clock(now);
    const behind = running - virtual;
    if (behind === 1 || behind > 3 * 60 || behind <= -3 * 60) {
      virtual = running;
      find(running, true, true);
    } else if (behind > 5) {
      find(running, true, false);
      do {
        if (runQueue()) now += pause;
        virtual++;
        find(virtual, false, true);
      } while (virtual < running && clock(now) === running);
    } else if (behind > 0) {
      do {
        if (runQueue()) now += pause;
        virtual++;
        find(virtual, true, true);
      } while (virtual < running);
    } else {
      find(running, true, false);
    }
    runQueue();
  } while (virtual !== clock(now));
  return { runs, until: now - ((((now + change.after) % minute) + minute) % minute) + minute };
}
