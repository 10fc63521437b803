import type { MountedVolume } from "../../components/kubernetes/volume";
import { MaintenanceJob } from "../../components/maintenance/maintenanceJob";
import { duration } from "../../recovery/duration";
import { wholeDaysOf } from "../spans";
import { instanceAt } from "./backups";
import { type Chore, choreNames } from "./choreNames";
import { assetWork, listedBytes, listing, PART_BYTES, type ScriptArgs } from "./jobWork";
import {
  CERTIFICATE_LEFT,
  CPU_LEVELS,
  DISK_LEVELS,
  ERRORS_A_DAY,
  KEPT_DAYS,
  MEMORY_REVIEW,
  ORPHANS_PERCENT,
} from "./levels";
import {
  ACCOUNTS,
  OPERATIONS_FOLDER,
  SCAN_LABELS,
  SERVER_CLAIMS,
  SERVER_FOLDERS,
  serviceHost,
  services,
  TLS_SECRET,
  TOKEN_SECRETS,
} from "./names";
import { ASSETS_ID, DATABASE_ID } from "./objectives";
import { type OmniverseSite, sleeps } from "./site";

/** Where the jobs see the token that they show Nucleus, and the authority of its certificate. */
const SHOWN = { token: "/etc/nucleus-token", authority: "/etc/nucleus-tls" } as const;

/** Every chore knows the database and the bucket of the assets; those that only read there, or do nothing there, say so. */
const stores = [DATABASE_ID, ASSETS_ID];

const choreReads: Readonly<Record<Chore, readonly string[]>> = {
  metrics: stores,
  health: stores,
  // Closes sessions by the service, in the service.
  sessions: stores,
  // What it locks a dump waits for, and it for what a dump has locked.
  maintenance: [ASSETS_ID],
  // Files of the servers' own volumes: logs and caches.
  storage: stores,
  // Hides objects that a copy may be reading, by what the database refers to.
  orphans: [DATABASE_ID],
  updates: stores,
  report: stores,
  capacity: stores,
  audit: stores,
};

/** The runbook's daily, weekly and monthly work, asleep at the site that does not serve. */
export function operations(at: OmniverseSite, region: string, secondRegion: string): MaintenanceJob[] {
  const work = choreWork(at, secondRegion);
  return (Object.keys(choreNames) as Chore[]).map((chore) => {
    const { env, ...args } = work[chore];
    return new MaintenanceJob(
      `${at.prefix}-${chore}`,
      {
        placement: at.placement,
        job: choreNames[chore],
        work: assetWork(at, region, "database", { ...args, env: { ...commonEnv(at), ...env } }),
        ...at.config.operations.chores[chore],
        suspend: sleeps(at),
        reads: choreReads[chore],
      },
      { parent: at.parent },
    );
  });
}

function commonEnv(at: OmniverseSite): Record<string, string> {
  const { namespace, operations } = at.config;
  return {
    DB_INSTANCE: instanceAt(at),
    // As its certificate names it.
    NUCLEUS_URL: `https://${serviceHost("server", namespace)}:${services.server.port}`,
    NUCLEUS_TOKEN_FILE: `${SHOWN.token}/token`,
    NUCLEUS_CA: `${SHOWN.authority}/ca.crt`,
    PROMETHEUS_URL: operations.prometheus,
    OPERATIONS_PREFIX: OPERATIONS_FOLDER.replace(/\/$/, ""),
  };
}

type Work = Pick<ScriptArgs, "script" | "account" | "env" | "volumes" | "scratchBytes" | "labels" | "size">;

function choreWork({ config, role }: OmniverseSite, secondRegion: string): Record<Chore, Work> {
  const { dns, operations, assets, backups, database } = config;
  const { watch, tidy } = ACCOUNTS;
  const reads = { account: watch, volumes: nucleusVolumes("api") };
  const limits = {
    CPU_REVIEW: String(CPU_LEVELS.review),
    MEMORY_REVIEW: String(MEMORY_REVIEW),
    DISK_REVIEW: String(DISK_LEVELS.review),
  };
  const logs = serverVolume("logs", true);
  return {
    metrics: { ...reads, script: ["metrics.sh"] },
    health: {
      ...reads,
      script: ["health.sh"],
      volumes: [...reads.volumes, logs],
      env: {
        SITE_URL: `https://${dns.name}`,
        PRIMARY_URL: `https://${dns.endpoints[role]}`,
        // Where the second serves, the first is lost or fenced, which an alert says all the while.
        SECONDARY_URL: `https://${dns.endpoints.secondary}`,
        LOGS_DIR: SERVER_FOLDERS.logs,
        CPU_ALERT: String(CPU_LEVELS.alert),
        DISK_ALERT: String(DISK_LEVELS.alert),
        ERRORS_MOST: String(ERRORS_A_DAY),
        ...limits,
      },
    },
    sessions: {
      account: tidy,
      volumes: nucleusVolumes("admin"),
      script: ["sessions.sh"],
      env: { IDLE_SECONDS: String(duration(operations.idleSessions)) },
    },
    maintenance: { account: tidy, script: ["maintain.sh"] },
    storage: {
      account: tidy,
      script: ["storage.sh"],
      volumes: [serverVolume("logs", false), serverVolume("cache", false)],
      scratchBytes: PART_BYTES,
      env: {
        LOGS_DIR: SERVER_FOLDERS.logs,
        CACHE_DIR: SERVER_FOLDERS.cache,
        TEMPORARY_DAYS: String(KEPT_DAYS.temporary),
        CACHE_DAYS: String(KEPT_DAYS.cache),
        LOG_DAYS: String(KEPT_DAYS.logs),
      },
    },
    orphans: {
      account: tidy,
      script: ["orphans.sh"],
      ...listing(config),
      env: {
        // At the second site it is the same bucket: nothing is copied on from there.
        REPLICA_BUCKET: assets.replica,
        REPLICA_REGION: secondRegion,
        ORPHAN_DAYS: String(orphanDays(backups.expire, database.backups)),
        MOST_PERCENT: String(ORPHANS_PERCENT),
        RUN_SECONDS: String(duration(operations.chores.orphans.deadline)),
      },
    },
    updates: { ...reads, script: ["updates.sh"], env: { UPDATES_URL: operations.updates } },
    report: { ...reads, script: ["report.sh"] },
    capacity: { ...reads, script: ["capacity.sh"], scratchBytes: listedBytes(assets.bytes), env: limits },
    audit: {
      ...reads,
      script: ["audit.sh"],
      labels: SCAN_LABELS,
      volumes: [...reads.volumes, logs],
      env: {
        SITE_NAME: dns.name,
        LOGS_DIR: SERVER_FOLDERS.logs,
        OPEN_PORTS: operations.openPorts.join(","),
        INACTIVE_DAYS: String(wholeDaysOf(operations.inactiveUsers)),
        CERTIFICATE_DAYS: String(wholeDaysOf(CERTIFICATE_LEFT)),
      },
    },
  };
}

/**
 * How long nothing must have referred to an object before it is hidden: no dump that is still there, and no moment that RDS
 * can restore, is then older than the last reference; and a day for what clocks and schedules differ by.
 */
export function orphanDays(dumpsKept: string, moments: string): number {
  return Math.max(wholeDaysOf(dumpsKept), wholeDaysOf(moments)) + 1;
}

/** A token is a file: arguments and environment are seen by all processes of a pod. */
function nucleusVolumes(token: keyof typeof TOKEN_SECRETS): MountedVolume[] {
  const secret = (name: string, mountPath: string, from: string, key: string): MountedVolume => ({
    name,
    mountPath,
    readOnly: true,
    source: { secret: from, keys: [key] },
  });
  return [
    secret("token", SHOWN.token, TOKEN_SECRETS[token], "token"),
    secret("authority", SHOWN.authority, TLS_SECRET, "ca.crt"),
  ];
}

function serverVolume(name: "logs" | "cache", readOnly: boolean): MountedVolume {
  return { name, mountPath: SERVER_FOLDERS[name], readOnly, source: { claim: SERVER_CLAIMS[name] } };
}
