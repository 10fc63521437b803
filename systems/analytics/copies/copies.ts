import * as databricks from "@pulumi/databricks";
import { DatabricksJob } from "../../../components/azure/databricksJob";
import { MaintenanceJob } from "../../../components/maintenance/maintenanceJob";
import { jobIdentity, workspaceAccess } from "../access";
import { tablesUrl } from "../data/catalog";
import { workspaceUrl } from "../endpoints";
import { scriptWork } from "../jobWork";
import {
  ACCOUNTS,
  CATALOG,
  CLONE_CATALOGS,
  CLONE_LOG,
  CLONE_POOL,
  databricksJobs,
  jobNames,
  NOTEBOOKS,
  TABLES,
} from "../names";
import { DATABRICKS_ID, LAKE_ID } from "../objectives";
import type { Estate } from "../site";
import { firstCloneTakes } from "./rates";

/**
 * Clones every table to the secondary's account, and to the one under the lock. The primary's workspace runs them: its
 * metastore alone knows all tables, and what a region holds is cloned as long as it is there.
 */
export function clones(estate: Estate): DatabricksJob[] {
  const { config, names, primary, parent } = estate;
  const { nodeType, workers } = config.databricks.cluster;
  // Between two runs its machines stay: a cluster of new ones would take longer to start than many a run to clone.
  const pool = new databricks.InstancePool(
    "analytics-clone-pool",
    {
      instancePoolName: CLONE_POOL,
      nodeTypeId: nodeType,
      minIdleInstances: 0,
      idleInstanceAutoterminationMinutes: 20,
      preloadedSparkVersions: [config.databricks.runtime],
    },
    { parent, provider: primary.databricks },
  );
  const clone = (job: string, account: string, catalog: string, how: "often" | "first") =>
    new DatabricksJob(
      job,
      {
        provider: primary.databricks,
        job,
        protects: LAKE_ID,
        schedule: config.lake.clones.schedule,
        ...(how === "often"
          ? {
              purpose: { role: "full", copiesTo: `${account}/${TABLES}`, readInPlace: true },
              deadline: config.lake.clones.deadline,
            }
          : // People start it, and let the other run by its schedule once it has ended.
            { purpose: { role: "maintenance" }, deadline: firstCloneTakes(estate), paused: true }),
        notebook: `${NOTEBOOKS}/clone`,
        parameters: {
          source: CATALOG,
          target: catalog,
          location: tablesUrl(account),
          history: `interval ${config.lake.keep.replace(/d$/, "")} days`,
          // Of both: nothing is written under the lock by whom a region's loss leaves to serve.
          serving: `${CLONE_CATALOGS.copy}.${CLONE_LOG.schema}.${CLONE_LOG.serving}`,
          serving_location: tablesUrl(names.lake.copy, `_${CLONE_LOG.schema}/${CLONE_LOG.serving}`),
        },
        cluster: {
          sparkVersion: config.databricks.runtime,
          instancePoolId: pool.id,
          numWorkers: workers,
          // Without it a cluster sees nothing of Unity Catalog.
          dataSecurityMode: "SINGLE_USER",
        },
      },
      { parent },
    );
  clone(databricksJobs.firstCloneToCopy, names.lake.copy, CLONE_CATALOGS.copy, "first");
  clone(databricksJobs.firstCloneToLocked, names.locked, CLONE_CATALOGS.locked, "first");
  return [
    clone(databricksJobs.cloneToCopy, names.lake.copy, CLONE_CATALOGS.copy, "often"),
    clone(databricksJobs.cloneToLocked, names.locked, CLONE_CATALOGS.locked, "often"),
  ];
}

/** Says beside the secondary's alerts how old the newest clone of each kind is, as the primary's workspace knows it. */
export function cloneStatus(estate: Estate, jobs: readonly DatabricksJob[]): MaintenanceJob {
  const { config, primary, secondary, parent } = estate;
  const identity = jobIdentity(secondary, ACCOUNTS.cloneStatus, [], parent);
  const user = workspaceAccess(primary, ACCOUNTS.cloneStatus, identity, "USER", parent);
  for (const [place, { job }] of jobs.entries())
    new databricks.Permissions(
      `analytics-clone-status-sees-${place + 1}`,
      {
        jobId: job.id,
        accessControls: [{ servicePrincipalName: identity.identity.clientId, permissionLevel: "CAN_VIEW" }],
      },
      { parent, provider: primary.databricks, dependsOn: [user] },
    );
  return new MaintenanceJob(
    "analytics-clone-status",
    {
      placement: secondary.placement,
      job: jobNames.cloneStatus,
      work: scriptWork(estate, secondary, {
        script: ["cloneStatus.sh"],
        account: ACCOUNTS.cloneStatus,
        asset: "lake",
        env: {
          DATABRICKS_URL: workspaceUrl(estate, "primary"),
          CLONE_JOBS: `clones=${databricksJobs.cloneToCopy} clones-2=${databricksJobs.cloneToLocked}`,
        },
      }),
      ...config.backups.cloneStatus,
      reads: [LAKE_ID, DATABRICKS_ID],
    },
    { parent },
  );
}
