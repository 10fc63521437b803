import { compare, isBounded } from "../bound";
import { type Disruption, disruptions, keeps, largestKept, type Objective } from "../objective";
import type { Asset, Plan, Term } from "../plan";
import { noticingTerms } from "../time/criticalPath";
import type { Assessment, Binding, Candidate, Dropped, Verdict } from "./assessment";
import { counterexampleOf } from "./counterexample";
import { judged, termsOf } from "./judge";
import { type Session, sessionOf, totalOf } from "./session";
import { waysIn } from "./ways";

/** One assessment for each asset and disruption that has an objective, in the order of the plan's assets. */
export function assess(plan: Plan, asOf: number): Assessment[] {
  const session = sessionOf(plan, asOf);
  return plan.assets.flatMap((asset) =>
    disruptions.flatMap((disruption) => {
      const answer = assessIn(session, asset, disruption);
      return answer ? [answer] : [];
    }),
  );
}

/** The worst case of one asset under one disruption; undefined when nothing is promised. Fixes are found apart (`fix.ts`). */
export function assessOne(plan: Plan, asset: Asset, disruption: Disruption, asOf: number): Assessment | undefined {
  return assessIn(sessionOf(plan, asOf), asset, disruption);
}

function assessIn(session: Session, asset: Asset, disruption: Disruption): Assessment | undefined {
  const objective = asset.objectives[disruption];
  if (objective === undefined) return undefined;
  const { candidates, dropped } = waysIn(session, asset, disruption);
  const [best, ...others] = judged(session, asset, candidates, objective);
  const verdict = best === undefined ? withoutWay(dropped) : promote(best.verdict, dropped);
  const assessment: Assessment = {
    asset: asset.id,
    system: asset.system,
    disruption,
    objective,
    verdict,
    broken: best?.broken ?? ["rpo", "rto"],
    ...(best ? { chosen: best.candidate } : {}),
    others: others.map((one) => one.candidate),
    dropped,
    bindings: {},
    counterexamples: {},
    assumptions: best ? assumptionsOf(session, asset, best.candidate) : [],
  };
  if (best === undefined) return assessment;
  for (const half of ["rpo", "rto"] as const) {
    if (!best.broken.includes(half)) continue;
    const binding = bindingOf(best.candidate, half, objective, noticingOf(session, asset, best.candidate));
    if (binding) assessment.bindings[half] = binding;
    const counterexample = counterexampleOf(session, assessment, half);
    if (counterexample) assessment.counterexamples[half] = counterexample;
  }
  return assessment;
}

/** A way that might exist but could not be read turns a miss into "cannot prove": still never a pass. */
function promote(verdict: Verdict, dropped: readonly Dropped[]): Verdict {
  return verdict === "missed" && dropped.some((one) => one.unknown) ? "cannot prove" : verdict;
}

function withoutWay(dropped: readonly Dropped[]): Verdict {
  return dropped.some((one) => one.unknown) ? "cannot prove" : "missed";
}

function assumptionsOf(session: Session, { id }: Asset, candidate: Candidate): string[] {
  const path = session.about(id)?.paths.find((one) => one.id === candidate.path);
  const ids = [
    ...termsOf(candidate).map((term) => term.assumption),
    ...(path?.needs ?? []).map((need) => need.assumption),
  ];
  return [...new Set(ids.filter((id) => id !== undefined))].sort();
}

function noticingOf(session: Session, { id }: Asset, candidate: Candidate): Term[] {
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
  const total = half === "rpo" ? candidate.rpo[1] : candidate.rto;
  const endless = total.terms.find((term) => !isBounded(term.value));
  // Where noticing alone takes too long, no step can make up for it.
  const first = half === "rto" && keeps(totalOf([...noticing]).total, objective.rto) === "no" ? noticing : total.terms;
  const term = endless ?? [...first].sort((a, b) => compare(b.value, a.value))[0];
  if (term === undefined) return undefined;
  const others = total.terms.filter((other) => other !== term);
  if (!others.every((other) => isBounded(other.value))) return { term };
  const rest = others.reduce((all, other) => all + (isBounded(other.value) ? other.value : 0), 0);
  const largest = largestKept(objective[half]) - rest;
  return largest >= 0 ? { term, largest } : { term };
}
