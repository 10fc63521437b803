const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Seconds of a day in UTC. */
export const day = 86_400;

/** An instant as ISO 8601 in UTC, whole seconds: `2026-11-21T00:00:00Z`. */
export function isoInstant(at: number): string {
  return new Date(at * 1000).toISOString().replace(".000Z", "Z");
}

/** The UTC day of an instant: `2026-11-21`. */
export function isoDay(at: number): string {
  return isoInstant(at).slice(0, "yyyy-mm-dd".length);
}

/** Midnight UTC at the start of a day written `2026-11-21`; undefined when it is no such day. */
export function startOfDay(text: string): number | undefined {
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text)
    ? Date.parse(`${text.slice(0, "yyyy-mm-dd".length)}T00:00:00Z`)
    : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms / 1000;
}

/** Whole calendar days (UTC) from one instant to another. */
export function daysBetween(from: number, to: number): number {
  return Math.floor(to / day) - Math.floor(from / day);
}

/** An instant that can be found on a calendar: `Sat  3 Oct 02:00`; seconds where there are any, the year where it is not `year`. */
export function calendar(at: number, year: number): string {
  const date = new Date(at * 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const dayOfMonth = String(date.getUTCDate()).padStart(2, " ");
  const otherYear = date.getUTCFullYear() === year ? "" : ` ${date.getUTCFullYear()}`;
  const secondsOfMinute = date.getUTCSeconds() === 0 ? "" : `:${two(date.getUTCSeconds())}`;
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}${secondsOfMinute}`;
  return `${weekdays[date.getUTCDay()]} ${dayOfMonth} ${months[date.getUTCMonth()]}${otherYear} ${time}`;
}

/** The UTC year of an instant. */
export function yearOf(at: number): number {
  return new Date(at * 1000).getUTCFullYear();
}

/** How far away a day is, in words: `in 9 days`, `today`, `3 days overdue`. */
export function fromNow(days: number): string {
  const count = `${Math.abs(days)} day${Math.abs(days) === 1 ? "" : "s"}`;
  return days === 0 ? "today" : days > 0 ? `in ${count}` : `${count} overdue`;
}
