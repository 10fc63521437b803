import { type Duration, formatSeconds } from "../../recovery/duration";
import { copyAlerts } from "../alerts/copyAlerts";
import { escalationAlert } from "../alerts/escalation";
import type { Freshness } from "../alerts/freshness";
import { jobAlerts } from "../alerts/jobAlerts";
import {
  type AlertRule,
  alertRule,
  type Escalation,
  type RuleContext,
  type RuleGroup,
  type ScheduledJob,
  series,
} from "../alerts/rule";
import { unreachable } from "../alerts/unreachable";
import { watchdog } from "../alerts/watchdog";

/** What all rules of a site are made from. */
export interface SiteAlertArgs extends Escalation {
  namespace: string;
  runbooks: string;
  /** How often the groups are evaluated. */
  interval: Duration;
  /** Site whose check it watches, and the age of its last success at which that is overdue. */
  siteCheck: { site: string } & ScheduledJob;
}

/** What the rules of the site that exports are made from. */
export interface PrimaryAlertArgs extends SiteAlertArgs {
  /** By asset, `platform/state`. */
  freshness: Readonly<Record<string, Freshness>>;
  verifications: readonly ScheduledJob[];
}

/** What the rules of the site that recovers are made from. */
export interface SecondaryAlertArgs extends SiteAlertArgs {
  drills: readonly ScheduledJob[];
  /** Values of the `job` labels of the two probes. */
  probes: { region: string; monitoring: string };
  /** How long every probe must fail before something counts as lost. */
  lostFor: Duration;
}

const SELF = { system: "platform", title: "Platform", jobTeam: "platform", jobs: "(platform|site-check)" } as const;

const EXPORTS = { noun: "Export", team: "platform", breaks: "A lost region" } as const;

/** Stands for all assets of the platform. */
const EVERY = "platform/*";

/** Rule groups of the site where the platform is exported. */
export function primaryAlertGroups(args: PrimaryAlertArgs): RuleGroup[] {
  const context = contextOf(args);
  const group = groupsOf(args);
  return [
    group(
      "platform-freshness",
      Object.entries(args.freshness).flatMap(([asset, ages]) => copyAlerts({ ...context, asset }, ages, EXPORTS)),
    ),
    group("platform-jobs", jobAlerts({ ...context, jobs: SELF.jobs, verifications: args.verifications })),
    group("platform-site", siteAlerts(context, args)),
    group("platform-watchdog", [watchdog(context), escalationAlert({ ...args, ...context })]),
  ];
}

/** Rule groups of the other site: what the first cannot say of itself. */
export function secondaryAlertGroups(args: SecondaryAlertArgs): RuleGroup[] {
  const context = contextOf(args);
  const group = groupsOf(args);
  return [
    group("platform-region", [regionLost(context, args), monitoringLost(context, args)]),
    group("platform-jobs", jobAlerts({ ...context, jobs: SELF.jobs, drills: args.drills })),
    group("platform-site", siteAlerts(context, args)),
    group("platform-watchdog", [watchdog(context), escalationAlert({ ...args, ...context })]),
  ];
}

/** Rule groups of a site that is checked and no more. */
export function checkedAlertGroups(args: SiteAlertArgs): RuleGroup[] {
  const context = contextOf(args);
  const group = groupsOf(args);
  return [
    group("platform-jobs", jobAlerts({ ...context, jobs: SELF.jobs })),
    group("platform-site", siteAlerts(context, args)),
    group("platform-watchdog", [watchdog(context), escalationAlert({ ...args, ...context })]),
  ];
}

function contextOf({ namespace, runbooks }: SiteAlertArgs): RuleContext & Pick<typeof SELF, "jobTeam"> {
  return { namespace, runbooks, asset: EVERY, system: SELF.system, title: SELF.title, jobTeam: SELF.jobTeam };
}

function groupsOf({ interval }: SiteAlertArgs) {
  return (name: string, rules: AlertRule[]): RuleGroup => ({ name, interval, rules });
}

/** A site that differs breaks promises silently: classes that survive less, zones that are not there. */
function siteAlerts(context: RuleContext, { siteCheck }: SiteAlertArgs): AlertRule[] {
  const { site, overdueAfter } = siteCheck;
  const matches = series("holdfast_site_matches", { site });
  const checked = series("holdfast_site_checked_timestamp_seconds", { site });
  return [
    alertRule(context, {
      alert: "PlatformSiteDiffers",
      expr: `min by (site) (${matches}) == 0`,
      for: "0s",
      severity: "critical",
      team: "on-call",
      guards: "health",
      summary: `Site ${site} is not what the register says`,
      description: "The log of the last check names each difference. What promises rest upon it may not hold.",
    }),
    alertRule(context, {
      alert: "PlatformSiteUnchecked",
      expr: `time() - max by (site) (${checked}) > ${overdueAfter} or absent(${checked})`,
      for: "5m",
      severity: "warning",
      team: "platform",
      guards: "health",
      summary: `Site ${site} is not checked`,
      description: `The last check is {{ $value | humanizeDuration }} old or never was; healthy is at most ${formatSeconds(overdueAfter)}.`,
    }),
  ];
}

function regionLost(context: RuleContext, { probes, lostFor }: SecondaryAlertArgs): AlertRule {
  return unreachable(context, {
    alert: "PlatformRegionLost",
    job: probes.region,
    lostFor,
    disruptions: ["region"],
    summary: "The primary region cannot be reached from the other one",
    description: "Every probe fails, or the prober itself is gone. Decide whether to restore the platform here.",
  });
}

function monitoringLost(context: RuleContext, { probes, lostFor }: SecondaryAlertArgs): AlertRule {
  return unreachable(
    { ...context, asset: "platform/monitoring" },
    {
      alert: "PlatformMonitoringLost",
      job: probes.monitoring,
      lostFor,
      disruptions: ["process", "node", "zone"],
      summary: "The monitoring of the primary site does not answer",
      description: "Nothing there notices anything until it is back, or its rules are applied here.",
    },
  );
}
