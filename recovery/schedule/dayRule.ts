import { civilDay, dayNumber } from "./civil";

/** On which days of a month a schedule runs; days of the week are 1 (Sunday) to 7, as Quartz and AWS count them. */
export type DayRule =
  | { readonly kind: "daysOfMonth"; readonly days: readonly number[] }
  /** The last day of the month, or the one so many days before it; or the weekday nearest to that. */
  | { readonly kind: "lastDay"; readonly before: number; readonly weekday: boolean }
  /**
   * The weekday nearest to a day, without leaving its month; a month without that day has no run. (Quartz 2.3.2 gives
   * one that ends the day before, on a Friday, a run on that Friday; 2.5.0 does not.)
   */
  | { readonly kind: "nearestWeekday"; readonly day: number }
  | { readonly kind: "daysOfWeek"; readonly days: readonly number[] }
  | { readonly kind: "nthDayOfWeek"; readonly dayOfWeek: number; readonly nth: number }
  | { readonly kind: "lastDayOfWeek"; readonly dayOfWeek: number };

/** The days of the month on which a rule asks for runs, in order; `month` is 1 to 12. */
export function daysOf(rule: DayRule, year: number, month: number): readonly number[] {
  const first = dayNumber(year, month, 1);
  const length = dayNumber(year, month + 1, 1) - first;
  return candidates(rule, { length, start: civilDay(first).dayOfWeek }).filter((day) => day >= 1 && day <= length);
}

/** A month: how many days it has, and the day of the week of its first, 0 (Sunday) to 6. */
interface Month {
  readonly length: number;
  readonly start: number;
}

/** The days that a rule asks for, among them some that a short month does not have. */
function candidates(rule: DayRule, month: Month): readonly number[] {
  switch (rule.kind) {
    case "daysOfMonth":
      return rule.days;
    case "lastDay": {
      const day = month.length - rule.before;
      return [rule.weekday ? nearestWeekday(day, month) : day];
    }
    case "nearestWeekday":
      return [nearestWeekday(rule.day, month)];
    case "daysOfWeek":
      return weeks.flatMap((week) => rule.days.map((dayOfWeek) => firstOn(dayOfWeek, month) + week)).sort(byValue);
    case "nthDayOfWeek":
      return [firstOn(rule.dayOfWeek, month) + 7 * (rule.nth - 1)];
    case "lastDayOfWeek": {
      const days = weeks.map((week) => firstOn(rule.dayOfWeek, month) + week);
      return days.filter((day) => day <= month.length).slice(-1);
    }
  }
}

const weeks = [0, 7, 14, 21, 28];
const byValue = (a: number, b: number) => a - b;

function firstOn(dayOfWeek: number, { start }: Month): number {
  return 1 + ((dayOfWeek - 1 - start + 7) % 7);
}

function nearestWeekday(day: number, { length, start }: Month): number {
  if (day < 1 || day > length) return 0;
  const dayOfWeek = (start + day - 1) % 7;
  if (dayOfWeek === 6) return day === 1 ? 3 : day - 1;
  if (dayOfWeek === 0) return day === length ? day - 2 : day + 1;
  return day;
}
