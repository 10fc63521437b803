import type { Assessment, Candidate } from "../recovery/assess/assessment";
import { isUnknown } from "../recovery/bound";
import type { Finding, Judgement } from "../recovery/finding";
import type { Plan } from "../recovery/plan";
import { writePlan } from "../recovery/plan/file";
import { causesOf, mandatory, open } from "./causes";
import { isoInstant } from "./dates";
import { availabilityJson } from "./jsonAvailability";
import { candidateJson } from "./jsonCandidate";
import { comparisonJson } from "./jsonComparison";
import {
  boundJson,
  counterexampleJson,
  inOneOrder,
  type Json,
  limitJson,
  sorted,
  sourceJson,
  termJson,
} from "./jsonParts";
import { drillJson, registerJson, waiverJson } from "./jsonRegister";
import type { Meta } from "./meta";
import { budgetsOf } from "./plannedWork";
import { guards, lastDrill, silent } from "./rehearsed";
import { inOrder } from "./rows";
import { rank } from "./words";

/** Version of the format, raised when a reader of the old one would misread the new one. */
export const schemaVersion = 1;

/** The evidence for machines, as `docs/schemas/evidence.schema.json` describes it: the same judgement gives the same bytes. */
export function json(judgement: Judgement, meta: Meta): string {
  const { plan, resources, problems, rules, assessments, findings, notes, notAssessed } = judgement;
  const availability = budgetsOf(judgement).map(availabilityJson);
  const report: Json = {
    tool: { name: "holdfast", schemaVersion },
    stack: meta.stack,
    program: meta.program,
    engine: meta.engine,
    commit: meta.commit,
    judgedBy: meta.judgedBy,
    asOf: isoInstant(meta.asOf),
    summary: summary(judgement),
    comparison: meta.against && comparisonJson(meta.against),
    assessments: inOrder(assessments).map((one) => assessmentJson(one, plan)),
    findings: sorted(findings, (one) =>
      [one.rule, one.assets.join(), rank(one.disruption), one.source.resource, one.message].join(" "),
    ).map(findingJson),
    notes: sorted(notes, (note) => [note.kind, note.assets.join(), note.message].join(" ")).map(
      ({ kind, message, assets }) => ({ kind, message, assets }),
    ),
    notAssessed:
      notAssessed.length === 0
        ? undefined
        : notAssessed.map(({ section, notRun, inPart }) => ({ section, notRun, inPart })),
    availability: availability.length === 0 ? undefined : availability,
    register: registerJson(plan.register),
    rules: sorted(rules, ({ name }) => name).map(({ name, level }) => ({ name, level })),
    plan: inOneOrder(writePlan(plan, { resources, problems })),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function summary({ resources, plan, assessments, findings }: Judgement): Json {
  const causes = causesOf(findings);
  const having = (verdict: Assessment["verdict"]) => assessments.filter((one) => one.verdict === verdict).length;
  return {
    resources,
    systems: new Set(plan.assets.map((asset) => asset.system)).size,
    assets: plan.assets.length,
    protections: plan.protections.length,
    promises: assessments.length,
    verdicts: {
      proven: having("proven"),
      assumed: having("assumed"),
      missed: having("missed"),
      "cannot prove": having("cannot prove"),
    },
    findings: {
      mandatory: mandatory(causes).length,
      advisory: open(causes).length - mandatory(causes).length,
      waived: causes.length - open(causes).length,
    },
  };
}

function assessmentJson(one: Assessment, plan: Plan): Json {
  const { alerts, register } = plan;
  const wayJson = (way: Candidate) => candidateJson(way, one, plan);
  const drill = lastDrill(register.drills, one.asset, one.chosen);
  return {
    asset: one.asset,
    system: one.system,
    disruption: one.disruption,
    objective: {
      rpo: limitJson(one.objective.rpo),
      rto: limitJson(one.objective.rto),
      owner: one.objective.owner,
      reason: one.objective.reason,
    },
    verdict: one.verdict,
    broken: one.broken,
    chosen: one.chosen && wayJson(one.chosen),
    others: one.others.map(wayJson),
    dropped: one.dropped.map(({ path, label, reason, unknown }) => ({ path, label, reason, unknown })),
    bindings: eachHalf(one.bindings, ({ term, largest, least }) => ({ term: termJson(term), largest, least })),
    counterexamples: eachHalf(one.counterexamples, counterexampleJson),
    fix: one.fix && fixJson(one.fix),
    assumptions: one.assumptions,
    alerts: guards(alerts, one).map((alert) => ({
      name: alert.name,
      guards: alert.guards,
      severity: isUnknown(alert.severity) ? boundJson(alert.severity) : alert.severity,
      source: sourceJson(alert.source),
    })),
    ...silentJson(silent(alerts, one)),
    lastDrill: drill && drillJson(drill),
  };
}

function silentJson(all: ReturnType<typeof silent>): { silentAlerts?: Json[] } {
  if (all.length === 0) return {};
  return {
    silentAlerts: all.map(({ alert, why }) => ({
      name: alert.name,
      guards: alert.guards,
      why,
      source: sourceJson(alert.source),
    })),
  };
}

function findingJson(finding: Finding): Json {
  return {
    rule: finding.rule,
    level: finding.level,
    assets: finding.assets,
    disruption: finding.disruption,
    message: finding.message,
    also: finding.also,
    cannotProve: finding.cannotProve ?? false,
    source: sourceJson(finding.source),
    counterexample: finding.counterexample && counterexampleJson(finding.counterexample),
    binding: finding.binding,
    fix: finding.fix && fixJson(finding.fix),
    waiver: finding.waiver && waiverJson(finding.waiver),
  };
}

function fixJson({ change, result, source }: NonNullable<Finding["fix"]>): Json {
  return { change, result, source: sourceJson(source) };
}

function eachHalf<T>(halves: Partial<Record<"rpo" | "rto", T>>, write: (value: T) => Json): Json {
  return { rpo: halves.rpo && write(halves.rpo), rto: halves.rto && write(halves.rto) };
}
