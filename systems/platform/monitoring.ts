import type { AlertRules } from "../../components/alerts/alertRules";
import { SiteProbe } from "../../components/alerts/siteProbe";
import type { Seconds } from "../../recovery/duration";
import { freshnessOf, overdueAfter, toldWithin } from "../alerts/freshness";
import { pushedMetrics } from "../alerts/pushed";
import { siteAlerts } from "../alerts/siteAlerts";
import { checkedAlertGroups, primaryAlertGroups, type SiteAlertArgs, secondaryAlertGroups } from "./alerts";
import { assetId, assetNames } from "./assets";
import { jobsOf, siteCheckJob } from "./names";
import { alertRoutes } from "./routes";
import type { PlatformSite } from "./site";

/** A site's check names a site, and no asset. */
const PUSHED = { monitor: "platform-pushgateway", asset: "platform/*", unnamed: true } as const;

const PROBES = { region: "platform-region", monitoring: "platform-monitoring" } as const;

/** Alerts of the site where the platform is exported. */
export function primaryMonitoring(at: PlatformSite, acknowledge: Seconds): AlertRules {
  const { assets, scrape, alerts } = at.config;
  pushedMetrics(at, PUSHED);
  const detection = toldWithin(scrape, alerts.interval);
  const groups = primaryAlertGroups({
    ...commonOf(at),
    freshness: Object.fromEntries(
      assetNames.map((name) => {
        const { export: taken, objectives } = assets[name];
        return [assetId(name), freshnessOf(taken, objectives.region.rpo, detection, acknowledge)];
      }),
    ),
    verifications: assetNames.map((name) => ({
      cronJob: jobsOf(name).verification,
      overdueAfter: overdueAfter(assets[name].verification),
    })),
  });
  return siteAlerts(at, "platform", groups, alertRoutes);
}

/** Alerts of the other site, and what it asks of the first. */
export function secondaryMonitoring(at: PlatformSite): AlertRules {
  const { assets, alerts, regionHealth, monitoring } = at.config;
  pushedMetrics(at, PUSHED);
  probe(at, "region", "platform/*", regionHealth);
  probe(at, "monitoring", assetId("monitoring"), monitoring.health);
  const groups = secondaryAlertGroups({
    ...commonOf(at),
    probes: PROBES,
    lostFor: alerts.lostFor,
    drills: assetNames.map((name) => ({ cronJob: jobsOf(name).drill, overdueAfter: overdueAfter(assets[name].drill) })),
  });
  return siteAlerts(at, "platform", groups, alertRoutes);
}

/** Alerts of a site that is checked and no more. */
export function checkedMonitoring(at: PlatformSite): AlertRules {
  pushedMetrics(at, PUSHED);
  return siteAlerts(at, "platform", checkedAlertGroups(commonOf(at)), alertRoutes);
}

function probe(at: PlatformSite, what: keyof typeof PROBES, asset: string, url: string): SiteProbe {
  const { selectors, blackbox } = at.site.cluster.monitoring;
  return new SiteProbe(
    `${at.prefix}-${what}`,
    {
      placement: at.placement,
      probe: PROBES[what],
      selectors,
      asset,
      prober: blackbox,
      url,
      ...at.config.scrape,
    },
    { parent: at.parent },
  );
}

function commonOf({ config, name }: PlatformSite): SiteAlertArgs {
  const { namespace, alerts, siteCheck } = config;
  const { runbooks, interval, escalateAfter } = alerts;
  const check = { site: name, cronJob: siteCheckJob(name), overdueAfter: overdueAfter(siteCheck) };
  return { namespace, runbooks, interval, escalateAfter, siteCheck: check };
}
