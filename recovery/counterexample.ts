import type { Assessment, Counterexample, Event } from "./assessment";
import { formatBound, isBounded, isUnbounded, isUnknown } from "./bound";
import { formatSeconds } from "./duration";
import { formatLimit } from "./objective";
import type { Path, Plan, RestorePoints, Series } from "./plan";
import { freshest, gapsOf, spanOf } from "./points";
import { recoveryTerms, untilWritesStop } from "./recoveryTime";
import { next } from "./schedule";

/** A dated course of events on which the promise breaks, each date to be checked on a calendar. */
export function counterexampleOf(plan: Plan, assessment: Assessment, asOf: number): Counterexample | undefined {
  const { chosen, broken } = assessment;
  if (chosen === undefined) return undefined;
  const path = plan.paths.find((one) => one.id === chosen.path);
  const protection = plan.protections.find((one) => one.id === chosen.protection);
  if (path === undefined || protection === undefined) return undefined;
  if (broken.includes("rpo") && protection.kind === "restore-points") {
    return lossExample(protection, path, assessment, asOf);
  }
  if (broken.includes("rto")) return timeExample(path, assessment, asOf);
  return undefined;
}

const struck: Record<Assessment["disruption"], string> = {
  process: "the process dies",
  node: "the node is lost",
  zone: "the zone is lost",
  region: "the region is lost",
  corruption: "a bad write damages the data",
  compromise: "hostile credentials destroy what they can",
};

function lossExample(
  points: RestorePoints,
  path: Path,
  assessment: Assessment,
  asOf: number,
): Counterexample | undefined {
  const series = freshest(points);
  const { chosen, objective, disruption } = assessment;
  if (chosen === undefined) return undefined;
  const [whole, failed] = chosen.rpo;
  const limit = `RPO is ${formatLimit(objective.rpo)}`;
  const endless = failed.terms.find((term) => !isBounded(term.value));
  if (series === undefined || endless !== undefined) {
    const reason = endless && "unbounded" in Object(endless.value) ? endless.value : undefined;
    const why =
      reason && isUnbounded(reason)
        ? reason.unbounded
        : endless && isUnknown(endless.value)
          ? `cannot be read before deployment: ${endless.value.unknown}`
          : "no restore point is ever taken";
    const at = series ? firstRun(series, asOf) : undefined;
    return {
      events: at === undefined ? [] : [{ at, what: `${series?.name} is due` }],
      conclusion: `nothing bounds the loss (${endless?.name ?? "restore points"}: ${why}); ${limit}`,
    };
  }
  const gaps = gapsOf(series, asOf);
  if (isUnknown(gaps) || isUnknown(series.schedule)) return undefined;
  const first = gaps.maxGapAfter[1];
  const second = first === undefined ? undefined : next(series.schedule, first);
  const span = spanOf(series, 1, asOf);
  if (first === undefined || typeof second !== "number" || !isBounded(span)) return undefined;
  const third = first + span;
  const slack = finite(series.startSlack.value);
  // What is lost before damage is noticed ends at the damage; every other loss ends when the next point is usable.
  const usable = failed.terms
    .filter((term) => term.part !== "after")
    .reduce((at, term) => at + finite(term.value), first);
  const events: Event[] = [
    { at: first, what: `${series.name} starts: the newest state that will be usable` },
    { at: second, what: `${series.name} fails` },
    { at: third + slack, what: `${series.name} starts${slack > 0 ? `, as late as ${formatSeconds(slack)}` : ""}` },
    { at: usable, what: `just before it is usable, ${struck[disruption]}` },
  ];
  let lost = usable - first;
  if (disruption === "corruption" || disruption === "compromise") {
    let at = usable;
    for (const term of untilWritesStop(path)) {
      at += finite(term.value);
      events.push({ at, what: `${term.name} (${formatBound(term.value)})` });
    }
    lost = at - first;
  }
  const healthy = isBounded(whole.total) ? `, ${formatSeconds(whole.total)} with every run succeeding` : "";
  return { events, conclusion: `lost ${formatSeconds(lost)}${healthy}; ${limit}` };
}

/** Recovery told from a morning after `asOf`, since the hour makes no difference to it. */
function timeExample(path: Path, { disruption, objective }: Assessment, asOf: number): Counterexample {
  let at = Math.ceil(asOf / 86_400) * 86_400 + 3 * 3_600;
  const start = at;
  const events: Event[] = [{ at, what: struck[disruption] }];
  for (const term of recoveryTerms(path)) {
    if (!isBounded(term.value)) {
      const why = isUnbounded(term.value) ? term.value.unbounded : term.value.unknown;
      return {
        events,
        conclusion: `${term.name} has no bound: ${why}; RTO is ${formatLimit(objective.rto)}`,
      };
    }
    at += term.value;
    events.push({ at, what: `${term.name} (${formatSeconds(term.value)})` });
  }
  return {
    events,
    conclusion: `back after ${formatSeconds(at - start)}; RTO is ${formatLimit(objective.rto)}`,
  };
}

function firstRun(series: Series, asOf: number): number | undefined {
  if (isUnknown(series.schedule)) return undefined;
  const at = next(series.schedule, asOf);
  return typeof at === "number" ? at : undefined;
}

function finite(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
