import type { Problem } from "../duration";
import { secondsPerDay } from "./civil";

/** A time, in epoch seconds from `start` up to but not including `end`, through which a zone keeps one UTC offset, in seconds. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

/** A change of a zone's UTC offset: the first instant of the new offset in epoch seconds, and both offsets in seconds. */
export interface Transition {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

// No zone of the tz database has changed twice within a week since 1970; Morocco's month of Ramadan is the shortest.
const step = 7 * secondsPerDay;
const chunk = 52 * step;

// Before and after these a zone is taken to keep its offset: what is asked lies between, and a search comes to an end.
const earliest = Date.UTC(1800, 0, 1) / 1_000;
const latest = Date.UTC(3100, 0, 1) / 1_000;

/** A zone of the tz database that node carries. */
export class Zone {
  readonly #chunks = new Map<number, readonly Stretch[]>();
  #latest: Stretch = { start: 0, end: 0, offset: 0 };

  constructor(
    readonly name: string,
    /** The UTC offset in seconds at an instant in epoch seconds, measured anew each time. */
    readonly measure: (instant: number) => number,
  ) {}

  /** Seconds to add to UTC at an instant given in epoch seconds. */
  offsetAt(instant: number): number {
    return this.stretchAt(instant).offset;
  }

  /** A stretch of one offset around an instant; cut for the cache, so its ends need not be transitions. */
  stretchAt(instant: number): Stretch {
    if (instant >= this.#latest.start && instant < this.#latest.end) return this.#latest;
    if (!(instant >= earliest))
      return { start: Number.NEGATIVE_INFINITY, end: earliest, offset: this.measure(earliest) };
    if (instant >= latest) return { start: latest, end: Number.POSITIVE_INFINITY, offset: this.measure(latest) };
    const found = this.#stretches(Math.floor(instant / chunk)).find(({ end }) => instant < end);
    if (found) this.#latest = found;
    return this.#latest;
  }

  /** Changes of the offset after `from` and before `to`, in epoch seconds. */
  transitions(from: number, to: number): Transition[] {
    const found: Transition[] = [];
    let before = this.stretchAt(from);
    while (before.end < to) {
      const after = this.stretchAt(before.end);
      if (after.offset !== before.offset) found.push({ at: after.start, before: before.offset, after: after.offset });
      before = after;
    }
    return found;
  }

  #stretches(index: number): readonly Stretch[] {
    const known = this.#chunks.get(index);
    if (known) return known;
    const stretches: Stretch[] = [];
    const end = (index + 1) * chunk;
    let start = index * chunk;
    let offset = this.measure(start);
    for (let low = start; low < end; low += step) {
      const high = low + step;
      const next = this.measure(high);
      if (next === offset) continue;
      const at = this.#firstWith(next, low, high);
      if (at >= end) break;
      stretches.push({ start, end: at, offset });
      start = at;
      offset = next;
    }
    stretches.push({ start, end, offset });
    this.#chunks.set(index, stretches);
    return stretches;
  }

  /** The first instant after `low`, up to `high`, with the offset that `high` has. */
  #firstWith(offset: number, low: number, high: number): number {
    let without = low;
    let has = high;
    while (has - without > 1) {
      const middle = Math.floor((without + has) / 2);
      if (this.measure(middle) === offset) has = middle;
      else without = middle;
    }
    return has;
  }
}

const zones = new Map<string, Zone | Problem>();

/** The zone with a name as Kubernetes accepts it, or why there is none. */
export function zoneOf(name: string): Zone | Problem {
  const known = zones.get(name) ?? readZone(name);
  zones.set(name, known);
  return known;
}

function readZone(name: string): Zone | Problem {
  const example = 'for example "Etc/UTC" or "Europe/Berlin"';
  if (name === "") {
    return { problem: `timeZone must be set, got ""; without one the controller's own zone decides; ${example}` };
  }
  if (name === "UTC" || name === "Etc/UTC") return new Zone(name, () => 0);
  const unknown = { problem: `timeZone must be a name of the IANA time zone database, got "${name}"; ${example}` };
  if (!isSpelledAsInTzdata(name)) return unknown;
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
    const spelling = format.resolvedOptions().timeZone;
    if (spelling !== name && spelling.toLowerCase() === name.toLowerCase()) {
      return { problem: `timeZone must be spelled "${spelling}", got "${name}"` };
    }
    return new Zone(name, (instant) => offsetIn(format.format(instant * 1000)));
  } catch {
    return unknown;
  }
}

/** The offset in seconds at the end of a text such as "1/1/2025, GMT+05:45"; "GMT" alone is zero. */
function offsetIn(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text
    .slice(text.indexOf("GMT") + 4)
    .split(":")
    .map(Number);
  const size = hours * 3600 + minutes * 60 + seconds;
  return text.includes("GMT-") ? 0 - size : size;
}

// Intl also knows "europe/berlin", "PST" and "SystemV/EST5"; the controller reads zone files and does not.
function isSpelledAsInTzdata(name: string): boolean {
  if (/^[A-Z]{3}$/.test(name)) return /^(CET|EET|EST|GMT|HST|MET|MST|PRC|ROC|ROK|UCT|UTC|WET)$/.test(name);
  return /^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/.test(name) && !name.startsWith("SystemV/");
}
