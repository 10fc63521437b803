import { isUnknown, type Maybe, type Unknown } from "../../bound";
import { longestSpan, type Seconds, writtenSpan } from "../../duration";
import type { Limit } from "../../objective";
import { type Form, flag, named, text, whole } from "./form";
import { map, must } from "./map";
import { isMap, own, refuse, type Spot, shown } from "./spot";

const duration = "(?=.)(\\d+w)?(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?";
const wholeSeconds = whole(0, 900);

/** A span: `"15m"`, or whole seconds. */
export const span: Form<Seconds> = named("span", {
  read: (value, at) => readSpan(value, at, 'must be a duration such as "15m" or "1h30m", or whole seconds'),
  write: (value) => value,
  schema: (definitions) => ({
    anyOf: [{ type: "string", pattern: `^${duration}$` }, wholeSeconds.schema(definitions)],
  }),
});

function readSpan(value: unknown, at: Spot, rule: string): Seconds | undefined {
  const read = typeof value === "string" ? writtenSpan(value) : value;
  if (typeof read !== "number" || read < 0 || (typeof value === "number" && !Number.isSafeInteger(read))) {
    return refuse(at, `${rule}, got ${shown(value)}`);
  }
  if (read > longestSpan && (at.reading.byHand || typeof value === "string")) {
    return refuse(at, `${rule}, at most 31,000 years, got ${shown(value)}`);
  }
  return read as Seconds;
}

const exactLimit = map<Limit>({
  seconds: must(span, "The limit."),
  strict: must(flag, "Whether it must stay below it, as `under 15m`."),
});

/** A limit: `"15m"` (at most), `"under 15m"`, whole seconds, or both parts of it. */
export const limit: Form<Limit> = named("limit", {
  read: (value, at) => {
    const read = isMap(value) ? exactLimit.read(value, at) : readLimit(value, at);
    if (read === undefined || !read.strict || read.seconds > 0) return read;
    return refuse(at, 'must leave room below it, got "under 0s"; e.g. "under 15m"');
  },
  write: (value) => exactLimit.write(value),
  schema: (definitions) => ({
    anyOf: [
      { type: "string", pattern: `^(under )?${duration}$` },
      wholeSeconds.schema(definitions),
      exactLimit.schema(definitions),
    ],
  }),
});

function readLimit(value: unknown, at: Spot): Limit | undefined {
  const rule = 'must be a duration such as "15m" or "under 15m", or whole seconds';
  const strict = typeof value === "string" && value.startsWith("under ");
  const seconds = readSpan(strict ? value.slice("under ".length) : value, at, rule);
  return seconds === undefined ? undefined : { seconds, strict };
}

const reason = text("nobody has measured it");
const unknown = map<Unknown>({ unknown: must(reason, "Why nobody can say.") });

/** A value, or `{ unknown: reason }`. */
export function maybe<T>(form: Form<T>): Form<Maybe<T>> {
  return {
    read: (value, at) =>
      isMap(value) && own(value, "unknown") !== undefined ? unknown.read(value, at) : form.read(value, at),
    write: (value) => (isUnknown(value) ? unknown.write(value) : form.write(value)),
    schema: (definitions) => ({ anyOf: [form.schema(definitions), unknown.schema(definitions)] }),
  };
}

/** A day, `2027-03-01`. */
export const day: Form<string> = {
  read: (value, at) =>
    typeof value === "string" && startOfDay(value) !== undefined
      ? value
      : refuse(at, `must be a day such as "2027-03-01", got ${shown(value)}`),
  write: (value) => value,
  schema: () => ({ type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" }),
};

/** An instant: a day (its first second in UTC), or seconds since 1970. */
export const instant: Form<number> = {
  read: (value, at) => {
    const at1970 = typeof value === "string" ? startOfDay(value) : value;
    if (typeof at1970 === "number" && Number.isSafeInteger(at1970) && at1970 >= 0) return at1970;
    return refuse(at, `must be a day such as "2027-03-01", or whole seconds since 1970, got ${shown(value)}`);
  },
  write: (value) => value,
  schema: (definitions) => ({ anyOf: [day.schema(definitions), wholeSeconds.schema(definitions)] }),
};

/** Seconds since 1970 at which a day begins in UTC; undefined for a text that is no day. */
export function startOfDay(text: string): number | undefined {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, text.length) === text ? at / 1_000 : undefined;
}
