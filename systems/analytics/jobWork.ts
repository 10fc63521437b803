import type { JobWork } from "../../components/kubernetes/cronJob";
import { fixedAmounts, type Size } from "../../components/kubernetes/nodeDisk";
import { scratchVolume } from "../../components/kubernetes/scratch";
import type { MountedVolume } from "../../components/kubernetes/volume";
import { wholeDaysOf } from "../spans";
import { endpoints } from "./endpoints";
import { ANALYTICS_UID, FOLDERS, JOB_LABELS, JOBS_MAP } from "./names";
import { type AssetName, assetIds } from "./objectives";
import type { AnalyticsSite, Estate } from "./site";

/** One job in terms of its script. */
export interface ScriptArgs {
  /** `export.sh` and its arguments. */
  script: readonly [string, ...string[]];
  /** Service account, which has an identity of Azure. */
  account: string;
  /** Asset that it works on. @default none */
  asset?: AssetName;
  env?: Record<string, string>;
  /** ConfigMap with what whoever starts the job has to say. @default none */
  inputs?: string;
  volumes?: MountedVolume[];
  /** Bytes that it puts down for a while. @default none */
  scratchBytes?: number;
  /** Whether what it puts down for a while must not reach a disk of the node. @default false */
  inMemory?: boolean;
  /** Labels besides those that every job has. @default none */
  labels?: Record<string, string>;
  /** Request and limit. @default 1 core, 1 GiB */
  size?: Size;
}

/** Label by which the cluster gives a pod the token that Azure takes for its identity. */
export const IDENTITY_LABEL = { "azure.workload.identity/use": "true" } as const;

/** The work of a job that runs one of the scripts in jobs/, in the cluster of a region. */
export function scriptWork(estate: Estate, at: AnalyticsSite, args: ScriptArgs): JobWork {
  const { config } = estate;
  const [file, ...rest] = args.script;
  return {
    image: config.image,
    command: [`${FOLDERS.jobs}/${file}`, ...rest],
    env: {
      ...(args.asset === undefined ? {} : { ASSET: assetIds[args.asset] }),
      NAMESPACE: config.namespace,
      JOBS_DIR: FOLDERS.jobs,
      RUN_DIR: FOLDERS.run,
      SCRATCH_DIR: args.scratchBytes === undefined ? FOLDERS.run : FOLDERS.scratch,
      HOME: FOLDERS.run,
      PUSHGATEWAY_URL: at.site.cluster.monitoring.pushgateway,
      REQUIRED_LOCK_DAYS: String(wholeDaysOf(config.backups.lock)),
      ...endpoints(estate),
      ...args.env,
    },
    ...(args.inputs === undefined ? {} : { inputs: args.inputs }),
    volumes: [
      { name: "jobs", mountPath: FOLDERS.jobs, readOnly: true, source: { configMap: JOBS_MAP, executable: true } },
      { name: "run", mountPath: FOLDERS.run, source: args.inMemory ? { memory: "256Mi" } : { emptyDir: "1Gi" } },
      ...(args.scratchBytes === undefined
        ? []
        : [
            scratchVolume({
              mountPath: FOLDERS.scratch,
              bytes: args.scratchBytes,
              storageClass: at.site.cluster.scratchClass,
            }),
          ]),
      ...(args.volumes ?? []),
    ],
    serviceAccount: args.account,
    labels: { ...JOB_LABELS, ...IDENTITY_LABEL, ...args.labels },
    uid: ANALYTICS_UID,
    resources: fixedAmounts(args.size),
  };
}
