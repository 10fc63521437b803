import { exported } from "../../../systems/analytics/copies/exports";
import { monitoringJobs, REGION_PROBE } from "../../../systems/analytics/monitoring/monitoringNames";
import { assetIds } from "../../../systems/analytics/objectives";
import { type CasesOf, steady } from "./cases";
import {
  assetOf,
  copies,
  escalated,
  jobFailed,
  lastRunFailed,
  overdue,
  pushed,
  restorable,
  unreachable,
  watchdog,
} from "./shared";

const EXPORTED = exported.map((name) => assetIds[name]);

const { lake: LAKE, kafka: KAFKA, logs: LOGS, keys: KEYS, configuration: CONFIGURATION } = assetIds;

/** Copies as jobs push how far they reach, by the alert on each. */
const behind = {
  AnalyticsClonesBehind: { asset: LAKE, protection: "clones", role: "full" },
  AnalyticsLockedClonesBehind: { asset: LAKE, protection: "clones-2", role: "full" },
  AnalyticsEventsBehind: { asset: KAFKA, protection: "geo-replica", role: "geo-replica" },
  AnalyticsCaptureBehind: { asset: KAFKA, protection: "capture", role: "capture" },
  AnalyticsLogsBehind: { asset: LOGS, protection: "geo-replica", role: "geo-replica" },
} as const;

/** One look finds something, the next one nothing new; nobody looks any more. */
const changed: CasesOf = (rule) => {
  const asset = assetOf(rule);
  const [mine, other] = [asset, asset === KEYS ? CONFIGURATION : KEYS].map((of) => (values: string) => ({
    [pushed("holdfast_configuration_changes", of, `role="changes",what="changed"`)]: values,
  }));
  if (mine === undefined || other === undefined) throw new Error("two assets are compared");
  return {
    healthy: [{ series: { ...mine(steady(0)), ...other(steady(3)) }, fires: { "10m": false, "3h": false } }],
    broken: [
      {
        series: { ...mine(`0x9 3x4 ${steady(0)}`), ...other(steady(0)) },
        fires: { "9m": false, "10m": true, "73m": true, "75m": false },
      },
    ],
    absent: [{ series: other(steady(0)), fires: { "1m": true } }],
  };
};

/** The alerts of the site that recovers: on every copy, on its rehearsals, and on the region that works. */
const recovering: Readonly<Record<string, CasesOf>> = {
  AnalyticsRegionLost: unreachable(REGION_PROBE),
  AnalyticsExportLate: copies("full", EXPORTED),
  AnalyticsExportStale: copies("full", EXPORTED),
  ...Object.fromEntries(
    Object.entries(behind).map(([alert, copy]) => [alert, restorable(copy, Object.values(behind))]),
  ),
  AnalyticsConfigurationChanged: changed,
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
