import { type Bound, isBounded } from "../../recovery/bound";
import type { Disruption } from "../../recovery/objective";
import type { Term } from "../../recovery/plan";
import { daysSince, drilledTime, drillLifeDays, newestDrills } from "../../recovery/time/drills";
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
 * so they are measured after a verified drill within them, else assumed.
 */
export function recoveryGrade(
  { asset, path, disruption, bound, bytes }: Rehearsed,
  { register, asOf }: Program,
): Pick<Term, "grade" | "assumption"> {
  const drilled = newestDrills(register.drills).some((drill) => {
    if (drill.asset !== asset || drill.path !== path || !drill.verified) return false;
    const took = drilledTime(drill, bytes);
    return daysSince(drill, asOf) <= drillLifeDays && isBounded(bound) && took !== undefined && took <= bound;
  });
  if (drilled) return { grade: "measured" };
  const entry = assumptionFor(register, { term: "undrilled", asset, path, disruption });
  return entry ? { grade: "assumed", assumption: entry.id } : { grade: "assumed" };
}
