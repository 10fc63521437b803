import { type Problem, show } from "../duration";
import { type LocalTime, readLocalTime } from "./localTime";

/** Units in which a recurrence counts. */
export const frequencies = ["Second", "Minute", "Hour", "Day", "Week", "Month"] as const;

/** One weekday of a month, 0 is Sunday: the first to fifth, from its end when negative; each of them when left out. */
export interface Occurrence {
  readonly day: number;
  readonly occurrence?: number;
}

/**
 * A recurrence as Logic Apps and Data Factory hold it, read; weekdays as numbers, 0 is Sunday. Data Factory knows no
 * seconds, and takes an interval that is left out as 1; Logic Apps demands one.
 */
export interface Recurrence {
  readonly frequency: (typeof frequencies)[number];
  readonly interval: number;
  readonly startTime?: LocalTime;
  readonly endTime?: LocalTime;
  readonly timeZone?: string;
  readonly hours?: readonly number[];
  readonly minutes?: readonly number[];
  readonly weekDays?: readonly number[];
  readonly monthDays?: readonly number[];
  readonly monthlyOccurrences?: readonly Occurrence[];
}

type Json = Readonly<Record<string, unknown>>;
type Read<T> = T | undefined | typeof wrong;

/** Largest interval that is read. */
const longest = 9_999_999;

const wrong: unique symbol = Symbol("wrong");
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** Reads the JSON of a recurrence, or names everything that is wrong with it. */
export function readRecurrence(json: Json): Recurrence | Problem {
  const problems: string[] = [];
  const must = (place: string, rule: string, got: unknown): typeof wrong => {
    problems.push(`${place} must be ${rule}, got ${show(got)}`);
    return wrong;
  };
  const known = (place: string, value: Json, keys: readonly string[]) => {
    for (const key of Object.keys(value)) {
      if (!keys.includes(key))
        problems.push(`${place}${key} is no setting of a recurrence; allowed: ${keys.join(", ")}`);
    }
  };
  const schedule = (json.schedule ?? {}) as Json;
  known("", json, ["frequency", "interval", "startTime", "endTime", "timeZone", "schedule"]);
  if (typeof schedule !== "object" || Array.isArray(schedule))
    must("schedule", 'an object such as {"hours":[2]}', schedule);
  else known("schedule.", schedule, ["hours", "minutes", "weekDays", "monthDays", "monthlyOccurrences"]);

  const list = <T>(key: string, rule: string, one: (value: unknown) => T | undefined): Read<readonly T[]> => {
    const value = schedule[key];
    if (value === undefined || value === null) return undefined;
    const values = (Array.isArray(value) ? value : [value]).map(one);
    const read = values.filter((item) => item !== undefined);
    return values.length > 0 && read.length === values.length ? read : must(`schedule.${key}`, rule, value);
  };
  const text = (key: string, rule: string): Read<string> => {
    const value = json[key] ?? undefined;
    return value === undefined || typeof value === "string" ? value : must(key, rule, value);
  };
  const time = (key: string): Read<LocalTime> => {
    const rule = 'a time such as "2026-01-01T02:00:00"';
    const value = text(key, rule);
    return typeof value === "string" ? (readLocalTime(value) ?? must(key, rule, value)) : value;
  };
  const frequency = frequencies.find((one) => one.toLowerCase() === String(json.frequency).toLowerCase());
  const interval = json.interval ?? 1;
  const read = {
    frequency: frequency ?? must("frequency", frequencies.join(", "), json.frequency),
    interval: isWhole(interval, 1, longest)
      ? interval
      : must("interval", `a whole number from 1 to ${longest}`, interval),
    startTime: time("startTime"),
    endTime: time("endTime"),
    timeZone: text("timeZone", "the name of a zone"),
    hours: list("hours", "0 to 23", (value) => (isWhole(value, 0, 23) ? value : undefined)),
    minutes: list("minutes", "0 to 59", (value) => (isWhole(value, 0, 59) ? value : undefined)),
    weekDays: list("weekDays", `names of days (${weekdays.join(", ")})`, weekday),
    monthDays: list("monthDays", "1 to 31, or -1 (the last day) to -31", (value) =>
      isWhole(value, 1, 31) || isWhole(value, -31, -1) ? value : undefined,
    ),
    monthlyOccurrences: list(
      "monthlyOccurrences",
      '{"day":"Friday","occurrence":1} to 5, or -1 (the last) to -5',
      occurrence,
    ),
  };
  // What is left out has no key, so that nothing undefined is taken for a value.
  const given = Object.entries(read).filter(([, value]) => value !== undefined);
  return problems.length > 0 ? { problem: problems.join("; ") } : (Object.fromEntries(given) as unknown as Recurrence);
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}

/** The number of a day by its name in any case. */
function weekday(name: unknown): number | undefined {
  const place = weekdays.findIndex((day) => day.toLowerCase() === String(name).toLowerCase());
  return place < 0 ? undefined : place;
}

function occurrence(value: unknown): Occurrence | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { day: name, occurrence: nth, ...others } = value as { day?: unknown; occurrence?: unknown };
  const day = weekday(name);
  if (day === undefined || Object.keys(others).length > 0) return undefined;
  if (nth === undefined || nth === null) return { day };
  return isWhole(nth, 1, 5) || isWhole(nth, -5, -1) ? { day, occurrence: nth } : undefined;
}
