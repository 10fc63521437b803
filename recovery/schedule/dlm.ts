import type { Problem } from "../duration";
import type { Calendar } from "./calendar";

/** The calendar of Amazon Data Lifecycle Manager, or what is wrong with the expression or the zone. */
export function dlmCalendar(expression: string, _timeZone: string): Calendar | Problem {
  return { problem: `schedule "${expression}": not implemented` };
}
