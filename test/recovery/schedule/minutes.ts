const quarter = 900;
const day = 86_400;

/** Zones whose clocks change in different ways, and some whose clocks do not. */
export const manyZones = [
  "Africa/Cairo",
  "Africa/Casablanca",
  "America/Havana",
  "America/New_York",
  "America/Santiago",
  "America/St_Johns",
  "Antarctica/Troll",
  "Asia/Beirut",
  "Asia/Kathmandu",
  "Asia/Tokyo",
  "Atlantic/Azores",
  "Australia/Adelaide",
  "Australia/Lord_Howe",
  "Etc/UTC",
  "Europe/Berlin",
  "Europe/Chisinau",
  "Europe/Dublin",
  "Europe/London",
  "Pacific/Auckland",
  "Pacific/Chatham",
];

const formats = new Map<string, Intl.DateTimeFormat>();
const known = new Map<string, number>();

/** What Intl says is to be added to UTC, asked once for each quarter of an hour, in which no clock of these zones changes. */
export function offsetAt(zone: string, at: number): number {
  const start = Math.floor(at / quarter) * quarter;
  const key = `${zone} ${start}`;
  const offset = known.get(key) ?? ask(zone, start);
  known.set(key, offset);
  return offset;
}

function ask(zone: string, at: number): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  formats.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(at * 1000).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day: dayOfMonth = 0, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, dayOfMonth, hour, minute, second) / 1000 - at;
}

/** The instants of a year at which the clocks of a zone change. */
export function changesIn(zone: string, year: number): number[] {
  const found: number[] = [];
  const end = Date.UTC(year + 1, 0, 1) / 1000;
  for (let start = Date.UTC(year, 0, 1) / 1000; start < end; start += day) {
    if (offsetAt(zone, start) === offsetAt(zone, start + day)) continue;
    for (let at = start + quarter; at <= start + day; at += quarter) {
      if (offsetAt(zone, at) !== offsetAt(zone, at - quarter)) found.push(at);
    }
  }
  return found;
}

/** A window of some days, around a change of the clocks where the zone has one in that year. */
export function windowIn(zone: string, year: number, pick: number, days: number): { from: number; to: number } {
  const changes = changesIn(zone, year);
  const middle = changes[pick % Math.max(1, changes.length)] ?? Date.UTC(year, pick % 12, 1 + (pick % 28)) / 1000;
  return { from: middle - (days * day) / 2 + (pick % 7) * 3600, to: middle + (days * day) / 2 };
}

/** Each full minute after `from` and before `to`, with what the clock on the wall shows, in seconds since 1970. */
export function* minutesOf(zone: string, from: number, to: number): Generator<{ at: number; wall: number }> {
  for (let at = Math.floor(from / 60) * 60 + 60; at < to; at += 60) yield { at, wall: at + offsetAt(zone, at) };
}
