import { BackupJob } from "../../components/backup/backupJob";
import type { JobWork } from "../../components/kubernetes/cronJob";
import type { Placement } from "../../components/kubernetes/placement";
import type { MountedVolume } from "../../components/kubernetes/volume";
import { MaintenanceJob } from "../../components/maintenance/maintenanceJob";
import type { LockedBucket } from "../../components/storage/lockedBucket";
import { wholeDaysOf } from "../spans";
import { assetWork } from "./jobWork";
import { ACCOUNTS, FOLDERS, jobNames, MIRROR_CLAIM } from "./names";
import { ASSETS_ID, assetRetention, DATABASE_ID } from "./objectives";
import type { OmniverseSite } from "./site";

/** A dump, then the assets that it refers to: two jobs, because each is of use by itself when the other fails. */
export function backups(at: OmniverseSite, region: string, bucket: LockedBucket): BackupJob[] {
  // An object that is written before the lock is in force is not locked.
  const placement: Placement = { ...at.placement, after: [...at.placement.after, bucket.lock] };
  const { backups } = at.config;
  return (Object.keys(copied) as CopiedAsset[]).map(
    (asset) =>
      new BackupJob(
        `${at.prefix}-backup-${asset}`,
        {
          placement,
          job: copied[asset].job,
          role: "full",
          protects: copied[asset].protects,
          copiesTo: backups.bucket,
          // pg_dump reads one snapshot, taken when it starts; of the assets the versions of one moment, not the files of many.
          capture: "start",
          work: copyWork(at, region, asset),
          ...backups[asset],
        },
        { parent: at.parent },
      ),
  );
}

/** The same jobs, asleep, where a recovery may bring the database: its step resume wakes them. */
export function standbyBackups(at: OmniverseSite, region: string): MaintenanceJob[] {
  return (Object.keys(copied) as CopiedAsset[]).map(
    (asset) =>
      new MaintenanceJob(
        `${at.prefix}-backup-${asset}`,
        {
          placement: at.placement,
          job: copied[asset].job,
          work: copyWork(at, region, asset),
          ...at.config.backups[asset],
          suspend: true,
        },
        { parent: at.parent },
      ),
  );
}

const copied = {
  database: { job: jobNames.dump, protects: DATABASE_ID },
  assets: { job: jobNames.assets, protects: ASSETS_ID },
} as const;

type CopiedAsset = keyof typeof copied;

function copyWork(at: OmniverseSite, region: string, asset: CopiedAsset): JobWork {
  const { database } = at.config;
  if (asset === "database") {
    return assetWork(at, region, asset, {
      script: ["dump.sh"],
      account: ACCOUNTS.backup,
      env: { DB_INSTANCE: instanceAt(at) },
      scratchGib: gib(database.bytes),
      size: { cores: 2, gib: 2 },
    });
  }
  return assetWork(at, region, asset, {
    script: ["assets.sh"],
    account: ACCOUNTS.backup,
    env: {
      MIRROR_DIR: FOLDERS.mirror,
      KEPT_DAYS: String(wholeDaysOf(assetRetention.atLeast)),
    },
    volumes: [mirrorAt(at)],
    size: { cores: 4, gib: 4 },
  });
}

/** The instance that serves at a site: where a failover has brought it, it has the name of what was the replica. */
export function instanceAt({ role, config }: OmniverseSite): string {
  return role === "primary" ? config.database.identifier : `${config.database.identifier}-replica`;
}

/** Where the assets of one moment are put together before they are copied on; at a site that sleeps, anew each time. */
function mirrorAt({ role, config }: OmniverseSite): MountedVolume {
  const source = role === "primary" ? { claim: MIRROR_CLAIM } : { emptyDir: `${gib(config.assets.bytes)}Gi` };
  return { name: "mirror", mountPath: FOLDERS.mirror, source };
}

/** GiB that hold so many bytes, and a fifth more. */
export function gib(bytes: number): number {
  return Math.ceil((bytes * 1.2) / 1_073_741_824);
}
