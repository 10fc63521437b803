import {
  type Assessment,
  assess,
  compare,
  type Evidence,
  type Finding,
  fixOf,
  type Judgement,
  type NotAssessed,
  type Note,
  type Plan,
  type ReadProblem,
  recoveryTerms,
  sum,
} from "../recovery";
import type { ResourceGraph } from "./graph";
import { observe } from "./observe";
import { rules } from "./rules";
import { linksResolve } from "./rules/links-resolve";
import { staleFactNotes } from "./staleFacts";

/** Days before its end at which a register entry is called expiring. */
const soonDays = 30;

const judged = new WeakMap<ResourceGraph, Map<number, Judgement>>();

/** The verdict on everything a program declares: pure, and computed once for each graph and date (seconds since 1970). */
export function judge(graph: ResourceGraph, asOf: number): Judgement {
  const known = judged.get(graph) ?? new Map<number, Judgement>();
  judged.set(graph, known);
  const answer = known.get(asOf) ?? judgePlan({ ...observe(graph, asOf), asOf }, graph.resources.length);
  known.set(asOf, answer);
  return answer;
}

/**
 * The verdict on a plan, wherever it was read: from a graph of so many resources or from a file. Rules that are not
 * assessed are not run: the plan does not state what they judge.
 */
export function judgePlan(
  { plan, problems: read, asOf }: Omit<Evidence, "assessments" | "unstated">,
  resources: number,
  notAssessed: NotAssessed[] = [],
): Judgement {
  const assessments = assess(plan, asOf).map((assessment): Assessment => {
    const fix = assessment.verdict === "missed" ? fixOf(plan, assessment, asOf) : undefined;
    return fix ? { ...assessment, fix } : assessment;
  });
  const problems = eachOnce([...read, ...strayWaivers(plan)]);
  const evidence: Evidence = { plan, assessments, problems, unstated: notAssessed.map(({ section }) => section), asOf };
  const findings = rules
    .filter(({ name }) => !notAssessed.some(({ notRun }) => notRun.includes(name)))
    .flatMap(({ name, level, remediation, check }) =>
      check(evidence).map((violation) => ({ ...violation, rule: name, level, remediation })),
    )
    .map((finding) => waived(finding, plan, asOf));
  const notes = notesOf(plan, assessments, findings, asOf);
  const levels = rules.map(({ name, level }) => ({ name, level }));
  return { asOf, plan, resources, problems, notAssessed, rules: levels, assessments, findings, notes };
}

/** A plan that was judged before, and written, names its stray waivers already. */
function eachOnce(problems: readonly ReadProblem[]): ReadProblem[] {
  return [...new Map(problems.map((one) => [JSON.stringify([one.source, one.asset, one.message]), one])).values()];
}

/** Waivers of no rule, and of the one rule without which nothing that is judged can be believed. */
function strayWaivers({ register }: Plan): ReadProblem[] {
  return register.waivers.flatMap(({ rule }): ReadProblem[] => {
    const name = `waiver of ${rule}`;
    const source = { resource: `register:${name}`, name: `Register entry ${name}` };
    if (rule === linksResolve.name)
      return [{ source, message: `${rule} cannot be waived: mend what does not resolve` }];
    return rules.some((one) => one.name === rule) ? [] : [{ source, message: `${name}: there is no such rule` }];
  });
}

function waived(finding: Finding, plan: Plan, asOf: number): Finding {
  if (finding.rule === linksResolve.name) return finding;
  const waiver = plan.register.waivers.find(
    (one) =>
      one.rule === finding.rule &&
      finding.assets.length === 1 &&
      one.asset === finding.assets[0] &&
      finding.also === undefined &&
      (one.disruption === undefined || one.disruption === finding.disruption) &&
      endOf(one.expires) >= asOf,
  );
  return waiver ? { ...finding, waiver } : finding;
}

/** The last second of a day written `2027-03-01`. */
function endOf(day: string): number {
  return Date.parse(`${day}T23:59:59Z`) / 1_000;
}

function notesOf(plan: Plan, assessments: readonly Assessment[], findings: readonly Finding[], asOf: number): Note[] {
  const used = new Map<string, Set<string>>();
  for (const { asset, assumptions } of assessments) {
    for (const id of assumptions) used.set(id, (used.get(id) ?? new Set()).add(asset));
  }
  const entries = plan.register.assumptions.filter((one) => used.has(one.id));
  const assets = (id: string) => [...(used.get(id) ?? [])].sort();
  const expiring = [
    ...entries.map((one) => ({
      name: `assumption ${one.id}`,
      expires: one.expires,
      owner: one.owner,
      assets: assets(one.id),
    })),
    ...plan.register.waivers.map((one) => ({
      name: `waiver of ${one.rule}`,
      expires: one.expires,
      owner: one.owner,
      assets: [one.asset],
    })),
  ].filter(({ expires }) => endOf(expires) >= asOf && endOf(expires) - asOf < soonDays * 86_400);
  return [
    ...entries.map(
      (one): Note => ({
        kind: one.term === "undrilled" ? "undrilled" : "assumption",
        message: `${one.id}: ${one.reason} (owner: ${one.owner}, until ${one.expires}, drill: ${one.drill})`,
        assets: assets(one.id),
      }),
    ),
    ...expiring.map(
      (one): Note => ({
        kind: "expiring",
        message: `${one.name} ends on ${one.expires} (owner: ${one.owner})`,
        assets: one.assets,
      }),
    ),
    ...assessments.flatMap((assessment): Note[] => keptBy(plan, assessment)),
    ...staleFactNotes(assessments, asOf),
    ...findings.flatMap((finding): Note[] =>
      finding.waiver
        ? [
            {
              kind: "waiver",
              message: `${finding.rule} is waived until ${finding.waiver.expires}`,
              assets: finding.assets,
            },
          ]
        : [],
    ),
  ];
}

/** A promise that holds although a path that would be faster does not: name what keeps it. */
function keptBy(plan: Plan, { asset, disruption, verdict, chosen }: Assessment): Note[] {
  if (chosen === undefined || (verdict !== "proven" && verdict !== "assumed")) return [];
  return plan.paths
    .filter((path) => path.asset === asset && path.excluded[disruption] !== undefined)
    .filter((path) => compare(sum(recoveryTerms(path).map(({ value }) => value)), chosen.rto.total) < 0)
    .map((path) => ({
      kind: "kept-by",
      message: `${asset} · ${disruption} is kept by ${chosen.label}; ${path.label} does not hold: ${path.excluded[disruption]}`,
      assets: [asset],
    }));
}

/** Findings that stop a deployment: mandatory and not waived. */
export function blocking(judgement: Judgement): Finding[] {
  return judgement.findings.filter((finding) => finding.level === "mandatory" && finding.waiver === undefined);
}
