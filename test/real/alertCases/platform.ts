import { ageing, type CasesOf, turning } from "./cases";
import { copies, escalated, jobFailed, lastRunFailed, overdue, unreachable, watchdog } from "./shared";

const EXPORTED = ["state", "keys", "registry", "dns", "clusters", "monitoring"].map((name) => `platform/${name}`);
const site = (metric: string, of: string) => `${metric}{site="${of}",job="holdfast",role="site"}`;

const siteCases = (at: string): Readonly<Record<string, CasesOf>> => ({
  PlatformSiteDiffers: (rule) => {
    const matches = site("holdfast_site_matches", at);
    const absent = [{ by: "PlatformSiteUnchecked", series: {}, fires: { "1m": false, "6m": true } }];
    return turning(rule, { good: { [matches]: 1 }, bad: { [matches]: 0 }, absent });
  },
  PlatformSiteUnchecked: (rule) =>
    ageing(rule, (values) => ({ [site("holdfast_site_checked_timestamp_seconds", at)]: values })),
  HoldfastWatchdog: watchdog,
  PlatformEscalated: escalated,
});

/** The platform's alerts at one of its sites. */
export const platformCases = (at: "primary" | "secondary"): Readonly<Record<string, CasesOf>> => ({
  PlatformExportLate: copies("full", EXPORTED),
  PlatformExportStale: copies("full", EXPORTED),
  PlatformJobFailed: jobFailed(
    "platform-export-state",
    at === "primary" ? "PlatformVerificationOverdue" : "PlatformDrillOverdue",
  ),
  PlatformVerificationOverdue: overdue,
  PlatformDrillOverdue: overdue,
  PlatformIntegrityFailed: lastRunFailed("PlatformVerificationOverdue"),
  ...siteCases(at),
  PlatformRegionLost: unreachable("platform-region"),
  PlatformMonitoringLost: unreachable("platform-monitoring"),
});

/** At a site of one system alone nothing of the platform is exported: its jobs look at the site. */
export const platformCasesBeside = (at: string): Readonly<Record<string, CasesOf>> => ({
  PlatformJobFailed: jobFailed("site-check", "PlatformSiteUnchecked"),
  ...siteCases(at),
});
