import { choreNames } from "./choreNames";

/** What the names of all CronJobs begin with. */
export const SELF = "omniverse";

/** Label of every job. */
export const JOB_LABELS = { app: "omniverse-jobs" };

/** ConfigMap with the job scripts. */
export const JOBS_MAP = "omniverse-jobs";

/** ConfigMap that whoever starts a recovery writes what only a person knows into: RESTORE_BEFORE. */
export const INCIDENT_MAP = "omniverse-incident";

/** ConfigMap that whoever deploys writes what only a person knows into: CHANGE_REQUEST, NEW_IMAGES and the like. */
export const CHANGE_MAP = "omniverse-change";

/** ConfigMap that whoever makes a clean room writes where the service there finds its data: DATABASE_HOST, FILES_BUCKET. */
export const PLACE_MAP = "omniverse-place";

/** ConfigMap in which the steps of a recovery say how far it has come. */
export const PROGRESS_MAP = "omniverse-recovery";

/** User and group of the jobs; the image has it under this number. */
export const OMNIVERSE_UID = 10_003;

/** The database that the runbook dumps, and the user that owns it. */
export const DATABASE = { name: "nucleus", user: "nucleus" } as const;

/**
 * Every object that the database refers to: key, version (empty: the newest) and SHA-256 (empty: not known), unless the
 * configuration says another. The runbook names the table; these columns are ours, because the vendor documents none.
 * Nucleus reads by key: in a clean room, after a fail-back or a restore in place the same file has another version. The
 * version here says only what must have arrived before people are led to it.
 */
export const REFERENCES_SQL = "select object_key, coalesce(object_version, ''), coalesce(sha256, '') from assets";

/** Where the buckets of the assets say which versions a file stands for, as notes.sh has it. */
export const NOTES_FOLDER = ".holdfast/notes/";

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

/** What people see during a deployment, and the way past it to the pods of nginx. */
export const PAGE = {
  workload: "omniverse-page",
  labels: { app: "omniverse-page" },
  behind: "nucleus-behind-page",
  /** Header that no other answer has. */
  mark: "X-Omniverse-Page",
} as const;

/** Label of every Deployment that serves people, and of its pods; `component` says which of `services`. */
export const SERVICE_LABELS = { app: "nucleus" };

/** Certificate of the services inside the cluster. */
export const TLS_SECRET = "nucleus-tls";

/** Secrets with one key `token`: jobs that change sessions or assets, and jobs that only read. */
export const TOKEN_SECRETS = { admin: "nucleus-admin-token", api: "nucleus-api-token" } as const;

/** Labels of the pods of one service. */
export function labelsOf(component: keyof typeof services): Record<string, string> {
  return { ...SERVICE_LABELS, component };
}

/** Where a service is called in its namespace, as its certificate says it. */
export function serviceHost(component: keyof typeof services, namespace: string): string {
  return `${services[component].workload}.${namespace}.svc`;
}

/** Ports that the vendor keeps closed but for its tools: they read accounts and tags while the server runs. */
export const TOOL_PORTS = { service: 3006, dump: 5555 } as const;

/** Label of the one job that may call `TOOL_PORTS`. */
export const TOOL_LABELS = { "calls-tools": "yes" };

/** Label of the one job that sees which certificate each service serves. */
export const LOOK_LABELS = { "sees-certificates": "yes" } as const;

/** Label of the one job that tries every port of the system's public name. */
export const SCAN_LABELS = { "scans-ports": "yes" };

/** Secret with the password that people are looked up with; somebody fills it in, so no state has it. */
export function directorySecret(identifier: string): string {
  return `${identifier}-directory`;
}

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
  tls: "/etc/nucleus/tls",
  credentials: "/run/nucleus",
  place: "/etc/holdfast/place",
  room: "/etc/holdfast/room",
} as const;

/** Claim of the mirror that a copy of the assets is taken from. */
export const MIRROR_CLAIM = "omniverse-asset-mirror";

/** Service accounts by what they do. */
export const ACCOUNTS = {
  backup: "omniverse-backup",
  verify: "omniverse-verify",
  recovery: "omniverse-recovery",
  serving: "omniverse-serving",
  authentication: "omniverse-authentication",
  /** Measures, checks and reports. */
  watch: "omniverse-watch",
  /** Closes sessions, tidies the database, and hides what nothing needs any more. */
  tidy: "omniverse-tidy",
  remedy: "omniverse-remedy",
  change: "omniverse-change",
} as const;

/** Names of the CronJobs that belong to no recovery path. */
export const jobNames = {
  dump: "omniverse-backup-database",
  assets: "omniverse-backup-assets",
  accounts: "omniverse-backup-accounts",
  restorable: "omniverse-restorable-time",
  verifyDatabase: "omniverse-verify-database",
  verifyAssets: "omniverse-verify-assets",
  verifyAccounts: "omniverse-verify-accounts",
  drillDatabase: "omniverse-drill-database",
  drillAssets: "omniverse-drill-assets",
  drillAccounts: "omniverse-drill-accounts",
  certificates: "omniverse-certificates",
  ...choreNames,
} as const;

/** Names of the probes by which each site asks the other. */
export const probes = { primary: "omniverse-from-primary", secondary: "omniverse-from-secondary" } as const;

/** Jobs that copy what a site holds, the database first. */
export const backupJobs: readonly string[] = [jobNames.dump, jobNames.assets, jobNames.accounts];

/**
 * What a site that begins to serve copies at once. Its assets wait for their schedule: two copies of them at once would be
 * in each other's way, and one that is older than the first dump fits to none.
 */
export const firstCopies: readonly string[] = [jobNames.dump, jobNames.accounts];

/** Every job that only a site that serves has a use for, asleep at the second until then: in this order they are woken. */
export const standbyJobs: readonly string[] = [
  ...backupJobs,
  jobNames.restorable,
  jobNames.verifyDatabase,
  jobNames.verifyAssets,
  jobNames.verifyAccounts,
  jobNames.certificates,
  ...Object.values(choreNames),
];

/** Environment of the step by which a site begins to serve. */
export const wakeEnv = { WAKE: standbyJobs.join(" "), RUN_NOW: firstCopies.join(" ") };

/** Folder of the bucket that a lifecycle rule empties: dumps stand alone, so each may go by its age. */
export const DUMP_FOLDER = "backups/database/";

/** The same of copies of accounts and tags. */
export const ACCOUNT_FOLDER = "backups/accounts/";
/** Dumps that were taken before a version was deployed, below the folder that a lifecycle rule empties. */
export const RELEASE_FOLDER = `${DUMP_FOLDER}before/`;

/** Logs that had to go from a full disk, below the folder that a lifecycle rule empties. */
export const LOG_FOLDER = `${DUMP_FOLDER}logs/`;

/** Folder of the restic repositories; snapshots share what is in them, so a job prunes them and no rule by age. */
export const ASSET_FOLDER = "backups/assets/";

/** Folder of what the daily work leaves: reports, archived logs, and since when nothing refers to an object. */
export const OPERATIONS_FOLDER = "operations/";
