import { isProblem, type Problem } from "../duration";
import type { Calendar } from "./calendar";
import { readFields } from "./quartzFields";
import type { WallClock } from "./runDays";
import { steadyCalendar } from "./steady";
import { type ClockRule, wallClockCalendar } from "./wallClock";
import { type Zone, zoneOf } from "./zone";

/**
 * EventBridge Scheduler skips a local time that does not exist and runs the first time only at one that happens twice
 * (docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html, "Daylight savings time").
 */
export const awsClockRule: ClockRule = {
  repeated: "first",
  resumesAt: (_clock, skipped) => skipped.end,
  hangs: () => false,
};

/**
 * The calendar of AWS Backup and EventBridge, or what is wrong with the expression or the zone. AWS Backup documents
 * nothing for a change of the clocks and is taken to do what EventBridge Scheduler does. Runs of a `rate()` count from
 * when it was made, which no plan knows: here from the epoch, so its gaps are right and its clock times are not.
 */
export function awsCalendar(expression: string, timeZone: string): Calendar | Problem {
  const zone = zoneNamed(timeZone);
  const schedule = expression.startsWith("rate(") ? readRate(expression) : readAwsCron(expression);
  const problems = [schedule, zone].filter(isProblem).map(({ problem }) => problem);
  if (isProblem(schedule) || isProblem(zone)) return { problem: problems.join("; ") };
  return typeof schedule === "number"
    ? { ...steadyCalendar(schedule, 0), anyPhase: true }
    : wallClockCalendar(schedule, zone, awsClockRule);
}

/**
 * Reads a `cron()` expression of six fields (docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html),
 * or says why it cannot. Hours across midnight belong to the day of each: `20-2` on MON-FRI runs early on a Monday.
 */
export function readAwsCron(expression: string): WallClock | Problem {
  const refuse = (why: string): Problem => ({ problem: `schedule "${expression}": ${why}` });
  const example = 'for example "cron(0 2 * * ? *)" is 02:00 every day';
  const [, inside] = /^cron\(([^()]*)\)$/.exec(expression) ?? [];
  if (inside === undefined) {
    return refuse(`must be cron(...) with six fields or rate(value unit), such as "rate(12 hours)"; ${example}`);
  }
  const texts = inside.split(/\s+/).filter((text) => text !== "");
  const [minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = "", year = ""] = texts;
  if (texts.length !== 6) {
    const names = "minute, hour, day of month, month, day of week, year";
    return refuse(`must have six fields (${names}), got ${texts.length}; ${example}`);
  }
  const fields = readFields({ second: "0", minute, hour, dayOfMonth, month, dayOfWeek, year });
  return isProblem(fields) ? refuse(fields.problem) : fields;
}

const units = new Map([
  ["minute", 60],
  ["hour", 3600],
  ["day", 86_400],
]);

/** Reads a `rate()` expression as seconds; a day is 24 hours, and the unit is singular for 1 only. */
function readRate(expression: string): number | Problem {
  const [, count = "", name = "", plural] = /^rate\(([1-9]\d{0,8}) ([a-z]+?)(s?)\)$/.exec(expression) ?? [];
  const unit = units.get(name);
  if (unit !== undefined && (plural === "") === (count === "1")) return Number(count) * unit;
  const rule = "must be rate(value unit) with a whole number above 0 and minutes, hours or days, singular after 1";
  return { problem: `schedule "${expression}": ${rule}; for example "rate(1 hour)" or "rate(5 minutes)"` };
}

function zoneNamed(timeZone: string): Zone | Problem {
  if (timeZone !== "") return zoneOf(timeZone);
  return { problem: 'timeZone must be set, got ""; AWS reads a schedule in "Etc/UTC" where none is named' };
}
