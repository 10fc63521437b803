import * as azureDatabricks from "@pulumi/azure-native/databricks";
import * as databricks from "@pulumi/databricks";
import { accounts, assetOf, BRONZE } from "./guide";
import { copies } from "./lake";
import type { Place } from "./places";
import { SUBSCRIPTION } from "./places";
import { assumed, type Mend } from "./variant";

const DAILY = "0 0 0 * * ?";

/** Two workspaces, the table that the guide names, its daily export, and its VACUUM. */
export function declareDatabricks(primary: Place, secondary: Place, mended: ReadonlySet<Mend>): void {
  declareWorkspace(primary, { holdfast_asset: assetOf("databricks") });
  declareWorkspace(secondary, { holdfast_asset: assetOf("databricks"), holdfast_role: "standby" });
  const provider = primary.databricks;
  new databricks.SqlTable(
    "bronze-events",
    {
      catalogName: "analytics",
      schemaName: BRONZE,
      name: "events",
      tableType: "EXTERNAL",
      dataSourceFormat: "DELTA",
      storageLocation: `abfss://${BRONZE}@${accounts.data}.dfs.core.windows.net/events`,
      columns: ["date", "event_type", "customer_id"].map((name) => ({ name, type: "string" })),
      properties: { holdfast_asset: assetOf("lake") },
    },
    { provider },
  );
  declareJob(provider, mended, {
    name: "daily-export",
    row: "databricks",
    notebooks: ["/jobs/export_jobs", "/jobs/export_unity_catalog"],
    tags: {
      holdfast_role: "full",
      holdfast_copies_to: copies.databricks,
      holdfast_capture: "start",
      holdfast_writes: "files",
    },
    text: "at midnight UTC; jobs and Unity Catalog in one run, so that they are of one day",
  });
  declareJob(provider, mended, {
    name: "optimize-storage",
    row: "lake",
    notebooks: ["/jobs/optimize_storage"],
    tags: { holdfast_role: "vacuum" },
    parameters: { retain_hours: "168" },
    text: "daily: the guide says of its script what it does and not how often",
  });
  if (!mended.has("backup")) return;
  declareJob(provider, mended, {
    name: "fill-backup",
    row: "lake",
    notebooks: ["/jobs/fill_backup"],
    tags: { holdfast_role: "full", holdfast_copies_to: copies.lake, holdfast_capture: "start" },
    schedule: "0 0/15 * * * ?",
    text: "the whole job; it is taken to read one moment of all tables",
    touching: ["backup"],
  });
}

function declareWorkspace({ role, region, resourceGroupName, azure }: Place, tags: Record<string, string>): void {
  new azureDatabricks.Workspace(
    `workspace-${role}`,
    {
      workspaceName: `analytics-${role}`,
      location: region,
      resourceGroupName,
      managedResourceGroupId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/analytics-${role}-managed`,
      sku: { name: "premium" },
      computeMode: "Hybrid",
      tags,
    },
    { provider: azure },
  );
}

interface GuideJob {
  name: string;
  row: "lake" | "databricks";
  notebooks: string[];
  tags: Record<string, string>;
  parameters?: Record<string, string>;
  /** @default daily */
  schedule?: string;
  /** What of it is assumed. */
  text: string;
  touching?: Mend[];
}

/** A job without timeout, unless the stack mends that. */
function declareJob(provider: databricks.Provider, mended: ReadonlySet<Mend>, job: GuideJob): void {
  const bounded = mended.has("deadlines");
  new databricks.Job(
    job.name,
    {
      name: job.name,
      tags: {
        holdfast_protects: assetOf(job.row),
        ...job.tags,
        holdfast_assumed: assumed(job.text, mended, ["deadlines", ...(job.touching ?? [])]),
      },
      schedule: { quartzCronExpression: job.schedule ?? DAILY, timezoneId: "Etc/UTC" },
      ...(bounded ? { timeoutSeconds: job.name === "fill-backup" ? 600 : 1800, maxConcurrentRuns: 1 } : {}),
      parameters: Object.entries(job.parameters ?? {}).map(([name, value]) => ({ name, default: value })),
      tasks: job.notebooks.map((notebookPath) => ({
        taskKey: notebookPath.slice("/jobs/".length),
        existingClusterId: "streaming",
        notebookTask: { notebookPath },
      })),
    },
    { provider },
  );
}
