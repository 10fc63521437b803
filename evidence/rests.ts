import type { Candidate } from "../recovery/assess/assessment";
import type { Term } from "../recovery/plan";

/** Numbers that a verdict rests on beside those of its totals, each told once. */
export function furtherTerms({ rpo, rto, rests = [] }: Candidate): Term[] {
  const summed = new Set([...rpo[1].terms, ...rto.terms].map(identity));
  const further = new Map(rests.map((term) => [identity(term), term]));
  return [...further].filter(([key, term]) => !summed.has(key) && !isNeed(term)).map(([, term]) => term);
}

function identity({ name, value, grade, source, assumption }: Term): string {
  return JSON.stringify([name, value, grade, source.resource, source.property, assumption]);
}

/** Something a recovery finds takes no time: its register entry says all there is. */
function isNeed({ value, assumption }: Term): boolean {
  return value === 0 && assumption !== undefined;
}
