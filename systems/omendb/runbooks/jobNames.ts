/** Names of the CronJobs that belong to no recovery path, free of Pulumi; a test holds them to the program's. */
export const jobNames = {
  incremental: "omendb-backup-incremental",
  full: "omendb-backup-full",
  verification: "omendb-verify",
  drill: "omendb-drill",
  health: "omendb-health",
  errors: "omendb-errors",
  index: "omendb-index",
  capacity: "omendb-capacity",
  audit: "omendb-audit",
  benchmark: "omendb-benchmark",
  /** Suspended: somebody starts them. */
  rebuildIndex: "omendb-index-rebuild",
  retrainIndex: "omendb-index-retrain",
} as const;

/** Name of the CronJob of one step of a recovery path, or of the upgrade. */
export function stepJob(path: string, step: string): string {
  return `omendb-${path}-${step}`;
}

/** ConfigMaps that the jobs read what only a person knows from. */
export const inputMaps = { incident: "omendb-incident", upgrade: "omendb-upgrade" } as const;
