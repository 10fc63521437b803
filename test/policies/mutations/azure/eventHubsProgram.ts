import { EventStream } from "../../../../components/azure/eventStream";
import { LockedAccount } from "../../../../components/azure/lockedAccount";
import type { ResourceGraph } from "../../../../policies/graph";
import { cleanRoomKit, declaredGraph, kit, promise, recovery, spans, surroundings } from "./shop";

/** A program of our components: topics in two namespaces, replicated, and captured to an account under a lock. */
export function eventHubsGraph(): Promise<ResourceGraph> {
  return declaredGraph(() => {
    const { near, far, placement } = surroundings(spans({ "managed-service": "5m", "log-upload": "5m" }));
    new LockedAccount("locked", {
      at: far,
      account: "shopcopies",
      containers: ["orders"],
      subnets: ["/subnets/far"],
      lock: "35d",
      expire: "45d",
      expiring: ["orders/shop-one/", "orders/shop-two/"],
      locked: true,
    });
    const capture = {
      account: "/subscriptions/s/resourceGroups/shop-far/providers/Microsoft.Storage/storageAccounts/shopcopies",
      container: "orders",
      every: "5m",
    } as const;
    new EventStream("orders", {
      promise,
      at: near,
      namespaces: ["shop-one", "shop-two"],
      units: 4,
      elsewhere: { region: "northeurope", lag: "5m" },
      topics: [{ name: "placed", partitions: 32, keep: "720h", capture }],
    });
    recovery("orders-promoted", placement, { disruptions: ["region"], from: "geo-replica" }, "shop-one");
    recovery("orders-again", placement, { disruptions: ["corruption"], from: "retained-events" }, "shop-one");
    cleanRoomKit(far);
    recovery(
      "orders-clean",
      placement,
      { disruptions: ["compromise"], from: "capture", runsAt: "clean", kit },
      "shop-two",
    );
  });
}
