import { type Bound, isBounded } from "../../recovery/bound";
import type { Disruption } from "../../recovery/objective";
import type { Term } from "../../recovery/plan";
import { slowestDrill } from "../../recovery/time/drills";
import { assumptionFor } from "./assumptions";
import type { Program } from "./program";

/** A recovery path against one disruption, and the longest it may take by its deadlines. */
export interface Rehearsed {
  asset: string;
  path: string;
  disruption: Disruption;
  bound: Bound;
  /** Bytes that it has to bring back; absent where its time does not depend on them. */
  bytes?: number;
}

/**
 * How well the deadlines of a recovery are founded: a deadline proves when a recovery has failed, not that it succeeds,
 * so they are measured after verified drills of which the slowest stayed within them, else assumed.
 */
export function recoveryGrade(
  { asset, path, disruption, bound, bytes }: Rehearsed,
  { register, asOf }: Program,
): Pick<Term, "grade" | "assumption"> {
  const drills = register.drills.filter((drill) => drill.asset === asset && drill.path === path);
  const slowest = slowestDrill(drills, asOf, bytes);
  if (slowest !== undefined && isBounded(bound) && slowest.took <= bound) return { grade: "measured" };
  const entry = assumptionFor(register, { term: "undrilled", asset, path, disruption });
  return entry ? { grade: "assumed", assumption: entry.id } : { grade: "assumed" };
}
