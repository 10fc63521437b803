import type { Bound } from "../bound";
import type { Witness } from "../loss/joint";
import type { Disruption, Objective } from "../objective";
import type { Source, Term } from "../plan";

/** The answer for one asset and disruption. */
export type Verdict = "proven" | "assumed" | "missed" | "cannot prove";

/** A total with the terms it is made of. */
export interface Sum {
  total: Bound;
  terms: Term[];
}

/** One dated event of a counterexample; `at` is seconds since 1970. */
export interface Event {
  at: number;
  what: string;
}

/** A calendar on which a promise is broken, and what is lost. */
export interface Counterexample {
  events: Event[];
  conclusion: string;
}

/** The term that decides, and the largest value of it that would still pass. */
export interface Binding {
  term: Term;
  /** Seconds; absent when no value of this term alone would do. */
  largest?: number;
  /** Of a time that something is kept: the seconds that would do. */
  least?: number;
}

/** A change that makes the promise hold, checked by the model before it is shown. */
export interface Fix {
  /** What to change, and to what: `spec.schedule of CronJob x: "0 *\/8 * * *"`. */
  change: string;
  source: Source;
  /** Worst case after the change. */
  result: string;
}

/** One way to recover, with what it costs. */
export interface Candidate {
  path: string;
  protection: string;
  label: string;
  /** Worst loss with 0 and with 1 missed runs. */
  rpo: [Sum, Sum];
  rto: Sum;
  /** How far back a clean restore point must reach, and how far back the points reach. */
  window?: { needed: Bound; available: Bound };
  /** What is not kept for as long as it is needed, and the seconds that would do; absent where it is. */
  short?: { kept: Term; least: number };
  /** From recovered service until a further loss of the same kind would be survived again, where that is stated. */
  reprotect?: Sum;
  /** Further numbers the verdict rests on that are in a total already, or beside it. */
  rests?: Term[];
  /** The worst moment, where a walk over several calendars found it. */
  witness?: Witness;
  /** Of a set that comes back by another way: the members of whose promises this one keeps less. */
  spoils?: readonly string[];
}

/** A way to recover that does not outlive the disruption, or nobody can tell. */
export interface Dropped {
  path: string;
  label: string;
  reason: string;
  /** Nobody can tell. */
  unknown: boolean;
  /** A path was declared, and not only a protection. */
  declared: boolean;
  /** Where nobody can tell of it: what it costs at the least, by each of the ways that it may be; nothing where absent. */
  atBest?: readonly AtBest[];
}

/** The least that a way may lose with one failed run, and take. */
export interface AtBest {
  rpo: Bound;
  rto: Bound;
}

/** The worst case of one asset under one disruption, and whether its promise holds. */
export interface Assessment {
  asset: string;
  system: string;
  disruption: Disruption;
  objective: Objective;
  verdict: Verdict;
  /** Which half of the promise is broken or unproven. */
  broken: readonly ("rpo" | "rto" | "window")[];
  chosen?: Candidate;
  others: readonly Candidate[];
  /** Ways that do not survive. */
  dropped: readonly Dropped[];
  /** For each broken half, the term that decides. */
  bindings: Partial<Record<"rpo" | "rto", Binding>>;
  /** For each broken half, a course of events that breaks it. */
  counterexamples: Partial<Record<"rpo" | "rto", Counterexample>>;
  fix?: Fix;
  /** Ids of the register entries the verdict rests on. */
  assumptions: readonly string[];
}
