import { civilDay, dayNumber } from "./civil";
import { type DayRule, daysOf } from "./dayRule";

/** The local times at which a schedule asks for runs: each combination of its values, all of them in rising order. */
export interface WallClock {
  readonly years: readonly number[];
  readonly months: readonly number[];
  readonly day: DayRule;
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
}

/** The times of day in seconds after midnight at which a schedule asks for runs, in order. */
export function timesOf({ hours, minutes, seconds }: WallClock): readonly number[] {
  return hours.flatMap((h) => minutes.flatMap((m) => seconds.map((s) => h * 3600 + m * 60 + s)));
}

/** The days from `start` on for which a schedule asks for runs, in order; all days are days since 1970-01-01. */
export function* daysFrom({ years, months, day }: WallClock, start: number): Generator<number> {
  const from = civilDay(start);
  for (const year of years) {
    if (year < from.year) continue;
    for (const month of months) {
      if (year === from.year && month < from.month) continue;
      for (const dayOfMonth of daysOf(day, year, month)) {
        const found = dayNumber(year, month, dayOfMonth);
        if (found >= start) yield found;
      }
    }
  }
}

/** Whether a schedule asks for runs on a day, given as days since 1970-01-01. */
export function runsOn({ years, months, day }: WallClock, date: number): boolean {
  const { year, month, dayOfMonth } = civilDay(date);
  return years.includes(year) && months.includes(month) && daysOf(day, year, month).includes(dayOfMonth);
}
