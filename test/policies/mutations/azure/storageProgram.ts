import { DataLake } from "../../../../components/azure/dataLake";
import { LockedAccount } from "../../../../components/azure/lockedAccount";
import { BackupJob } from "../../../../components/backup/backupJob";
import type { ResourceGraph } from "../../../../policies/graph";
import { work } from "../../../components/declare";
import { cleanRoomKit, declaredGraph, kit, promise, protects, recovery, spans, surroundings } from "./shop";

/** A program of our components: a lake, and copies of it under a lock in another region. */
export function storageGraph(): Promise<ResourceGraph> {
  return declaredGraph(() => {
    const { near, far, placement } = surroundings(spans({ "managed-service": "5m" }));
    new DataLake("orders", {
      promise,
      at: { ...near, account: "shoporders", subnets: ["/subnets/near"] },
      containers: ["tables"],
      keepDeleted: "35d",
    });
    const copies = "shopcopies/orders";
    new LockedAccount("locked", {
      at: far,
      account: "shopcopies",
      containers: ["orders"],
      subnets: ["/subnets/far"],
      lock: "35d",
      expire: "45d",
      expiring: ["orders/copies/"],
      locked: true,
    });
    new BackupJob("orders-copies", {
      placement,
      job: "orders-copies",
      work: { ...work, env: { STORE: copies }, volumes: [] },
      role: "full",
      protects,
      copiesTo: copies,
      capture: "start",
      schedule: "*/20 * * * *",
      startWithin: "1m",
      deadline: "10m",
    });
    recovery("orders-elsewhere", placement, { disruptions: ["region", "corruption"] }, copies);
    cleanRoomKit(far);
    recovery("orders-clean", placement, { disruptions: ["compromise"], runsAt: "clean", kit }, copies);
  });
}
