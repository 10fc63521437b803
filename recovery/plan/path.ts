import type { Maybe } from "../bound";
import type { Disruption } from "../objective";
import type { Need, Place, Source, Term } from "./term";

/** One step of a recovery, bounded by the deadline of what runs it. */
export interface Step {
  name: string;
  bound: Term;
  /** Names of steps that must have ended. */
  after: string[];
  /** What it has to itself while it runs, by name: one operator, one link. Steps that share one take turns. */
  uses?: string[];
  /** What the step does to the losses: after it nothing is written any more. */
  stopsWrites?: boolean;
  /** True for the step that restores the chain. */
  restores?: boolean;
  /** True for the step that checks what was restored. */
  verifies?: boolean;
  /** True for the step that sends clients there. */
  redirects?: boolean;
  source: Source;
}

/** One way from a disruption back to verified service. */
export interface Path {
  id: string;
  asset: string;
  protection: string;
  label: string;
  disruptions: Disruption[];
  detect: Term[];
  /** Acknowledge and decide; empty when the resource says it is automatic. */
  decide: Term[];
  steps: Step[];
  redirect: Term[];
  /** From recovered service until a further loss of the same kind would be survived again; nobody says when absent. */
  reprotect?: Term[];
  /** Where the recovery runs. */
  runsAt: Maybe<Place>;
  needs: Need[];
  /** Reasons why this path does not hold for a disruption it names; such a disruption is dropped with the reason. */
  excluded: Partial<Record<Disruption, string>>;
  source: Source;
}
