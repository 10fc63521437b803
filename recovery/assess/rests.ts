import { seconds } from "../duration";
import type { Path, Term } from "../plan";

/**
 * Numbers a verdict rests on beside those of its totals, none told twice: all that it waits for, and whatever else is not
 * guaranteed.
 */
export function restingOn(
  beside: readonly (readonly Term[])[],
  told: readonly (readonly Term[])[],
  waits: readonly Term[] = [],
): { rests?: Term[] } {
  if (waits.length === 0 && beside.every((some) => some.every(isGuaranteed))) return {};
  const unsure = beside.flat().filter((term) => !isGuaranteed(term));
  const known = new Set(told.flat());
  const rests = [...new Set([...waits, ...unsure])].filter((term) => !known.has(term));
  return rests.length > 0 ? { rests } : {};
}

function isGuaranteed({ grade }: Term): boolean {
  return grade === "guaranteed";
}

/** What a path rests on beside its critical path: other steps, which end in time by their own deadlines, and what it needs. */
export function besideOf(path: Path | undefined): Term[] {
  const needs = (path?.needs ?? []).flatMap(({ what, source, assumption }): Term[] =>
    assumption === undefined ? [] : [{ name: what, value: seconds(0), grade: "assumed", source, assumption }],
  );
  return [...(path?.steps ?? []).map(({ bound }) => bound), ...needs];
}
