import type { JobWork } from "../../components/kubernetes/cronJob";
import type { MountedVolume } from "../../components/kubernetes/volume";
import { wholeDaysOf } from "../spans";
import {
  ACCOUNT_FOLDER,
  type ACCOUNTS,
  ASSET_FOLDER,
  DATABASE,
  DUMP_FOLDER,
  FOLDERS,
  JOB_LABELS,
  JOBS_MAP,
  OMNIVERSE_UID,
} from "./names";
import { type AssetName, assetIds } from "./objectives";
import type { OmniverseSite } from "./site";

/** One job in terms of its script. */
export interface ScriptArgs {
  /** `dump.sh` and its arguments. */
  script: readonly [string, ...string[]];
  account: (typeof ACCOUNTS)[keyof typeof ACCOUNTS];
  env?: Record<string, string>;
  /** ConfigMap with what whoever starts the job has to say. @default none */
  inputs?: string;
  volumes?: MountedVolume[];
  /** GiB of scratch. @default none */
  scratchGib?: number;
  /** Labels besides those that every job has. @default none */
  labels?: Record<string, string>;
  /** Cores and GiB, request and limit. @default 1 core, 1 GiB */
  size?: { cores: number; gib: number };
}

/** The work of a job on one asset, which runs one of the scripts in jobs/. */
export function assetWork(at: OmniverseSite, region: string, asset: AssetName, args: ScriptArgs): JobWork {
  const { config, site } = at;
  const [file, ...rest] = args.script;
  const { cores, gib } = args.size ?? { cores: 1, gib: 1 };
  const amounts = { cpu: String(cores), memory: `${gib}Gi` };
  return {
    image: config.image,
    command: [`${FOLDERS.jobs}/${file}`, ...rest],
    env: {
      ASSET: assetIds[asset],
      NAMESPACE: config.namespace,
      JOBS_DIR: FOLDERS.jobs,
      RUN_DIR: FOLDERS.run,
      SCRATCH_DIR: FOLDERS.scratch,
      // The clients of AWS and restic cache below it.
      HOME: FOLDERS.run,
      AWS_REGION: site.region,
      BUCKET: config.backups.bucket,
      BUCKET_REGION: region,
      PREFIX: prefixOf(asset),
      // A copy of the one is of use only with a copy of the other.
      DATABASE_PREFIX: prefixOf("database"),
      ASSETS_PREFIX: prefixOf("assets"),
      REQUIRED_LOCK_DAYS: String(wholeDaysOf(config.backups.lock)),
      PUSHGATEWAY_URL: site.cluster.monitoring.pushgateway,
      DB_INSTANCE: config.database.identifier,
      DB_NAME: DATABASE.name,
      DB_SECRET: `${config.database.identifier}-postgres`,
      RESTIC_SECRET: config.backups.secret,
      REFERENCES_SQL: config.database.references,
      ASSET_BUCKET: at.role === "primary" ? config.assets.bucket : config.assets.replica,
      ...args.env,
    },
    ...(args.inputs === undefined ? {} : { inputs: args.inputs }),
    volumes: [
      { name: "jobs", mountPath: FOLDERS.jobs, readOnly: true, source: { configMap: JOBS_MAP, executable: true } },
      { name: "run", mountPath: FOLDERS.run, source: { emptyDir: "1Gi" } },
      ...scratch(args.scratchGib),
      ...(args.volumes ?? []),
    ],
    serviceAccount: args.account,
    labels: { ...JOB_LABELS, ...args.labels },
    uid: OMNIVERSE_UID,
    resources: { requests: amounts, limits: amounts },
  };
}

const folders: Readonly<Record<AssetName, string>> = {
  database: DUMP_FOLDER,
  assets: ASSET_FOLDER,
  accounts: ACCOUNT_FOLDER,
};

function prefixOf(asset: AssetName): string {
  return folders[asset].replace(/\/$/, "");
}

function scratch(gib: number | undefined): MountedVolume[] {
  return gib === undefined ? [] : [{ name: "scratch", mountPath: FOLDERS.scratch, source: { emptyDir: `${gib}Gi` } }];
}
