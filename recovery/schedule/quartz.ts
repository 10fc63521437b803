import { isProblem, type Problem } from "../duration";
import type { Calendar } from "./calendar";
import { readFields } from "./quartzFields";
import { quartzResumesAt } from "./quartzGap";
import type { WallClock } from "./runDays";
import { type ClockRule, wallClockCalendar } from "./wallClock";
import { type Zone, zoneOf } from "./zone";

const quartzClockRule: ClockRule = {
  repeated: "second",
  resumesAt: quartzResumesAt,
  // From the next day getTimeAfter goes back to the nearest weekday as long as that lies ahead of the run before.
  hangs: (day) => day.kind === "nearestWeekday" || (day.kind === "lastDay" && day.weekday),
};

/**
 * The calendar of Quartz, as Databricks runs it, or what is wrong with the expression or the zone. Quartz 2.3.2, whose
 * tutorial Databricks refers to (2.5.0 runs "L" in months of 31 days only), sets the fields of a GregorianCalendar: a
 * local time that does not exist is passed over, and one that happens twice runs the second time only. So an hourly job
 * pauses for two hours when the clocks go back, as docs.databricks.com/jobs/scheduled says of both changes.
 */
export function quartzCalendar(expression: string, timeZone: string): Calendar | Problem {
  const zone = zoneNamed(timeZone);
  const fields = readQuartz(expression);
  const problems = [fields, zone].filter(isProblem).map(({ problem }) => problem);
  if (isProblem(fields) || isProblem(zone)) return { problem: problems.join("; ") };
  return wallClockCalendar(fields, zone, quartzClockRule);
}

function readQuartz(expression: string): WallClock | Problem {
  const refuse = (why: string): Problem => ({ problem: `schedule "${expression}": ${why}` });
  const texts = expression.split(/\s+/).filter((text) => text !== "");
  const [second = "", minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = "", year = "*"] = texts;
  if (texts.length < 6 || texts.length > 7) {
    const names = "second, minute, hour, day of month, month, day of week, and if wanted year";
    const example = 'for example "0 0 2 * * ?" is 02:00 every day';
    return refuse(`must have six or seven fields (${names}), got ${texts.length}; ${example}`);
  }
  const fields = readFields({ second, minute, hour, dayOfMonth, month, dayOfWeek, year });
  return isProblem(fields) ? refuse(fields.problem) : fields;
}

function zoneNamed(timeZone: string): Zone | Problem {
  if (timeZone !== "") return zoneOf(timeZone);
  return {
    problem: 'timeZone must be set, got ""; a Databricks schedule needs its timezone_id, for example "Etc/UTC"',
  };
}
