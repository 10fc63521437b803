import type { Plan } from "../plan";
import type { Json } from "./form";
import { type Observed, planForm, planVersion } from "./planForm";

/** A plan as JSON that `readPlan` reads back: every number in seconds, every source whole. */
export function writePlan(plan: Plan, observed?: Observed): Json {
  return planForm.write({ version: planVersion, ...(observed === undefined ? {} : { observed }), ...plan });
}
