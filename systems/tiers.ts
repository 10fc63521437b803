import { z } from "zod";
import { type Disruption, disruptions, type ObjectiveArgs, type ObjectivesArgs } from "../recovery/objective";
import { limit, words } from "./config/settings";

/** Any part of an objective; what is left out is inherited. */
export const partialObjective = z.strictObject({
  rpo: limit().optional(),
  rto: limit().optional(),
  owner: words("database team").optional(),
  reason: words("why it is this and not more or less").optional(),
});

/** Any objectives by disruption. */
export const partialObjectives = z.strictObject(
  Object.fromEntries(disruptions.map((one) => [one, partialObjective.optional()])) as Record<
    Disruption,
    z.ZodOptional<typeof partialObjective>
  >,
);

/** Objectives of which parts may be missing. */
export type PartialObjectives = z.output<typeof partialObjectives>;

/** Objectives that assets of one kind share; systems and assets override them. */
export const tiers = {
  /** A store that the business writes to, and cannot rebuild from anything else. */
  "system-of-record": {
    corruption: {
      rpo: "1h",
      rto: "2h",
      owner: "database team",
      reason:
        "half an hour to notice bad data, as long again to stop the writes and find the newest clean restore point",
    },
    compromise: {
      rpo: "24h",
      rto: "8h",
      owner: "security team",
      reason:
        "a working day: an intrusion is noticed within hours, then everything is rebuilt where its credentials do not reach",
    },
  },
  /** What systems stand on: used by every deployment and every recovery, but not by what already runs. */
  platform: {
    ...kept("process"),
    ...kept("node"),
    ...kept("zone"),
    region: {
      rpo: "3h",
      rto: "2h",
      owner: "platform team",
      reason: "what already runs goes on; no system's recovery waits for more than its names",
    },
    corruption: {
      rpo: "48h",
      rto: "36h",
      owner: "platform team",
      reason: "the nightly look notices it within a day, and an export is restored in the next hours",
    },
    compromise: {
      rpo: "24h",
      rto: "8h",
      owner: "security team",
      reason: "a working day, as for the systems that are rebuilt upon it",
    },
  },
} as const satisfies Record<string, Partial<Record<Disruption, ObjectiveArgs>>>;

function kept<D extends "process" | "node" | "zone">(disruption: D): Record<D, ObjectiveArgs> {
  const reason = "a service over several zones keeps it, and deployments can wait for as long";
  return { [disruption]: { rpo: "0s", rto: "15m", owner: "platform team", reason } } as Record<D, ObjectiveArgs>;
}

/** Name of a tier. */
export type TierName = keyof typeof tiers;

/** Lays objectives over each other, the last winning field by field; what nobody says is listed in `missing`. */
export function inherit(...layers: readonly PartialObjectives[]): { objectives: ObjectivesArgs; missing: string[] } {
  const missing: string[] = [];
  const entries = disruptions.map((disruption) => {
    const merged: Partial<ObjectiveArgs> = {};
    for (const layer of layers) {
      for (const [field, value] of Object.entries(layer[disruption] ?? {})) {
        if (value !== undefined) Object.assign(merged, { [field]: value });
      }
    }
    for (const field of ["rpo", "rto", "owner", "reason"] as const) {
      if (merged[field] === undefined) missing.push(`${disruption}.${field}`);
    }
    return [disruption, merged];
  });
  return { objectives: Object.fromEntries(entries) as ObjectivesArgs, missing };
}
