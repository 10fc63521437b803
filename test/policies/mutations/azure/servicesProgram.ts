import { type AzureAlertArgs, AzureAlerts } from "../../../../components/azure/azureAlerts";
import { EventStream } from "../../../../components/azure/eventStream";
import { LogWorkspace } from "../../../../components/azure/logWorkspace";
import { SparkWorkspaces } from "../../../../components/azure/sparkWorkspace";
import { Vault } from "../../../../components/azure/vault";
import type { ResourceGraph } from "../../../../policies/graph";
import { declaredGraph, promise, recovery, spans, surroundings } from "./shop";

/** A program of our components: a vault that its asset is kept in. */
export function vaultGraph(): Promise<ResourceGraph> {
  return declaredGraph(() => {
    const { near, placement } = surroundings(spans({ "managed-service": "5m", "replica-lag": "10m" }));
    new Vault("orders", {
      promise,
      at: near,
      vault: "shop-keys",
      tenant: "tenant",
      subnets: ["/subnets/near"],
      keepDeleted: "90d",
    });
    recovery("orders-undeleted", placement, { disruptions: ["corruption"], from: "soft-delete" }, "shop-keys");
    recovery(
      "orders-clean",
      placement,
      { disruptions: ["compromise"], from: "soft-delete", runsAt: "clean" },
      "shop-keys",
    );
  });
}

/** A program of our components: logs in two regions. */
export function logsGraph(): Promise<ResourceGraph> {
  return declaredGraph(() => {
    const { near, placement } = surroundings(spans({ "managed-service": "5m", "replica-lag": "10m" }));
    new LogWorkspace("orders", {
      promise,
      at: near,
      workspace: "shop-logs",
      elsewhere: "northeurope",
      hot: "90d",
      tables: ["Placed_CL"],
      keep: "365d",
    });
    recovery("orders-switched", placement, { disruptions: ["region"], from: "geo-replica" }, "shop-logs");
  });
}

/** A program of our components: workspaces of Databricks in two regions. */
export function workspacesGraph(): Promise<ResourceGraph> {
  return declaredGraph(() => {
    const { near, far } = surroundings(spans({ "managed-service": "15m" }));
    const managedResourceGroup = "/subscriptions/s/resourceGroups/shop-managed";
    new SparkWorkspaces("orders", {
      promise,
      at: { ...near, workspace: "shop-near", managedResourceGroup },
      standby: { ...far, workspace: "shop-far", managedResourceGroup },
    });
  });
}

/** A program of our components: replicated topics, and alerts on how far behind the replica is. */
export function watchedGraph(): Promise<ResourceGraph> {
  return declaredGraph(() => {
    const { near, placement } = surroundings(spans({ "managed-service": "5m", "alarm-delivery": "5m" }));
    new EventStream("orders", {
      promise,
      at: near,
      namespaces: ["shop-one"],
      units: 4,
      elsewhere: { region: "northeurope", lag: "5m" },
      topics: [{ name: "placed", partitions: 32, keep: "720h" }],
    });
    recovery("orders-promoted", placement, { disruptions: ["region"], from: "geo-replica" }, "shop-one");
    const about = {
      scopes: ["/subscriptions/s/resourceGroups/shop-near/providers/Microsoft.EventHub/namespaces/shop-one"],
      asset: promise.id,
      guards: "freshness" as const,
      severity: 0 as const,
      description: "The second region falls behind.",
      every: "PT1M",
    } satisfies Partial<AzureAlertArgs>;
    new AzureAlerts("alerts", {
      at: near,
      group: "on-call",
      shortName: "on-call",
      webhook: "https://page.example.com",
      runbooks: "https://runbooks.example.com",
      alerts: [
        {
          ...about,
          alert: "SecondRegionBehind",
          window: "PT5M",
          namespace: "Microsoft.EventHub/namespaces",
          metric: "ReplicationLagDuration",
          aggregation: "Maximum",
          threshold: 600,
        },
        {
          ...about,
          alert: "SecondRegionSilent",
          window: "PT15M",
          query: 'AzureDiagnostics | where Category == "ApplicationMetricsLogs" and ActivityName_s == "ReplicationLag"',
          fewerThan: 1,
        },
      ],
    });
  });
}
