import * as fs from "node:fs";
import * as path from "node:path";

/** Assets that the runbook protects: metadata, and the files that it refers to. */
export const DATABASE = "omniverse/database";
export const ASSETS = "omniverse/assets";

/** What must come back together: a newer database refers to assets that an older copy lacks. */
export const GROUP = "omniverse/content";

/** Nothing in the runbook has a namespace: everything is on one host. */
export const NAMESPACE = "omniverse";

/** The one host, by the name that its health check pings. */
export const HOST = "omniverse-primary";

/** Images: the DR test names Nucleus', whose tag moves; PostgreSQL is of version 15 by the names of its folders. */
export const IMAGES = { nucleus: "nvidia/omniverse-nucleus:latest", postgres: "postgres:15" } as const;

/** Folders of the host. */
export const FOLDERS = {
  database: "/var/lib/postgresql/15/main",
  assets: "/opt/ove/nucleus/data",
  dumps: "/backup/nucleus-db",
  copies: "/backup/nucleus-assets",
} as const;

/** `RETENTION_DAYS` of the dump, and `RETENTION_WEEKS` of the asset copy in days. */
export const KEPT_DAYS = { dumps: 30, copies: 8 * 7 } as const;

/** `0 2 * * *` and Sundays at 1:00 AM; no time zone is named. */
export const SCHEDULES = { dump: "0 2 * * *", copy: "0 1 * * 0" } as const;

/** The bucket of the upload that the runbook calls optional. */
export const BUCKET = "company-backups";

/** Where a job finds the scripts. */
export const SCRIPT_FOLDER = "/opt/ove/runbook";

/** The runbook's scripts that are about copies and recovery, word for word, by file name. */
export function scripts(): Record<string, string> {
  const folder = path.join(__dirname, "scripts");
  const names = fs.readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(path.join(folder, name), "utf8")]));
}

/** One alert of the runbook, which asset it is about, and what it is there for: without that nothing would judge it. */
export interface RunbookAlert {
  alert: string;
  expr: string;
  for: string;
  summary: string;
  asset: string;
  guards: "detection" | "health" | "capacity";
}

/** The runbook's alerts, word for word: names that no exporter has, and no severity, included. */
export const ALERTS: readonly RunbookAlert[] = [
  {
    alert: "NucleusServerDown",
    expr: 'up{job="nucleus"} == 0',
    for: "1m",
    summary: "Nucleus server is down",
    asset: ASSETS,
    guards: "detection",
  },
  {
    alert: "HighCPUUsage",
    expr: "cpu_usage_percent > 90",
    for: "5m",
    summary: "High CPU usage on {{ $labels.instance }}",
    asset: ASSETS,
    guards: "health",
  },
  {
    alert: "DatabaseConnectionFailure",
    expr: "postgres_up == 0",
    for: "30s",
    summary: "Database connection failed",
    asset: DATABASE,
    guards: "detection",
  },
  {
    alert: "StorageSpaceLow",
    expr: "disk_usage_percent > 85",
    for: "5m",
    summary: "Storage space low on {{ $labels.mountpoint }}",
    asset: ASSETS,
    guards: "capacity",
  },
];
