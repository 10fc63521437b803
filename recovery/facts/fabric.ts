import { factsOf } from "./group";

const reliability = { source: "https://learn.microsoft.com/azure/reliability/reliability-fabric", read: "2025" };

/** Power BI and Microsoft Fabric. */
export const fabric = factsOf("fabric", {
  zones: {
    says: "Microsoft tries to keep Fabric up through the loss of a zone, and excludes large models and gateways.",
    standing: "none",
    ...reliability,
  },
  regions: {
    says: "Microsoft alone decides on a failover to another region; a customer's own way is to publish from files.",
    standing: "none",
    ...reliability,
  },
});
