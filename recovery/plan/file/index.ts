export { type CurrentPlan, currentPlan } from "./current";
export type { Json, Schema } from "./form";
export type { Observed, Section } from "./planForm";
export { planSchema } from "./planSchema";
export { type PlanFile, readPlan, readPlanFile } from "./readPlan";
export type { PlanProblem } from "./spot";
export { writePlan } from "./writePlan";
