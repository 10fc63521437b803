import * as databricks from "@pulumi/databricks";
import type * as pulumi from "@pulumi/pulumi";
import { type SparkSite, SparkWorkspaces } from "../../../components/azure/sparkWorkspace";
import type { LakeCatalog } from "../data/catalog";
import { layers } from "../data/tables";
import { groupId } from "../ids";
import { managedGroup } from "../monitoring/monitoringNames";
import { CATALOG, CHECKPOINTS, databricksJobs, NOTEBOOKS } from "../names";
import { DATABRICKS_ID, LAKE_ID, retentions } from "../objectives";
import type { AnalyticsSite, Estate } from "../site";
import type { PipelineClusters } from "./clusters";
import { notebooks } from "./notebooks";

/** The workspace that works, and the one that stands by with its jobs paused. */
export function workspaces({ config, names, primary, secondary, parent }: Estate): SparkWorkspaces {
  const at = (site: AnalyticsSite): SparkSite => ({
    ...site.azure,
    workspace: names.workspace[site.role],
    managedResourceGroup: groupId({ ...site, group: managedGroup(site.group) }),
    subnets: config.network[site.role].workers,
  });
  return new SparkWorkspaces(
    "analytics-databricks",
    {
      promise: {
        id: DATABRICKS_ID,
        objectives: config.objectives.databricks,
        retention: retentions.databricks,
        bytes: 50_000_000,
        dependsOn: [LAKE_ID],
      },
      at: at(primary),
      standby: at(secondary),
      tags: { system: "analytics" },
    },
    { parent, dependsOn: [primary.made, secondary.made] },
  );
}

/** Our notebooks in a workspace; those of the pipelines come from their repository. */
export function sparkNotebooks(at: AnalyticsSite, parent: pulumi.Resource, after: pulumi.Resource): void {
  for (const [name, text] of Object.entries(notebooks()))
    new databricks.Notebook(
      `${at.prefix}-notebook-${name}`,
      {
        path: `${NOTEBOOKS}/${name}`,
        language: "SQL",
        format: "SOURCE",
        contentBase64: Buffer.from(text).toString("base64"),
      },
      { parent, provider: at.databricks, dependsOn: [after] },
    );
}

/**
 * The pipelines that write the layers, without end; where a region stands by they are paused. Each keeps its checkpoint in the
 * volume that it is told, begins without one where its own tables end, and writes what it reads twice once.
 */
export function pipelines(
  { config: { databricks: settings } }: Estate,
  at: AnalyticsSite,
  clusters: PipelineClusters,
  { catalog: parent, after }: { catalog: LakeCatalog; after: pulumi.Resource },
): void {
  const { git, pipelines: paths } = settings;
  const { schemas } = parent;
  for (const layer of layers) {
    // Recoveries rename it and make another: a checkpoint knows tables as they were before.
    const checkpoints = new databricks.Volume(
      `${at.prefix}-checkpoints-${layer}`,
      { catalogName: CATALOG, schemaName: layer, name: CHECKPOINTS, volumeType: "MANAGED" },
      { parent, provider: at.databricks, dependsOn: schemas },
    );
    new databricks.Job(
      `${at.prefix}-pipeline-${layer}`,
      {
        name: databricksJobs.pipeline(layer),
        tags: { system: "analytics", layer },
        // Without an end, so without a timeout: what it has not read by the next run is still in Event Hubs.
        continuous: { pauseStatus: at.role === "primary" ? "UNPAUSED" : "PAUSED" },
        gitSource: { url: git.url, provider: git.provider, branch: git.branch },
        tasks: [
          {
            taskKey: "run",
            // Not one that the job makes for itself: a restart would wait minutes for the next.
            existingClusterId: clusters[layer].clusterId,
            notebookTask: {
              notebookPath: paths[layer],
              source: "GIT",
              baseParameters: { checkpoint: `/Volumes/${CATALOG}/${layer}/${CHECKPOINTS}` },
            },
          },
        ],
      },
      { parent, provider: at.databricks, dependsOn: [after, checkpoints] },
    );
  }
}
