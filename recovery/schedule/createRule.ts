import { type Problem, show } from "../duration";

/** When a create rule of Amazon Data Lifecycle Manager makes snapshots: by a cron expression, or every so many hours. */
export type CreateRule =
  | { readonly cron: string }
  /** `startsAt` is in seconds after midnight; without it AWS chooses a time. */
  | { readonly hours: number; readonly startsAt?: number };

const intervals = [1, 2, 3, 4, 6, 8, 12, 24];
const when = ["interval", "intervalUnit", "times"];
const fields = ["cronExpression", ...when, "location", "scripts"];
const example = 'for example {"interval":12,"intervalUnit":"HOURS","times":["03:00"]}';

/** Reads the JSON of a create rule, its `times` as the API lists them or as one text, or says all that is wrong with it. */
export function readCreateRule(text: string): CreateRule | Problem {
  const rule = objectIn(text);
  if (rule === undefined) {
    return { problem: `must be "cron(...)" such as "cron(0 3 * * ? *)", or a create rule as JSON, ${example}` };
  }
  const problems: string[] = [];
  const wrong = (field: string, must: string) => problems.push(`${field} must ${must}, got ${show(rule.get(field))}`);
  for (const field of rule.keys()) {
    if (!fields.includes(field)) problems.push(`a field must be one of ${fields.join(", ")}, got ${show(field)}`);
  }
  const cron = rule.get("cronExpression");
  if (cron !== undefined) {
    if (typeof cron !== "string") wrong("cronExpression", "be a text");
    else if (!cron.startsWith("cron(")) wrong("cronExpression", 'be cron(...), such as "cron(0 3 * * ? *)"');
    for (const field of when.filter((name) => rule.has(name))) wrong(field, "not be set beside cronExpression");
    return typeof cron === "string" && problems.length === 0
      ? { cron }
      : { problem: `${problems.join("; ")}; ${example}` };
  }
  const hours = intervals.find((interval) => interval === rule.get("interval"));
  if (hours === undefined) wrong("interval", "be 1, 2, 3, 4, 6, 8, 12 or 24");
  if (rule.has("intervalUnit") && rule.get("intervalUnit") !== "HOURS") wrong("intervalUnit", 'be "HOURS"');
  const times = rule.get("times");
  const startsAt = times === undefined ? undefined : timeOfDay(times);
  if (times !== undefined && startsAt === undefined) wrong("times", 'be one time of day in UTC, such as ["03:00"]');
  return hours === undefined || problems.length > 0
    ? { problem: `${problems.join("; ")}; ${example}` }
    : { hours, ...(startsAt === undefined ? {} : { startsAt }) };
}

/** The fields of a JSON object that are set. */
function objectIn(text: string): Map<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return new Map(Object.entries(value).filter(([, field]) => field !== null));
  } catch {
    return undefined;
  }
}

function timeOfDay(times: unknown): number | undefined {
  const listed: unknown[] = Array.isArray(times) ? times : [times];
  const [time] = listed;
  if (listed.length !== 1 || typeof time !== "string") return undefined;
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  return hours === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60;
}
