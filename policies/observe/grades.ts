import { type Bound, isBounded } from "../../recovery/bound";
import type { Disruption } from "../../recovery/objective";
import type { Term } from "../../recovery/plan";
import { assumptionFor } from "./assumptions";
import type { Program } from "./program";

/** How long a drill record counts, in seconds. */
const drillLife = 90 * 86_400;

/** A recovery path against one disruption, and the longest it may take by its deadlines. */
export interface Rehearsed {
  asset: string;
  path: string;
  disruption: Disruption;
  bound: Bound;
}

/**
 * How well the deadlines of a recovery are founded: a deadline proves when a recovery has failed, not that it succeeds,
 * so they are measured after a verified drill within them, else assumed.
 */
export function recoveryGrade(
  { asset, path, disruption, bound }: Rehearsed,
  { register, asOf }: Program,
): Pick<Term, "grade" | "assumption"> {
  const drilled = register.drills.some(
    (drill) =>
      drill.asset === asset &&
      drill.path === path &&
      drill.verified &&
      asOf - Date.parse(drill.date) / 1000 <= drillLife &&
      isBounded(bound) &&
      drill.seconds <= bound,
  );
  if (drilled) return { grade: "measured" };
  const entry = assumptionFor(register, { term: "undrilled", asset, path, disruption });
  return entry ? { grade: "assumed", assumption: entry.id } : { grade: "assumed" };
}
