export { isProblem, type Problem } from "../duration";
export { type Schedule, type Scheduler, schedulers } from "./calendar";
export { type Cron, parseCron } from "./cron";
export { type Gaps, gaps, type Window } from "./gaps";
export { next, runs } from "./runs";
export { suggestions } from "./suggest";
export { worstGaps } from "./worstGaps";
export { type Stretch, type Transition, Zone, zoneOf } from "./zone";
