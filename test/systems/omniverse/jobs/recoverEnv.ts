import { backupJobs, standbyJobs } from "../../../../systems/omniverse/names";
import { type PathName, recoveryPaths } from "../../../../systems/omniverse/recoverySteps";
import { jobsPath } from "../../../support/doubles";
import { BEFORE, buckets, hosts, REGIONS } from "./recoverState";

/** Environment of the steps of a path as the program declares it, with the addresses of the doubles. */
export function environment(
  path: PathName,
  step: string,
  at: (file: string) => string,
  url: string,
): Record<string, string> {
  const { asset, runsAt, ...plan } = recoveryPaths[path];
  const site = runsAt === "primary" ? "first" : "other";
  return {
    ASSET: `omniverse/${asset}`,
    FROM: "from" in plan ? plan.from : asset === "accounts" ? path.replace("accounts", "copies") : "copies",
    SERVER_VERSION: "2023.2.9",
    NAMESPACE: "omniverse-prod",
    JOBS_DIR: jobsPath("omniverse"),
    RUN_DIR: at("run"),
    HOME: at("run"),
    SCRATCH_DIR: at("scratch"),
    AWS_REGION: REGIONS[site],
    ASSET_BUCKET: buckets[site],
    BUCKET: buckets.copies,
    BUCKET_REGION: REGIONS.other,
    PREFIX: `backups/${asset}/primary`,
    DATABASE_PREFIX: "backups/database/primary",
    ASSETS_PREFIX: "backups/assets/primary",
    SITES: "primary secondary",
    DB_INSTANCE: "omniverse-prod",
    DB_REPLICA: "omniverse-prod-replica",
    DB_NAME: "nucleus",
    DB_SECRET: "omniverse-prod-postgres",
    RESTIC_SECRET: "holdfast/prod/omniverse-restic",
    REFERENCES_SQL: "select object_key, coalesce(object_version, ''), coalesce(sha256, '') from assets",
    KEPT_DAYS: "60",
    REGION_RPO: "3600",
    PRIMARY_URL: `${url}/first`,
    PRIMARY_REGION: REGIONS.first,
    PRIMARY_BUCKET: buckets.first,
    SITE_URL: `${url}/here`,
    NOTIFY_URL: `${url}/told`,
    HOSTED_ZONE_ID: "Z123",
    RECORD_NAME: "omniverse.example.com",
    RECORD_VALUE: hosts[runsAt],
    STANDBY_VALUE: hosts[runsAt === "primary" ? "secondary" : runsAt],
    RECORD_TTL: "60",
    POLL_SECONDS: "0.05",
    STOP_TIMEOUT: "1s",
    START_TIMEOUT: "2s",
    FENCE_SECONDS: "1",
    RENAME_SECONDS: "20",
    ANSWER_SECONDS: "1",
    PROMETHEUS_URL: `${url}/prometheus`,
    PRIMARY_PROBE: "omniverse-from-secondary",
    AWS_DOUBLE_DIR: at("aws"),
    KUBECTL_DOUBLE_DIR: at("kube"),
    PSQL_DOUBLE_DIR: at("psql"),
    // The program gives it to the last step alone; the steps before have nothing to wake.
    ...(runsAt === "secondary" && step === "resume"
      ? { WAKE: standbyJobs.join(" "), RUN_NOW: backupJobs.join(" ") }
      : {}),
    INCIDENT_HOURS: "12",
    INCIDENT: "INC-7",
    INCIDENT_WRITTEN: new Date().toISOString(),
    ...(runsAt === "primary" ? { RESTORE_BEFORE: BEFORE } : {}),
  };
}
