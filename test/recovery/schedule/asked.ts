import fc from "fast-check";
import { minutesOf } from "./minutes";

/** What a schedule of Quartz or AWS asks for, written as its fields and, apart from them, said as conditions. */
export interface Asked {
  /** Minute, hour, day of month, month, day of week and year, as text. */
  readonly fields: readonly string[];
  readonly year: (year: number) => boolean;
  readonly month: (month: number) => boolean;
  readonly day: (date: Date) => boolean;
  readonly hour: (hour: number) => boolean;
  readonly minute: (minute: number) => boolean;
}

interface Meaning {
  readonly text: string;
  readonly has: (value: number) => boolean;
}

const names = {
  month: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  day: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
};

function numbers(min: number, max: number, called: readonly string[] = []): fc.Arbitrary<Meaning> {
  const value = fc.integer({ min, max });
  const step = fc.integer({ min: 1, max: Math.min(max, 12) });
  const within = (a: number, b: number, v: number) => (a <= b ? v >= a && v <= b : v >= a || v <= b);
  const isStep = (a: number, n: number, v: number) => (v - a + (v < a ? max - min + 1 : 0)) % n === 0;
  const name = (one: number) => called[one - min] ?? `${one}`;
  return fc.oneof(
    fc.constant({ text: "*", has: () => true }),
    value.map((one) => ({ text: name(one), has: (v: number) => v === one })),
    fc.tuple(value, value).map(([a, b]) => ({ text: `${a},${name(b)}`, has: (v: number) => v === a || v === b })),
    fc.tuple(value, value).map(([a, b]) => ({ text: `${name(a)}-${name(b)}`, has: (v: number) => within(a, b, v) })),
    fc.tuple(value, step).map(([a, n]) => ({ text: `${a}/${n}`, has: (v: number) => v >= a && (v - a) % n === 0 })),
    step.map((n) => ({ text: `*/${n}`, has: (v: number) => (v - min) % n === 0 })),
    fc.tuple(value, value, step).map(([a, b, n]) => ({
      text: `${a}-${b}/${n}`,
      has: (v: number) => within(a, b, v) && isStep(a, n, v),
    })),
  );
}

interface DayMeaning {
  readonly ofMonth: string;
  readonly ofWeek: string;
  readonly has: (date: Date) => boolean;
}

const dayOfWeek = (date: Date) => date.getUTCDay() + 1;
const lengthOf = (date: Date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();

/** Whether a date is the weekday of its month that is nearest to one of its days. */
function isNearest(date: Date, day: number): boolean {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const length = lengthOf(date);
  if (day < 1 || day > length) return false;
  const weekdays = Array.from({ length }, (_, place) => place + 1).filter((one) => {
    const weekday = new Date(Date.UTC(year, month, one)).getUTCDay();
    return weekday !== 0 && weekday !== 6;
  });
  const [nearest] = weekdays.sort((a, b) => Math.abs(a - day) - Math.abs(b - day));
  return date.getUTCDate() === nearest;
}

const ofMonth: fc.Arbitrary<DayMeaning> = fc
  .oneof(
    numbers(1, 31).map(({ text, has }) => ({ ofMonth: text, has: (date: Date) => has(date.getUTCDate()) })),
    fc.constant({ ofMonth: "L", has: (date: Date) => date.getUTCDate() === lengthOf(date) }),
    fc.constant({ ofMonth: "LW", has: (date: Date) => isNearest(date, lengthOf(date)) }),
    fc.integer({ min: 0, max: 30 }).map((n) => ({
      ofMonth: `L-${n}`,
      has: (date: Date) => date.getUTCDate() === lengthOf(date) - n,
    })),
    fc.integer({ min: 0, max: 30 }).map((n) => ({
      ofMonth: `L-${n}W`,
      has: (date: Date) => isNearest(date, lengthOf(date) - n),
    })),
    fc.integer({ min: 1, max: 31 }).map((n) => ({ ofMonth: `${n}W`, has: (date: Date) => isNearest(date, n) })),
  )
  .map((day) => ({ ...day, ofWeek: "?" }));

const named = fc
  .integer({ min: 1, max: 7 })
  .chain((day) => fc.constantFrom(`${day}`, names.day[day - 1] ?? "").map((text) => ({ day, text })));
const ofWeek: fc.Arbitrary<DayMeaning> = fc
  .oneof(
    numbers(1, 7, names.day).map(({ text, has }) => ({ ofWeek: text, has: (date: Date) => has(dayOfWeek(date)) })),
    fc.constant({ ofWeek: "L", has: (date: Date) => dayOfWeek(date) === 7 }),
    named.map(({ day, text }) => ({
      ofWeek: `${text}L`,
      has: (date: Date) => dayOfWeek(date) === day && date.getUTCDate() + 7 > lengthOf(date),
    })),
    fc.tuple(named, fc.integer({ min: 1, max: 5 })).map(([{ day, text }, nth]) => ({
      ofWeek: `${text}#${nth}`,
      has: (date: Date) => dayOfWeek(date) === day && Math.ceil(date.getUTCDate() / 7) === nth,
    })),
  )
  .map((day) => ({ ...day, ofMonth: "?" }));

// Most changes of the clocks are in these hours.
const aroundMidnight: fc.Arbitrary<Meaning> = fc
  .tuple(fc.integer({ min: 22, max: 27 }), fc.integer({ min: 0, max: 3 }))
  .map(([start, more]) => Array.from({ length: more + 1 }, (_, place) => (start + place) % 24))
  .map((hours) => ({ text: `${hours[0]}-${hours.at(-1)}`, has: (v: number) => hours.includes(v) }));

const everyDay = fc.constantFrom({ ofMonth: "*", ofWeek: "?" }, { ofMonth: "?", ofWeek: "*" });
const everyYear = { arbitrary: fc.constant<Meaning>({ text: "*", has: () => true }), weight: 4 };

/** Schedules of which about half run every day. */
export const asked: fc.Arbitrary<Asked> = fc
  .record({
    minute: fc.oneof(
      numbers(0, 59),
      fc.constantFrom(0, 30).map((m) => ({ text: `${m}`, has: (v: number) => v === m })),
    ),
    hour: fc.oneof(numbers(0, 23), aroundMidnight),
    day: fc.oneof(
      everyDay.map((day): DayMeaning => ({ ...day, has: () => true })),
      fc.oneof(ofMonth, ofWeek),
    ),
    month: fc.oneof(everyYear, { arbitrary: numbers(1, 12, names.month), weight: 1 }),
    year: fc.oneof(everyYear, {
      arbitrary: fc.constant<Meaning>({ text: "2025-2030/2,2031", has: (y) => [2025, 2027, 2029, 2031].includes(y) }),
      weight: 1,
    }),
  })
  .map(({ minute, hour, day, month, year }) => ({
    fields: [minute.text, hour.text, day.ofMonth, month.text, day.ofWeek, year.text],
    minute: minute.has,
    hour: hour.has,
    day: day.has,
    month: month.has,
    year: year.has,
  }));

const aDay = 86_400;

/** The minutes after `from` and before `to` that a schedule asks for; of one that happens twice the first or the second. */
export function byTheMinute(what: Asked, zone: string, from: number, to: number, twice: "first" | "second"): number[] {
  const found = new Map<number, number>();
  for (const { at, wall } of minutesOf(zone, from - aDay, to + aDay)) {
    if (!what.minute((wall / 60) % 60) || !what.hour(Math.floor(wall / 3600) % 24)) continue;
    const local = new Date(wall * 1000);
    const due = what.month(local.getUTCMonth() + 1) && what.year(local.getUTCFullYear()) && what.day(local);
    if (due && (twice === "second" || !found.has(wall))) found.set(wall, at);
  }
  return [...found.values()].filter((run) => run > from && run < to).sort((a, b) => a - b);
}
