/** What the names of all CronJobs begin with. */
export const SELF = "omniverse";

/** Label of every job. */
export const JOB_LABELS = { app: "omniverse-jobs" };

/** ConfigMap with the job scripts. */
export const JOBS_MAP = "omniverse-jobs";

/** ConfigMap that whoever starts a recovery writes what only a person knows into: RESTORE_BEFORE. */
export const INCIDENT_MAP = "omniverse-incident";

/** ConfigMap in which the steps of a recovery say how far it has come. */
export const PROGRESS_MAP = "omniverse-recovery";

/** User and group of the jobs; the image has it under this number. */
export const OMNIVERSE_UID = 10_003;

/** The database that the runbook dumps, and the user that owns it. */
export const DATABASE = { name: "nucleus", user: "nucleus" } as const;

/**
 * Every object that the database refers to: key, version (empty: the newest) and SHA-256 (empty: not known). The runbook
 * names the table; these columns are ours, because the vendor documents none.
 */
export const REFERENCES_SQL = "select object_key, coalesce(object_version, ''), coalesce(sha256, '') from assets";

/** Secret with the password of the restic repositories, beside the database's. */
export function resticSecret(identifier: string): string {
  return `${identifier}-restic`;
}

/**
 * The services of the runbook's picture, in the order in which they start: workload, and the port that others call. The
 * ports are the vendor's where it documents one.
 */
export const services = {
  authentication: { workload: "nucleus-authentication", port: 3100 },
  discovery: { workload: "nucleus-discovery", port: 3333 },
  server: { workload: "nucleus-server", port: 3009, metrics: 3010 },
  navigator: { workload: "nucleus-navigator", port: 8080 },
  edge: { workload: "nginx", port: 8443 },
} as const;

/** Label of every Deployment that serves people, and of its pods; `component` says which of `services`. */
export const SERVICE_LABELS = { app: "nucleus" };

/** Certificate of the services inside the cluster. */
export const TLS_SECRET = "nucleus-tls";

/** Secrets with one key `token`: jobs that change sessions or assets, and jobs that only read. */
export const TOKEN_SECRETS = { admin: "nucleus-admin-token", api: "nucleus-api-token" } as const;

/** Claims of the servers: accounts and tags, logs of all services, and what may be made again. */
export const SERVER_CLAIMS = { data: "nucleus-data", logs: "nucleus-logs", cache: "nucleus-cache" } as const;

/** Where the servers, and jobs that tidy, see these claims: the runbook's folders. */
export const SERVER_FOLDERS = {
  data: "/opt/ove/nucleus/data",
  logs: "/opt/ove/nucleus/logs",
  cache: "/var/cache/nucleus",
} as const;

/** Folders as the containers see them; the mirror is the assets as they were at one moment. */
export const FOLDERS = {
  jobs: "/opt/holdfast/jobs",
  mirror: "/mirror",
  scratch: "/scratch",
  run: "/tmp",
} as const;

/** Claim of the mirror that a copy of the assets is taken from. */
export const MIRROR_CLAIM = "omniverse-asset-mirror";

/** Service accounts by what they do. */
export const ACCOUNTS = {
  backup: "omniverse-backup",
  verify: "omniverse-verify",
  recovery: "omniverse-recovery",
} as const;

/** Names of the CronJobs that belong to no recovery path. */
export const jobNames = {
  dump: "omniverse-backup-database",
  assets: "omniverse-backup-assets",
  restorable: "omniverse-restorable-time",
  verifyDatabase: "omniverse-verify-database",
  verifyAssets: "omniverse-verify-assets",
  drillDatabase: "omniverse-drill-database",
  drillAssets: "omniverse-drill-assets",
} as const;

/** Folder of the bucket that a lifecycle rule empties: dumps stand alone, so each may go by its age. */
export const DUMP_FOLDER = "backups/database/";

/** Folder of the restic repositories; snapshots share what is in them, so a job prunes them and no rule by age. */
export const ASSET_FOLDER = "backups/assets/";
