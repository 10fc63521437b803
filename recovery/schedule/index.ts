export type { Schedule } from "./calendar.js";
export { type Cron, parseCron } from "./cron.js";
export { type Gaps, gaps, type Window } from "./gaps.js";
export { isProblem, type Problem } from "./problem.js";
export { next, runs } from "./runs.js";
export { worstGaps } from "./worstGaps.js";
export { type Stretch, type Transition, Zone, zoneOf } from "./zone.js";
