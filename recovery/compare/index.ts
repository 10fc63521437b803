export { compareJudgements, isSame } from "./compare";
export type * from "./comparison";
export { scheduleText } from "./runs";
