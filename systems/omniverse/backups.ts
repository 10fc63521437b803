import { BackupJob } from "../../components/backup/backupJob";
import type { Placement } from "../../components/kubernetes/placement";
import type { MountedVolume } from "../../components/kubernetes/volume";
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
  const { backups, database } = at.config;
  return [
    new BackupJob(
      `${at.prefix}-backup-database`,
      {
        placement,
        job: jobNames.dump,
        role: "full",
        protects: DATABASE_ID,
        copiesTo: backups.bucket,
        // pg_dump reads one snapshot, taken when it starts.
        capture: "start",
        work: assetWork(at, region, "database", {
          script: ["dump.sh"],
          account: ACCOUNTS.backup,
          scratchGib: gib(database.bytes),
          size: { cores: 2, gib: 2 },
        }),
        ...backups.database,
      },
      { parent: at.parent },
    ),
    new BackupJob(
      `${at.prefix}-backup-assets`,
      {
        placement,
        job: jobNames.assets,
        role: "full",
        protects: ASSETS_ID,
        copiesTo: backups.bucket,
        // The versions of one moment, not the files of many.
        capture: "start",
        work: assetWork(at, region, "assets", {
          script: ["assets.sh"],
          account: ACCOUNTS.backup,
          env: {
            MIRROR_DIR: FOLDERS.mirror,
            KEPT_DAYS: String(wholeDaysOf(assetRetention.atLeast)),
          },
          volumes: [mirrorVolume],
          size: { cores: 4, gib: 4 },
        }),
        ...backups.assets,
      },
      { parent: at.parent },
    ),
  ];
}

/** Where the assets of one moment are put together before they are copied on. */
export const mirrorVolume: MountedVolume = {
  name: "mirror",
  mountPath: FOLDERS.mirror,
  source: { claim: MIRROR_CLAIM },
};

/** GiB that hold so many bytes, and a fifth more. */
export function gib(bytes: number): number {
  return Math.ceil((bytes * 1.2) / 1_073_741_824);
}
