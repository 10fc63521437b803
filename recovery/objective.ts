import { type Bound, isBounded, isUnbounded } from "./bound";
import { type Duration, formatSeconds, isProblem, type Problem, parseDuration, type Seconds, show } from "./duration";

/** What can go wrong, in the order reports use. */
export const disruptions = ["process", "node", "zone", "region", "corruption", "compromise"] as const;

/** One kind of failure an asset must survive. */
export type Disruption = (typeof disruptions)[number];

/** `"15m"` (at most) or `"under 15m"` (strictly less): runbooks use both, and it matters. */
export type LimitText = Duration | `under ${Duration}`;

/** A limit with its comparison. */
export interface Limit {
  seconds: Seconds;
  strict: boolean;
}

/** RPO and RTO of an asset for one disruption, as written. */
export interface ObjectiveArgs {
  rpo: LimitText;
  rto: LimitText;
  /** Who answers for this promise. */
  owner: string;
  /** Why it is this and not more or less. */
  reason: string;
}

/** Objectives for every disruption: a data store without them does not compile. */
export type ObjectivesArgs = Record<Disruption, ObjectiveArgs>;

/** RPO and RTO of an asset for one disruption. */
export interface Objective {
  rpo: Limit;
  rto: Limit;
  owner: string;
  reason: string;
}

/** How long restore points are kept: at least `atLeast`, and deleted by `atMost` at the latest. */
export interface RetentionArgs {
  atLeast: Duration;
  atMost?: Duration;
}

/** Retention in seconds. */
export interface Retention {
  atLeast: Seconds;
  atMost?: Seconds;
}

/** Reads a limit such as `"15m"` or `"under 15m"`. */
export function parseLimit(text: unknown): Limit | Problem {
  const strict = typeof text === "string" && text.startsWith("under ");
  const value = parseDuration(strict ? text.slice("under ".length) : text);
  if (isProblem(value)) {
    return { problem: value.problem.replace('"15m" or "1h30m"', '"15m" or "under 15m"') };
  }
  if (strict && value === 0) return { problem: `must leave room below it, got ${show(text)}` };
  return { seconds: value, strict };
}

/** Prints a limit as it is written in configuration. */
export function formatLimit(limit: Limit): string {
  return `${limit.strict ? "under " : ""}${formatSeconds(limit.seconds)}`;
}

/** Whether a bound keeps a limit: an unknown bound is neither kept nor broken. */
export function keeps(bound: Bound, limit: Limit): "yes" | "no" | "unknown" {
  if (isUnbounded(bound)) return "no";
  if (!isBounded(bound)) return "unknown";
  return (limit.strict ? bound < limit.seconds : bound <= limit.seconds) ? "yes" : "no";
}

/** The largest bound that keeps a limit, in seconds; below 0 where none does, which `parseLimit` refuses. */
export function largestKept(limit: Limit): number {
  return limit.strict ? limit.seconds - 1 : limit.seconds;
}
