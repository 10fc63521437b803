import { formatSeconds, type Seconds, show } from "./duration";

/** Something that cannot be read before deployment, with the reason. */
export interface Unknown {
  unknown: string;
}

/** A value, or the reason why it cannot be read yet. */
export type Maybe<T> = T | Unknown;

/** A span with no upper limit, with the reason. */
export interface Unbounded {
  unbounded: string;
}

/** An upper bound in whole seconds; without limit; or not known. */
export type Bound = Seconds | Unbounded | Unknown;

/** True for a value that cannot be read yet. */
export function isUnknown(value: unknown): value is Unknown {
  return typeof value === "object" && value !== null && "unknown" in value;
}

/** True for a bound without limit. */
export function isUnbounded(value: unknown): value is Unbounded {
  return typeof value === "object" && value !== null && "unbounded" in value;
}

/** True for a bound that is a number of seconds: whole, and not negative. */
export function isBounded(value: Bound): value is Seconds {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The bound itself; unknown where it is none: a fraction, a negative number, not a number. */
export function checked(value: Bound): Bound {
  if (isBounded(value) || isUnbounded(value) || isUnknown(value)) return value;
  return { unknown: `a span must be whole seconds, 0 or more, got ${show(value)}` };
}

/** Adds bounds: one without limit makes the sum so, whatever is unknown beside it; else one unknown makes it unknown. */
export function sum(values: readonly Bound[]): Bound {
  let total: Bound = 0 as Seconds;
  for (const value of values) total = add(total, value);
  return total;
}

/** The sum of some numbers that have a bound for a value. */
export function sumOf(terms: readonly { value: Bound }[]): Bound {
  let total: Bound = 0 as Seconds;
  for (const { value } of terms) total = add(total, value);
  return total;
}

/** Adds two bounds; of two without limit, or unknown, the first is told. */
export function add(a: Bound, b: Bound): Bound {
  if (isBounded(a) && isBounded(b)) return (a + b) as Seconds;
  if (isUnbounded(a)) return a;
  if (isUnbounded(b)) return b;
  return isBounded(a) ? checked(b) : checked(a);
}

/** The larger of two bounds. */
export function max(a: Bound, b: Bound): Bound {
  return checked(compare(a, b) >= 0 ? a : b);
}

/** The smaller of two bounds; one that is not known may be the smaller. */
export function min(a: Bound, b: Bound): Bound {
  if (isBounded(a) && isBounded(b)) return a <= b ? a : b;
  return [checked(a), checked(b)].find(isUnknown) ?? (compare(a, b) <= 0 ? a : b);
}

/** Orders bounds for choosing the nearest: finite by size, then unknown, then unbounded. */
export function compare(a: Bound, b: Bound): number {
  return isBounded(a) && isBounded(b) ? a - b : rank(a) - rank(b);
}

function rank(value: Bound): number {
  return isUnbounded(value) ? 2 : isBounded(value) ? 0 : 1;
}

/** Prints a bound: `8m 10s`, `unbounded`, `unknown`. */
export function formatBound(value: Bound): string {
  return isUnbounded(value) ? "unbounded" : isBounded(value) ? formatSeconds(value) : "unknown";
}
