import { SiteProbe } from "../../components/alerts/siteProbe";
import { type AlertRule, alertRule, type RuleContext, series } from "../alerts/rule";
import type { OmniverseSite } from "./site";

/** Name of the probe that asks the directory servers of a site. */
export const DIRECTORY_PROBE = "omniverse-directory";

/** What a site asks its directory servers at, each the `instance` of its series. */
export function directoryServers({ config, role }: Pick<OmniverseSite, "config" | "role">): string[] {
  return config.directory[role].map(({ host }) => `${host}:636`);
}

/** Asks each directory server of a site from where Nucleus would. */
export function directoryProbe(at: OmniverseSite): SiteProbe {
  const { prefix, placement, parent, site, config } = at;
  const { selectors, blackbox } = site.cluster.monitoring;
  return new SiteProbe(
    `${prefix}-directory-probe`,
    {
      placement,
      probe: DIRECTORY_PROBE,
      selectors,
      prober: blackbox,
      module: "tcp_connect",
      url: directoryServers(at),
      ...config.scrape,
    },
    { parent },
  );
}

/** Alerts on the directory: one server is gone, and with the last one nobody logs in any more. */
export function directoryAlerts(context: RuleContext, servers: readonly string[]): AlertRule[] {
  const answers = series("probe_success", { job: DIRECTORY_PROBE });
  const each = servers.map((instance) => series("probe_success", { job: DIRECTORY_PROBE, instance }));
  return [
    alertRule(context, {
      alert: "OmniverseDirectoryServerDown",
      // One that is asked no more is as good as one that does not answer.
      expr: each.map((one) => `${one} == 0 or absent(${one})`).join(" or "),
      for: "5m",
      severity: "warning",
      team: "on-call",
      guards: "health",
      summary: "A directory server does not answer, or nobody asks it",
      description:
        "{{ $labels.instance }} takes no connection on its port for LDAP over TLS, or nobody asks it. People log in through the other.",
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
