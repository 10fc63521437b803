import { duration } from "../../recovery/duration";
import { escalationAlert } from "../alerts/escalation";
import { jobAlerts } from "../alerts/jobAlerts";
import { unreachable } from "../alerts/unreachable";
import { watchdog } from "../alerts/watchdog";
import type { PrimaryAlertArgs, SecondaryAlertArgs } from "./alerts/args";
import { freshnessAlerts } from "./alerts/freshnessAlerts";
import { guideAlerts } from "./alerts/guide";
import { platformAlerts } from "./alerts/platform";
import { alertRule, type RuleGroup, SELF, series } from "./alerts/rule";
import { serviceAlerts } from "./alerts/service";

export { type Freshness, type FreshnessArgs, freshnessThresholds, healthyAge } from "../alerts/freshness";
export type { AlertRule, RuleGroup, ScheduledJob, Severity, Team, WatchedJobs } from "../alerts/rule";
export type { PrimaryAlertArgs, SecondaryAlertArgs, SizedClaim } from "./alerts/args";

/** Rule groups of the site that serves OmenDB. */
export function primaryAlertGroups(args: PrimaryAlertArgs): RuleGroup[] {
  const group = (name: string, rules: RuleGroup["rules"]) => ({ name, interval: args.interval, rules });
  return [
    group("omendb", guideAlerts(args)),
    group("omendb-service", serviceAlerts(args)),
    group("omendb-platform", platformAlerts(args)),
    group("omendb-freshness", freshnessAlerts(args)),
    group("omendb-jobs", jobAlerts({ ...args, ...SELF })),
    group("omendb-watchdog", [watchdog({ ...args, ...SELF }), escalationAlert({ ...args, ...SELF })]),
  ];
}

/** Certificates served later than this are caught although cert-manager renewed them: nobody loaded them. */
const servedNotice = duration("14d");

/** Rule groups of the other site: what the serving site cannot say of itself. */
export function secondaryAlertGroups(args: SecondaryAlertArgs): RuleGroup[] {
  const probe = { job: args.probeJob };
  const served = series("probe_ssl_earliest_cert_expiry", probe);
  return [
    {
      name: "omendb-region",
      interval: args.interval,
      rules: [
        unreachable(
          { ...args, ...SELF },
          {
            alert: "OmenDBRegionLost",
            job: args.probeJob,
            lostFor: args.lostFor ?? "2m",
            disruptions: ["region"],
            summary: "OmenDB cannot be reached from the other region",
            description:
              "Every probe from the secondary site fails, or the prober itself is gone. Decide whether to restore in the secondary region.",
          },
        ),
        alertRule(args, {
          alert: "OmenDBServedCertificateExpiry",
          expr: `min by (job) (${served}) - time() < ${servedNotice} or absent(${served})`,
          for: "1h",
          severity: "warning",
          team: "security",
          guards: "health",
          summary: "OmenDB serves a certificate that ends within two weeks",
          description: "The certificate that clients see was not replaced, or cannot be seen from here.",
        }),
      ],
    },
    ...(args.jobs === undefined
      ? []
      : [{ name: "omendb-jobs", interval: args.interval, rules: jobAlerts({ ...args, ...SELF, jobs: args.jobs }) }]),
    {
      name: "omendb-watchdog",
      interval: args.interval,
      rules: [watchdog({ ...args, ...SELF }), escalationAlert({ ...args, ...SELF })],
    },
  ];
}
