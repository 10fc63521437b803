import type { FirstArgs } from "../../components/database/pod";
import type { ClaimArgs } from "../../components/database/volumeClaims";
import { gibFor } from "../../components/kubernetes/scratch";
import type { MountedVolume } from "../../components/kubernetes/volume";
import type { Starts } from "../../components/service/starts";
import { instanceAt } from "./backups";
import type { OmniverseConfig } from "./config";
import {
  DATABASE,
  directorySecret,
  FOLDERS,
  JOBS_MAP,
  PLACE_MAP,
  SERVER_CLAIMS,
  SERVER_FOLDERS,
  services,
  TLS_SECRET,
  TOKEN_SECRETS,
} from "./names";
import type { OmniverseSite } from "./site";

/** Name of one of the runbook's services. */
export type ServiceName = keyof typeof services;

/** Pods of a service at a site: a standby is whole but for its pods. */
export function replicasAt({ role, config }: OmniverseSite): number {
  return role === "primary" ? config.servers.replicas : 0;
}

/** What a recovery starts a service as: in the order of `services`, each ready before the next. */
export function startsOf(name: ServiceName, { config, site }: OmniverseSite): Starts {
  const turn = Object.keys(services).indexOf(name) + 1;
  return { replicas: config.servers.replicas, zones: site.zones.length, turn };
}

/** Claims of the servers: accounts and tags, logs of all services, and what may be made again. */
export function claimsOf({ accounts, servers }: OmniverseConfig): ClaimArgs[] {
  const { storageClass, logsGib, cacheGib } = servers;
  return [
    // The copy that a recovery unpacks lies beside the one that it replaces.
    { claim: SERVER_CLAIMS.data, storageClass, gib: gibFor(accounts.bytes * 3), needs: accounts.bytes },
    { claim: SERVER_CLAIMS.logs, storageClass, gib: logsGib, protect: false },
    { claim: SERVER_CLAIMS.cache, storageClass, gib: cacheGib, protect: false },
  ];
}

/** Scripts, a folder to write to, and the certificate of the services. */
export const baseVolumes: MountedVolume[] = [
  { name: "jobs", mountPath: FOLDERS.jobs, readOnly: true, source: { configMap: JOBS_MAP, executable: true } },
  { name: "run", mountPath: FOLDERS.run, source: { emptyDir: "256Mi" } },
  { name: "tls", mountPath: FOLDERS.tls, readOnly: true, source: { secret: TLS_SECRET } },
];

/** Where a pod finds what was fetched for it before it started. */
export const credentialsVolume: MountedVolume = {
  name: "credentials",
  mountPath: FOLDERS.credentials,
  source: { memory: "1Mi" },
};

/** Where a clean room says that its data are; at our own sites nobody does. */
export const placeVolume: MountedVolume = {
  name: "place",
  mountPath: FOLDERS.place,
  readOnly: true,
  source: { configMap: PLACE_MAP, optional: true },
};

/** Both tokens: whoever serves has to know whom it lets in. */
export const tokenVolumes: MountedVolume[] = Object.entries(TOKEN_SECRETS).map(([purpose, secret]) => ({
  name: `${purpose}-token`,
  mountPath: `${FOLDERS.credentials}-${purpose}-token`,
  readOnly: true,
  source: { secret },
}));

/** A claim of the servers where the runbook's folder is. */
export function claimVolume(claim: keyof typeof SERVER_CLAIMS): MountedVolume {
  return { name: claim, mountPath: SERVER_FOLDERS[claim], source: { claim: SERVER_CLAIMS[claim] } };
}

/** Fetches credentials into a folder of the pod, where no state, argument or variable shows them. */
export function fetches(at: OmniverseSite, what: "database" | "directory"): FirstArgs {
  const { config, site } = at;
  const { identifier } = config.database;
  return {
    image: config.image,
    command: [`${FOLDERS.jobs}/credentials.sh`, what],
    env: {
      NAMESPACE: config.namespace,
      JOBS_DIR: FOLDERS.jobs,
      RUN_DIR: FOLDERS.run,
      HOME: FOLDERS.run,
      CREDENTIALS_DIR: FOLDERS.credentials,
      AWS_REGION: site.region,
      ...(what === "database"
        ? {
            PLACE_DIR: FOLDERS.place,
            DB_INSTANCE: instanceAt(at),
            DB_NAME: DATABASE.name,
            DB_SECRET: `${identifier}-postgres`,
          }
        : { DIRECTORY_SECRET: directorySecret(identifier) }),
    },
  };
}
