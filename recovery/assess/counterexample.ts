import { type Bound, formatBound, isBounded, isUnbounded, isUnknown } from "../bound";
import { formatSeconds } from "../duration";
import type { Cadence } from "../loss/restorePoints";
import { isDamaging } from "../loss/survive";
import { formatLimit } from "../objective";
import type { RestorePoints, Series, Term } from "../plan";
import { next } from "../schedule";
import { BySchedule } from "../schedule/bySchedule";
import type { Assessment, Candidate, Counterexample, Event } from "./assessment";
import { type Session, totalOf } from "./session";

/** A promise, and the way that recovers what it covers. */
export interface Answered extends Pick<Assessment, "asset" | "disruption" | "objective"> {
  chosen: Candidate;
}

/** A dated course of events on which one half of the promise breaks, each date to be checked on a calendar. */
export function counterexampleOf(session: Session, answered: Answered, half: "rpo" | "rto"): Counterexample {
  if (half === "rto") return timeExample(answered, session.asOf);
  return expiryExample(session, answered) ?? endlessExample(session, answered) ?? lossExample(session, answered);
}

function lossExample(session: Session, answered: Answered): Counterexample {
  const { chosen, asset } = answered;
  if (chosen.witness !== undefined) return witnessExample(answered, chosen.witness);
  const protection = session.about(asset)?.protections.find(({ id }) => id === chosen.protection);
  const scheduled = protection?.kind === "restore-points" ? scheduledExample(session, protection, answered) : undefined;
  return scheduled ?? courseExample(answered, session.asOf);
}

const struck: Record<Assessment["disruption"], string> = {
  process: "the process dies",
  node: "the node is lost",
  zone: "the zone is lost",
  region: "the region is lost",
  corruption: "a bad write damages the data",
  compromise: "hostile credentials destroy what they can",
};

/** The newest state that would do expires before it has been restored. */
function expiryExample(session: Session, answered: Answered): Counterexample | undefined {
  const { chosen, objective } = answered;
  const { short, window } = chosen;
  if (short === undefined || window === undefined || !isBounded(window.needed) || !isBounded(window.available))
    return undefined;
  const [gone, ...others] = chosen.rpo[1].terms.filter(({ value }) => !isBounded(value));
  if (gone === undefined || others.length > 0) return undefined;
  const losing = totalOf(chosen.rpo[1].terms.filter((term) => term !== gone));
  const { events } = lossExample(session, { ...answered, chosen: { ...chosen, rpo: [chosen.rpo[0], losing] } });
  const from = Math.min(...events.map(({ at }) => at));
  const { kept } = short;
  const last: Event[] = [
    {
      at: from + window.available,
      what: `${kept.source.name}: that state is gone (${kept.name} ${formatBound(kept.value)})`,
    },
    { at: from + window.needed, what: "its restore would have ended" },
  ];
  return {
    events: [...events, ...last].sort((a, b) => a.at - b.at),
    conclusion: `nothing bounds the loss: ${reasonOf(gone)}; RPO is ${formatLimit(objective.rpo)}`,
  };
}

/** Nothing bounds the loss: the last run there is, and why. */
function endlessExample(session: Session, { chosen, asset, objective }: Answered): Counterexample | undefined {
  const endless = chosen.rpo[1].terms.find((term) => !isBounded(term.value));
  if (endless === undefined) return undefined;
  const protection = session.about(asset)?.protections.find(({ id }) => id === chosen.protection);
  const cadence = protection?.kind === "restore-points" ? session.stream(protection).newest[0]?.cadence : undefined;
  return {
    events: cadence?.worst !== undefined ? [{ at: cadence.worst, what: `${cadence.name} is due` }] : [],
    conclusion: `nothing bounds the loss: ${reasonOf(endless)}; RPO is ${formatLimit(objective.rpo)}`,
  };
}

/** The worst moment that a walk over several calendars found. */
function witnessExample(
  answered: Answered,
  { at, captured, failed }: NonNullable<Candidate["witness"]>,
): Counterexample {
  const oldest = Math.min(...captured.map((one) => one.at));
  const events: Event[] = captured
    .map((one) => ({ at: one.at, what: `${one.name}: the moment that will be brought back` }))
    .sort((a, b) => a.at - b.at);
  if (failed !== undefined) events.push({ at, what: `a run of ${failed} since then has failed` });
  events.push({ at, what: `just before anything newer fits, ${struck[answered.disruption]}` });
  return concluded(answered, events, oldest, at);
}

/** One schedule, or several that take points in turn: three runs of which one fails. */
function scheduledExample(session: Session, points: RestorePoints, answered: Answered): Counterexample | undefined {
  const [gap, late] = answered.chosen.rpo[1].terms;
  const cadences = session.stream(points).newest.map(({ cadence }) => cadence);
  const cadence = cadences.find((one) => startOf(one, gap?.value) !== undefined);
  const first = cadence && startOf(cadence, gap?.value);
  // A rerun after an alert does not wait for a calendar.
  if (cadence === undefined || first === undefined) return undefined;
  const third = first + finite(gap?.value);
  const second = cadence.fails ?? Math.min(...cadence.sources.map((one) => nextOf(one, first) ?? third));
  const isAlone = points.series.length === 1;
  const nameAt = (at: number): string =>
    (isAlone ? undefined : points.series.find((one) => runsAt(one, at))?.name) ?? cadence.name;
  const slack = finite(late?.value);
  const usable = beforeTerms(answered).reduce((at, term) => at + finite(term.value), first);
  const isBlocked = cadence.fails !== undefined;
  const busy = finite(cadence.run.value) + finite(cadence.startSlack.value);
  /** A run that keeps others from starting. */
  const keeping = (start: number): Event[] =>
    isBlocked ? [{ at: start + busy, what: "it is over at the latest: what was due meanwhile never started" }] : [];
  const events: Event[] = [
    { at: first, what: `${nameAt(first)} starts: the newest state that will be usable` },
    ...keeping(first),
    { at: second, what: isBlocked ? `${nameAt(second)} starts, and will fail` : `${nameAt(second)} fails` },
    ...keeping(second),
    { at: third + slack, what: `${nameAt(third)} starts${slack > 0 ? `, as late as ${formatSeconds(slack)}` : ""}` },
    { at: usable, what: strikeOn(points, answered) },
  ];
  return concluded(answered, events, first, usable);
}

/** When the disruption strikes, seen from the next run: damage spoils what is captured after it, and is noticed later. */
function strikeOn({ capture }: RestorePoints, answered: Answered): string {
  const { disruption } = answered;
  if (disruption !== "corruption") return `just before it is usable, ${struck[disruption]}`;
  const inFlight = finite(beforeTerms(answered).at(-1)?.value);
  if (inFlight > 0) return `${struck[disruption]}, which is noticed just before that run is usable`;
  return `just before it ${capture === "start" ? "starts" : "ends"}, ${struck[disruption]}`;
}

/** The run at which a longest span with one failed run starts. */
function startOf({ gaps, span, worst }: Cadence, gap: Bound | undefined): number | undefined {
  if (gaps !== undefined) return gaps[1].find((one) => one.span === gap)?.from;
  return gap === span[1] ? worst : undefined;
}

/** Terms one after the other, where no calendar tells when. */
function courseExample(answered: Answered, asOf: number): Counterexample {
  const start = morningAfter(asOf);
  const { chosen, disruption } = answered;
  const events: Event[] = [{ at: start, what: "a write is acknowledged" }];
  let at = start;
  for (const term of beforeTerms(answered)) {
    at += finite(term.value);
    events.push({ at, what: `${term.name} (${formatBound(term.value)})` });
  }
  const isNoticed = disruption === "corruption";
  const when = isNoticed ? `${struck[disruption]}, which is noticed just before it is safe by ${chosen.label}` : "";
  const strikes = when || `just before it is safe by ${chosen.label}, ${struck[disruption]}`;
  events.push({ at, what: at === start && isDamaging(disruption) ? struck[disruption] : strikes });
  return concluded(answered, events, start, at);
}

/** What is lost before damage is noticed ends at the damage; every other loss ends when the next point is usable. */
function beforeTerms({ chosen }: Answered): Term[] {
  return chosen.rpo[1].terms.filter((term) => term.part !== "after");
}

function concluded({ chosen, objective }: Answered, events: Event[], from: number, struckAt: number): Counterexample {
  let at = struckAt;
  const after = chosen.rpo[1].terms.filter(({ part }) => part === "after");
  const further = after.map(({ name, value }): Event => {
    at += finite(value);
    return { at, what: `${name} (${formatBound(value)})` };
  });
  const [whole] = chosen.rpo;
  const healthy = isBounded(whole.total) ? `, ${formatSeconds(whole.total)} with every run succeeding` : "";
  const conclusion = `lost ${formatSeconds(at - from)}${healthy}; RPO is ${formatLimit(objective.rpo)}`;
  return { events: events.concat(further), conclusion };
}

function runsAt(series: Series, at: number): boolean {
  return series.suspended !== true && nextOf(series, at - 1) === at;
}

const knownNext = new BySchedule<{ at: number | undefined }>();

/** The next run of a series after an instant: many have the same calendar, and its worst moment is one. */
function nextOf({ schedule }: Series, after: number): number | undefined {
  if (isUnknown(schedule)) return undefined;
  return knownNext.get(after, schedule, () => {
    const at = next(schedule, after);
    return { at: typeof at === "number" ? at : undefined };
  }).at;
}

function reasonOf({ name, value }: Term): string {
  if (isUnbounded(value)) return `${name}: ${value.unbounded}`;
  return isUnknown(value) ? `${name} cannot be read before deployment: ${value.unknown}` : name;
}

/** 03:00 UTC of the day after: the hour makes no difference to what is told from it. */
function morningAfter(asOf: number): number {
  return Math.ceil(asOf / 86_400) * 86_400 + 3 * 3_600;
}

function timeExample({ chosen, disruption, objective }: Answered, asOf: number): Counterexample {
  let at = morningAfter(asOf);
  const start = at;
  const events: Event[] = [{ at, what: struck[disruption] }];
  const limit = `RTO is ${formatLimit(objective.rto)}`;
  for (const term of chosen.rto.terms) {
    if (!isBounded(term.value)) {
      const why = isUnbounded(term.value) ? term.value.unbounded : term.value.unknown;
      return { events, conclusion: `${term.name} has no bound: ${why}; ${limit}` };
    }
    at += term.value;
    events.push({ at, what: `${term.name} (${formatSeconds(term.value)})` });
  }
  return { events, conclusion: `back after ${formatSeconds(at - start)}; ${limit}` };
}

function finite(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
