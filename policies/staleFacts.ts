import type { Assessment, Note } from "../recovery";
import { staleFacts } from "../recovery/facts";

/** A note for each fact past its review on which the chosen way of some asset rests. */
export function staleFactNotes(assessments: readonly Assessment[], asOf: number): Note[] {
  const used = assetsByFact(assessments);
  return staleFacts(asOf)
    .filter(({ id }) => used.has(id))
    .map(({ id, source, read, reviewBy }) => ({
      kind: "fact",
      message: `${id} was to be read again by ${reviewBy}, it was last read ${/^\d{4}$/.test(read) ? "in" : "on"} ${read}: ${source}`,
      assets: [...(used.get(id) ?? [])].sort(),
    }));
}

function assetsByFact(assessments: readonly Assessment[]): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>();
  for (const { asset, chosen } of assessments) {
    const sums = chosen === undefined ? [] : [...chosen.rpo, chosen.rto];
    for (const id of sums.flatMap(({ terms }) => terms.flatMap((term) => term.facts ?? []))) {
      used.set(id, (used.get(id) ?? new Set()).add(asset));
    }
  }
  return used;
}
