import { isUnbounded, isUnknown } from "../bound";

/** Fields that say where something was read, and how it was reckoned: none of it changes what is declared. */
const besides = ["source", "facts"];

/**
 * A text that is the same for two values that say the same: in whatever order, wherever they were read, whatever the
 * reason why something is not known.
 */
export function keyOf(value: unknown): string {
  if (isUnknown(value)) return '"not known"';
  if (isUnbounded(value)) return '"unbounded"';
  if (Array.isArray(value)) return `[${value.map(keyOf).sort().join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  // What people call a number is no part of it.
  const left = "grade" in value ? [...besides, "name", "part"] : besides;
  const entries = Object.entries(value).filter(([key, one]) => one !== undefined && !left.includes(key));
  return `{${entries
    .map(([key, one]) => `${JSON.stringify(key)}:${keyOf(one)}`)
    .sort()
    .join()}}`;
}
