import type { Assessment, Candidate, Dropped, Verdict } from "../recovery/assess/assessment";
import { type Bound, formatBound, isUnbounded, isUnknown } from "../recovery/bound";
import { disruptions } from "../recovery/objective";
import type { Source } from "../recovery/plan";

/** Verdicts from worst to best. */
export const verdicts: readonly Verdict[] = ["missed", "cannot prove", "assumed", "proven"];

/** A count with its noun: `1 asset`, `6 systems`. */
export function count(howMany: number, noun: string): string {
  return `${howMany} ${noun}${howMany === 1 ? "" : "s"}`;
}

/** Things in a sentence: `a`, `a and b`, `a, b and c`. */
export function listed(things: readonly string[]): string {
  const last = things.at(-1) ?? "";
  return things.length < 2 ? last : `${things.slice(0, -1).join(", ")} and ${last}`;
}

/** How many promises have which verdict, worst first: `1 missed, 2 assumed, 3 proven`. */
export function tally(all: readonly { verdict: Verdict }[]): string {
  return verdicts
    .map((verdict) => ({ verdict, howMany: all.filter((one) => one.verdict === verdict).length }))
    .filter(({ howMany }) => howMany > 0)
    .map(({ verdict, howMany }) => `${howMany} ${verdict}`)
    .join(", ");
}

/** Where a number was read, for people: `CronJob omendb-backup · spec.schedule`. */
export function readFrom(source: Source): string {
  return source.property === undefined ? source.name : `${source.name} · ${source.property}`;
}

/** Why a bound is no number, or nothing when it is one. */
export function whyNot(bound: Bound): string | undefined {
  if (isUnbounded(bound)) return bound.unbounded;
  return isUnknown(bound) ? bound.unknown : undefined;
}

/** The loss with every run succeeding, where it differs from the loss through one failed run. */
export function healthyLoss({ rpo: [whole, failed] }: Candidate): string | undefined {
  const text = formatBound(whole.total);
  return text === formatBound(failed.total) ? undefined : text;
}

/** A worst loss as reports write it: `8m 10s (5m 10s)`. */
export function loss(candidate: Candidate): string {
  const healthy = healthyLoss(candidate);
  return `${formatBound(candidate.rpo[1].total)}${healthy === undefined ? "" : ` (${healthy})`}`;
}

/** The worst loss of a promise in words: without a path everything is lost, or nobody can tell. */
export function worstLoss({ chosen, verdict }: Pick<Assessment, "chosen" | "verdict">): string {
  return chosen ? loss(chosen) : verdict === "missed" ? "all" : "?";
}

/** The worst time to recover in words: without a path it never ends, or nobody can tell. */
export function worstTime({ chosen, verdict }: Pick<Assessment, "chosen" | "verdict">): string {
  return chosen ? formatBound(chosen.rto.total) : verdict === "missed" ? "never" : "?";
}

/** What people call the path a verdict is about, or that there is none. */
export function pathName({ chosen, verdict }: Pick<Assessment, "chosen" | "verdict">): string {
  return chosen?.label ?? (verdict === "missed" ? "no path survives" : "no path is known to survive");
}

/** Most other ways that are told: a group has one for each combination of those of its members. */
const mostWays = 8;

/** Other ways that survive, with what they cost, the nearest first. */
export function otherWays({ others }: Pick<Assessment, "others">): string[] {
  const told = others
    .slice(0, mostWays)
    .map((way) => `${way.label}: RPO ${loss(way)}, RTO ${formatBound(way.rto.total)}`);
  const more = others.length - told.length;
  return more === 0 ? told : [...told, `${more} more: see the JSON evidence`];
}

/** A way that does not count, and why: `replica: cannot tell, its place is an output`. */
export function dropped({ label, reason, unknown }: Dropped): string {
  return `${label}: ${unknown ? "cannot tell, " : ""}${reason}`;
}

/** Orders texts by code unit, the same on every machine. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Position of a disruption in reports; things that concern none of them come first. */
export function rank(disruption: string | undefined): number {
  return (disruptions as readonly string[]).indexOf(disruption ?? "");
}
