import { formatSeconds, type Seconds } from "./duration";

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

/** True for a bound that is a number of seconds. */
export function isBounded(value: Bound): value is Seconds {
  return typeof value === "number";
}

/** Adds bounds: one without limit makes the sum so, whatever is unknown beside it; else one unknown makes it unknown. */
export function sum(values: readonly Bound[]): Bound {
  const unbounded = values.find(isUnbounded);
  if (unbounded) return unbounded;
  const unknown = values.find(isUnknown);
  if (unknown) return unknown;
  return (values as readonly number[]).reduce((a, b) => a + b, 0) as Seconds;
}

/** The larger of two bounds. */
export function max(a: Bound, b: Bound): Bound {
  if (isUnbounded(a)) return a;
  if (isUnbounded(b)) return b;
  if (isUnknown(a)) return a;
  if (isUnknown(b)) return b;
  return a >= b ? a : b;
}

/** The smaller of two bounds; one that is not known may be the smaller. */
export function min(a: Bound, b: Bound): Bound {
  if (isUnknown(a)) return a;
  if (isUnknown(b)) return b;
  return compare(a, b) <= 0 ? a : b;
}

/** Orders bounds for choosing the nearest: finite by size, then unknown, then unbounded. */
export function compare(a: Bound, b: Bound): number {
  const rank = (v: Bound) => (isUnbounded(v) ? 2 : isUnknown(v) ? 1 : 0);
  return rank(a) - rank(b) || (isBounded(a) && isBounded(b) ? a - b : 0);
}

/** Prints a bound: `8m 10s`, `unbounded`, `unknown`. */
export function formatBound(value: Bound): string {
  return isUnbounded(value) ? "unbounded" : isUnknown(value) ? "unknown" : formatSeconds(value);
}
