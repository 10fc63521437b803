import type * as pulumi from "@pulumi/pulumi";
import { BackupJob } from "../../components/backup/backupJob";
import { MaintenanceJob } from "../../components/maintenance/maintenanceJob";
import type { LockedBucket } from "../../components/storage/lockedBucket";
import { accountCopyWork } from "./accountJobs";
import { copyWork } from "./backups";
import { jobNames } from "./names";
import { type AssetName, assetIds } from "./objectives";
import { type OmniverseSite, sleeps } from "./site";

/** A dump, the assets that it refers to, and the accounts: a job each, because each is of use when the others fail. */
export function copyJobs(at: OmniverseSite, region: string, bucket: LockedBucket): pulumi.ComponentResource[] {
  // An object that is written before the lock is in force is not locked.
  const placement = { ...at.placement, after: [...at.placement.after, bucket.lock] };
  const { backups } = at.config;
  return (Object.keys(copied) as AssetName[]).map((asset) => {
    const { job, capture } = copied[asset];
    const work = asset === "accounts" ? accountCopyWork(at, region) : copyWork(at, region, asset);
    const [name, options] = [`${at.prefix}-backup-${asset}`, { parent: at.parent }];
    const args = { placement, job, work, ...backups[asset] };
    // What sleeps protects nothing: as a backup it would be counted on.
    const protects = assetIds[asset];
    if (sleeps(at)) return new MaintenanceJob(name, { ...args, protects, suspend: true }, options);
    return new BackupJob(name, { ...args, role: "full", protects, copiesTo: backups.bucket, capture }, options);
  });
}

const copied = {
  // pg_dump reads one snapshot, taken when it starts; of the assets the versions of one moment, not the files of many.
  database: { job: jobNames.dump, capture: "start" },
  assets: { job: jobNames.assets, capture: "start" },
  // Which moment of its run it holds is not documented: it is clean only where it had ended before the damage.
  accounts: { job: jobNames.accounts, capture: "fuzzy" },
} as const;
