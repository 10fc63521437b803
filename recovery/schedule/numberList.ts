import type { Problem } from "../duration";
import type { Field } from "./field";

/** A field of numbers as Quartz and AWS read it; one that wraps may have a range across its end: `22-2`, `NOV-FEB`. */
export interface NumberField extends Field {
  readonly wraps: boolean;
}

/**
 * Reads a comma-separated list of `*`, numbers, names, ranges and steps (`5/15` goes on to the field's end), in rising
 * order, or says what is wrong with it.
 */
export function readNumbers(field: NumberField, text: string): readonly number[] | Problem {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const range = readRange(field, item);
    if (range === undefined) return refusal(field, text, item);
    for (let value = range.start; value <= range.end; value += range.step) {
      values.add(value > field.max ? value - size(field) : value);
    }
  }
  return [...values].sort((a, b) => a - b);
}

/** The number that a text stands for in a field, or undefined when it is neither a value nor a name of it. */
export function numberOrName({ names, min, max }: Field, text: string): number | undefined {
  const place = names?.indexOf(text.toUpperCase()) ?? -1;
  const value = place >= 0 ? min + place : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

function readRange(field: NumberField, item: string): Range | undefined {
  const [, low = "", high, every] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d{1,4}))?$/.exec(item) ?? [];
  // Quartz takes "MON-FRI/2" and "JAN/3" and drops the step, so that they mean something else than they say.
  if (every !== undefined && /[a-z]/i.test(item)) return undefined;
  const step = Number(every ?? 1);
  if (step === 0 || step > field.max) return undefined;
  if (low === "*") return high === undefined ? { start: field.min, end: field.max, step } : undefined;
  const start = numberOrName(field, low);
  // It refuses "MON-5" and "2-FRI": a range is of names or of numbers.
  if (high !== undefined && /\d/.test(low) !== /\d/.test(high)) return undefined;
  const end = high === undefined ? (every === undefined ? start : field.max) : numberOrName(field, high);
  if (start === undefined || end === undefined) return undefined;
  if (end >= start) return { start, end, step };
  return field.wraps ? { start, end: end + size(field), step } : undefined;
}

function size({ min, max }: Field): number {
  return max - min + 1;
}

function refusal({ name, min, max, names, example }: Field, text: string, item: string): Problem {
  const named = names ? ` or ${names.at(0)} to ${names.at(-1)}` : "";
  const steps = `a step of 1 to ${max}${names ? " after numbers" : ""}`;
  const got = text === item ? `"${item}"` : `"${item}" in "${text}"`;
  return { problem: `${name} must be ${min} to ${max}${named}, a range or ${steps}, got ${got}; ${example}` };
}
