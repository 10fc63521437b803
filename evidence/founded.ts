import { type Fact, factSeconds, facts } from "../recovery/facts";
import type { Term } from "../recovery/plan";
import { listed, readFrom } from "./words";

const known: ReadonlyMap<string, Fact> = new Map(facts.map((fact) => [fact.id, fact]));

/** How well a number is founded, and who answers for it: `guaranteed`, `assumed: page`. */
export function founded({ grade, assumption }: Term): string {
  return assumption === undefined ? grade : `${grade}: ${assumption}`;
}

/** Where a number was read, and the facts it was reckoned from: `Deployment x, default, fact kubernetes.toleration`. */
export function foundAt(term: Term): string {
  const { facts: ids = [], source } = term;
  // A fact that nobody's resource stands for is its own source.
  const unnamed = ids.filter((id) => source.resource !== `fact:${id}`);
  const noun = unnamed.length === 1 ? "fact" : "facts";
  return [
    readFrom(source),
    ...(isDefault(term) ? ["default"] : []),
    ...(unnamed.length === 0 ? [] : [`${noun} ${listed(unnamed)}`]),
  ].join(", ");
}

/** Nobody set another number and nobody answers for this one: it is that of the one fact it rests on. */
function isDefault({ value, facts: ids = [], assumption }: Term): boolean {
  const [only] = ids;
  const fact = only === undefined || ids.length > 1 ? undefined : known.get(only);
  if (fact?.value === undefined || assumption !== undefined) return false;
  return (fact.unit === "seconds" || fact.unit === "days") && factSeconds(fact) === value;
}
