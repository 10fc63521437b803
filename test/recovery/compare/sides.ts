import { judgePlan } from "../../../policies/judge";
import type { Plan } from "../../../recovery";
import { type Change, type Comparison, compareJudgements, type Side } from "../../../recovery/compare";
import { asOf } from "../build";

/** A plan as it is judged on the day of all tests. */
export function side(plan: Plan): Side {
  return judgePlan({ plan, problems: [], asOf }, 0);
}

/** What changes from one plan to another. */
export function compared(before: Plan, after: Plan): Comparison {
  return compareJudgements(side(before), side(after), asOf);
}

/** A change on one line: `weaker · RPO relaxed · s/data · region · 30h → 40h`. */
export function line({ direction, what, name, disruptions = [], before = "", after = "" }: Change): string {
  return [
    direction,
    what,
    name,
    ...(disruptions.length === 0 ? [] : [disruptions.join(" ")]),
    `${before} → ${after}`,
  ].join(" · ");
}

/** All changes of a comparison, a line each. */
export function lines({ promises, protections }: Comparison): string[] {
  return [...promises, ...protections].map(line);
}
