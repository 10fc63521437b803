import type { AssetName } from "./assets";

/** What the names of all CronJobs begin with. */
export const SELF = "platform";

/** Label of every job. */
export const JOB_LABELS = { app: "platform-jobs" };

/** ConfigMap with the job scripts. */
export const JOBS_MAP = "platform-jobs";

/** ConfigMap with what the register says of a site. */
export const SITE_MAP = "platform-site";

/** ConfigMap that whoever starts a recovery writes what only a person knows into: RESTORE_BEFORE. */
export const INCIDENT_MAP = "platform-incident";

/** User and group of the jobs; the image has it under this number. */
export const PLATFORM_UID = 10_002;

/** Folders as the containers see them. */
export const FOLDERS = {
  jobs: "/opt/holdfast/jobs",
  site: "/etc/holdfast/site",
  scratch: "/scratch",
  run: "/tmp",
} as const;

/** Service accounts by what they do; the one that reads secrets does nothing else. */
export const ACCOUNTS = {
  export: "platform-export",
  keys: "platform-keys",
  verify: "platform-verify",
  drill: "platform-drill",
  recovery: "platform-recovery",
  siteCheck: "platform-site-check",
} as const;

/** Names of the CronJobs of an asset. */
export function jobsOf(asset: AssetName) {
  return {
    export: `${SELF}-export-${asset}`,
    verification: `${SELF}-verify-${asset}`,
    drill: `${SELF}-drill-${asset}`,
    paths: {
      "restore-in-place": `${SELF}-mend-${asset}`,
      "restore-in-secondary": `${SELF}-restore-${asset}`,
      "rebuild-in-clean-room": `${SELF}-rebuild-${asset}`,
    },
  } as const;
}

/** Name of a way back. */
export type PathName = keyof ReturnType<typeof jobsOf>["paths"];

/** Folder of the exports of an asset in the bucket. */
export function prefixOf(asset: AssetName): string {
  return `${EXPORT_FOLDER}${asset}`;
}

/** Folder of the bucket whose objects expire. */
export const EXPORT_FOLDER = "exports/";

/** Name of the CronJob that checks a site. */
export function siteCheckJob(site: string): string {
  return `site-check-${site}`;
}
