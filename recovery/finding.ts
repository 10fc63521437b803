import type { Assessment, Counterexample, Fix } from "./assess/assessment";
import type { Disruption } from "./objective";
import type { Plan, Source, Waiver } from "./plan";

/** Mandatory findings stop a deployment; advisory ones are printed. */
export type Level = "mandatory" | "advisory";

/** A rule violated: what, where, why, and how to mend it. */
export interface Finding {
  rule: string;
  level: Level;
  assets: string[];
  disruption?: Disruption;
  /** The resource at fault. */
  source: Source;
  /** One sentence naming the promise and the fact. */
  message: string;
  /** What else the same cause breaks, one sentence each. */
  also?: string[];
  counterexample?: Counterexample;
  binding?: string;
  fix?: Fix;
  /** How the rule is complied with in general, for findings without a checked fix. */
  remediation?: string;
  /** True when something needed could not be read: never a pass. */
  cannotProve?: boolean;
  waiver?: Waiver;
}

/** Something to know that is no violation. */
export interface Note {
  kind: "assumption" | "expiring" | "undrilled" | "kept-by" | "waiver" | "fact";
  message: string;
  assets: string[];
}

/** A link, name or value in a resource that does not resolve. */
export interface ReadProblem {
  source: Source;
  message: string;
  asset?: string;
  cannotProve?: boolean;
}

/** What a rule sees. */
export interface Evidence {
  plan: Plan;
  assessments: Assessment[];
  problems: ReadProblem[];
  /** Sections of which the plan says nothing, not even that there is nothing in them. @default none */
  unstated?: readonly string[];
  /** Seconds since 1970. */
  asOf: number;
}

/** A finding as a rule returns it: the list of rules adds its name and level. */
export type Violation = Omit<Finding, "rule" | "level" | "waiver" | "remediation">;

/** One sentence that is true of every plan that complies. */
export interface Rule {
  /** The sentence, kebab-case: `restore-points-are-kept`. */
  name: string;
  description: string;
  level: Level;
  severity: "low" | "medium" | "high" | "critical";
  /** Controls it gives evidence for, `ISO 27001 A.8.13`. */
  controls: string[];
  remediation: string;
  check(evidence: Evidence): Violation[];
}

/** A section that a plan leaves out: the rules that are not run for want of it, and those that judge only the rest. */
export interface NotAssessed {
  section: string;
  notRun: string[];
  inPart: string[];
}

/** A rule and what its findings do. */
export type RuleLevel = Pick<Rule, "name" | "level">;

/** Everything one judgement says. */
export interface Judgement {
  asOf: number;
  plan: Plan;
  resources: number;
  /** What in the program, the file or the register does not resolve; each is a finding too. */
  problems: ReadProblem[];
  /** Empty for a program, which states everything. */
  notAssessed: NotAssessed[];
  /** Every rule there is. */
  rules: RuleLevel[];
  assessments: Assessment[];
  findings: Finding[];
  notes: Note[];
}
