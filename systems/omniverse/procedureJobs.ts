import type { JobWork } from "../../components/kubernetes/cronJob";
import type { MountedVolume } from "../../components/kubernetes/volume";
import { MaintenanceJob } from "../../components/maintenance/maintenanceJob";
import { duration } from "../../recovery/duration";
import { overdueAfter } from "../alerts/freshness";
import { wholeDaysOf } from "../spans";
import { instanceAt } from "./backups";
import type { OmniverseConfig } from "./config";
import { assetWork, listing, PART_BYTES, prefixOf, type ScriptArgs } from "./jobWork";
import { DISK_LEVELS, EMERGENCY_LOG_AGE, LAST_COPY_WITHIN, ROLLBACK_WITHIN, UNANSWERED_PERCENT, WAITS } from "./levels";
import {
  jobNames,
  LOG_FOLDER,
  PAGE,
  probes,
  RELEASE_FOLDER,
  SERVER_CLAIMS,
  SERVER_FOLDERS,
  services,
  standbyJobs,
  wakeEnv,
} from "./names";
import { type Procedure, type ProcedureName, procedureJob, procedures } from "./procedures";
import type { OmniverseSite } from "./site";

/** What a step needs besides what all steps have. */
type StepNeeds = Omit<Partial<ScriptArgs>, "script" | "account" | "inputs">;

/** The runbook's procedures as jobs that somebody starts one after the other, at either site: where it serves. */
export function procedureJobs(at: OmniverseSite, region: string, sites: Places): MaintenanceJob[] {
  const here = (Object.keys(procedures) as ProcedureName[]).filter((name) => {
    const { only }: Procedure = procedures[name];
    return only === undefined || only === at.role;
  });
  return here.flatMap((name) =>
    Object.entries(procedures[name].steps).map(([step, planned]) => {
      const deadline = at.config.procedures[name][step] ?? planned;
      return new MaintenanceJob(
        `${at.prefix}-${name}-${step}`,
        {
          placement: at.placement,
          job: procedureJob(name, step),
          work: procedureWork(at, region, sites, { name, step, deadline }),
          schedule: "0 0 1 1 *",
          startWithin: "1m",
          deadline,
          suspend: true,
        },
        { parent: at.parent },
      );
    }),
  );
}

function procedureWork(
  at: OmniverseSite,
  region: string,
  sites: Places,
  { name, step, deadline }: { name: ProcedureName; step: string; deadline: string },
): JobWork {
  const { config } = at;
  const { script, account, inputs }: Procedure = procedures[name];
  const { env, ...rest } = needsOf(config, sites, name, step);
  return assetWork(at, region, "database", {
    script: [script, step],
    account,
    inputs,
    env: {
      DB_INSTANCE: instanceAt(at),
      STEP_SECONDS: String(duration(deadline)),
      SITE_URL: `https://${config.dns.endpoints[at.role]}`,
      ...env,
    },
    ...rest,
  });
}

/** Where a site's instances are. */
interface Place {
  region: string;
  account: string;
}

/** Both sites: a fail-back comes back from the second, and what follows again follows the first. */
export type Places = Readonly<Record<OmniverseSite["role"], Place>>;

/** Logs of all services, which a full disk is made of. */
export const logsVolume: MountedVolume = {
  name: "logs",
  mountPath: SERVER_FOLDERS.logs,
  source: { claim: SERVER_CLAIMS.logs },
};

function needsOf(config: OmniverseConfig, sites: Places, name: ProcedureName, step: string): StepNeeds {
  switch (name) {
    case "server-recovery":
      return {
        env: {
          SERVER: services.server.workload,
          LOGS_DIR: SERVER_FOLDERS.logs,
          // What its claim asks for, because a volume may say that it is as large as it likes.
          LOGS_BYTES: String(config.servers.logsGib * 1_073_741_824),
          LOGS_PREFIX: LOG_FOLDER.replace(/\/$/, ""),
          // Above it the server may stop at any moment; alerts tell sooner.
          DISK_MOST: String(DISK_LEVELS.emergency),
          OLD_MINUTES: String(duration(EMERGENCY_LOG_AGE) / 60),
          RESTART_SECONDS: String(duration(WAITS.restart)),
          HEALTH_SECONDS: String(duration(WAITS.health)),
        },
        // Where a log is compressed before it is sent.
        ...(step === "disk" ? { volumes: [logsVolume], scratchBytes: PART_BYTES } : {}),
      };
    case "database-repair":
      if (step === "verify") return listing(config);
      return step === "integrity" ? { size: { cores: 2, gib: 2 } } : {};
    case "deployment":
      return { env: { ...releaseEnv, ...gateEnv(config) }, ...deploymentNeeds(config, step) };
    case "stand-down":
      return {
        env: {
          SLEEP: standbyJobs.join(" "),
          EDGE: services.edge.workload,
          ACCOUNTS_JOB: jobNames.accounts,
          ACCOUNTS_PREFIX: prefixOf("accounts", config.sites.secondary),
          SERVER_VERSION: config.servers.version,
          COPIED_WITHIN: LAST_COPY_WITHIN,
        },
        ...(step === "verify" ? { scratchBytes: config.accounts.bytes * 2, size: { cores: 1, gib: 2 } } : {}),
      };
    case "follow-again":
      return { env: followEnv(config, sites.primary) };
    case "fail-back":
      return {
        // To follow, to bring files home and to send them on may take days; once the second site has stopped, nothing may.
        env: {
          ...failBackEnv(config, sites.secondary),
          ...(LASTING.includes(step) ? { VALID_FOR: "14d" } : {}),
          // People work here from then on; whatever a failover has sent to sleep.
          ...(step === "dns" ? wakeEnv : {}),
        },
        ...(LISTING.includes(step) ? listing(config) : {}),
        // Each call that copies a file home is a process of its own.
        ...(step === "files" || step === "last" ? { size: { cores: 4, gib: 4 } } : {}),
      };
    case "rollback":
      return {
        env: { ...releaseEnv, ROLLBACK_WITHIN },
        ...(step === "database" ? withServer(config) : {}),
        ...(step === "verify" ? listing(config) : {}),
      };
  }
}

/** Steps of a fail-back before which days may go by. */
const LASTING: readonly string[] = ["follow", "files", "last", "onward"];

/** Steps of a fail-back that list every version of the assets. */
const LISTING: readonly string[] = ["files", "last", "verify", "onward"];

/** Pods of the page: it stands in for a service that has several. */
const PAGE_REPLICAS = 2;

const releaseEnv = {
  EDGE_SERVICE: services.edge.workload,
  PAGE: PAGE.workload,
  PAGE_MARK: PAGE.mark,
  PAGE_REPLICAS: String(PAGE_REPLICAS),
  PAGE_SELECTOR: JSON.stringify(PAGE.labels),
  RELEASE_PREFIX: RELEASE_FOLDER.replace(/\/$/, ""),
  HEALTH_SECONDS: String(duration(WAITS.health)),
};

/** Alerts that must be evaluated before anybody changes what they watch. */
const REQUIRED_ALERTS = [
  "NucleusServerDown",
  "HighCPUUsage",
  "DatabaseConnectionFailure",
  "StorageSpaceLow",
  "OmniverseCopyStale",
  "OmniverseLogStopped",
  "OmniverseJobFailed",
  "HoldfastWatchdog",
];

function gateEnv({ change, operations, notifications, dns, verification }: OmniverseConfig): Record<string, string> {
  return {
    PROMETHEUS_URL: operations.prometheus,
    NOTIFY_URL: notifications,
    PUBLIC_URL: `https://${dns.name}`,
    WINDOWS: change.windows.join(" "),
    REQUIRED_ALERTS: REQUIRED_ALERTS.join(" "),
    VERIFIED_DATABASE_SECONDS: String(overdueAfter(verification.database)),
    VERIFIED_ASSETS_SECONDS: String(overdueAfter(verification.assets)),
    WATCH_SECONDS: String(duration(change.watch)),
    ERRORS_A_MINUTE: String(change.errorsAMinute),
    ERROR_PERCENT: String(UNANSWERED_PERCENT),
    LOGS_DIR: SERVER_FOLDERS.logs,
  };
}

function deploymentNeeds(config: OmniverseConfig, step: string): StepNeeds {
  if (step === "prepare" || step === "dump") return { scratchBytes: config.database.bytes, size: { cores: 2, gib: 2 } };
  if (step === "rehearse") return withServer(config);
  if (step === "smoke") return listing(config);
  return step === "watch" ? { volumes: [{ ...logsVolume, readOnly: true }] } : {};
}

/** Room for a dump and the server that it is restored into. */
function withServer({ database }: OmniverseConfig): StepNeeds {
  return { scratchBytes: database.bytes * 3, size: { cores: 4, gib: 8 } };
}

function followEnv({ database }: OmniverseConfig, { region, account }: Place): Record<string, string> {
  return {
    SOURCE_INSTANCE: database.identifier,
    SOURCE_REGION: region,
    SOURCE_ARN: `arn:aws:rds:${region}:${account}:db:${database.identifier}`,
    DB_BACKUP_DAYS: String(wholeDaysOf(database.backups)),
  };
}

function failBackEnv(
  { database, dns, assets, operations }: OmniverseConfig,
  { region, account }: Place,
): Record<string, string> {
  const source = `${database.identifier}-replica`;
  return {
    SECOND_URL: `https://${dns.endpoints.secondary}`,
    SECOND_REGION: region,
    SECOND_BUCKET: assets.replica,
    SECOND_INSTANCE: source,
    SOURCE_ARN: `arn:aws:rds:${region}:${account}:db:${source}`,
    // What has seen whether people were served there after it stood down.
    PROMETHEUS_URL: operations.prometheus,
    SECOND_PROBE: probes.primary,
    DB_MULTI_AZ: database.multiAz ? "yes" : "no",
    DB_BACKUP_DAYS: String(wholeDaysOf(database.backups)),
    HOSTED_ZONE_ID: dns.zoneId,
    RECORD_NAME: dns.name,
    RECORD_VALUE: dns.endpoints.primary,
    STANDBY_VALUE: dns.endpoints.secondary,
    RECORD_TTL: String(duration(dns.ttl)),
  };
}
