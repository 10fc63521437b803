import type { AnalyticsConfig } from "./config";
import { streamSize } from "./data/streams";
import type { Role } from "./site";

/** What the names of all CronJobs begin with. */
export const SELF = "analytics";

/** Label of every job. */
export const JOB_LABELS = { app: "analytics-jobs" };

/** ConfigMap with the job scripts. */
export const JOBS_MAP = "analytics-jobs";

/** ConfigMap that whoever starts a recovery writes what only a person knows into. */
export const INCIDENT_MAP = "analytics-incident";

/** User and group of the jobs; the image has it under this number. */
export const ANALYTICS_UID = 10_004;

/** Folders as the containers see them. */
export const FOLDERS = { jobs: "/opt/holdfast/jobs", scratch: "/scratch", run: "/tmp" } as const;

/** Container of both lake accounts and of the locked one that tables lie in, a folder for each layer. */
export const TABLES = "tables";

/** Containers of the locked account. */
export const LOCKED_CONTAINERS = {
  /** Clones of all tables. */
  tables: TABLES,
  /** Exports by asset: `databricks/`, `powerbi/`, `configuration/`, `keys/`. */
  exports: "exports",
  /** What Event Hubs captures, a folder for each namespace. */
  events: "events",
  /** Daily copies of logs. */
  logs: "logs",
  /** What a clean room needs; nothing there expires. */
  kits: "kits",
} as const;

/** Catalog of Unity Catalog, the same in both regions: what reads tables names them alike. */
export const CATALOG = "analytics";

/** Catalogs of the primary's metastore through which clones are written. */
export const CLONE_CATALOGS = { copy: "analytics_copy", locked: "analytics_locked" } as const;

/**
 * Schema of what clone runs keep beside the tables, each table in the folder `_holdfast/<its name>`: what they copied, and
 * whether the other region serves, which keeps them from copying over what is written there.
 */
export const CLONE_LOG = { schema: "holdfast", table: "clones", serving: "serving" } as const;

/** Where a workspace keeps our notebooks. */
export const NOTEBOOKS = "/Shared/holdfast";

/** Jobs of Databricks. */
export const databricksJobs = {
  cloneToCopy: "analytics-clone-copy",
  cloneToLocked: "analytics-clone-locked",
  /** The same without an end within minutes: what has never been cloned, or may all have to be again, takes days. */
  firstCloneToCopy: "analytics-first-clone-copy",
  firstCloneToLocked: "analytics-first-clone-locked",
  pipeline: (layer: string) => `analytics-${layer}`,
  /** Reads events again; its cluster has the same name. */
  replays: "analytics-replays",
} as const;

/** Table of the catalog into which events are written as they come. */
export const BRONZE_EVENTS = "bronze.events";

/** Volume of each layer in which its pipeline notes how far it has read; the same path in every workspace. */
export const CHECKPOINTS = "checkpoints";

/** Pool of machines that clones take. */
export const CLONE_POOL = "analytics-clones";

/** Service accounts by what they do; each has an identity of Azure of its own at each site. */
export const ACCOUNTS = {
  exportDatabricks: "analytics-export-databricks",
  exportPowerbi: "analytics-export-powerbi",
  exportConfiguration: "analytics-export-configuration",
  exportKeys: "analytics-export-keys",
  exportLogs: "analytics-export-logs",
  cloneStatus: "analytics-clone-status",
} as const;

/** Names of the CronJobs of this package. */
export const jobNames = {
  exportDatabricks: "analytics-export-databricks",
  exportPowerbi: "analytics-export-powerbi",
  exportConfiguration: "analytics-drift",
  exportKeys: "analytics-export-keys",
  exportLogs: "analytics-export-logs",
  cloneStatus: "analytics-clone-status",
} as const;

/** Name of everything in Azure that jobs or other programs name; all are known before deployment. */
export interface AnalyticsNames {
  /** Resource group of a region. */
  group: Record<Role, string>;
  /** Accounts of the lake: the one that is written, in the primary, and its clone in the secondary. */
  lake: { written: string; copy: string };
  /** Account under the lock, in the secondary. */
  locked: string;
  /** Namespaces of Event Hubs, all in the primary and replicated. */
  namespaces: string[];
  workspace: Record<Role, string>;
  vault: string;
  logs: string;
  /** SQL warehouse of each workspace. */
  warehouse: string;
  /** Another one, for recoveries: as large as reading events again takes, and stopped until then. */
  replays: string;
  /** Capacity of Power BI of each region. */
  capacity: Record<Role, string>;
  /** Namespace of Kubernetes at both sites. */
  kubernetes: string;
}

/** The names of a stack. */
export function names({ namespace, prefix, kafka }: Pick<AnalyticsConfig, "namespace" | "prefix" | "kafka">) {
  const both = (name: string): Record<Role, string> => ({ primary: `${name}-primary`, secondary: `${name}-secondary` });
  const { namespaces } = streamSize(kafka.load);
  const width = String(namespaces).length;
  return {
    group: both(namespace),
    lake: { written: `${prefix}lake`, copy: `${prefix}lakecopy` },
    locked: `${prefix}locked`,
    namespaces: Array.from(
      { length: namespaces },
      (_, place) => `${prefix}-events-${String(place + 1).padStart(width, "0")}`,
    ),
    workspace: both(namespace),
    vault: `${prefix}-vault`,
    logs: `${namespace}-logs`,
    warehouse: "analytics-sql",
    replays: "analytics-replays",
    capacity: { primary: `${prefix}biprimary`, secondary: `${prefix}bisecondary` },
    kubernetes: namespace,
  } satisfies AnalyticsNames;
}
