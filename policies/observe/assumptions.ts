import type { Disruption } from "../../recovery/objective";
import type { Assumption, Register, Term } from "../../recovery/plan";
import { registerSource } from "./names";

/** What an assumption must stand for to be found. */
export interface Wanted {
  term: string;
  asset: string;
  disruption?: Disruption;
  path?: string;
}

/** Whether a pattern, with `*` at its end for any rest, covers an asset. */
export function covers(pattern: string, asset: string): boolean {
  return pattern.endsWith("*") ? asset.startsWith(pattern.slice(0, -1)) : pattern === asset;
}

/** The entry that says most exactly what is wanted; among equals the most pessimistic. */
export function assumptionFor({ assumptions }: Register, wanted: Wanted): Assumption | undefined {
  const matching = assumptions.filter(
    (one) =>
      one.term === wanted.term &&
      one.assets.some((pattern) => covers(pattern, wanted.asset)) &&
      (one.path === undefined || one.path === wanted.path) &&
      (one.disruptions === undefined ||
        (wanted.disruption !== undefined && one.disruptions.includes(wanted.disruption))),
  );
  return matching.sort(
    (a, b) => exactness(b, wanted) - exactness(a, wanted) || pessimism(a, b) || (a.id < b.id ? -1 : 1),
  )[0];
}

/** A term that only the register can give; without an entry it is not known. */
export function assumedTerm(register: Register, wanted: Wanted, name: string): Term {
  const entry = assumptionFor(register, wanted);
  if (entry?.seconds === undefined) {
    const value = { unknown: `nobody declared it: Register has no assumption ${wanted.term} for ${wanted.asset}` };
    return { name, value, grade: "assumed", source: registerSource(wanted.term) };
  }
  return { name, value: entry.seconds, grade: "assumed", source: registerSource(entry.id), assumption: entry.id };
}

function exactness(one: Assumption, { asset }: Wanted): number {
  const pattern = Math.max(
    ...one.assets.filter((text) => covers(text, asset)).map((text) => (text === asset ? 10_000 : text.length)),
  );
  return pattern * 4 + (one.path === undefined ? 0 : 2) + (one.disruptions === undefined ? 0 : 1);
}

function pessimism(a: Assumption, b: Assumption): number {
  return (b.seconds ?? 0) - (a.seconds ?? 0) || (a.bytesPerSecond ?? 0) - (b.bytesPerSecond ?? 0);
}
