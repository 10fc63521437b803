import * as databricks from "@pulumi/databricks";
import { DatabricksJob } from "../../../../components/azure/databricksJob";
import { DataLake } from "../../../../components/azure/dataLake";
import { DeltaTable } from "../../../../components/azure/deltaTable";
import { LockedAccount } from "../../../../components/azure/lockedAccount";
import type { ResourceGraph } from "../../../../policies/graph";
import { cleanRoomKit, declaredGraph, kit, promise, protects, rates, recovery, spans, surroundings } from "./shop";

/** A program of our components: a lake of Delta tables, cloned to the other region and to an account under a lock. */
export function databricksGraph(): Promise<ResourceGraph> {
  return declaredGraph(() => {
    const { near, far, placement } = surroundings([
      ...spans({ "managed-service": "5m", "late-start": "3m", "cluster-start": "1m" }),
      ...rates({ "copy-rate": 100_000_000, "write-rate": 200_000 }),
    ]);
    const lake = (account: string, subnet: string) => ({ account, subnets: [`/subnets/${subnet}`] });
    new DataLake("orders", {
      promise,
      at: { ...near, ...lake("shoporders", "near") },
      elsewhere: { ...far, ...lake("shopordersfar", "far") },
      containers: ["tables"],
      keepDeleted: "35d",
    });
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
    const workspace =
      "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers/a/workspaces/w";
    const provider = new databricks.Provider("far-workspace", { azureWorkspaceResourceId: workspace });
    new DeltaTable("placed", {
      provider,
      asset: protects,
      catalog: "shop",
      schema: "orders",
      table: "placed",
      warehouse: "w",
      columns: [{ name: "id", type: "bigint" }],
      location: "abfss://tables@shoporders.dfs.core.windows.net/placed",
      keep: "35d",
    });
    const cluster = { sparkVersion: "16.4.x-scala2.12", nodeTypeId: "Standard_D4ds_v5", numWorkers: 2 };
    const shared = { provider, protects, cluster, deadline: "20m" } as const;
    const clones = (name: string, copiesTo: string) =>
      new DatabricksJob(name, {
        ...shared,
        job: name,
        purpose: { role: "full", copiesTo, readInPlace: true },
        schedule: "0 0/15 * * * ?",
        deadline: "10m",
        notebook: "/jobs/clone",
        parameters: { history: "interval 35 days" },
      });
    clones("orders-clone", "shopordersfar/tables");
    clones("orders-lock", "shopcopies/orders");
    new DatabricksJob("orders-vacuum", {
      ...shared,
      job: "orders-vacuum",
      purpose: { role: "vacuum", retain: "840h" },
      schedule: "0 0 3 ? * SUN",
      notebook: "/jobs/vacuum",
    });
    recovery("orders-repointed", placement, { disruptions: ["region"], from: "clones" }, "shopordersfar");
    recovery("orders-back", placement, { disruptions: ["corruption"], from: "time-travel" }, "shoporders");
    cleanRoomKit(far);
    recovery(
      "orders-clean",
      placement,
      { disruptions: ["compromise"], from: "clones-2", runsAt: "clean", kit },
      "shopcopies",
    );
  });
}
