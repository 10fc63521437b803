import type { Disruption, ObjectiveArgs, RetentionArgs } from "../../recovery/objective";
import type { PartialObjectives, TierName } from "../tiers";

/** The asset: what OmenDB stores, its log included. */
export const DATA = "omendb/data";

/** Where corruption and compromise come from; the guide is silent about them. */
export const TIER: TierName = "system-of-record";

const owner = "database team";

/** The guide's table of recovery objectives, as it writes them: three of its four rows say "under" for both. */
export const guideObjectives = {
  process: { rpo: "0s", rto: "under 2m", owner, reason: "operations guide, pod restart" },
  node: { rpo: "under 1m", rto: "under 5m", owner, reason: "operations guide, node failure" },
  zone: { rpo: "under 5m", rto: "under 15m", owner, reason: "operations guide, zone failure" },
  region: { rpo: "under 15m", rto: "under 1h", owner, reason: "operations guide, region failure" },
} as const satisfies Partial<Record<Disruption, ObjectiveArgs>> & PartialObjectives;

/** At least the guide's RETENTION_DAYS; at most twice that, because deleted records must not live on in copies. */
export const retention: RetentionArgs = { atLeast: "30d", atMost: "60d" };
