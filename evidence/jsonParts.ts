import type { Counterexample, Sum } from "../recovery/assess/assessment";
import type { Bound } from "../recovery/bound";
import type { Limit } from "../recovery/objective";
import type { Source, Term } from "../recovery/plan";
import { isoInstant } from "./dates";
import { byText } from "./words";

// Every object is written field by field: the order of the bytes is ours, and a field nobody names here stays inside.

/** A value as JSON writes it; what is undefined is left out. */
export type Json = string | number | boolean | undefined | readonly Json[] | { readonly [key: string]: Json };

/** Where something was read. */
export function sourceJson({ name, property, resource }: Source): Json {
  return { name, property, resource };
}

/** Seconds, or why there is no number. */
export function boundJson(bound: Bound): Json {
  if (typeof bound === "number") return bound;
  return "unbounded" in bound ? { unbounded: bound.unbounded } : { unknown: bound.unknown };
}

/** One number of a verdict with where it comes from. */
export function termJson({ name, value, grade, part, assumption, facts, source }: Term): Json {
  return { name, value: boundJson(value), grade, part, assumption, facts, source: sourceJson(source) };
}

/** A total with its terms. */
export function sumJson({ total, terms }: Sum): Json {
  return { total: boundJson(total), terms: terms.map(termJson) };
}

/** A limit in seconds with its comparison. */
export function limitJson({ seconds, strict }: Limit): Json {
  return { seconds, strict };
}

/** Dated events and what follows from them. */
export function counterexampleJson({ events, conclusion }: Counterexample): Json {
  return { events: events.map(({ at, what }) => ({ at: isoInstant(at), what })), conclusion };
}

/** A copy in order of a text. */
export function sorted<T>(things: readonly T[], text: (thing: T) => string): T[] {
  return [...things].sort((a, b) => byText(text(a), text(b)));
}

/** A value with its lists and settings in one order: for parts whose order says nothing. */
export function inOneOrder(value: Json): Json {
  if (Array.isArray(value)) return sorted(value.map(inOneOrder), (one) => JSON.stringify(one) ?? "");
  if (typeof value !== "object") return value;
  const entries = sorted(Object.entries(value as { readonly [key: string]: Json }), ([key]) => key);
  return Object.fromEntries(entries.map(([key, part]) => [key, inOneOrder(part)]));
}
