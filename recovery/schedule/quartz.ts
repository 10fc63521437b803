import type { Problem } from "../duration";
import type { Calendar } from "./calendar";

/** The calendar of Quartz, as Databricks runs it, or what is wrong with the expression or the zone. */
export function quartzCalendar(expression: string, _timeZone: string): Calendar | Problem {
  return { problem: `schedule "${expression}": not implemented` };
}
