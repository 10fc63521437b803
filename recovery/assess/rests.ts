import { seconds } from "../duration";
import type { Path, Term } from "../plan";

/**
 * Numbers a verdict rests on beside those of its totals, none told twice: all that it waits for, and whatever else is not
 * guaranteed.
 */
export function restingOn(
  beside: readonly Term[],
  told: readonly Term[],
  waits: readonly Term[] = [],
): { rests?: Term[] } {
  const unsure = beside.filter((term) => term.grade !== "guaranteed");
  if (waits.length + unsure.length === 0) return {};
  const known = new Set(told);
  const rests = [...new Set([...waits, ...unsure])].filter((term) => !known.has(term));
  return rests.length > 0 ? { rests } : {};
}

/** What a path rests on beside its critical path: other steps, which end in time by their own deadlines, and what it needs. */
export function besideOf(path: Path | undefined): Term[] {
  const needs = (path?.needs ?? []).flatMap(({ what, source, assumption }): Term[] =>
    assumption === undefined ? [] : [{ name: what, value: seconds(0), grade: "assumed", source, assumption }],
  );
  return [...(path?.steps ?? []).map(({ bound }) => bound), ...needs];
}
