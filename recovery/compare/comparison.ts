import type { Verdict } from "../assess/assessment";
import type { Bound } from "../bound";
import type { Finding, Judgement } from "../finding";
import type { Disruption, Limit, Objective } from "../objective";
import type { Schedule } from "../schedule";

/** What is compared of a judgement. */
export type Side = Pick<Judgement, "plan" | "assessments" | "findings"> & Partial<Pick<Judgement, "rules">>;

/** Whether a change takes from what recovery rests on, adds to it, or does neither. */
export type Direction = "weaker" | "stronger" | "other";

/** What is promised, and what is taken on trust: a person answers for each of these. */
export const promiseNouns = [
  "asset",
  "coverage",
  "objective",
  "group",
  "availability",
  "waiver",
  "assumption",
  "site",
  "drill record",
  "rule",
] as const;

/** What keeps the promises. */
export const protectionNouns = [
  "protection",
  "series",
  "copy",
  "path",
  "step",
  "alert",
  "rehearsal",
  "store",
  "planned work",
  "lock",
  "maintenance job",
  "role",
] as const;

/** What kind of thing changed. */
export type Noun = (typeof promiseNouns)[number] | (typeof protectionNouns)[number];

/** One change to what was declared: `RPO relaxed · omendb/data · region: under 15m → 1h`. */
export interface Change {
  noun: Noun;
  direction: Direction;
  /** What happened, in words: `RPO relaxed`, `waiver added`. */
  what: string;
  /** What it happened to: `omendb/data`, `omendb-backup-full`. */
  name: string;
  asset?: string;
  /** Disruptions it concerns, where it is about some of them. */
  disruptions?: Disruption[];
  /** Absent where there was nothing. */
  before?: string;
  /** Absent where there is nothing any more. */
  after?: string;
}

/** What a promise was judged to be worth. */
export interface Standing {
  verdict: Verdict;
  /** Worst loss through one failed run; absent without a way to recover. */
  rpo?: Bound;
  /** Worst time to recover; absent without a way to recover. */
  rto?: Bound;
  objective: Objective;
}

/** A promise whose worst case or verdict changed. */
export interface Outcome {
  asset: string;
  system: string;
  disruption: Disruption;
  /** Worse as soon as one of verdict, loss and time is, whatever else got better. */
  direction: "worse" | "better";
  before: Standing;
  after: Standing;
}

/** The day on which one schedule takes the place of another. */
export interface Turn {
  /** What people call what runs. */
  name: string;
  asset: string;
  before: Schedule;
  after: Schedule;
  /** From the last run of the old schedule to the first of the new one, in seconds. */
  gap: number;
  /** The longest gap of either schedule by itself, in seconds. */
  usual: number;
  /** Instants in seconds since 1970, of the worst moment to change. */
  lastRun: number;
  changedAt: number;
  firstRun: number;
  /** What is lost at worst on that day, every run succeeding; absent for what takes no restore points. */
  loss?: Bound;
  /** Promises that this loss breaks. */
  breaks: { disruption: Disruption; limit: Limit }[];
}

/** What a change makes of a plan: in numbers, in what is promised, and in what keeps it. */
export interface Comparison {
  outcomes: Outcome[];
  promises: Change[];
  protections: Change[];
  turns: Turn[];
  /** Findings that were not there, and that are no more. */
  findings: { added: Finding[]; gone: Finding[] };
}
