import * as databricks from "@pulumi/databricks";
import type * as pulumi from "@pulumi/pulumi";
import type { AnalyticsConfig } from "../config";
import { type Layer, layers } from "../data/tables";
import { clusterName } from "../operations/choreNames";
import type { AnalyticsSite, Estate } from "../site";

/** The cluster on which the pipeline of each layer works. */
export type PipelineClusters = Readonly<Record<Layer, databricks.Cluster>>;

/** What a cluster may be, by who makes it. */
export type ClusterUse = "people" | "jobs";

/** One attribute of a policy, as Databricks reads it. */
type Limit =
  | { type: "fixed"; value: string | number }
  | { type: "range"; minValue?: number; maxValue: number; defaultValue: number }
  | { type: "forbidden" };

/** Settings of Spark that every cluster has: what a join may send to every worker is limited, and nobody raises it. */
export function sparkConf({ operations }: Pick<AnalyticsConfig, "operations">): Record<string, string> {
  const most = String(operations.clusters.broadcastBytes);
  return {
    "spark.sql.autoBroadcastJoinThreshold": most,
    // While a query runs, Spark and Databricks choose anew, each by a limit of its own.
    "spark.sql.adaptive.autoBroadcastJoinThreshold": most,
    "spark.databricks.adaptive.autoBroadcastJoinThreshold": most,
  };
}

/** The policy of a use: runtime, Photon, growth, spot and the end of what is idle are not for each to choose. */
export function clusterPolicy(
  { databricks: { runtime }, operations }: Pick<AnalyticsConfig, "databricks" | "operations">,
  use: ClusterUse,
): Record<string, Limit> {
  const { mostWorkers, idleMinutes } = operations.clusters;
  const fixed = (value: string | number): Limit => ({ type: "fixed", value });
  const conf = Object.entries(sparkConf({ operations })).map(([key, value]) => [`spark_conf.${key}`, fixed(value)]);
  return {
    spark_version: fixed(runtime),
    runtime_engine: fixed("PHOTON"),
    num_workers: { type: "forbidden" },
    "autoscale.min_workers": { type: "range", minValue: 1, maxValue: mostWorkers, defaultValue: 1 },
    "autoscale.max_workers": { type: "range", maxValue: mostWorkers, defaultValue: Math.min(4, mostWorkers) },
    // The driver stays: without it the work of all others is lost.
    "azure_attributes.first_on_demand": { type: "range", minValue: 1, maxValue: mostWorkers + 1, defaultValue: 1 },
    "azure_attributes.availability": fixed("SPOT_WITH_FALLBACK_AZURE"),
    cluster_type: fixed(use === "people" ? "all-purpose" : "job"),
    ...(use === "people"
      ? { autotermination_minutes: { type: "range", minValue: 10, maxValue: idleMinutes, defaultValue: idleMinutes } }
      : {}),
    ...Object.fromEntries(conf),
  };
}

/** What a policy is called. */
export function policyName(use: ClusterUse): string {
  return `analytics-${use}`;
}

/** The policies of a workspace. */
export function clusterPolicies(
  { config }: Pick<Estate, "config">,
  at: AnalyticsSite,
  parent: pulumi.Resource,
): databricks.ClusterPolicy[] {
  return (["people", "jobs"] as const).map(
    (use) =>
      new databricks.ClusterPolicy(
        `${at.prefix}-policy-${use}`,
        { name: policyName(use), definition: JSON.stringify(clusterPolicy(config, use)) },
        { parent, provider: at.databricks, dependsOn: [at.made] },
      ),
  );
}

/** A cluster that a job has for itself; spot where a run that is lost is only repeated. */
export function jobCluster(
  { databricks: { runtime, cluster }, operations }: AnalyticsConfig,
  nodes: "on demand" | "spot",
): databricks.types.input.JobJobClusterNewCluster {
  return {
    sparkVersion: runtime,
    nodeTypeId: cluster.nodeType,
    runtimeEngine: "PHOTON",
    // Without it a cluster sees nothing of Unity Catalog.
    dataSecurityMode: "SINGLE_USER",
    autoscale: { minWorkers: 1, maxWorkers: operations.clusters.mostWorkers },
    azureAttributes:
      nodes === "spot"
        ? { availability: "SPOT_WITH_FALLBACK_AZURE", firstOnDemand: 1 }
        : { availability: "ON_DEMAND_AZURE" },
    sparkConf: sparkConf({ operations }),
  };
}

/**
 * The clusters on which the pipelines run without end, one for each layer: a restart can then begin beside, warm. No spot:
 * a stream that loses its workers is late for all. In a workspace that stands by each ends by itself, and starts with its job.
 */
export function pipelineClusters(
  { config }: Pick<Estate, "config">,
  at: AnalyticsSite,
  parent: pulumi.Resource,
  after: pulumi.Resource,
): PipelineClusters {
  const { nodeType, workers } = config.databricks.cluster;
  const made = layers.map((layer): [Layer, databricks.Cluster] => [
    layer,
    new databricks.Cluster(
      `${at.prefix}-cluster-${layer}`,
      {
        clusterName: clusterName(layer),
        sparkVersion: config.databricks.runtime,
        nodeTypeId: nodeType,
        runtimeEngine: "PHOTON",
        dataSecurityMode: "USER_ISOLATION",
        autoscale: { minWorkers: workers, maxWorkers: Math.max(workers, config.operations.clusters.mostWorkers) },
        azureAttributes: { availability: "ON_DEMAND_AZURE" },
        autoterminationMinutes: at.role === "primary" ? 0 : config.operations.clusters.idleMinutes,
        // What has not run for 30 days is forgotten otherwise.
        isPinned: true,
        sparkConf: sparkConf(config),
        customTags: { system: "analytics", layer },
      },
      { parent, provider: at.databricks, dependsOn: [after] },
    ),
  ]);
  return Object.fromEntries(made) as PipelineClusters;
}
