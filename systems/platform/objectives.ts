import type { RetentionArgs } from "../../recovery/objective";
import type { PartialObjectives, TierName } from "../tiers";
import type { AssetName } from "./assets";

/** Where an asset says nothing of its own. */
export const TIER: TierName = "platform";

/** What an asset promises otherwise than its tier, and why. */
export const assetObjectives: Readonly<Record<AssetName, PartialObjectives>> = {
  state: {},
  dns: {
    region: { rto: "1h", reason: "the recovery of every system ends with a change of a name" },
    corruption: { rpo: "6h", rto: "6h", reason: "wrong names are noticed by everyone who uses them, within the hour" },
  },
  keys: {
    region: { rpo: "24h", rto: "8h", reason: "secrets change with releases; the clean room opens them by hand" },
    corruption: { rpo: "48h" },
  },
  registry: {
    region: { rpo: "3d", rto: "4h", reason: "an image that is lost can be built again from its commit" },
    corruption: { rpo: "4d" },
    compromise: { rpo: "3d", reason: "an image that is lost can be built again from its commit" },
  },
  clusters: {
    region: { rpo: "24h", rto: "4h", reason: "the other site holds the systems' standby objects already" },
  },
  monitoring: {
    ...Object.fromEntries(
      (["process", "node", "zone"] as const).map((disruption) => [
        disruption,
        { rpo: "24h", rto: "2h", reason: "no service keeps it: rules are applied at the other site" },
      ]),
    ),
    region: { rpo: "24h", rto: "2h", reason: "the other site has alerting of its own; history is given up" },
  },
};

/** Long enough that a change nobody noticed within a month can be undone. */
export const retention: RetentionArgs = { atLeast: "30d", atMost: "60d" };
