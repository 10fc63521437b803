import { compare, isBounded, isUnbounded, isUnknown } from "../bound";
import { type Disruption, disruptions, keeps, largestKept, type Objective } from "../objective";
import type { Asset, Path, Plan, Term } from "../plan";
import type { Assessment, Binding, Candidate, Verdict } from "./assessment";
import { type Dropped, waysOf } from "./candidates";
import { counterexampleOf } from "./counterexample";

type Half = Assessment["broken"][number];

/** One assessment for each asset and disruption that has an objective, in the order of the plan's assets. */
export function assess(plan: Plan, asOf: number): Assessment[] {
  return plan.assets.flatMap((asset) =>
    disruptions.flatMap((disruption) => {
      const answer = assessOne(plan, asset, disruption, asOf);
      return answer ? [answer] : [];
    }),
  );
}

/** The worst case of one asset under one disruption; undefined when nothing is promised. Fixes are found apart (`fix.ts`). */
export function assessOne(plan: Plan, asset: Asset, disruption: Disruption, asOf: number): Assessment | undefined {
  const objective = asset.objectives[disruption];
  if (objective === undefined) return undefined;
  const { candidates, dropped } = waysOf(plan, asset, disruption, asOf);
  const judged = candidates
    .map((candidate) => ({ candidate, ...judge(candidate, objective, plan) }))
    .sort((a, b) => order(a.verdict) - order(b.verdict) || nearer(a, b));
  const best = judged[0];
  const verdict = best === undefined ? withoutWay(dropped) : promote(best.verdict, dropped);
  const assessment: Assessment = {
    asset: asset.id,
    system: asset.system,
    disruption,
    objective,
    verdict,
    broken: best?.broken ?? ["rpo", "rto"],
    ...(best ? { chosen: best.candidate } : {}),
    others: judged.slice(1).map((one) => one.candidate),
    dropped: dropped.map(({ path, label, reason, declared }) => ({ path, label, reason, declared })),
    bindings: {},
    counterexamples: {},
    assumptions: best ? assumptionsOf(best.candidate, plan) : [],
  };
  if (best === undefined) return assessment;
  for (const half of ["rpo", "rto"] as const) {
    if (!best.broken.includes(half)) continue;
    const binding = bindingOf(best.candidate, half, objective);
    if (binding) assessment.bindings[half] = binding;
    const counterexample = counterexampleOf(plan, assessment, half, asOf);
    if (counterexample) assessment.counterexamples[half] = counterexample;
  }
  return assessment;
}

interface Judged {
  candidate: Candidate;
  verdict: Verdict;
  broken: Half[];
}

function judge(candidate: Candidate, objective: Objective, plan: Plan): Omit<Judged, "candidate"> {
  const answers: [Half, "yes" | "no" | "unknown"][] = [
    ["rpo", keeps(candidate.rpo[1].total, objective.rpo)],
    ["rto", keeps(candidate.rto.total, objective.rto)],
    ["window", fits(candidate)],
  ];
  const broken = answers.filter(([, answer]) => answer !== "yes").map(([half]) => half);
  if (answers.some(([, answer]) => answer === "no")) return { verdict: "missed", broken };
  if (broken.length > 0) return { verdict: "cannot prove", broken };
  const path = plan.paths.find((one) => one.id === candidate.path);
  const firm =
    termsOf(candidate).every((term) => term.grade === "guaranteed" || term.grade === "measured") &&
    (path?.needs ?? []).every((need) => need.assumption === undefined);
  return { verdict: firm ? "proven" : "assumed", broken };
}

function fits({ window }: Candidate): "yes" | "no" | "unknown" {
  if (window === undefined || isUnbounded(window.available)) return "yes";
  // What is endless or unknown about the need breaks the loss or the time by itself.
  if (!isBounded(window.needed)) return "yes";
  if (isUnknown(window.available)) return "unknown";
  return compare(window.needed, window.available) <= 0 ? "yes" : "no";
}

function order(verdict: Verdict): number {
  return ["proven", "assumed", "cannot prove", "missed"].indexOf(verdict);
}

function nearer(a: Judged, b: Judged): number {
  return (
    a.broken.length - b.broken.length ||
    compare(a.candidate.rto.total, b.candidate.rto.total) ||
    compare(a.candidate.rpo[1].total, b.candidate.rpo[1].total) ||
    (a.candidate.path < b.candidate.path ? -1 : 1)
  );
}

/** A way that might exist but could not be read turns a miss into "cannot prove": still never a pass. */
function promote(verdict: Verdict, dropped: readonly Dropped[]): Verdict {
  return verdict === "missed" && dropped.some((one) => one.unknown) ? "cannot prove" : verdict;
}

function withoutWay(dropped: readonly Dropped[]): Verdict {
  return dropped.some((one) => one.unknown) ? "cannot prove" : "missed";
}

/** Every term that the verdict on a candidate rests on. */
export function termsOf(candidate: Candidate): Term[] {
  return [...candidate.rpo[1].terms, ...candidate.rto.terms];
}

function assumptionsOf(candidate: Candidate, plan: Plan): string[] {
  const path: Path | undefined = plan.paths.find((one) => one.id === candidate.path);
  const ids = [
    ...termsOf(candidate).map((term) => term.assumption),
    ...(path?.needs ?? []).map((need) => need.assumption),
  ];
  return [...new Set(ids.filter((id) => id !== undefined))].sort();
}

/** The term to change first: one without limit or unknown, else the largest; and the most it may be. */
export function bindingOf(candidate: Candidate, half: "rpo" | "rto", objective: Objective): Binding | undefined {
  const total = half === "rpo" ? candidate.rpo[1] : candidate.rto;
  const endless = total.terms.find((term) => !isBounded(term.value));
  const term = endless ?? [...total.terms].sort((a, b) => compare(b.value, a.value))[0];
  if (term === undefined) return undefined;
  const others = total.terms.filter((other) => other !== term);
  if (!others.every((other) => isBounded(other.value))) return { term };
  const rest = others.reduce((all, other) => all + (isBounded(other.value) ? other.value : 0), 0);
  const largest = largestKept(objective[half]) - rest;
  return largest >= 0 ? { term, largest } : { term };
}
