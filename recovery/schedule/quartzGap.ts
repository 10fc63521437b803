import { secondsPerDay } from "./civil";
import type { LocalSpan } from "./localDay";
import type { WallClock } from "./runDays";

const hour = 3600;
const minute = 60;

/**
 * The local time at which a Quartz schedule goes on after local times that do not exist, found as
 * CronExpression.getTimeAfter (Quartz 2.3.2) finds it, because its way decides the result: a time that does not exist
 * is read as one that much later, and where that is another hour setCalendarHour takes the next hour instead, even
 * across midnight: an hourly job in America/Nuuk, whose clocks go from 23:00 to 24:00, misses the whole day after.
 */
export function quartzResumesAt(clock: WallClock, skipped: LocalSpan, from: number, runs: boolean): number {
  let wall = read(from, skipped);
  while (wall < skipped.end) {
    const found = searchOnce(clock, skipped, wall);
    if (found === wall && !runs) return skipped.end;
    wall = found === wall ? read(wall + 1, skipped) : found;
  }
  return wall;
}

/** One round of the search, up to the first field that is not met; the same time when second, minute and hour are. */
function searchOnce({ hours, minutes, seconds }: WallClock, skipped: LocalSpan, from: number): number {
  const secondNow = from % minute;
  const nextSecond = atLeast(seconds, secondNow) ?? (seconds[0] ?? 0) + minute;
  const wall = read(from - secondNow + nextSecond, skipped);
  const midnight = wall - (wall % secondsPerDay);
  const hourNow = hourOf(wall);
  const minuteNow = Math.floor((wall % hour) / minute);
  const nextMinute = atLeast(minutes, minuteNow);
  if (nextMinute === undefined) return setHour(midnight, hourNow + 1, minutes[0] ?? 0, skipped);
  if (nextMinute !== minuteNow) return setHour(midnight, hourNow, nextMinute, skipped);
  const nextHour = atLeast(hours, hourNow);
  if (nextHour === undefined) return setHour(midnight + secondsPerDay, hours[0] ?? 0, 0, skipped);
  return nextHour === hourNow ? wall : setHour(midnight, nextHour, 0, skipped);
}

function setHour(midnight: number, hours: number, minutes: number, skipped: LocalSpan): number {
  const wall = read(midnight + hours * hour + minutes * minute, skipped);
  if (hourOf(wall) === hours || hours === 24) return wall;
  return read(wall - (wall % secondsPerDay) + (hours + 1) * hour + (wall % hour), skipped);
}

/** A local time as a lenient GregorianCalendar reads it. */
function read(wall: number, { start, end }: LocalSpan): number {
  return wall >= start && wall < end ? wall + end - start : wall;
}

function hourOf(wall: number): number {
  return Math.floor((wall % secondsPerDay) / hour);
}

function atLeast(values: readonly number[], least: number): number | undefined {
  return values.find((value) => value >= least);
}
