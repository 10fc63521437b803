import { isUnknown, type Maybe } from "../../recovery/bound";
import type { Disruption } from "../../recovery/objective";
import type { Need, Place } from "../../recovery/plan";
import { assumptionFor } from "./assumptions";
import { registerSource } from "./names";
import type { Program } from "./program";

/** Disruptions that may take what somebody else keeps. */
const beyond: readonly Disruption[] = ["zone", "region", "compromise"];

/** What the promise of an asset says that it needs of somebody else, after a disruption that may take that as well. */
export function promisedNeeds(asset: string, disruption: Disruption, { promises, problems }: Program): string[] {
  if (!beyond.includes(disruption)) return [];
  const promised = promises.find((one) => one.asset.text("id") === asset)?.asset;
  if (promised === undefined) return [];
  const needs = promised.texts("needs");
  if (isUnknown(needs)) problems.unknown(promised.source("needs"), needs.unknown, asset);
  return isUnknown(needs) ? ["what its promise names"] : (needs ?? []);
}

/** Something that a recovery needs and does not bring: an entry of the register answers for it, or nothing does. */
export function needOf(
  what: string,
  wanted: { asset: string; path: string; disruption: Disruption },
  runsAt: Maybe<Place>,
  { register }: Program,
): Need {
  const term = `need:${what}`;
  const entry = assumptionFor(register, { term, ...wanted });
  if (entry) return { what, at: runsAt, source: registerSource(entry.id), assumption: entry.id };
  const unknown = `Register has no assumption ${term} for ${wanted.asset}`;
  return { what, at: { unknown }, source: registerSource(term) };
}
