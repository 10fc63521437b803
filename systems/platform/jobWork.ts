import type { JobWork } from "../../components/kubernetes/cronJob";
import { fixedAmounts } from "../../components/kubernetes/nodeDisk";
import { scratchVolume } from "../../components/kubernetes/scratch";
import type { MountedVolume } from "../../components/kubernetes/volume";
import { wholeDaysOf } from "../spans";
import { type AssetName, adminKinds, assetId, clusterKinds, kindList, monitoringKinds, scratchBytes } from "./assets";
import type { PlatformConfig } from "./config";
import { stateBackend } from "./covers";
import { FOLDERS, JOB_LABELS, JOBS_MAP, PLATFORM_UID, prefixOf } from "./names";
import type { PlatformSite } from "./site";

/** One job in terms of its script. */
export interface ScriptArgs {
  script: readonly [string, ...string[]];
  account: string;
  env?: Record<string, string>;
  /** Variables that whoever starts the job says there; a declared value would win over theirs. @default none */
  said?: readonly string[];
  /** ConfigMap with what whoever starts the job has to say. @default none */
  inputs?: string;
  volumes?: MountedVolume[];
  /** Labels of its pods beside the one that all jobs have. @default none */
  labels?: Record<string, string>;
  /** Bytes that it puts down for a while, of the data's declared size. @default none */
  scratchBytes?: number;
}

/** The work of a job that runs one of the scripts in jobs/. */
export function scriptWork({ config, site }: PlatformSite, args: ScriptArgs): JobWork {
  const [file, ...rest] = args.script;
  return {
    image: config.image,
    command: [`${FOLDERS.jobs}/${file}`, ...rest],
    env: {
      JOBS_DIR: FOLDERS.jobs,
      RUN_DIR: FOLDERS.run,
      SCRATCH_DIR: FOLDERS.scratch,
      // The AWS, Kubernetes and Pulumi clients cache below it.
      HOME: FOLDERS.run,
      // Clients of AWS ask the region that they run in, but for the bucket.
      ...(site.cloud === "aws" ? { AWS_REGION: site.region } : {}),
      PUSHGATEWAY_URL: site.cluster.monitoring.pushgateway,
      ...args.env,
    },
    ...(args.inputs === undefined ? {} : { inputs: args.inputs }),
    volumes: [
      { name: "jobs", mountPath: FOLDERS.jobs, readOnly: true, source: { configMap: JOBS_MAP, executable: true } },
      { name: "run", mountPath: FOLDERS.run, source: { emptyDir: "256Mi" } },
      ...(args.scratchBytes === undefined
        ? []
        : [
            scratchVolume({
              mountPath: FOLDERS.scratch,
              bytes: args.scratchBytes,
              storageClass: site.cluster.scratchClass,
            }),
          ]),
      ...(args.volumes ?? []),
    ],
    serviceAccount: args.account,
    labels: { ...JOB_LABELS, ...args.labels },
    uid: PLATFORM_UID,
    resources: fixedAmounts(),
  };
}

/** The work of a job on the exports of one asset. */
export function assetWork(at: PlatformSite, region: string, asset: AssetName, args: ScriptArgs): JobWork {
  const { config } = at;
  return scriptWork(at, {
    ...args,
    scratchBytes: scratchBytes(asset),
    env: {
      ASSET: assetId(asset),
      BUCKET: config.backups.bucket,
      BUCKET_REGION: region,
      PREFIX: prefixOf(asset),
      REQUIRED_LOCK_DAYS: String(wholeDaysOf(config.backups.lock)),
      ...without(environmentOf(asset, config, region), args.said ?? []),
      ...args.env,
    },
  });
}

function without(env: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

/** What the script of an asset needs to know; nothing here is secret. */
function environmentOf(asset: AssetName, config: PlatformConfig, region: string): Record<string, string> {
  const objects = { NAMESPACE: config.namespace, NAMESPACES: config.namespaces.join(" ") };
  switch (asset) {
    case "state":
      return {
        STATE_BACKEND: stateBackend(config.state),
        STACKS: config.state.stacks.join(" "),
        RECOVER_TO: `s3://${config.state.replica}?region=${region}`,
        SECRETS_PROVIDER: `awskms:///${config.state.key}?region=${region}`,
      };
    case "dns":
      return { ZONES: config.dns.zones.join(" ") };
    case "registry":
      return { IMAGES: config.registry.images.join(" "), RECOVER_TO: config.registry.recoverTo };
    case "keys":
      return {
        SECRET_PREFIX: config.keys.prefix,
        RECIPIENT: config.keys.recipient,
        NAMESPACE: config.namespace,
      };
    case "clusters":
      return { ...objects, KINDS: kindList({ ...clusterKinds, ...adminKinds }), ADMIN_KINDS: kindList(adminKinds) };
    case "monitoring":
      return { ...objects, KINDS: kindList(monitoringKinds) };
  }
}
