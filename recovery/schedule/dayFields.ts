import { isProblem, type Problem } from "../duration";
import type { DayRule } from "./dayRule";
import { type NumberField, numberOrName, readNumbers } from "./numberList";

const dayOfMonth: NumberField = {
  name: "day of month",
  min: 1,
  max: 31,
  wraps: true,
  example: '"1" is the first, "L" the last day, "L-3" three days before it, "15W" the weekday nearest to the 15th',
};

const dayOfWeek: NumberField = {
  name: "day of week",
  min: 1,
  max: 7,
  names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
  wraps: true,
  example: '"1" is Sunday, "MON-FRI" weekdays, "6L" the last Friday of the month, "2#1" its first Monday',
};

// CronExpression of Quartz 2.3.2 allows offsets up to 30.
const furthestFromLast = 30;

/**
 * Reads the two day fields, of which one is "?", as CronExpression of Quartz 2.3.2 does; EventBridge has the same
 * grammar, "LW" and "L-3" included (tried on its console: grumBit/aws_cron_expression_validator, issues 12 and 18).
 */
export function readDayRule(ofMonth: string, ofWeek: string): DayRule | Problem {
  if ((ofMonth === "?") === (ofWeek === "?")) {
    const got = `"${ofMonth}" and "${ofWeek}"`;
    return {
      problem: `day of month or day of week must be "?", and only one of them, got ${got}; "*" and "?" is every day`,
    };
  }
  return ofWeek === "?" ? readDayOfMonth(ofMonth) : readDayOfWeek(ofWeek);
}

function readDayOfMonth(text: string): DayRule | Problem {
  const [last, offset = "0", lastWeekday] = /^L(?:-(\d{1,2}))?(W?)$/i.exec(text) ?? [];
  if (last !== undefined && Number(offset) <= furthestFromLast) {
    return { kind: "lastDay", before: Number(offset), weekday: lastWeekday !== "" };
  }
  const [, near] = /^(\d{1,2})W$/i.exec(text) ?? [];
  const day = near === undefined ? undefined : numberOrName(dayOfMonth, near);
  if (day !== undefined) return { kind: "nearestWeekday", day };
  const days = readNumbers(dayOfMonth, text);
  return isProblem(days) ? days : { kind: "daysOfMonth", days };
}

function readDayOfWeek(text: string): DayRule | Problem {
  // By itself "L" is the last day of the week, a Saturday.
  if (text.toUpperCase() === "L") return { kind: "daysOfWeek", days: [dayOfWeek.max] };
  const [, name = "", last, nth] = /^([a-z]{3}|\d)(?:(L)|#([1-5]))$/i.exec(text) ?? [];
  const day = numberOrName(dayOfWeek, name);
  if (day !== undefined && last !== undefined) return { kind: "lastDayOfWeek", dayOfWeek: day };
  if (day !== undefined) return { kind: "nthDayOfWeek", dayOfWeek: day, nth: Number(nth) };
  const days = readNumbers(dayOfWeek, text);
  return isProblem(days) ? days : { kind: "daysOfWeek", days };
}
