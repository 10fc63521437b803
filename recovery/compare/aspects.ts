import { type Bound, formatBound, isBounded, isUnbounded, isUnknown, type Maybe, sumOf } from "../bound";
import { formatSeconds } from "../duration";
import { formatLimit, type Limit } from "../objective";
import { grades, type Need, type Place, type Term } from "../plan";
import type { Direction } from "./comparison";
import { keyOf } from "./keys";

/** How one value of a thing is compared and told. */
export interface Aspect<V> {
  /** What people call it: `deadline`. */
  called: string;
  /** What is told of a value; undefined where there is none. */
  text(value: V): string | undefined;
  order(before: V, after: V): Direction;
  /** What happened to it, by what that means. */
  verbs: Record<Direction, string>;
}

/** One aspect for each field of a thing; `elsewhere` for what tells it apart, and for what is compared by itself. */
export type Aspects<T> = { readonly [K in keyof T]-?: Aspect<T[K]> | typeof elsewhere };

/** Marks a field of which nothing is told here. */
export const elsewhere = "elsewhere";

type Verbs = readonly [weaker: string, stronger: string];

/** An aspect whose values have ranks, the weakest the highest; of equal first ranks the next ones decide. */
export function ranked<V>(
  called: string,
  rank: (value: V) => readonly number[],
  text: (value: V) => string | undefined,
  [weaker, stronger]: Verbs,
): Aspect<V> {
  return {
    called,
    text,
    verbs: { weaker, stronger, other: "changed" },
    order: (before, after) => {
      const [old, now] = [rank(before), rank(after)];
      const place = old.findIndex((one, index) => one !== now[index]);
      if (place < 0) return "other";
      return (now[place] ?? 0) > (old[place] ?? 0) ? "weaker" : "stronger";
    },
  };
}

/** An aspect of which no value is better than another. */
export function either<V>(called: string, text: (value: V) => string | undefined = told): Aspect<V> {
  return { called, text, order: () => "other", verbs: { weaker: "changed", stronger: "changed", other: "changed" } };
}

/** A limit that is promised. */
export function limit(called: string): Aspect<Limit> {
  return ranked(called, ({ seconds, strict }) => [seconds, strict ? 0 : 1], formatLimit, ["relaxed", "tightened"]);
}

/** Time that something takes: more is weaker, and so is a number that is less well founded. */
export function takes(called: string): Aspect<Term | undefined> {
  return ranked<Term | undefined>(called, (term) => (term ? [size(term.value), grade(term)] : [0, 0]), termText, [
    "raised",
    "lowered",
  ]);
}

/** Time that several things take one after the other. Where `absent` is weak, nobody saying is worse than any number. */
export function take(called: string, absent: "weak" | "none" = "none"): Aspect<Term[] | undefined> {
  const nothing = absent === "weak" ? [Number.POSITIVE_INFINITY, 0] : [0, 0];
  const rank = (terms: readonly Term[] | undefined) =>
    terms ? [size(sumOf(terms)), Math.max(0, ...terms.map(grade))] : nothing;
  return ranked(called, rank, (terms) => terms && termsText(terms), ["raised", "lowered"]);
}

/** Time that something is kept: less is weaker. */
export function kept(called: string): Aspect<Term> {
  return ranked<Term>(called, (term) => [-lasting(term.value), grade(term)], termText, ["shortened", "lengthened"]);
}

/** A number of which more is weaker, or less; what nobody set is the best of all, or the worst. */
export function amount(
  called: string,
  weak: "more" | "less",
  unset: "best" | "worst",
  text: (value: number) => string = String,
  verbs: Verbs = weak === "more" ? ["raised", "lowered"] : ["lowered", "raised"],
): Aspect<Maybe<number> | undefined> {
  const rank = (value: Maybe<number> | undefined) => {
    if (value === undefined) return [unset === "best" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY];
    if (isUnknown(value)) return [Number.MAX_VALUE];
    return [weak === "more" ? value : -value];
  };
  return ranked(called, rank, (value) => (typeof value === "number" ? text(value) : told(value)), verbs);
}

/** Words from the best to the weakest; one that is not known is weaker still. */
export function word<V extends string>(
  called: string,
  bestFirst: readonly V[],
  verbs: Verbs = ["weakened", "strengthened"],
): Aspect<Maybe<V> | undefined> {
  const rank = (value: Maybe<V> | undefined) => {
    const place = typeof value === "string" ? bestFirst.indexOf(value) : -1;
    return [place < 0 ? bestFirst.length : place];
  };
  return ranked(called, rank, told, verbs);
}

/** A switch of which one position is weaker; not known is weaker than the other one. */
export function flag(called: string, weak: boolean, verbs: Verbs): Aspect<Maybe<boolean> | undefined> {
  const rank = (value: Maybe<boolean> | undefined) => [isUnknown(value) ? 1 : (value ?? false) === weak ? 2 : 0];
  return ranked(called, rank, told, verbs);
}

/** A list from which something that is lost is weaker, or something that is added. */
export function list<T>(
  called: string,
  weak: "lost" | "added",
  text: (one: T) => string = (one) => told(one) ?? "",
): Aspect<readonly T[] | undefined> {
  const [weaker, stronger]: Verbs = weak === "lost" ? ["narrowed", "widened"] : ["widened", "narrowed"];
  return {
    called,
    text: (value) => value && ([...value].map(text).sort().join(", ") || "none"),
    verbs: { weaker, stronger, other: "changed" },
    order: (before = [], after = []) => {
      const [old, now] = [before.map(keyOf), after.map(keyOf)];
      const [lost, added] = [old.some((one) => !now.includes(one)), now.some((one) => !old.includes(one))];
      if (lost === added) return "other";
      return (weak === "lost" ? lost : added) ? "weaker" : "stronger";
    },
  };
}

/** Seconds as people write them. */
export function span(value: number): string {
  return formatSeconds(value);
}

/** Where something is: `aws 111111111111 eu-west-1`. */
export function placeText(place: Maybe<Place>): string {
  if (isUnknown(place)) return "not known";
  const { cloud, account, region, zones, node, deployed } = place;
  const inside = [
    ...(zones.length === 0 ? [] : [`zones ${[...zones].sort().join(", ")}`]),
    ...(node ? [`node ${node}`] : []),
  ];
  const whose = deployed ? "" : ", not deployed from here";
  return `${[cloud, account, region].filter((part) => part !== "").join(" ")}${inside.length === 0 ? "" : ` (${inside.join(", ")})`}${whose}`;
}

/** What something cannot do without. */
export function needText({ what, assumption }: Need): string {
  return assumption === undefined ? what : `${what} (assumed: ${assumption})`;
}

/** A value as it is told; undefined where there is none. */
export function told(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (isUnknown(value)) return "not known";
  if (Array.isArray(value)) return value.map(told).sort().join(", ") || "none";
  return typeof value === "object" && value !== null ? keyOf(value) : String(value);
}

/** A number and, where it is not guaranteed, how well it is founded. */
export function termText(term: Term | undefined): string | undefined {
  if (term === undefined) return undefined;
  const { value, grade, assumption } = term;
  if (grade === "guaranteed" && assumption === undefined) return formatBound(value);
  return `${formatBound(value)} (${grade}${assumption === undefined ? "" : `: ${assumption}`})`;
}

function termsText(terms: readonly Term[]): string {
  const [only] = terms;
  if (only === undefined) return "none";
  const parts = terms.map((term) => termText(term) ?? "").sort();
  return parts.length === 1 ? (parts[0] ?? "") : `${formatBound(sumOf(terms))} (${parts.join(" + ")})`;
}

function grade({ grade: own }: Term): number {
  return grades.indexOf(own);
}

/** A bound as a number that orders it: what is not known may be longer than any number, what is endless is. */
function size(value: Bound): number {
  if (isBounded(value)) return value;
  return isUnbounded(value) ? Number.POSITIVE_INFINITY : Number.MAX_VALUE;
}

/** The same for a time that something is kept: what is not known may be nothing. */
function lasting(value: Bound): number {
  if (isBounded(value)) return value;
  return isUnbounded(value) ? Number.POSITIVE_INFINITY : -1;
}
