import type { Duration, Seconds } from "../../../recovery/duration";
import type { Freshness } from "../../alerts/freshness";
import type { Escalation, WatchedJobs } from "../../alerts/rule";

/** A volume claim and the size it was declared with. */
export interface SizedClaim {
  name: string;
  bytes: number;
}

/** What the rules of the site that serves are made from; every name and number comes from what is declared. */
export interface PrimaryAlertArgs extends Omit<WatchedJobs, "jobTeam">, Escalation {
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
export interface SecondaryAlertArgs extends Partial<Omit<WatchedJobs, "jobTeam">>, Escalation {
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
