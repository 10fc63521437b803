import { type Assessment, type Note, termsOf } from "../recovery";
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
    const terms =
      chosen === undefined ? [] : [...termsOf(chosen), ...chosen.rpo[0].terms, ...(chosen.reprotect?.terms ?? [])];
    for (const id of terms.flatMap((term) => term.facts ?? [])) {
      used.set(id, (used.get(id) ?? new Set()).add(asset));
    }
  }
  return used;
}
