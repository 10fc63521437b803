import { formatBound, isBounded, isUnbounded, isUnknown } from "../bound";
import { formatSeconds } from "../duration";
import { freshest } from "../loss/restorePoints";
import { formatLimit } from "../objective";
import type { Path, Plan, Redundancy, RestorePoints, Series, Term } from "../plan";
import { next } from "../schedule";
import { recoveryTerms, untilWritesStop } from "../time/criticalPath";
import type { Assessment, Counterexample, Event } from "./assessment";

/** A dated course of events on which one half of the promise breaks, each date to be checked on a calendar. */
export function counterexampleOf(
  plan: Plan,
  assessment: Assessment,
  half: "rpo" | "rto",
  asOf: number,
): Counterexample | undefined {
  const path = plan.paths.find((one) => one.id === assessment.chosen?.path);
  const protection = plan.protections.find((one) => one.id === assessment.chosen?.protection);
  if (path === undefined || protection === undefined) return undefined;
  if (half === "rto") return timeExample(path, assessment, asOf);
  if (protection.kind !== "redundancy" && protection.kind !== "restore-points") return undefined;
  return protection.kind === "redundancy"
    ? durabilityExample(protection, assessment, asOf)
    : lossExample(protection, path, assessment, asOf);
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
  const cadence = freshest(points, asOf);
  const { chosen, objective, disruption } = assessment;
  if (chosen === undefined) return undefined;
  const [whole, failed] = chosen.rpo;
  const limit = `RPO is ${formatLimit(objective.rpo)}`;
  const endless = failed.terms.find((term) => !isBounded(term.value));
  const start = cadence?.worst;
  if (endless !== undefined) {
    return {
      events: cadence && start ? [{ at: start.first, what: `${cadence.name} is due` }] : [],
      conclusion: `nothing bounds the loss: ${reasonOf(endless)}; ${limit}`,
    };
  }
  if (cadence === undefined || start === undefined || !isBounded(cadence.span[1])) return undefined;
  const third = start.first + cadence.span[1];
  const nameAt = (at: number): string => points.series.find((one) => runsAt(one, at))?.name ?? cadence.name;
  const slack = finite(cadence.startSlack.value);
  // What is lost before damage is noticed ends at the damage; every other loss ends when the next point is usable.
  const usable = failed.terms
    .filter((term) => term.part !== "after")
    .reduce((at, term) => at + finite(term.value), start.first);
  const events: Event[] = [
    { at: start.first, what: `${nameAt(start.first)} starts: the newest state that will be usable` },
    { at: start.second, what: `${nameAt(start.second)} fails` },
    { at: third + slack, what: `${nameAt(third)} starts${slack > 0 ? `, as late as ${formatSeconds(slack)}` : ""}` },
    { at: usable, what: `just before it is usable, ${struck[disruption]}` },
  ];
  let lost = usable - start.first;
  if (disruption === "corruption" || disruption === "compromise") {
    let at = usable;
    for (const term of untilWritesStop(path)) {
      at += finite(term.value);
      events.push({ at, what: `${term.name} (${formatBound(term.value)})` });
    }
    lost = at - start.first;
  }
  const healthy = isBounded(whole.total) ? `, ${formatSeconds(whole.total)} with every run succeeding` : "";
  return { events, conclusion: `lost ${formatSeconds(lost)}${healthy}; ${limit}` };
}

function runsAt({ schedule, suspended }: Series, at: number): boolean {
  return suspended !== true && !isUnknown(schedule) && next(schedule, at - 1) === at;
}

/** Writes acknowledged before they are durable are gone with what held them. */
function durabilityExample(
  protection: Redundancy,
  { disruption, objective }: Assessment,
  asOf: number,
): Counterexample | undefined {
  const limit = `RPO is ${formatLimit(objective.rpo)}`;
  const endless = protection.loss.find((term) => !isBounded(term.value));
  if (endless) return { events: [], conclusion: `nothing bounds the loss: ${reasonOf(endless)}; ${limit}` };
  const lost = protection.loss.reduce((all, term) => all + finite(term.value), 0);
  const at = morningAfter(asOf);
  return {
    events: [
      { at, what: "a write is acknowledged and not yet durable" },
      { at: at + lost, what: `just before it is durable, ${struck[disruption]}` },
    ],
    conclusion: `lost ${formatSeconds(lost)} of acknowledged writes; ${limit}`,
  };
}

function reasonOf({ name, value }: Term): string {
  if (isUnbounded(value)) return `${name}: ${value.unbounded}`;
  return isUnknown(value) ? `${name} cannot be read before deployment: ${value.unknown}` : name;
}

/** 03:00 UTC of the day after: the hour makes no difference to what is told from it. */
function morningAfter(asOf: number): number {
  return Math.ceil(asOf / 86_400) * 86_400 + 3 * 3_600;
}

function timeExample(path: Path, { disruption, objective }: Assessment, asOf: number): Counterexample {
  let at = morningAfter(asOf);
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

function finite(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
