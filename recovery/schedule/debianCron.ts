import { isProblem, type Problem } from "../duration";
import type { Cron } from "./cron";

/** An entry of a crontab as Debian's cron reads it. */
export interface DebianCron extends Cron {
  /** Whether minute or hour starts with a star: such a job follows the clock on the wall through every change of it. */
  readonly wildcard: boolean;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  readonly example: string;
}

const fields: readonly Field[] = [
  { name: "minute", min: 0, max: 59, example: '"0,30" is twice an hour, "*/15" every quarter' },
  { name: "hour", min: 0, max: 23, example: '"2" is 02:00, "8-18" office hours' },
  { name: "day of month", min: 1, max: 31, example: '"1" is the first, "*" every day' },
  {
    name: "month",
    min: 1,
    max: 12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    example: '"*/3" is every quarter',
  },
  {
    name: "day of week",
    min: 0,
    max: 7,
    names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    example: '"0" and "7" are Sunday, "1-5" weekdays',
  },
];

const nicknames = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);

/**
 * Reads an expression as Debian's cron 3.0pl1-162 does (entry.c: load_entry, get_list, get_range), or says why it
 * cannot. Stricter in two things that cron takes without a word: what follows a range, and ranges that run backwards.
 */
export function parseDebianCron(expression: string): DebianCron | Problem {
  const refuse = (why: string): Problem => ({ problem: `schedule "${expression}": ${why}` });
  const text = expression.replace(/^[ \t]+|[ \t]+$/g, "");
  if (text === "@reboot") return refuse('@reboot has no clock time; write for example "0 2 * * *"');
  if (text.startsWith("@") && !nicknames.has(text)) {
    return refuse(`must be one of ${[...nicknames.keys()].join(", ")}, or five fields, for example "0 2 * * *"`);
  }
  const texts = (nicknames.get(text) ?? text).split(/[ \t]+/);
  if (texts.length !== fields.length) {
    const names = fields.map(({ name }) => name).join(", ");
    const count = text === "" ? 0 : texts.length;
    return refuse(`must have five fields (${names}), got ${count}; for example "0 2 * * *" is 02:00 every day`);
  }
  const read = fields.map((field, place) => readField(field, texts[place] ?? ""));
  const problems = read.filter(isProblem).map(({ problem }) => problem);
  if (problems.length > 0) return refuse(problems.join("; "));
  const [minute, hour, dayOfMonth, month, dayOfWeek] = read.map((values) => (isProblem(values) ? empty : values));
  const star = texts.map((one) => one.startsWith("*"));
  return {
    minute: minute ?? empty,
    hour: hour ?? empty,
    dayOfMonth: dayOfMonth ?? empty,
    month: month ?? empty,
    dayOfWeek: new Set([...(dayOfWeek ?? empty)].map((day) => day % 7)),
    eitherDay: !star[2] && !star[4],
    wildcard: star[0] === true || star[1] === true,
  };
}

const empty: ReadonlySet<number> = new Set();

function readField(field: Field, text: string): ReadonlySet<number> | Problem {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const range = readRange(field, item);
    if (range === undefined) return refusal(field, text, item);
    if (range.start > range.end) {
      return {
        problem: `${field.name} must not run backwards, got "${item}": cron would allow nothing by it; write "${range.start}-${field.max},${field.min}-${range.end}"`,
      };
    }
    for (let value = range.start; value <= range.end; value += range.step) values.add(value);
  }
  return values;
}

/** `*` or two numbers, with or without a step; or one number, which must not have a step. */
function readRange(field: Field, item: string): { start: number; end: number; step: number } | undefined {
  const [, low = "", high, every] = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d{1,9}))?$/i.exec(item) ?? [];
  const step = every === undefined ? 1 : Number(every);
  if (step === 0) return undefined;
  if (low === "*") return high === undefined ? { start: field.min, end: field.max, step } : undefined;
  const start = numberOrName(field, low);
  const end = high === undefined ? start : numberOrName(field, high);
  if (start === undefined || end === undefined || (high === undefined && every !== undefined)) return undefined;
  return { start, end, step };
}

function numberOrName({ min, max, names }: Field, text: string): number | undefined {
  const place = names?.indexOf(text.toLowerCase()) ?? -1;
  const value = place < 0 ? (/^\d{1,9}$/.test(text) ? Number(text) : Number.NaN) : min + place;
  return value >= min && value <= max ? value : undefined;
}

function refusal({ name, min, max, names, example }: Field, text: string, item: string): Problem {
  const named = names ? ` or ${names.at(0)} to ${names.at(-1)}` : "";
  const got = text === item ? `"${item}"` : `"${item}" in "${text}"`;
  const rule = `${min} to ${max}${named}, a range, or a range or "*" with a step above 0`;
  return { problem: `${name} must be ${rule}, got ${got}; ${example}` };
}
