import { type Duration, formatSeconds, type Seconds } from "../../../recovery/duration";
import { copyAlerts } from "../../alerts/copyAlerts";
import type { Freshness } from "../../alerts/freshness";
import { jobAlerts } from "../../alerts/jobAlerts";
import {
  type AlertRule,
  alertRule,
  type RuleContext,
  type RuleGroup,
  type ScheduledJob,
  series,
} from "../../alerts/rule";
import { type SiteRuleArgs, siteRules } from "../../alerts/siteRules";
import { unreachable } from "../../alerts/unreachable";
import { SELF } from "../names";
import { CONFIGURATION_ID, DATABRICKS_ID, KEYS_ID } from "../objectives";

/** The jobs of a site, by what it means when one does not run. */
export interface SiteJobs {
  /** @default none */
  verifications?: readonly ScheduledJob[];
  /** @default none */
  drills?: readonly ScheduledJob[];
  /** Everything else that must run again and again. @default none */
  maintenance?: readonly ScheduledJob[];
  /** Jobs that report who came in. @default none */
  audits?: readonly ScheduledJob[];
}

/** What the rules of a site are made from. */
export interface SiteAlertArgs extends SiteRuleArgs {
  jobs: SiteJobs;
}

/** A copy that says until when it holds everything, and the age of that moment at which somebody is told. */
export interface CopyAge {
  /** Name of the alert, and of its runbook page. */
  alert: string;
  asset: string;
  /** Its name within the asset: `geo-replica`. */
  protection: string;
  age: Seconds;
  /** What people call it. */
  what: string;
}

/** What the rules of the site that recovers are made from. */
export interface SecondaryAlertArgs extends SiteAlertArgs {
  /** Ages of exports by asset. */
  exports: Readonly<Record<string, Freshness>>;
  copies: readonly CopyAge[];
  /** Value of the `job` label of the probe that asks the primary region. */
  probe: string;
  /** How long every probe must fail before the region counts as lost. */
  lostFor: Duration;
}

const ANALYTICS = { system: SELF, title: "Analytics" } as const;

const EXPORTS = { noun: "Export", team: "platform", breaks: "A lost region, or an intrusion," } as const;

/** Rule groups of the region that works. */
export function primaryAlertGroups(args: SiteAlertArgs): RuleGroup[] {
  return everywhere(args);
}

/** Rule groups of the other region: how old every copy is, and what the first cannot say of itself. */
export function secondaryAlertGroups(args: SecondaryAlertArgs): RuleGroup[] {
  const { context, group } = siteRules(args, ANALYTICS);
  return [
    group("region", [regionLost(context, args)]),
    group("freshness", [
      ...Object.entries(args.exports).flatMap(([asset, ages]) => copyAlerts({ ...context, asset }, ages, EXPORTS)),
      ...args.copies.map((copy) => copyBehind(context, copy)),
    ]),
    group(
      "changes",
      [CONFIGURATION_ID, KEYS_ID, DATABRICKS_ID].map((asset) => changed({ ...context, asset })),
    ),
    ...everywhere(args),
  ];
}

function everywhere(args: SiteAlertArgs): RuleGroup[] {
  const { context, group, alive } = siteRules(args, ANALYTICS);
  return [group("jobs", jobAlerts({ ...context, ...args.jobs, jobs: SELF, jobTeam: "platform" })), alive()];
}

/** A job asks how far each copy reaches; nobody asking any more is as bad as one that stopped. */
function copyBehind(context: RuleContext, { alert, asset, protection, age, what }: CopyAge): AlertRule {
  const reached = series("holdfast_restorable_timestamp_seconds", { asset, protection });
  return alertRule(
    { ...context, asset },
    {
      alert,
      expr: `time() - max(${reached}) > ${age} or absent(${reached})`,
      for: "0s",
      severity: "critical",
      team: "on-call",
      guards: "freshness",
      summary: `${what} of ${asset} is behind`,
      description: `It holds everything until {{ $value | humanizeDuration }} ago, or nobody knows; healthy is at most ${formatSeconds(age)}.`,
    },
  );
}

/** An export says what is not as it was at the last one; for an hour, since the next one finds nothing new. */
function changed(context: RuleContext): AlertRule {
  const { asset } = context;
  const found = series("holdfast_configuration_changes", { asset });
  return alertRule(context, {
    alert: "AnalyticsConfigurationChanged",
    expr: `sum(max_over_time(${found}[1h])) > 0 or absent_over_time(${found}[1h])`,
    for: "0s",
    severity: "critical",
    team: "on-call",
    guards: "detection",
    disruptions: ["corruption"],
    summary: `${asset} is not as it was`,
    description:
      "Something was added, removed or changed within the last hour, or nobody looks. A deployment does that too: whoever deploys silences this for as long.",
  });
}

function regionLost(context: RuleContext, { probe, lostFor }: SecondaryAlertArgs): AlertRule {
  return unreachable(context, {
    alert: "AnalyticsRegionLost",
    job: probe,
    lostFor,
    disruptions: ["region"],
    summary: "The primary region of analytics cannot be reached from the other one",
    description:
      "No account, namespace or workspace answers the secondary site, or the prober itself is gone. Decide whether to fail over.",
  });
}
