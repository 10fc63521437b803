import { exported } from "../../../systems/analytics/copies/exports";
import { monitoringJobs, REGION_PROBE } from "../../../systems/analytics/monitoring/monitoringNames";
import { assetIds } from "../../../systems/analytics/objectives";
import type { CasesOf } from "./cases";
import { copies, escalated, jobFailed, lastRunFailed, overdue, restorable, unreachable, watchdog } from "./shared";

const EXPORTED = exported.map((name) => assetIds[name]);

const { lake: LAKE, kafka: KAFKA, logs: LOGS } = assetIds;

/** Copies as jobs push how far they reach, by the alert on each. */
const behind = {
  AnalyticsClonesBehind: { asset: LAKE, protection: "clones", role: "full" },
  AnalyticsLockedClonesBehind: { asset: LAKE, protection: "clones-2", role: "full" },
  AnalyticsEventsBehind: { asset: KAFKA, protection: "geo-replica", role: "geo-replica" },
  AnalyticsCaptureBehind: { asset: KAFKA, protection: "capture", role: "capture" },
  AnalyticsLogsBehind: { asset: LOGS, protection: "geo-replica", role: "geo-replica" },
} as const;

/** The alerts of the site that recovers: on every copy, on its rehearsals, and on the region that works. */
const recovering: Readonly<Record<string, CasesOf>> = {
  AnalyticsRegionLost: unreachable(REGION_PROBE),
  AnalyticsExportLate: copies("full", EXPORTED),
  AnalyticsExportStale: copies("full", EXPORTED),
  ...Object.fromEntries(
    Object.entries(behind).map(([alert, copy]) => [alert, restorable(copy, Object.values(behind))]),
  ),
  AnalyticsVerificationOverdue: overdue,
  AnalyticsDrillOverdue: overdue,
  AnalyticsIntegrityFailed: lastRunFailed("AnalyticsVerificationOverdue"),
};

/** Analytics' alerts at one of its sites. */
export const analyticsCases = (at: "primary" | "secondary"): Readonly<Record<string, CasesOf>> => ({
  ...(at === "secondary" ? recovering : {}),
  AnalyticsJobFailed: jobFailed(
    at === "primary" ? monitoringJobs.endToEnd : monitoringJobs.eventLag,
    "AnalyticsMaintenanceOverdue",
  ),
  AnalyticsMaintenanceOverdue: overdue,
  HoldfastWatchdog: watchdog,
  AnalyticsEscalated: escalated,
});
