/** Deployment, Lease and Service; the guide's kubectl lines name it. */
export const WORKLOAD = "prod-omendb";

/** Container of the workload; the guide's `kubectl set image` and `kubectl patch` name it. */
export const CONTAINER = "omendb";

/** User and group of the system user that the guide creates; the image has it under this number. */
export const OMENDB_UID = 10_001;

/** Label of the serving pods; the guide selects by it. */
export const POD_LABELS = { app: "omendb" };

/** Label of every job; not `app=omendb`, or the guide's commands and the budget would count jobs as replicas. */
export const JOB_LABELS = { app: "omendb-jobs" };

/** Secret with the server certificate. */
export const TLS_SECRET = "omendb-tls";

/** Secret with the lines of users.htpasswd. */
export const USERS_SECRET = "omendb-users";

/** Secret with what the jobs authenticate with, as a curl configuration. */
export const JOB_USER_SECRET = "omendb-job-user";

/** ConfigMap with omendb.toml. */
export const CONFIG_MAP = "omendb-config";

/** ConfigMap with the job scripts. */
export const JOBS_MAP = "omendb-jobs";

/** Claims of data, log, and of the jobs' scratch. */
export const CLAIMS = { data: "omendb-data", wal: "omendb-wal", scratch: "omendb-scratch" } as const;

/** Folders as the containers see them; data and log are the guide's. */
export const FOLDERS = {
  root: "/var/lib/omendb",
  data: "/var/lib/omendb/data",
  wal: "/var/lib/omendb/wal",
  scratch: "/scratch",
  jobs: "/opt/holdfast/jobs",
  settings: "/etc/omendb/omendb.toml",
  users: "/etc/omendb/users.htpasswd",
  tls: "/etc/omendb/tls",
  jobUser: "/etc/omendb/job-user",
  run: "/tmp",
} as const;

/** Service accounts by what they do. */
export const ACCOUNTS = {
  serving: "omendb-serving",
  backup: "omendb-backup",
  verify: "omendb-verify",
  recovery: "omendb-recovery",
  maintenance: "omendb-maintenance",
  upgrade: "omendb-upgrade",
} as const;

/** DNS name of the Service inside its cluster. */
export function serviceHost(namespace: string): string {
  return `${WORKLOAD}.${namespace}.svc`;
}
