import { compare, isBounded, isUnbounded } from "../bound";
import { type Disruption, disruptions, keeps, largestKept, type Objective } from "../objective";
import type { Asset, Plan, Term } from "../plan";
import { noticingTerms } from "../time/criticalPath";
import type { Assessment, Binding, Candidate, Dropped, Verdict } from "./assessment";
import { type Answered, counterexampleOf } from "./counterexample";
import { foundation, type Half, isSpoiling, type Judged, judged } from "./judge";
import { type Session, sessionOf, totalOf } from "./session";
import { waysIn } from "./ways";

/** One assessment for each asset and disruption that has an objective, in the order of the plan's assets. */
export function assess(plan: Plan, asOf: number): Assessment[] {
  const session = sessionOf(plan, asOf);
  const answers: Assessment[] = [];
  for (const asset of plan.assets) {
    for (const disruption of disruptions) {
      const answer = assessIn(session, asset, disruption);
      if (answer !== undefined) answers.push(answer);
    }
  }
  return answers;
}

/** The worst case of one asset under one disruption; undefined when nothing is promised. Fixes are found apart (`fix.ts`). */
export function assessOne(plan: Plan, asset: Asset, disruption: Disruption, asOf: number): Assessment | undefined {
  return assessIn(sessionOf(plan, asOf), asset, disruption);
}

function assessIn(session: Session, asset: Asset, disruption: Disruption): Assessment | undefined {
  const objective = asset.objectives[disruption];
  if (objective === undefined) return undefined;
  const { candidates, dropped } = waysIn(session, asset, disruption);
  const ways = judged(session, asset, candidates, objective);
  const [best] = ways;
  const { id, system } = asset;
  if (best === undefined) {
    const verdict = dropped.some((one) => one.unknown) ? "cannot prove" : "missed";
    const broken: Half[] = ["rpo", "rto"];
    return {
      asset: id,
      system,
      disruption,
      objective,
      verdict,
      broken,
      others: none,
      dropped,
      bindings: nothing.bindings,
      counterexamples: nothing.counterexamples,
      assumptions: none,
    };
  }
  const { candidate: chosen, broken } = best;
  const { bindings, counterexamples } =
    broken.length === 0 ? nothing : breaks(session, { asset: id, disruption, objective, chosen }, best, ways);
  return {
    asset: id,
    system,
    disruption,
    objective,
    verdict: promote(best.verdict, dropped, objective),
    broken,
    chosen,
    others: ways.length === 1 ? none : othersOf(ways.slice(1), chosen),
    dropped,
    bindings,
    counterexamples,
    assumptions: assumptionsOf(session, asset, chosen),
  };
}

/** What is told of most promises: of those that are kept. */
const nothing: Pick<Assessment, "bindings" | "counterexamples"> = {
  bindings: Object.freeze({}),
  counterexamples: Object.freeze({}),
};

/** What most promises have none of. */
const none: readonly never[] = Object.freeze([]);

/** For each broken half what decides, and a course of events that breaks it. */
function breaks(session: Session, answered: Answered, { broken }: Judged, ways: readonly Judged[]): typeof nothing {
  const answer: typeof nothing = { bindings: {}, counterexamples: {} };
  const instead = insteadOf(answered, ways);
  const { asset, chosen, objective } = answered;
  for (const half of ["rpo", "rto"] as const) {
    if (!broken.includes(half)) continue;
    const binding = bindingOf(chosen, half, objective, noticingOf(session, asset, chosen));
    if (binding) answer.bindings[half] = binding;
    const { events, conclusion } = counterexampleOf(session, answered, half);
    answer.counterexamples[half] = { events, conclusion: `${conclusion}${instead}` };
  }
  return answer;
}

/** Why a way that would keep a promise does not count: its set comes back by one way, and more would be broken by that. */
function insteadOf({ asset }: Answered, ways: readonly Judged[]): string {
  const other = ways.find(({ candidate, broken }) => broken.length === 0 && isSpoiling(candidate))?.candidate;
  const names = other?.spoils?.filter((id) => id !== asset) ?? [];
  return other === undefined
    ? ""
    : `; ${other.label} would keep it, but less of what is promised of ${names.join(" and ")}`;
}

/** The other ways, but those of which another by the same path loses no more and takes no longer. */
function othersOf(judged: readonly Judged[], chosen: Candidate): readonly Candidate[] {
  let others: readonly Candidate[] = none;
  for (const { candidate } of judged) {
    if (isNoWorse(chosen, candidate) || others.some((one) => isNoWorse(one, candidate))) continue;
    // A list that is kept, and must not have room for many more.
    others = others.concat(candidate);
  }
  return others;
}

function isNoWorse(one: Candidate, other: Candidate): boolean {
  return (
    one.path === other.path &&
    compare(one.rpo[1].total, other.rpo[1].total) <= 0 &&
    compare(one.rto.total, other.rto.total) <= 0
  );
}

/** A way that might keep the promise but could not be read turns a miss into "cannot prove": still never a pass. */
function promote(verdict: Verdict, dropped: readonly Dropped[], { rpo, rto }: Objective): Verdict {
  const mayKeep = ({ unknown, atBest }: Dropped) =>
    unknown && (atBest?.some((least) => keeps(least.rpo, rpo) !== "no" && keeps(least.rto, rto) !== "no") ?? true);
  return verdict === "missed" && dropped.some(mayKeep) ? "cannot prove" : verdict;
}

function assumptionsOf(session: Session, { id }: Asset, candidate: Candidate): readonly string[] {
  const path = session.about(id)?.paths.find((one) => one.id === candidate.path);
  const lists = [...foundation(candidate), path?.needs ?? none];
  if (lists.every((some) => some.every(isFirm))) return none;
  const ids = lists.flatMap((some) => some.flatMap(({ assumption }) => assumption ?? []));
  return [...new Set(ids)].sort();
}

function isFirm({ assumption }: { assumption?: string }): boolean {
  return assumption === undefined;
}

function noticingOf(session: Session, id: string, candidate: Candidate): Term[] {
  const path = session.about(id)?.paths.find((one) => one.id === candidate.path);
  return path ? noticingTerms(path) : [];
}

/** The term to change first: one without limit or unknown, else the largest; and the most it may be. */
export function bindingOf(
  candidate: Candidate,
  half: "rpo" | "rto",
  objective: Objective,
  noticing: readonly Term[] = [],
): Binding | undefined {
  const { short } = candidate;
  if (half === "rpo" && short !== undefined) {
    // A longer time does no good where something else has no end either, or loses too much.
    const beside = totalOf(candidate.rpo[1].terms.filter(({ value }) => !isUnbounded(value))).total;
    const [, ...endless] = candidate.rpo[1].terms.filter(({ value }) => isUnbounded(value));
    if (endless.length === 0 && keeps(beside, objective.rpo) === "yes") return { term: short.kept, least: short.least };
  }
  const total = half === "rpo" ? candidate.rpo[1] : candidate.rto;
  const endless = total.terms.find((term) => !isBounded(term.value));
  // Where noticing alone takes too long, no step can make up for it.
  const first = half === "rto" && keeps(totalOf([...noticing]).total, objective.rto) === "no" ? noticing : total.terms;
  const term = endless ?? largestOf(first);
  if (term === undefined) return undefined;
  const others = total.terms.filter((other) => other !== term);
  if (!others.every((other) => isBounded(other.value))) return { term };
  const rest = others.reduce((all, other) => all + (isBounded(other.value) ? other.value : 0), 0);
  const largest = largestKept(objective[half]) - rest;
  return largest >= 0 ? { term, largest } : { term };
}

function largestOf(terms: readonly Term[]): Term | undefined {
  const [first, ...others] = terms;
  return first && others.reduce((a, b) => (compare(b.value, a.value) > 0 ? b : a), first);
}
