/** Names of the CronJobs that keep Omniverse going: none of them belongs to a copy or to a recovery. */
export const choreNames = {
  metrics: "omniverse-metrics",
  health: "omniverse-health",
  sessions: "omniverse-sessions",
  maintenance: "omniverse-database-maintenance",
  storage: "omniverse-storage",
  orphans: "omniverse-orphans",
  updates: "omniverse-updates",
  report: "omniverse-weekly-report",
  capacity: "omniverse-capacity",
  audit: "omniverse-security-audit",
} as const;

/** One of them, by its key in the configuration. */
export type Chore = keyof typeof choreNames;
