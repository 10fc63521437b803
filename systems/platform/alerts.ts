import { type Duration, formatSeconds } from "../../recovery/duration";
import { copyAlerts } from "../alerts/copyAlerts";
import type { Freshness } from "../alerts/freshness";
import { jobAlerts } from "../alerts/jobAlerts";
import { type AlertRule, alertRule, type RuleContext, type RuleGroup, type ScheduledJob, series } from "../alerts/rule";
import { type SiteRuleArgs, siteRules } from "../alerts/siteRules";
import { unreachable } from "../alerts/unreachable";

/** What all rules of a site are made from. */
export interface SiteAlertArgs extends SiteRuleArgs {
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

const PLATFORM = { system: "platform", title: "Platform" } as const;

const JOBS = { jobs: "(platform|site-check)", jobTeam: "platform" } as const;

const EXPORTS = { noun: "Export", team: "platform", breaks: "A lost region" } as const;

/** Rule groups of the site where the platform is exported. */
export function primaryAlertGroups(args: PrimaryAlertArgs): RuleGroup[] {
  const { context, group, alive } = siteRules(args, PLATFORM);
  return [
    group(
      "freshness",
      Object.entries(args.freshness).flatMap(([asset, ages]) => copyAlerts({ ...context, asset }, ages, EXPORTS)),
    ),
    group("jobs", jobAlerts({ ...context, ...JOBS, verifications: args.verifications })),
    group("site", siteAlerts(context, args)),
    alive(),
  ];
}

/** Rule groups of the other site: what the first cannot say of itself. */
export function secondaryAlertGroups(args: SecondaryAlertArgs): RuleGroup[] {
  const { context, group, alive } = siteRules(args, PLATFORM);
  return [
    group("region", [regionLost(context, args), monitoringLost(context, args)]),
    group("jobs", jobAlerts({ ...context, ...JOBS, drills: args.drills })),
    group("site", siteAlerts(context, args)),
    alive(),
  ];
}

/** Rule groups of a site that is checked and no more. */
export function checkedAlertGroups(args: SiteAlertArgs): RuleGroup[] {
  const { context, group, alive } = siteRules(args, PLATFORM);
  return [group("jobs", jobAlerts({ ...context, ...JOBS })), group("site", siteAlerts(context, args)), alive()];
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
