import type { Plan, Term } from "../../recovery";

/** A copy of a value in which a function has replaced parts; it sees each with the key that it, or its list, stands under. */
export function rewritten<T>(value: T, replace: (part: unknown, key: string) => unknown, key = ""): T {
  const part = replace(value, key);
  if (Array.isArray(part)) return part.map((one) => rewritten(one, replace, key)) as T;
  if (typeof part !== "object" || part === null) return part as T;
  const entries = Object.entries(part).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.map(([name, one]) => [name, rewritten(one, replace, name)])) as T;
}

/** Whether a part is a term, by what it has. */
export function isTerm(part: unknown): part is Term {
  return typeof part === "object" && part !== null && ["name", "value", "grade", "source"].every((key) => key in part);
}

/** The terms of a plan, all or those that stand under some keys: `startSlack`, `run`, `bound`, ... */
export function termsOfPlan(plan: Plan, keys?: readonly string[]): Term[] {
  const found: Term[] = [];
  rewritten(plan, (part, key) => {
    if (isTerm(part) && (keys === undefined || keys.includes(key))) found.push(part);
    return part;
  });
  return found;
}

/** The plan in which one of its terms has another value. */
export function withValue(plan: Plan, term: Term, value: Term["value"]): Plan {
  return rewritten(plan, (part) => (part === term ? { ...term, value } : part));
}
