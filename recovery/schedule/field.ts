import type { Problem } from "../duration";

/** One of the five fields of a cron expression: the numbers it allows, and their names if it has any. */
export interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  readonly example: string;
}

/** The numbers a field allows, and whether it is a star, which leaves the choice of days to the other day field. */
export interface Choice {
  readonly values: ReadonlySet<number>;
  readonly star: boolean;
}

/** Reads a comma-separated list of ranges as robfig/cron v3.0.1 does, or says what is wrong with it. */
export function readField(field: Field, text: string): Choice | Problem {
  const values = new Set<number>();
  let star = false;
  // An empty list is legal and allows nothing: "," never runs.
  for (const item of text.split(",").filter((part) => part !== "")) {
    const range = readRange(field, item);
    if (range === undefined) return refusal(field, text, item);
    for (let value = range.start; value <= range.end; value += range.step) values.add(value);
    star ||= range.star;
  }
  return { values, star };
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly star: boolean;
}

function readRange(field: Field, item: string): Range | undefined {
  const [bounds = "", every, ...slashes] = item.split("/");
  const [low = "", high, ...hyphens] = bounds.split("-");
  const step = every === undefined ? 1 : wholeNumber(every);
  if (step === undefined || step === 0 || slashes.length > 0) return undefined;
  // robfig reads no further than a star, so "*-5" is a star too; a step above 1 makes it an ordinary range.
  if (low === "*" || low === "?") return { start: field.min, end: field.max, step, star: step === 1 };
  const start = numberOrName(field, low);
  const last = high === undefined ? start : numberOrName(field, high);
  if (start === undefined || last === undefined || hyphens.length > 0) return undefined;
  const end = high === undefined && every !== undefined ? field.max : last;
  return start < field.min || end > field.max || start > end ? undefined : { start, end, step, star: false };
}

function numberOrName(field: Field, text: string): number | undefined {
  const place = field.names?.indexOf(text.toUpperCase()) ?? -1;
  return place < 0 ? wholeNumber(text) : field.min + place;
}

function wholeNumber(text: string): number | undefined {
  return /^\+?\d{1,18}$/.test(text) ? Number(text) : undefined;
}

function refusal({ name, min, max, names, example }: Field, text: string, item: string): Problem {
  const named = names ? ` or ${names.at(0)} to ${names.at(-1)}` : "";
  const got = text === item ? `"${item}"` : `"${item}" in "${text}"`;
  return { problem: `${name} must be ${min} to ${max}${named}, a range or a step above 0, got ${got}; ${example}` };
}
