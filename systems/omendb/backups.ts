import { BackupJob } from "../../components/backup/backupJob";
import type { Placement } from "../../components/kubernetes/placement";
import { MaintenanceJob } from "../../components/maintenance/maintenanceJob";
import type { LockedBucket } from "../../components/storage/lockedBucket";
import { gapsOf, wholeDaysOf } from "../spans";
import type { BackupRhythm } from "./capacity";
import type { OmendbConfig } from "./config";
import { scriptWork } from "./jobWork";
import { ACCOUNTS } from "./names";
import { DATA } from "./objectives";
import { jobNames } from "./runbooks/jobNames";
import type { OmendbSite } from "./site";
import { dataVolumes, usersVolume } from "./volumes";

const roles = ["incremental", "full"] as const;

/** Takes restore points where the database serves: small ones every few minutes, and bases that keep the chains short. */
export function backups(at: OmendbSite, region: string, bucket: LockedBucket): BackupJob[] {
  // An object that is written before the lock is in force is not locked.
  const placement: Placement = { ...at.placement, after: [...at.placement.after, bucket.lock] };
  return roles.map(
    (role) =>
      new BackupJob(
        `${at.prefix}-backup-${role}`,
        {
          placement,
          job: jobNames[role],
          work: backupWork(at, region, role),
          role,
          protects: DATA,
          copiesTo: at.config.backups.bucket,
          // Files change while the tool copies them; a drill may show better.
          capture: "fuzzy",
          ...at.config.backups[role],
        },
        { parent: at.parent },
      ),
  );
}

/** The same jobs, asleep, where a recovery may bring the database: its last step starts the full one. */
export function standbyBackups(at: OmendbSite, region: string): MaintenanceJob[] {
  return roles.map(
    (role) =>
      new MaintenanceJob(
        `${at.prefix}-backup-${role}`,
        {
          placement: at.placement,
          job: jobNames[role],
          work: backupWork(at, region, role),
          ...at.config.backups[role],
          suspend: true,
        },
        { parent: at.parent },
      ),
  );
}

function backupWork(at: OmendbSite, region: string, role: (typeof roles)[number]) {
  return scriptWork(
    at,
    { region },
    {
      script: ["backup.sh", role],
      account: ACCOUNTS.backup,
      volumes: [...dataVolumes(true), usersVolume],
      env: { REQUIRED_LOCK_DAYS: String(wholeDaysOf(at.config.backups.lock)) },
      size: { cores: 2, gib: 4 },
    },
  );
}

/** How often restore points are taken, the loss of one full included. */
export function chainRhythm({ backups: { full, incremental } }: OmendbConfig): BackupRhythm {
  return { fullGap: gapsOf(full)[1], incrementalGap: gapsOf(incremental)[0] };
}
