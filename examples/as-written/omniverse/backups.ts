import type * as k8s from "@pulumi/kubernetes";
import { declareJob } from "./job";
import { assumed } from "./links";
import { ASSETS, BUCKET, DATABASE, FOLDERS, IMAGES, KEPT_DAYS, SCHEDULES } from "./runbook";
import type { Mend } from "./variant";

/** Longest runs of the variants with deadlines. */
export const RUN_SECONDS = { dump: 30 * 60, copy: 40 * 60 } as const;

const unsaid =
  "a CronJob, and how long it keeps as an argument: the runbook names no time zone and nothing that starts its script";

/** The daily dump and the weekly asset copy. */
export function declareBackups(mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  const touching = ["deadlines", "upload"] as const;
  declareJob(
    {
      name: "daily-database-backup",
      script: "daily-database-backup.sh",
      args: ["--retention-days", String(KEPT_DAYS.dumps)],
      image: IMAGES.postgres,
      schedule: SCHEDULES.dump,
      deadlineSeconds: RUN_SECONDS.dump,
      reads: { database: FOLDERS.database },
      writes: { dumps: FOLDERS.dumps },
      // A dump is of the moment at which it starts.
      said: { ...said(DATABASE, "start", KEPT_DAYS.dumps, mended), ...assumed(unsaid, mended, touching) },
    },
    mended,
    provider,
  );
  declareJob(
    {
      name: "weekly-asset-backup",
      script: "weekly-asset-backup.sh",
      args: ["--retention-days", String(KEPT_DAYS.copies)],
      image: IMAGES.nucleus,
      schedule: SCHEDULES.copy,
      deadlineSeconds: RUN_SECONDS.copy,
      reads: { assets: FOLDERS.assets },
      writes: { copies: FOLDERS.copies },
      // It reads files that Nucleus writes meanwhile.
      said: { ...said(ASSETS, "fuzzy", KEPT_DAYS.copies, mended), ...assumed(unsaid, mended, touching) },
    },
    mended,
    provider,
  );
}

function said(protects: string, capture: string, days: number, mended: ReadonlySet<Mend>): Record<string, string> {
  const kept: Record<string, string> = mended.has("upload") ? { "copies-to": BUCKET } : { "kept-for": `${days}d` };
  return { role: "full", protects, capture, ...kept };
}
