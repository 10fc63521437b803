import type { JobWork } from "../../components/kubernetes/cronJob";
import { fixedAmounts, type Size } from "../../components/kubernetes/nodeDisk";
import type { MountedVolume } from "../../components/kubernetes/volume";
import { duration } from "../../recovery/duration";
import type { OmendbConfig } from "./config";
import { type ACCOUNTS, CONTAINER, FOLDERS, JOB_LABELS, OMENDB_UID, POD_LABELS, serviceHost, WORKLOAD } from "./names";
import { DATA } from "./objectives";
import type { OmendbSite } from "./site";
import { authorityVolume, commonVolumes, scratchVolume } from "./volumes";

/** Folder of the bucket whose objects expire. */
export const BACKUP_FOLDER = "backups/";

/** Prefix of all restore points of OmenDB in the bucket. */
export const BACKUP_PREFIX = `${BACKUP_FOLDER}omendb`;

/** One job in terms of its script. */
export interface ScriptArgs {
  /** `backup.sh` and its arguments. */
  script: readonly [string, ...string[]];
  account: (typeof ACCOUNTS)[keyof typeof ACCOUNTS];
  /** What it needs besides scripts, scratch and the server's certificate. @default nothing */
  volumes?: MountedVolume[];
  env?: Record<string, string>;
  /** ConfigMap with what whoever starts the job has to say. @default none */
  inputs?: string;
  /** Request and limit. @default 1 core, 1 GiB */
  size?: Size;
}

/** The work of a job that runs one of the scripts in jobs/. */
export function scriptWork({ config, site }: OmendbSite, secondary: { region: string }, args: ScriptArgs): JobWork {
  const volumes = [...commonVolumes, scratchVolume, ...(args.volumes ?? [])];
  const [file, ...rest] = args.script;
  return {
    image: config.image,
    command: [`${FOLDERS.jobs}/${file}`, ...rest],
    env: {
      ...commonEnvironment(config, site.cluster.monitoring.pushgateway),
      BUCKET: config.backups.bucket,
      BUCKET_REGION: secondary.region,
      PREFIX: BACKUP_PREFIX,
      ...args.env,
    },
    ...(args.inputs === undefined ? {} : { inputs: args.inputs }),
    volumes: volumes.some(({ name }) => name === "tls") ? volumes : [...volumes, authorityVolume],
    serviceAccount: args.account,
    labels: JOB_LABELS,
    uid: OMENDB_UID,
    resources: fixedAmounts(args.size),
  };
}

function commonEnvironment(config: OmendbConfig, pushgateway: string): Record<string, string> {
  const { toml, namespace } = config;
  const host = serviceHost(namespace);
  return {
    ASSET: DATA,
    DATABASE: toml.database.name,
    NAMESPACE: namespace,
    DEPLOYMENT: WORKLOAD,
    CONTAINER,
    POD_SELECTOR: `app=${POD_LABELS.app}`,
    LEASE: WORKLOAD,
    SLICE: `${WORKLOAD}-serving`,
    REPLICAS: String(config.replicas),
    JOBS_DIR: FOLDERS.jobs,
    DATA_ROOT: FOLDERS.root,
    SCRATCH_DIR: FOLDERS.scratch,
    RUN_DIR: FOLDERS.run,
    // The AWS and Kubernetes clients cache below it.
    HOME: FOLDERS.run,
    USERS_FILE: FOLDERS.users,
    OMENDB_URL: `https://${host}:${toml.http.port}`,
    METRICS_URL: `https://${host}:${toml.monitoring.prometheus_port}/metrics`,
    OMENDB_CA: `${FOLDERS.tls}/ca.crt`,
    OMENDB_CURLRC: `${FOLDERS.jobUser}/curlrc`,
    PUSHGATEWAY_URL: pushgateway,
    TRANSFER_JOBS: "8",
  };
}

/** A span as the scripts read it: a number and one unit. */
export function scriptSpan(span: string): string {
  return `${duration(span)}s`;
}

/** Half of a step's deadline, less what its start costs: a script that waits twice must say itself what it waited for. */
export function halfOf(deadline: string): string {
  return `${Math.max(10, Math.floor((duration(deadline) - 10) / 2))}s`;
}
