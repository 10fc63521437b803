import { SiteProbe } from "../../components/alerts/siteProbe";
import { type AlertRule, alertRule, type RuleContext, series } from "../alerts/rule";
import type { OmniverseSite } from "./site";

/** Name of the probe that asks the directory servers of a site. */
export const DIRECTORY_PROBE = "omniverse-directory";

/** Asks each directory server of a site from where Nucleus would. */
export function directoryProbe({ prefix, placement, parent, role, site, config }: OmniverseSite): SiteProbe {
  const { selectors, blackbox } = site.cluster.monitoring;
  return new SiteProbe(
    `${prefix}-directory-probe`,
    {
      placement,
      probe: DIRECTORY_PROBE,
      selectors,
      prober: blackbox,
      module: "tcp_connect",
      url: config.directory[role].map(({ host }) => `${host}:636`),
      ...config.scrape,
    },
    { parent },
  );
}

/** Alerts on the directory: one server is gone, and with the last one nobody logs in any more. */
export function directoryAlerts(context: RuleContext): AlertRule[] {
  const answers = series("probe_success", { job: DIRECTORY_PROBE });
  return [
    alertRule(context, {
      alert: "OmniverseDirectoryServerDown",
      expr: `${answers} == 0`,
      for: "5m",
      severity: "warning",
      team: "on-call",
      guards: "health",
      summary: "A directory server does not answer",
      description:
        "{{ $labels.instance }} takes no connection on its port for LDAP over TLS. People log in through the other.",
    }),
    alertRule(context, {
      alert: "OmniverseDirectoryUnreachable",
      expr: `max by (job) (${answers}) == 0 or absent(${answers})`,
      for: "2m",
      severity: "critical",
      team: "on-call",
      guards: "health",
      summary: "Nobody can log in: no directory server answers, or nobody asks",
      description: "No directory server of this site takes a connection, or the prober itself is gone.",
    }),
  ];
}
