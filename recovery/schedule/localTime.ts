import { dayNumber, secondsPerDay } from "./civil";
import type { Zone } from "./zone";

/** A date and time as ISO 8601 writes it: local seconds since 1970-01-01, and the offset in seconds if it names one. */
export interface LocalTime {
  readonly wall: number;
  readonly offset?: number;
}

/** Reads `2026-01-01T02:00:00`, with or without seconds, a fraction (dropped) and an offset; undefined for what is no such time. */
export function readLocalTime(text: string): LocalTime | undefined {
  const [, date, hour, minute, second = "0", offset] =
    /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/.exec(text) ?? [];
  if (date === undefined) return undefined;
  const [year = 0, month = 0, dayOfMonth = 0] = date.split("-").map(Number);
  const day = dayNumber(year, month, dayOfMonth);
  // What lies beyond a month or a day carries over, so the date must come out as it was written.
  const exists = new Date(day * secondsPerDay * 1000).toISOString().startsWith(date);
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (!exists || h > 23 || m > 59 || s > 59) return undefined;
  const wall = day * secondsPerDay + h * 3600 + m * 60 + s;
  return offset === undefined ? { wall } : { wall, offset: offsetOf(offset) };
}

function offsetOf(text: string): number {
  if (text === "Z") return 0;
  const [hours = 0, minutes = 0] = text.slice(1).split(":").map(Number);
  return (text.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60);
}

/** The instant of such a text in epoch seconds, read in a zone unless it names its offset; undefined when it is none. */
export function instantOf(text: string, zone: Zone): number | undefined {
  const time = readLocalTime(text);
  return time && (time.offset === undefined ? firstInstant(time.wall, zone) : time.wall - time.offset);
}

/**
 * The instant in epoch seconds of a local time: the first of two, and for one that the clocks skip the one that would
 * have had it without the change.
 */
export function firstInstant(wall: number, zone: Zone): number {
  // No zone was ever farther from UTC than a day.
  const changes = zone.transitions(wall - 2 * secondsPerDay, wall + 2 * secondsPerDay);
  const passed = changes.findLast(({ at, before, after }) => wall >= at + Math.max(before, after));
  return wall - (passed?.after ?? changes[0]?.before ?? zone.offsetAt(wall));
}
