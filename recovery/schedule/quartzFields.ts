import { isProblem, type Problem } from "../duration";
import { readDayRule } from "./dayFields";
import { type NumberField, readNumbers } from "./numberList";
import type { WallClock } from "./runDays";

const second: NumberField = { name: "second", min: 0, max: 59, wraps: true, example: '"0" is the full minute' };

const minute: NumberField = {
  name: "minute",
  min: 0,
  max: 59,
  wraps: true,
  example: '"0,30" is twice an hour, "0/15" every quarter',
};

const hour: NumberField = {
  name: "hour",
  min: 0,
  max: 23,
  wraps: true,
  example: '"2" is 02:00, "8-18" office hours, "0/6" every six hours',
};

const month: NumberField = {
  name: "month",
  min: 1,
  max: 12,
  names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  wraps: true,
  example: '"*" is every month, "1/3" every quarter',
};

const year: NumberField = {
  name: "year",
  min: 1970,
  max: 2199,
  wraps: false,
  example: '"*" is every year, "2026-2030" five of them',
};

/** The seven fields that Quartz and AWS know, as written. */
export interface SevenFields {
  readonly second: string;
  readonly minute: string;
  readonly hour: string;
  readonly dayOfMonth: string;
  readonly month: string;
  readonly dayOfWeek: string;
  readonly year: string;
}

/** Reads the fields, or says of each one what is wrong with it. */
export function readFields(texts: SevenFields): WallClock | Problem {
  const seconds = readNumbers(second, texts.second);
  const minutes = readNumbers(minute, texts.minute);
  const hours = readNumbers(hour, texts.hour);
  const day = readDayRule(texts.dayOfMonth, texts.dayOfWeek);
  const months = readNumbers(month, texts.month);
  const years = readNumbers(year, texts.year);
  if (
    isProblem(seconds) ||
    isProblem(minutes) ||
    isProblem(hours) ||
    isProblem(day) ||
    isProblem(months) ||
    isProblem(years)
  ) {
    const problems = [seconds, minutes, hours, day, months, years].filter(isProblem);
    return { problem: problems.map(({ problem }) => problem).join("; ") };
  }
  return { years, months, day, hours, minutes, seconds };
}
