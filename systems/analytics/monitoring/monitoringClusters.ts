import { SiteProbe } from "../../../components/alerts/siteProbe";
import { seconds } from "../../../recovery/duration";
import { acknowledgedWithin, freshnessOf, overdueAfter, type Timing, toldWithin } from "../../alerts/freshness";
import { pushedMetrics } from "../../alerts/pushed";
import type { RuleGroup, ScheduledJob } from "../../alerts/rule";
import { siteAlerts } from "../../alerts/siteAlerts";
import { primaryAlertGroups, type SiteJobs, secondaryAlertGroups } from "../alerts/prometheus";
import { copyAges } from "../copies/copyLag";
import { exported } from "../copies/exports";
import { jobNames } from "../names";
import { assetIds } from "../objectives";
import { alertRoutes } from "../routes";
import type { Estate, Role } from "../site";
import { monitoringJobs, REGION_PROBE } from "./monitoringNames";

/** Rules of Prometheus at both sites, and what they read. */
export function clusterAlerts(estate: Estate, jobs: Partial<Record<Role, SiteJobs>>): void {
  const { config, names, primary, secondary, parent } = estate;
  const { alerts } = config;
  for (const { prefix, placement, site } of [primary, secondary])
    pushedMetrics(
      { prefix, placement, site, config: alerts, parent },
      { monitor: "analytics-pushgateway", asset: "analytics/*" },
    );
  probePrimary(estate);
  const groupsAt: Record<Role, RuleGroup[]> = {
    primary: primaryAlertGroups({ ...commonOf(estate), jobs: together(jobs.primary, ownJobs(estate).primary) }),
    secondary: secondaryAlertGroups({
      ...commonOf(estate),
      jobs: together(jobs.secondary, ownJobs(estate).secondary),
      exports: exportAges(estate),
      copies: copyAges(config),
      probe: REGION_PROBE,
      lostFor: alerts.regionLostFor,
    }),
  };
  for (const { prefix, placement, site, role } of [primary, secondary])
    siteAlerts({ prefix, placement, site, config: { alerts }, parent }, names.kubernetes, groupsAt[role], alertRoutes);
}

function commonOf({ config }: Estate) {
  const { runbooks, interval, escalateAfter } = config.alerts;
  return { namespace: config.namespace, runbooks, interval, escalateAfter };
}

/** Ages of exports at which somebody is told: "backup success" by its absence. */
function exportAges({ config, assumptions }: Estate) {
  const detection = toldWithin(config.alerts.scrape, config.alerts.interval);
  const acknowledge = acknowledgedWithin(assumptions);
  return Object.fromEntries(
    exported.map((asset) => {
      const { region } = config.objectives[asset];
      return [assetIds[asset], freshnessOf(config.backups[asset], region.rpo, detection, acknowledge)];
    }),
  );
}

/** The jobs that measure: their absence is news like that of any other. */
function ownJobs({ config }: Estate): Record<Role, ScheduledJob[]> {
  const { monitoring, backups } = config;
  const { endToEnd: often, lostEvents, tableWatch, copyLag: asked, logLag } = monitoring;
  const due = (cronJob: string, timing: Timing): ScheduledJob => ({
    cronJob,
    // What runs every few minutes may miss some: the alerts on what it measures come first.
    overdueAfter: seconds(overdueAfter(timing) * 3),
  });
  return {
    primary: [
      due(monitoringJobs.endToEnd, often),
      due(monitoringJobs.lostEvents, lostEvents),
      due(monitoringJobs.tableWatch, tableWatch),
    ],
    secondary: [
      due(monitoringJobs.eventLag, asked),
      due(monitoringJobs.captureLag, logLag),
      due(monitoringJobs.logLag, logLag),
      due(jobNames.cloneStatus, backups.cloneStatus),
    ],
  };
}

function together(jobs: SiteJobs = {}, maintenance: readonly ScheduledJob[]): SiteJobs {
  return { ...jobs, maintenance: [...maintenance, ...(jobs.maintenance ?? [])] };
}

/** Whether anything of the primary region answers the other one: an account, a namespace, the workspace. */
function probePrimary({ config, names, secondary, parent }: Estate): void {
  const [namespace = ""] = names.namespaces;
  new SiteProbe(
    "analytics-region-probe",
    {
      placement: secondary.placement,
      probe: REGION_PROBE,
      selectors: secondary.site.cluster.monitoring.selectors,
      asset: "analytics/*",
      prober: secondary.site.cluster.monitoring.blackbox,
      url: [
        `${names.lake.written}.blob.core.windows.net:443`,
        `${namespace}.servicebus.windows.net:9093`,
        `${config.databricks.hosts.primary}:443`,
      ],
      module: "tcp_connect",
      ...config.alerts.scrape,
    },
    { parent },
  );
}
