import type { AlertRules } from "../../components/alerts/alertRules";
import { SiteProbe } from "../../components/alerts/siteProbe";
import { MaintenanceJob } from "../../components/maintenance/maintenanceJob";
import { duration, type Seconds, seconds } from "../../recovery/duration";
import { freshnessOf, overdueAfter, toldWithin } from "../alerts/freshness";
import { pushedMetrics } from "../alerts/pushed";
import { siteAlerts } from "../alerts/siteAlerts";
import { primaryAlertGroups, type ServingAlertArgs, type SiteAlertArgs, secondaryAlertGroups } from "./alerts";
import { instanceAt } from "./backups";
import { directoryServers } from "./directoryWatch";
import { assetWork } from "./jobWork";
import { ACCOUNTS, jobNames, probes, SELF } from "./names";
import { ASSETS_ID, DATABASE_ID } from "./objectives";
import { chores, operationsMetrics } from "./operationsMonitoring";
import { alertRoutes } from "./routes";
import { type OmniverseSite, sleeps } from "./site";

const PUSHED = { monitor: "omniverse-pushgateway", asset: `${SELF}/*` } as const;

/** RDS uploads its log every five minutes, and an idle server reports up to five more. */
const UPLOAD: Seconds = duration("10m");

/** What the register says that backups take to the other region. */
const CARRIED: Seconds = duration("20m");

/** Alerts of a site: on itself where it serves, and on the other. */
export function monitoring(at: OmniverseSite, acknowledge: Seconds): AlertRules {
  const { drill, dns, alerts } = at.config;
  pushedMetrics(at, PUSHED);
  operationsMetrics(at);
  if (at.role === "primary") {
    probeOther(at, dns.endpoints.secondary);
    return siteAlerts(at, SELF, primaryAlertGroups(servingOf(at, acknowledge)), alertRoutes);
  }
  probeOther(at, dns.endpoints.primary);
  const groups = secondaryAlertGroups({
    ...servingOf(at, acknowledge),
    probe: probes.secondary,
    lostFor: alerts.regionLostFor,
    drills: [
      { cronJob: jobNames.drillDatabase, overdueAfter: overdueAfter(drill.database) },
      { cronJob: jobNames.drillAssets, overdueAfter: overdueAfter(drill.assets) },
      { cronJob: jobNames.drillAccounts, overdueAfter: overdueAfter(drill.accounts) },
    ],
  });
  return siteAlerts(at, SELF, groups, alertRoutes);
}

function servingOf(at: OmniverseSite, acknowledge: Seconds): ServingAlertArgs {
  const { backups, objectives, verification, scrape, alerts, restorableTime, servers } = at.config;
  const detection = toldWithin(scrape, alerts.interval);
  return {
    ...commonOf(at),
    ...chores(at),
    served: { renewBefore: servers.certificate.renewBefore, overdueAfter: overdueAfter(servers.renewal) },
    freshness: {
      database: freshnessOf(backups.database, objectives.database.compromise.rpo, detection, acknowledge),
      assets: freshnessOf(backups.assets, objectives.assets.compromise.rpo, detection, acknowledge),
      accounts: freshnessOf(backups.accounts, objectives.accounts.region.rpo, detection, acknowledge),
    },
    restorable: {
      "point-in-time": seconds(UPLOAD + overdueAfter(restorableTime)),
      // From the second site none are carried anywhere.
      ...(at.role === "primary"
        ? { "replicated-backups": seconds(UPLOAD + CARRIED + overdueAfter(restorableTime)) }
        : {}),
    },
    verifications: [
      { cronJob: jobNames.verifyDatabase, overdueAfter: overdueAfter(verification.database) },
      { cronJob: jobNames.verifyAssets, overdueAfter: overdueAfter(verification.assets) },
      { cronJob: jobNames.verifyAccounts, overdueAfter: overdueAfter(verification.accounts) },
    ],
  };
}

/** What the first site sends to the other region: its backups, and what a replica there follows. */
function beyond({ config }: OmniverseSite, carriedTo: string): Record<string, string> {
  const { identifier, replica } = config.database;
  return { CARRIED_REGION: carriedTo, ...(replica ? { REPLICA: `${identifier}-replica` } : {}) };
}

/** Asks RDS how far back it can restore, and tells the alerts; asleep at the site that does not serve. */
export function restorableTime(at: OmniverseSite, region: string, carriedTo: string): MaintenanceJob {
  return new MaintenanceJob(
    `${at.prefix}-restorable-time`,
    {
      placement: at.placement,
      job: jobNames.restorable,
      work: assetWork(at, region, "database", {
        script: ["restorable.sh"],
        account: ACCOUNTS.backup,
        env: { DB_INSTANCE: instanceAt(at), ...(at.role === "primary" ? beyond(at, carriedTo) : {}) },
      }),
      ...at.config.restorableTime,
      reads: [DATABASE_ID, ASSETS_ID],
      suspend: sleeps(at),
    },
    { parent: at.parent },
  );
}

/** Asks the other site's address: whether it serves, and how long its certificate lasts. */
function probeOther({ prefix, role, site, placement, config, parent }: OmniverseSite, host: string): void {
  const { selectors, blackbox } = site.cluster.monitoring;
  new SiteProbe(
    `${prefix}-probe`,
    {
      placement,
      probe: probes[role],
      selectors,
      asset: `${SELF}/*`,
      prober: blackbox,
      url: `https://${host}/health`,
      ...config.scrape,
    },
    { parent },
  );
}

function commonOf(at: OmniverseSite): SiteAlertArgs {
  const { role, config } = at;
  const { namespace, alerts, edge } = config;
  const { runbooks, interval, escalateAfter } = alerts;
  const certificate = { probe: probes[role], ...edge.certificate };
  return { namespace, runbooks, interval, escalateAfter, certificate, directory: directoryServers(at) };
}
