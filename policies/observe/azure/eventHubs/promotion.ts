import type { Alert, Asset, Replica } from "../../../../recovery/plan";
import { managed, managedFailover } from "../../../../recovery/time";
import { detectionOf } from "../../alerts";
import { assumedTerm, assumptionFor } from "../../assumptions";
import type { Way } from "../../paths";
import type { Program } from "../../program";

/** Whoever owns a namespace promotes its second region; how long that takes is promised by nobody. */
export function promotionWays(asset: Asset, replica: Replica, alerts: readonly Alert[], { register }: Program): Way[] {
  const [name, disruption] = ["promotion", "region"] as const;
  const wanted = { asset: asset.id, path: name, disruption };
  const assumption = assumptionFor(register, { term: "managed-service", ...wanted });
  // A promise for the zones of a service says nothing of a second region.
  if (assumption?.path !== name) return [];
  return [
    {
      name,
      asset: asset.id,
      protection: replica.id,
      label: "promotion of the second region",
      disruption,
      ...managedFailover(managed.eventHubsPromotion, {
        detect: detectionOf(asset, disruption, alerts),
        decide: (["acknowledge", "decide"] as const).map((term) => assumedTerm(register, { term, ...wanted }, term)),
        redirect: [assumedTerm(register, { term: "redirect", ...wanted }, "clients connect again")],
        source: replica.source,
        assumption,
      }),
      runsAt: replica.at,
      needs: [],
      source: replica.source,
    },
  ];
}
