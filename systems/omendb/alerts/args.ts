import type { Duration, Seconds } from "../../../recovery/duration";
import type { Freshness } from "./freshness";

/** A volume claim and the size it was declared with. */
export interface SizedClaim {
  name: string;
  bytes: number;
}

/** A CronJob and the age of its last success above which it is overdue. */
export interface ScheduledJob {
  cronJob: string;
  overdueAfter: Seconds;
}

/** The jobs of one site that alerts watch; a job's series are in the Prometheus of the site that runs it. */
export interface WatchedJobs {
  /** What the names of all CronJobs begin with. */
  jobs: string;
  /** Jobs that read restore points back; a failed one means damage. @default none */
  verifications?: readonly ScheduledJob[];
  /** Jobs that restore and measure. @default none */
  drills?: readonly ScheduledJob[];
  /** Jobs that report logins and refused access to people. @default none */
  audits?: readonly ScheduledJob[];
  /** Jobs that fail when they find signs of an intrusion; one that only reports is an audit. @default none */
  intrusionChecks?: readonly ScheduledJob[];
}

/** How long a critical alert may stay before the one above is called. */
export interface Escalation {
  /** @default "15m" */
  escalateAfter?: Duration;
}

/** What the rules of the site that serves are made from; every name and number comes from what is declared. */
export interface PrimaryAlertArgs extends WatchedJobs, Escalation {
  /** Namespace of the database and of its rules. */
  namespace: string;
  /** `omendb/data`. */
  asset: string;
  /** Folder of the runbook pages. */
  runbooks: string;
  /** How often the groups are evaluated. */
  interval: Duration;
  /** Name of the Deployment. */
  workload: string;
  container: string;
  /** Pods that must run: the serving one and its standbys. */
  replicas: number;
  /** Value of the `job` label that the database's series carry. */
  scrapeJob: string;
  /** `leaseSeconds` is `spec.leaseDurationSeconds`. */
  lease: { name: string; leaseSeconds: Seconds };
  /** `limits.memory_limit_mb` of omendb.toml: no exporter publishes it. */
  memoryLimitMib: number;
  /** `limits.max_connections` of omendb.toml. */
  maxConnections: number;
  /** Volumes of data and log. */
  claims: readonly SizedClaim[];
  scratch: SizedClaim;
  /** Name of the cert-manager Certificate. */
  certificate: string;
  freshness: Freshness;
  /** Healthy age of the newest full backup, by `healthyAge`. */
  fullAge: Seconds;
}

/** What the rules of the other site are made from; without `jobs` it has no rules on jobs. */
export interface SecondaryAlertArgs extends Partial<WatchedJobs>, Escalation {
  /** Namespace of the rules in the secondary cluster. */
  namespace: string;
  asset: string;
  runbooks: string;
  interval: Duration;
  /** Value of the `job` label of the probe that asks the primary site's public address. */
  probeJob: string;
  /** How long every probe must fail before a region counts as lost. @default "2m" */
  lostFor?: Duration;
}
