import type { Problem } from "../duration";
import type { Recurrence } from "./azureJson";
import { type CivilDay, civilDay, dayNumber } from "./civil";

/** Whether a recurrence counted in days, weeks or months runs on a local day, in days since 1970-01-01. */
export type OnDay = (day: number) => boolean;

const sunday = 0;

/**
 * The days on which a recurrence runs, or which setting is missing, contradictory or not documented by Microsoft;
 * `start` is the local day of its start time.
 */
export function daysOf(recurrence: Recurrence, start: number | undefined): OnDay | Problem {
  const { frequency, interval, weekDays, monthDays, monthlyOccurrences } = recurrence;
  const inMonth = monthDays ?? monthlyOccurrences;
  if (weekDays && frequency !== "Week") return { problem: misplaced("weekDays", "Week", frequency) };
  if (inMonth && frequency !== "Month") {
    return { problem: misplaced(monthDays ? "monthDays" : "monthlyOccurrences", "Month", frequency) };
  }
  if (interval > 1 && start === undefined) {
    return {
      problem: `startTime must be set with interval ${interval}: it says which ${frequency.toLowerCase()} counts`,
    };
  }
  if (frequency === "Month") return monthly(recurrence, start);
  if (frequency === "Week") return weekly(weekDays, interval, start);
  return (day) => isTurn(day, start, interval);
}

function misplaced(setting: string, wanted: string, frequency: string): string {
  return `schedule.${setting} must be left out with frequency "${frequency}", or frequency must be "${wanted}"`;
}

/** Whether a day, week or month is `interval` or a multiple of it after the first one. */
function isTurn(place: number, first: number | undefined, interval: number): boolean {
  return interval === 1 || (place - (first ?? 0)) % interval === 0;
}

function weekly(weekDays: Recurrence["weekDays"], interval: number, start: number | undefined): OnDay | Problem {
  const startDay = start === undefined ? undefined : civilDay(start).dayOfWeek;
  const days = new Set(weekDays ?? (startDay === undefined ? [] : [startDay]));
  if (days.size === 0) return { problem: 'startTime or schedule.weekDays must be set with frequency "Week"' };
  const near = new Set([...days, ...(startDay === undefined ? [] : [startDay])]);
  if (interval > 1 && near.size > 1 && near.has(sunday)) {
    return {
      problem: `schedule.weekDays must not mix Sunday with other days (that of startTime included) at interval ${interval}: Microsoft does not say on which day a week starts`,
    };
  }
  const first = start === undefined ? undefined : mondayWeek(start);
  return (day) => days.has(civilDay(day).dayOfWeek) && isTurn(mondayWeek(day), first, interval);
}

function mondayWeek(day: number): number {
  return Math.floor((day + 3) / 7);
}

function monthly(recurrence: Recurrence, start: number | undefined): OnDay | Problem {
  const { interval, monthDays, monthlyOccurrences } = recurrence;
  if (monthDays && monthlyOccurrences) {
    return {
      problem:
        "schedule must have monthDays or monthlyOccurrences, not both: Microsoft does not say whether either suffices",
    };
  }
  const first = start === undefined ? undefined : civilDay(start);
  const onDay = monthDays
    ? (day: CivilDay) => monthDays.some((wanted) => wanted === day.dayOfMonth || wanted === -daysToEnd(day))
    : monthlyOccurrences
      ? (day: CivilDay) => monthlyOccurrences.some((wanted) => isOccurrence(day, wanted))
      : first && first.dayOfMonth <= 28
        ? (day: CivilDay) => day.dayOfMonth === first.dayOfMonth
        : undefined;
  if (onDay === undefined) {
    return {
      problem: first
        ? `schedule.monthDays must be set for a start on day ${first.dayOfMonth}: Microsoft does not say what happens in shorter months; [-1] is the last day`
        : 'startTime, schedule.monthDays or schedule.monthlyOccurrences must be set with frequency "Month"',
    };
  }
  const monthOf = ({ year, month }: CivilDay) => year * 12 + month;
  return (day) => {
    const civil = civilDay(day);
    return onDay(civil) && isTurn(monthOf(civil), first && monthOf(first), interval);
  };
}

/** 1 for the last day of a month, 2 for the one before. */
function daysToEnd({ year, month, dayOfMonth }: CivilDay): number {
  return dayNumber(year, month + 1, 1) - dayNumber(year, month, dayOfMonth);
}

function isOccurrence(day: CivilDay, wanted: { readonly day: number; readonly occurrence?: number }): boolean {
  if (day.dayOfWeek !== wanted.day) return false;
  if (wanted.occurrence === undefined) return true;
  return wanted.occurrence > 0
    ? Math.ceil(day.dayOfMonth / 7) === wanted.occurrence
    : Math.ceil(daysToEnd(day) / 7) === -wanted.occurrence;
}
