import type { Fact } from "./fact";
import { reviewBy } from "./review";

/** A fact as it is written down: its id and the day of its review follow. */
export type Draft = Omit<Fact, "id" | "reviewBy">;

/** The facts of one technology under their names in the code; `nodeGrace` of `kubernetes` is `kubernetes.node-grace`. */
export function factsOf<Name extends string>(technology: string, drafts: Record<Name, Draft>): Record<Name, Fact> {
  const facts = Object.entries<Draft>(drafts).map(([name, draft]): [string, Fact] => [
    name,
    { id: `${technology}.${kebab(name)}`, ...draft, reviewBy: reviewBy(draft.read) },
  ]);
  return Object.fromEntries(facts) as Record<Name, Fact>;
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
