import type { Copy, Disruption, Place } from "../../../recovery";
import { asOf } from "../../recovery/build";

/** What a disruption leaves of a copy: how many seconds each point is still there, 0 for nothing at all. */
export function leftOf(copy: Copy, kept: number, locked: number, struck: Place, disruption: Disruption): number {
  if (!stands(copy.at as Place, struck, disruption)) return 0;
  if (disruption !== "compromise" || !(copy.at as Place).deployed) return kept;
  const { mode, graceUntil = 0 } = copy.lock;
  // Whoever is hostile deletes what may be deleted, and the rest as soon as its lock has ended.
  return mode === "compliance" && graceUntil <= asOf ? Math.min(kept, locked) : 0;
}

/** Whether a place still stands when the place that was struck does not. */
export function stands(at: Place, struck: Place, disruption: Disruption): boolean {
  const near = at.cloud === struck.cloud && at.region === struck.region;
  switch (disruption) {
    case "region":
      return !near;
    case "zone":
      return !near || at.zones.some((zone) => zone !== struck.zones[0]);
    case "node":
      return !near || at.node === undefined || at.node !== struck.node;
    case "process":
    case "corruption":
    case "compromise":
      return true;
  }
}
