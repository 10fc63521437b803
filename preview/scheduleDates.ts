import { isProblem, zoneOf } from "../recovery/schedule";

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** An instant (epoch seconds) as the clock on the wall shows it, with its UTC offset: `Sun 2026-11-22 02:00 +01:00`; UTC is said so. */
export function onTheWall(at: number, timeZone: string): string {
  const offset = offsetAt(at, timeZone);
  const local = new Date((at + offset) * 1000);
  const [date = "", time = ""] = local.toISOString().split("T");
  const shown = at % 60 === 0 ? time.slice(0, "hh:mm".length) : time.slice(0, "hh:mm:ss".length);
  return `${weekdays[local.getUTCDay()]} ${date} ${shown} ${offset === 0 ? "UTC" : written(offset)}`;
}

/** An instant (epoch seconds) as RFC 3339 writes it in a zone: `2026-11-22T02:00:00+01:00`, `Z` in UTC. */
export function isoInstant(at: number, timeZone: string): string {
  const offset = offsetAt(at, timeZone);
  const local = new Date((at + offset) * 1000).toISOString().slice(0, "yyyy-mm-ddThh:mm:ss".length);
  return `${local}${offset === 0 ? "Z" : written(offset)}`;
}

function offsetAt(at: number, timeZone: string): number {
  const zone = zoneOf(timeZone);
  return isProblem(zone) ? 0 : zone.offsetAt(at);
}

function written(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
