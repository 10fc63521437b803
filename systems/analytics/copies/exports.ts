import type { LockedAccount } from "../../../components/azure/lockedAccount";
import { BackupJob } from "../../../components/backup/backupJob";
import type { Size } from "../../../components/kubernetes/nodeDisk";
import { type Grant, jobIdentity, workspaceAccess } from "../access";
import { workspaceUrl } from "../endpoints";
import { accountId, logsId, subscriptionId, vaultId } from "../ids";
import { scriptWork } from "../jobWork";
import { ACCOUNTS, CATALOG, databricksJobs, jobNames, LOCKED_CONTAINERS } from "../names";
import { type AssetName, assetIds } from "../objectives";
import type { Estate } from "../site";

/** Assets whose restore points are files that a job writes under the lock. */
export const exported = ["databricks", "powerbi", "configuration", "keys", "logs"] as const satisfies AssetName[];

/** Jobs that clone; only a workspace whose lake is written has them. */
const cloneJobs = [
  databricksJobs.cloneToCopy,
  databricksJobs.cloneToLocked,
  databricksJobs.firstCloneToCopy,
  databricksJobs.firstCloneToLocked,
];

/** One of them. */
export type ExportedAsset = (typeof exported)[number];

/** What an export takes besides what all have. */
interface ExportPlan {
  job: string;
  account: string;
  /** What its identity may read, besides writing its own container. */
  reads: Grant[];
  env: Record<string, string>;
  /** Bytes that one run puts down; none where it must reach no disk. */
  scratchBytes?: number;
  /** @default 1 core, 1 GiB */
  size?: Size;
}

/** Folder of an asset's exports: `account/container` and what lies below. */
export function exportFolder(
  { names }: Pick<Estate, "names">,
  asset: ExportedAsset,
): { store: string; prefix: string } {
  const container = asset === "logs" ? LOCKED_CONTAINERS.logs : LOCKED_CONTAINERS.exports;
  return { store: `${names.locked}/${container}`, prefix: asset };
}

/** Takes exports from the secondary, which outlives what they are of, into the account under the lock. */
export function exports(estate: Estate, locked: LockedAccount): BackupJob[] {
  const { config, secondary, parent } = estate;
  const plans = plansOf(estate);
  return exported.map((asset) => {
    const { job, account, reads, env, scratchBytes, size }: ExportPlan = plans[asset];
    const { store, prefix } = exportFolder(estate, asset);
    const container = `${accountId(secondary, estate.names.locked)}/blobServices/default/containers/${store.split("/")[1]}`;
    const identity = jobIdentity(secondary, account, [{ role: "blobContributor", scope: container }, ...reads], parent);
    // Power BI knows its readers by its own lists: whoever administers the workspaces makes the identity a member.
    if (asset === "databricks") workspaceAccess(estate.primary, account, identity, "ADMIN", parent);
    return new BackupJob(
      `analytics-export-${asset}`,
      {
        placement: { ...secondary.placement, after: [...secondary.placement.after, locked] },
        job,
        work: scriptWork(estate, secondary, {
          script: ["export.sh"],
          account,
          asset,
          env: { STORE: store, PREFIX: prefix, ...env },
          ...(scratchBytes === undefined ? { inMemory: true } : { scratchBytes }),
          ...(size === undefined ? {} : { size }),
        }),
        // Each copy stands alone; one of logs holds lines that no other has.
        role: "full",
        protects: assetIds[asset],
        copiesTo: store,
        // Things change while they are listed.
        capture: "fuzzy",
        ...config.backups[asset],
      },
      { parent },
    );
  });
}

function plansOf({ config, names, primary }: Estate): Record<ExportedAsset, ExportPlan> {
  return {
    databricks: {
      job: jobNames.exportDatabricks,
      account: ACCOUNTS.exportDatabricks,
      reads: [],
      env: {
        DATABRICKS_URL: workspaceUrl({ config }, "primary"),
        CATALOG,
        OWN_JOBS: cloneJobs.join(" "),
      },
      scratchBytes: 500_000_000,
    },
    powerbi: {
      job: jobNames.exportPowerbi,
      account: ACCOUNTS.exportPowerbi,
      reads: [],
      env: { POWERBI_WORKSPACES: config.powerbi.workspaces.join(" ") },
      scratchBytes: config.powerbi.bytes,
    },
    configuration: {
      job: jobNames.exportConfiguration,
      account: ACCOUNTS.exportConfiguration,
      // Policies and role assignments lie above the groups.
      reads: [{ role: "reader", scope: subscriptionId(primary.subscription) }],
      env: {},
      scratchBytes: 500_000_000,
      // Hundreds of resources are read one by one, eight at a time, within its three minutes.
      size: { cores: 2, gib: 1 },
    },
    keys: {
      job: jobNames.exportKeys,
      account: ACCOUNTS.exportKeys,
      reads: [{ role: "secretsUser", scope: vaultId(primary, names.vault) }],
      env: { VAULT: names.vault, RECIPIENT: config.keys.recipient },
    },
    logs: {
      job: jobNames.exportLogs,
      account: ACCOUNTS.exportLogs,
      reads: [{ role: "logsReader", scope: logsId(primary, names.logs) }],
      env: {
        WORKSPACE: logsId(primary, names.logs),
        TABLES: config.logs.tables.join(" "),
        KEEP_DAYS: config.logs.hot.replace(/d$/, ""),
      },
      scratchBytes: 5_000_000_000,
    },
  };
}
