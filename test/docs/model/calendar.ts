import { calendar } from "../../../evidence/dates";
import { isProblem, next, type Problem, type Schedule, zoneOf } from "../../../recovery";
import { columns } from "./words";

/** An answer that must not be a problem. */
export function sure<T>(answer: T | Problem | undefined): T {
  if (answer === undefined || isProblem(answer)) throw new Error(JSON.stringify(answer));
  return answer;
}

/** The first run after an instant. */
export const nextRun = (schedule: Schedule, after: number): number => sure(next(schedule, after));

/** An instant on the calendar of 2026: `Sat 21 Nov 02:00`. */
export const date = (at: number): string => calendar(at, 2026).replace("  ", " ");

/** Dated events in UTC, which the first of them says. */
export function events(all: readonly (readonly [at: number, what: string])[]): string[] {
  return columns(all.map(([at, what], place) => [`${date(at)}${place === 0 ? " UTC" : ""}`, what]));
}

/** An instant on the clock on the wall, with its distance from UTC: `02:30 +01:00`. */
export function onTheWall(at: number, timeZone: string): string {
  const offset = sure(zoneOf(timeZone)).offsetAt(at);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const sign = offset < 0 ? "-" : "+";
  const clock = new Date((at + offset) * 1_000).toISOString().slice("yyyy-mm-ddT".length, "yyyy-mm-ddThh:mm".length);
  return `${clock} ${sign}${two(Math.abs(offset) / 3_600)}:${two((Math.abs(offset) % 3_600) / 60)}`;
}
