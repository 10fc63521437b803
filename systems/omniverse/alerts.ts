import { type Duration, formatSeconds, type Seconds } from "../../recovery/duration";
import { escalationAlert } from "../alerts/escalation";
import { type Freshness, olderThan } from "../alerts/freshness";
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
import { watchdog } from "../alerts/watchdog";
import { SELF } from "./names";
import { type AssetName, assetIds } from "./objectives";

/** What all rules of a site are made from. */
export interface SiteAlertArgs extends Escalation {
  namespace: string;
  runbooks: string;
  /** How often the groups are evaluated. */
  interval: Duration;
}

/** What the rules of the site that serves are made from. */
export interface PrimaryAlertArgs extends SiteAlertArgs {
  freshness: Readonly<Record<AssetName, Freshness>>;
  /** Age of the latest moment that RDS can restore, here and in the other region, at which its log has stopped. */
  restorable: Readonly<Record<"point-in-time" | "replicated-backups", Seconds>>;
  verifications: readonly ScheduledJob[];
}

/** What the rules of the site that recovers are made from. */
export interface SecondaryAlertArgs extends SiteAlertArgs {
  drills: readonly ScheduledJob[];
  /** Value of the `job` label of the probe that asks the primary site's address. */
  probe: string;
  /** How long every probe must fail before the region counts as lost. */
  lostFor: Duration;
}

/** Stands for all assets of the system. */
const EVERY = `${SELF}/*`;

/** Rule groups of the site that serves. */
export function primaryAlertGroups(args: PrimaryAlertArgs): RuleGroup[] {
  const context = contextOf(args);
  const group = groupsOf(args);
  return [
    group("omniverse-freshness", [
      ...Object.entries(args.freshness).flatMap(([name, ages]) =>
        freshness(context, assetIds[name as AssetName], ages),
      ),
      ...Object.entries(args.restorable).map(([protection, age]) => restorableTime(context, protection, age)),
    ]),
    group(
      "omniverse-jobs",
      jobAlerts({ ...context, jobs: SELF, jobTeam: "database", verifications: args.verifications }),
    ),
    group("omniverse-watchdog", [watchdog(context), escalationAlert({ ...context, ...escalation(args) })]),
  ];
}

/** Rule groups of the other site: what the serving one cannot say of itself. */
export function secondaryAlertGroups(args: SecondaryAlertArgs): RuleGroup[] {
  const context = contextOf(args);
  const group = groupsOf(args);
  return [
    group("omniverse-region", [regionLost(context, args)]),
    group("omniverse-jobs", jobAlerts({ ...context, jobs: SELF, jobTeam: "database", drills: args.drills })),
    group("omniverse-watchdog", [watchdog(context), escalationAlert({ ...context, ...escalation(args) })]),
  ];
}

function contextOf({ namespace, runbooks }: SiteAlertArgs): RuleContext {
  return { namespace, runbooks, asset: EVERY, system: SELF, title: "Omniverse" };
}

function groupsOf({ interval }: SiteAlertArgs) {
  return (name: string, rules: AlertRule[]): RuleGroup => ({ name, interval, rules });
}

function escalation({ escalateAfter }: Escalation): Escalation {
  return escalateAfter === undefined ? {} : { escalateAfter };
}

function freshness(context: RuleContext, asset: string, { warn, page, credit }: Freshness): AlertRule[] {
  const own = { ...context, asset };
  return [
    alertRule(own, {
      alert: "OmniverseCopyLate",
      expr: olderThan(asset, warn),
      for: "0s",
      severity: "warning",
      team: "database",
      guards: "freshness",
      summary: `A copy of ${asset} was missed`,
      description: `The newest copy is {{ $value | humanizeDuration }} old; healthy is at most ${formatSeconds(warn)}. ${credit ? "Rerun it now." : "The next run is the rerun."}`,
    }),
    alertRule(own, {
      alert: "OmniverseCopyStale",
      expr: olderThan(asset, page),
      for: "0s",
      severity: "critical",
      team: "on-call",
      guards: "freshness",
      summary: `Copies of ${asset} stopped`,
      description: `The newest copy is {{ $value | humanizeDuration }} old; with one missed run it is at most ${formatSeconds(page)}. An intrusion now breaks the promise.`,
    }),
  ];
}

/** RDS has no metric of it: a job asks, and this also fires when nobody asks any more. */
function restorableTime(context: RuleContext, protection: string, age: Seconds): AlertRule {
  const asset = assetIds.database;
  const latest = series("holdfast_restorable_timestamp_seconds", { asset, protection });
  return alertRule(
    { ...context, asset },
    {
      alert: protection === "point-in-time" ? "OmniverseLogStopped" : "OmniverseBackupsNotCarried",
      expr: `time() - max(${latest}) > ${age} or absent(${latest})`,
      for: "0s",
      severity: "critical",
      team: "on-call",
      guards: "freshness",
      summary: "RDS restores no recent moment, or nobody asks whether it does",
      description: `The latest moment of ${protection} is {{ $value | humanizeDuration }} back; healthy is at most ${formatSeconds(age)}.`,
    },
  );
}

function regionLost(context: RuleContext, { probe, lostFor }: SecondaryAlertArgs): AlertRule {
  const answers = series("probe_success", { job: probe });
  return alertRule(context, {
    alert: "OmniverseRegionLost",
    expr: `max by (job) (${answers}) == 0 or absent(${answers})`,
    for: lostFor,
    severity: "critical",
    team: "on-call",
    guards: "detection",
    disruptions: ["region"],
    summary: "Omniverse cannot be reached from the other region",
    description:
      "Every probe from the secondary site fails, or the prober itself is gone. Decide whether to fail over.",
  });
}
