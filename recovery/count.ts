import type { Unknown } from "./bound";
import { show } from "./duration";

/** True for a whole number that something may be counted with, at least 0 or what is given. */
export function isCount(value: number, least = 0): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

/** What stands for a count that is none. */
export function notCounted(value: number, least = 0): Unknown {
  return { unknown: `a count must be a whole number, ${least} or more, got ${show(value)}` };
}
