import fc from "fast-check";
import type { Plan } from "../../../recovery";
import { asset, cleanRoom, path, source, step } from "../../recovery/build";
import { shorts, single } from "./pool";
import { planOf, type Subject, span } from "./subject";

/** Data that is made anew from an asset with restore points; spans in seconds. */
export interface Derived extends Subject {
  /** How long the steps of its own take. */
  rebuild: number;
}

/** The id of what is made anew. */
export const derivedId = "s/derived";

/** The plan of both; the first asset is the source. */
export function derivedPlan(subject: Derived): Plan {
  const plan = planOf(subject, "region");
  const derived = asset({ region: ["1h", "1h"] }, { id: derivedId });
  return {
    ...plan,
    assets: [...plan.assets, derived],
    protections: [
      ...plan.protections,
      { kind: "rebuild", id: "anew", asset: derivedId, label: "anew", from: "s/data", source: source("anew") },
    ],
    paths: [
      ...plan.paths,
      path({
        id: "rebuild",
        asset: derivedId,
        protection: "anew",
        detect: [span("notice", subject.detect)],
        decide: [span("decide", subject.decide)],
        steps: [step("rebuild", `${subject.rebuild}s`, { restores: true })],
        runsAt: cleanRoom,
      }),
    ],
  };
}

/**
 * Seconds until what is made anew serves again: its steps begin when somebody has noticed and decided and when the
 * source is back, whichever is later.
 */
export function derivedBack({ detect, decide, stop, restore, rebuild }: Derived): number {
  const decided = detect + decide;
  const sourceBack = decided + stop + restore;
  return Math.max(decided, sourceBack) + rebuild;
}

/** Data made anew within some minutes or hours. */
export const derived: fc.Arbitrary<Derived> = fc
  .record({ subject: single, rebuild: shorts })
  .map(({ subject, rebuild }) => ({ ...subject, rebuild }));
