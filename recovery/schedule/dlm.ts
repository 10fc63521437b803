import { formatSeconds, isProblem, type Problem, show } from "../duration";
import { awsClockRule, readAwsCron } from "./aws";
import type { Calendar } from "./calendar";
import { readCreateRule } from "./createRule";
import { timesOf, type WallClock } from "./runDays";
import { steadyCalendar } from "./steady";
import { wallClockCalendar } from "./wallClock";
import { Zone } from "./zone";

const hour = 3600;
const utc = new Zone("Etc/UTC", () => 0);

/**
 * The calendar of Amazon Data Lifecycle Manager, always in UTC, or what is wrong with the expression or the zone: a
 * `cron()` expression or the JSON of a create rule (docs.aws.amazon.com/dlm/latest/APIReference/API_CreateRule.html).
 * Each run starts within the hour after its time. Where a create rule names no time AWS chooses one, which no plan
 * knows: here 00:00, so its gaps are right and its clock times are not.
 */
export function dlmCalendar(expression: string, timeZone: string): Calendar | Problem {
  const calendar = calendarFrom(expression);
  const problems = [calendar].filter(isProblem).map(({ problem }) => problem);
  if (timeZone !== "Etc/UTC" && timeZone !== "UTC") {
    problems.push(`timeZone must be "Etc/UTC", got ${show(timeZone)}; Data Lifecycle Manager has no other`);
  }
  return problems.length > 0 ? { problem: problems.join("; ") } : calendar;
}

function calendarFrom(expression: string): Calendar | Problem {
  if (expression.startsWith("cron(")) return cronCalendar(expression);
  const rule = readCreateRule(expression);
  if (isProblem(rule)) return { problem: `schedule ${expression}: ${rule.problem}` };
  if ("cron" in rule) return cronCalendar(rule.cron);
  const { hours, startsAt } = rule;
  return startsAt === undefined
    ? { ...steadyCalendar(hours * hour, 0), anyPhase: true }
    : steadyCalendar(hours * hour, startsAt);
}

function cronCalendar(expression: string): Calendar | Problem {
  const clock = readAwsCron(expression);
  if (isProblem(clock)) return clock;
  const gap = shortestGap(clock);
  if (gap >= hour) return wallClockCalendar(clock, utc, awsClockRule);
  const rule = `runs must be at least 1h apart, got ${formatSeconds(gap)}`;
  return { problem: `schedule "${expression}": ${rule}; for example "cron(0 * * * ? *)" is once an hour` };
}

/** The shortest time between runs of one day, in seconds; a day's last run is farther than that from the next day's first. */
function shortestGap(clock: WallClock): number {
  const times = timesOf(clock);
  return Math.min(...times.slice(1).map((time, place) => time - (times[place] ?? 0)), hour);
}
