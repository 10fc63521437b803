import { isProblem, type Problem, show } from "../duration";
import { type Choice, type Field, readField } from "./field";

/** The minutes, hours and days on which a five-field expression asks for a run. */
export interface Cron {
  readonly minute: ReadonlySet<number>;
  readonly hour: ReadonlySet<number>;
  readonly dayOfMonth: ReadonlySet<number>;
  readonly month: ReadonlySet<number>;
  readonly dayOfWeek: ReadonlySet<number>;
  /** Whether a matching day of the month or of the week suffices: so when neither field is a star. */
  readonly eitherDay: boolean;
}

const fields: readonly Field[] = [
  { name: "minute", min: 0, max: 59, example: '"0,30" is twice an hour, "*/15" every quarter' },
  { name: "hour", min: 0, max: 23, example: '"2" is 02:00, "8-18" office hours' },
  { name: "day of month", min: 1, max: 31, example: '"1" is the first, "*" every day' },
  {
    name: "month",
    min: 1,
    max: 12,
    names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    example: '"*/3" is every quarter',
  },
  {
    name: "day of week",
    min: 0,
    max: 6,
    names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
    example: '"0" is Sunday, "1-5" weekdays',
  },
];

const descriptors = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);

/** Reads an expression as the CronJob controller does (ParseStandard of robfig/cron v3.0.1), or says why it cannot. */
export function parseCron(expression: string): Cron | Problem {
  const refuse = (why: string): Problem => ({ problem: `schedule "${expression}": ${why}` });
  if (typeof expression !== "string") return { problem: `schedule must be a text, got ${show(expression)}` };
  if (expression.includes("TZ")) {
    return refuse('Kubernetes refuses TZ= and CRON_TZ=; name the zone in timeZone, for example "Europe/Berlin"');
  }
  if (expression.startsWith("@every ")) {
    // Kubernetes accepts it; the phase then depends on when the CronJob was created and on its last run.
    return refuse('@every counts from the last run, so it promises no clock time; write for example "*/15 * * * *"');
  }
  if (expression.startsWith("@") && !descriptors.has(expression)) {
    return refuse(`must be one of ${[...descriptors.keys()].join(", ")}, or five fields, for example "0 2 * * *"`);
  }
  const texts = (descriptors.get(expression) ?? expression).trim().split(/\s+/);
  if (texts.length !== fields.length) {
    const names = fields.map(({ name }) => name).join(", ");
    const count = expression.trim() === "" ? 0 : texts.length;
    return refuse(`must have five fields (${names}), got ${count}; for example "0 2 * * *" is 02:00 every day`);
  }
  const choices: Choice[] = [];
  const problems: string[] = [];
  for (const [place, field] of fields.entries()) {
    const read = readField(field, texts[place] ?? "");
    if (isProblem(read)) problems.push(read.problem);
    else choices.push(read);
  }
  return problems.length > 0 ? refuse(problems.join("; ")) : cronOf(choices);
}

const nothing: Choice = { values: new Set(), star: false };

function cronOf([minute = nothing, hour = nothing, day = nothing, month = nothing, weekday = nothing]: Choice[]): Cron {
  return {
    minute: minute.values,
    hour: hour.values,
    dayOfMonth: day.values,
    month: month.values,
    dayOfWeek: weekday.values,
    eitherDay: !day.star && !weekday.star,
  };
}

/** Whether a schedule asks for runs on a day. */
export function matchesDay(cron: Cron, day: { dayOfMonth: number; dayOfWeek: number }): boolean {
  const dayOfMonth = cron.dayOfMonth.has(day.dayOfMonth);
  const dayOfWeek = cron.dayOfWeek.has(day.dayOfWeek);
  return cron.eitherDay ? dayOfMonth || dayOfWeek : dayOfMonth && dayOfWeek;
}
