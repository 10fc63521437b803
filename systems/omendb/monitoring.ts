import * as k8s from "@pulumi/kubernetes";
import type { AlertRules } from "../../components/alerts/alertRules";
import { SiteProbe } from "../../components/alerts/siteProbe";
import { placed } from "../../components/kubernetes/placement";
import { duration, type Seconds } from "../../recovery/duration";
import { freshnessOf, overdueAfter, type Timing, toldWithin } from "../alerts/freshness";
import { pushedMetrics } from "../alerts/pushed";
import { siteAlerts } from "../alerts/siteAlerts";
import { type Freshness, primaryAlertGroups, type ScheduledJob, secondaryAlertGroups } from "./alerts";
import type { OmendbConfig } from "./config";
import { omendbDashboard } from "./dashboard";
import { claimsOf } from "./database";
import { CONTAINER, POD_LABELS, WORKLOAD } from "./names";
import { DATA } from "./objectives";
import { alertRoutes } from "./routes";
import { jobNames } from "./runbooks/jobNames";
import type { OmendbSite } from "./site";

/** Name of the probe that asks the primary site from the secondary. */
const PROBE = "omendb-from-secondary";

const PUSHED = { monitor: "omendb-pushgateway", asset: DATA } as const;

/** What the names of all CronJobs begin with. */
const JOBS = "omendb";

/** Alerts and dashboard of the serving site. */
export function primaryMonitoring(at: OmendbSite, acknowledge: Seconds): AlertRules {
  const { config } = at;
  const { toml, lease } = config;
  const [data, wal, scratch] = claimsOf(config).map(({ claim, gib }) => ({ name: claim, bytes: gib * 1_073_741_824 }));
  if (!data || !wal || !scratch) throw new RangeError("OmenDB has three claims");
  const groups = primaryAlertGroups({
    ...contextOf(config),
    workload: WORKLOAD,
    container: CONTAINER,
    replicas: config.replicas,
    scrapeJob: POD_LABELS.app,
    lease: { name: WORKLOAD, leaseSeconds: duration(lease.duration) },
    memoryLimitMib: toml.limits.memory_limit_mb,
    maxConnections: toml.limits.max_connections,
    claims: [data, wal],
    scratch,
    certificate: WORKLOAD,
    jobs: JOBS,
    freshness: freshness(config, acknowledge),
    fullAge: overdueAfter(config.backups.full),
    verifications: [overdue(jobNames.verification, config.verification)],
    audits: [overdue(jobNames.audit, config.maintenance.audit)],
  });
  dashboard(at);
  pushedMetrics(at, PUSHED);
  return siteAlerts(at, "omendb", groups, alertRoutes);
}

/** The dashboard of the daily checklist, where Grafana's sidecar finds it. */
function dashboard({ prefix, placement, parent, config }: OmendbSite): void {
  const { namespace } = placement;
  new k8s.core.v1.ConfigMap(
    `${prefix}-dashboard`,
    {
      metadata: { name: "omendb-dashboard", namespace, labels: { ...POD_LABELS, grafana_dashboard: "1" } },
      data: { "omendb.json": omendbDashboard({ namespace: config.namespace, scrapeJob: POD_LABELS.app, asset: DATA }) },
    },
    placed(parent, placement),
  );
}

/** Alerts of the standby site: the loss of the other one, and the jobs that run here. */
export function secondaryMonitoring(at: OmendbSite, primary: OmendbSite): AlertRules {
  const { config, placement, site, parent } = at;
  const { monitoring } = site.cluster;
  pushedMetrics(at, PUSHED);
  new SiteProbe(
    `${at.prefix}-probe`,
    {
      placement,
      probe: PROBE,
      selectors: monitoring.selectors,
      asset: DATA,
      prober: monitoring.blackbox,
      url: `https://${primary.site.endpoint}/health`,
      ...config.scrape,
    },
    { parent },
  );
  const groups = secondaryAlertGroups({
    ...contextOf(config),
    probeJob: PROBE,
    lostFor: config.alerts.regionLostFor,
    jobs: JOBS,
    drills: [overdue(jobNames.drill, config.drill)],
  });
  return siteAlerts(at, "omendb", groups, alertRoutes);
}

function contextOf({ namespace, alerts }: OmendbConfig) {
  return { namespace, asset: DATA, runbooks: alerts.runbooks, interval: alerts.interval };
}

function freshness({ backups, objectives, alerts, scrape }: OmendbConfig, acknowledge: Seconds): Freshness {
  return freshnessOf(backups.incremental, objectives.region.rpo, toldWithin(scrape, alerts.interval), acknowledge);
}

function overdue(cronJob: string, timing: Timing): ScheduledJob {
  return { cronJob, overdueAfter: overdueAfter(timing) };
}
