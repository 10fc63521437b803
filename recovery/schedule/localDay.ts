import { secondsPerDay } from "./civil";
import type { Transition, Zone } from "./zone";

/** Local times from `start` up to but not including `end`, in seconds since 1970-01-01 on the zone's own clocks. */
export interface LocalSpan {
  readonly start: number;
  readonly end: number;
}

/** What the clocks of a zone do on a local day: the UTC offsets in seconds with which it starts and ends, and what they skip or repeat. */
export interface Clocks {
  readonly atStart: number;
  readonly atEnd: number;
  readonly skipped?: LocalSpan;
  readonly repeated?: LocalSpan;
}

// No change of the clocks was ever greater than a day.
const reach = 2 * secondsPerDay;

/** The local day of an instant in epoch seconds, as days since 1970-01-01. */
export function localDay(zone: Zone, instant: number): number {
  return Math.floor((instant + zone.offsetAt(instant)) / secondsPerDay);
}

/** The clocks on a local day, given as days since 1970-01-01. */
export function clocksOn(zone: Zone, day: number): Clocks {
  const midnight = day * secondsPerDay;
  const changes = zone.transitions(midnight - reach, midnight + reach);
  const change = changes.find((each) => spanOf(each).end > midnight && spanOf(each).start < midnight + secondsPerDay);
  if (change) {
    const { before, after } = change;
    const span = spanOf(change);
    return { atStart: before, atEnd: after, ...(after > before ? { skipped: span } : { repeated: span }) };
  }
  const passed = changes.findLast((each) => spanOf(each).end <= midnight);
  const offset = passed ? passed.after : zone.offsetAt(midnight - reach);
  return { atStart: offset, atEnd: offset };
}

function spanOf({ at, before, after }: Transition): LocalSpan {
  return { start: at + Math.min(before, after), end: at + Math.max(before, after) };
}
