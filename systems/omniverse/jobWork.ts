import type { JobWork } from "../../components/kubernetes/cronJob";
import { fixedAmounts, type Size } from "../../components/kubernetes/nodeDisk";
import { scratchVolume } from "../../components/kubernetes/scratch";
import type { MountedVolume } from "../../components/kubernetes/volume";
import { wholeDaysOf } from "../spans";
import type { OmniverseConfig } from "./config";
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
  /** Site whose copies it makes or reads. @default its own */
  copiesOf?: OmniverseSite["role"];
  /** ConfigMap with what whoever starts the job has to say. @default none */
  inputs?: string;
  volumes?: MountedVolume[];
  /** Bytes that it puts down for a while, of the data's declared size. @default none */
  scratchBytes?: number;
  /** Labels besides those that every job has. @default none */
  labels?: Record<string, string>;
  /** Request and limit. @default 1 core, 1 GiB */
  size?: Size;
}

/** What the scripts put into one object at most, and so pack at a time: as lib.sh has it. */
export const PART_BYTES = 4 * 1_073_741_824;

/** What lists of all objects of a bucket take: a line of some hundred bytes for each version, several times over. */
export function listedBytes(bytes: number): number {
  return bytes / 50;
}

/** What a step takes that lists every version of the assets: a disk for the lists, and memory for the number of each. */
export function listing({ assets }: OmniverseConfig): Pick<Required<ScriptArgs>, "scratchBytes" | "size"> {
  return { scratchBytes: listedBytes(assets.bytes), size: { cores: 2, gib: 4 } };
}

/** The work of a job on one asset, which runs one of the scripts in jobs/. */
export function assetWork(at: OmniverseSite, region: string, asset: AssetName, args: ScriptArgs): JobWork {
  const { config, site } = at;
  const [file, ...rest] = args.script;
  const owner = config.sites[args.copiesOf ?? at.role];
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
      PREFIX: prefixOf(asset, owner),
      // A copy of the one is of use only with a copy of the other.
      DATABASE_PREFIX: prefixOf("database", owner),
      ASSETS_PREFIX: prefixOf("assets", owner),
      // Whoever restores chooses among them.
      SITES: `${config.sites.primary} ${config.sites.secondary}`,
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
      ...(args.scratchBytes === undefined ? [] : [scratchAt(at, args.scratchBytes)]),
      ...(args.volumes ?? []),
    ],
    serviceAccount: args.account,
    labels: { ...JOB_LABELS, ...args.labels },
    uid: OMNIVERSE_UID,
    resources: fixedAmounts(args.size),
  };
}

const folders: Readonly<Record<AssetName, string>> = {
  database: DUMP_FOLDER,
  assets: ASSET_FOLDER,
  accounts: ACCOUNT_FOLDER,
};

/** Where a site keeps its copies: a folder of its own, so that two that both believe they serve never write into one. */
export function prefixOf(asset: AssetName, site: string): string {
  return `${folders[asset]}${site}`;
}

/**
 * How a job that copies finds out whether its site serves: by the record that leads people first. A site that sleeps until
 * a failover wakes it is woken before the record is moved, and asks nobody.
 */
export function servingEnv({ role, config: { dns } }: OmniverseSite): Record<string, string> {
  if (role === "secondary") return {};
  return { HOSTED_ZONE_ID: dns.zoneId, RECORD_NAME: dns.name, SERVES_AS: dns.endpoints[role] };
}

function scratchAt({ site }: OmniverseSite, bytes: number): MountedVolume {
  return scratchVolume({ mountPath: FOLDERS.scratch, bytes, storageClass: site.cluster.scratchClass });
}
