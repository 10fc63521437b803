import { type Duration, formatSeconds, type Seconds } from "../../recovery/duration";
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
import { directoryAlerts } from "./directoryWatch";
import { type CertificateAlertArgs, certificateAlerts } from "./edgeAlerts";
import { SELF } from "./names";
import { type AssetName, assetIds } from "./objectives";
import { operationsAlerts } from "./operationsAlerts";

/** What all rules of a site are made from. */
export interface SiteAlertArgs extends Escalation {
  namespace: string;
  runbooks: string;
  /** How often the groups are evaluated. */
  interval: Duration;
  /** The other site's, which its own alerting does not see from outside. */
  certificate: CertificateAlertArgs;
}

/** What the rules of the site that serves are made from. */
export interface PrimaryAlertArgs extends SiteAlertArgs {
  freshness: Readonly<Record<AssetName, Freshness>>;
  /** Age of the latest moment that RDS can restore, here and in the other region, at which its log has stopped. */
  restorable: Readonly<Record<"point-in-time" | "replicated-backups", Seconds>>;
  verifications: readonly ScheduledJob[];
  /** The daily work, and what of it audits. */
  maintenance: readonly ScheduledJob[];
  audits: readonly ScheduledJob[];
}

/** What the rules of the site that recovers are made from. */
export interface SecondaryAlertArgs extends SiteAlertArgs {
  drills: readonly ScheduledJob[];
  /** Value of the `job` label of the probe that asks the primary site's address. */
  probe: string;
  /** How long every probe must fail before the region counts as lost. */
  lostFor: Duration;
}

const COPIES = { noun: "Copy", team: "database", breaks: "An intrusion" } as const;

/** Stands for all assets of the system. */
const EVERY = `${SELF}/*`;

/** Rule groups of the site that serves. */
export function primaryAlertGroups(args: PrimaryAlertArgs): RuleGroup[] {
  const context = contextOf(args);
  const group = groupsOf(args);
  return [
    group("omniverse-freshness", [
      ...Object.entries(args.freshness).flatMap(([name, ages]) =>
        copyAlerts({ ...context, asset: assetIds[name as AssetName] }, ages, COPIES),
      ),
      ...Object.entries(args.restorable).map(([protection, age]) => restorableTime(context, protection, age)),
    ]),
    group("omniverse-operations", operationsAlerts(context)),
    group("omniverse-jobs", jobAlerts({ ...context, ...watched(args), jobs: SELF, jobTeam: "database" })),
    group("omniverse-directory", directoryAlerts(context)),
    group("omniverse-edge", certificateAlerts(context, args.certificate)),
    group("omniverse-watchdog", [watchdog(context), escalationAlert({ ...args, ...context })]),
  ];
}

/** Rule groups of the other site: what the serving one cannot say of itself. */
export function secondaryAlertGroups(args: SecondaryAlertArgs): RuleGroup[] {
  const context = contextOf(args);
  const group = groupsOf(args);
  return [
    group("omniverse-region", [regionLost(context, args)]),
    group("omniverse-directory", directoryAlerts(context)),
    group("omniverse-jobs", jobAlerts({ ...context, jobs: SELF, jobTeam: "database", drills: args.drills })),
    group("omniverse-edge", certificateAlerts(context, args.certificate)),
    group("omniverse-watchdog", [watchdog(context), escalationAlert({ ...args, ...context })]),
  ];
}

function watched({ verifications, maintenance, audits }: PrimaryAlertArgs) {
  return { verifications, maintenance, audits };
}

function contextOf({ namespace, runbooks }: SiteAlertArgs): RuleContext {
  return { namespace, runbooks, asset: EVERY, system: SELF, title: "Omniverse" };
}

function groupsOf({ interval }: SiteAlertArgs) {
  return (name: string, rules: AlertRule[]): RuleGroup => ({ name, interval, rules });
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
  return unreachable(context, {
    alert: "OmniverseRegionLost",
    job: probe,
    lostFor,
    disruptions: ["region"],
    summary: "Omniverse cannot be reached from the other region",
    description:
      "Every probe from the secondary site fails, or the prober itself is gone. Decide whether to fail over.",
  });
}
