import { type Duration, duration, formatSeconds, type Seconds } from "../../recovery/duration";
import { copyAlerts } from "../alerts/copyAlerts";
import type { Freshness } from "../alerts/freshness";
import { jobAlerts } from "../alerts/jobAlerts";
import { type AlertRule, alertRule, type RuleContext, type RuleGroup, type ScheduledJob, series } from "../alerts/rule";
import { type SiteRuleArgs, siteRules } from "../alerts/siteRules";
import { unreachable } from "../alerts/unreachable";
import { jobsAsleep, onceAwake, type Sleeper } from "./awake";
import { directoryAlerts } from "./directoryWatch";
import { drillFellShort } from "./drillAlerts";
import { type CertificateAlertArgs, certificateAlerts } from "./edgeAlerts";
import { jobNames, SELF } from "./names";
import { type AssetName, assetIds } from "./objectives";
import { operationsAlerts } from "./operationsAlerts";
import { type ServedAlertArgs, servedAlerts } from "./servedAlerts";

/** What all rules of a site are made from. */
export interface SiteAlertArgs extends SiteRuleArgs {
  /** The other site's, which its own alerting does not see from outside. */
  certificate: CertificateAlertArgs;
  /** Host and port of each directory server that the site asks. */
  directory: readonly string[];
}

/** What the rules on whatever serves are made from. */
export interface ServingAlertArgs extends SiteAlertArgs {
  /** The services' own, which only they serve. */
  served: ServedAlertArgs;
  freshness: Readonly<Record<AssetName, Freshness>>;
  /** Age of the latest moment that RDS can restore, by what keeps it, at which its log has stopped. */
  restorable: Readonly<Partial<Record<Kept, Seconds>>>;
  verifications: readonly ScheduledJob[];
  /** The daily work, and what of it audits. */
  maintenance: readonly ScheduledJob[];
  audits: readonly ScheduledJob[];
}

/** What RDS keeps moments in: here, and in the other region. */
type Kept = "point-in-time" | "replicated-backups";

/** What the rules of the site that recovers are made from. */
export interface SecondaryAlertArgs extends ServingAlertArgs {
  drills: readonly ScheduledJob[];
  /** Value of the `job` label of the probe that asks the primary site's address. */
  probe: string;
  /** How long every probe must fail before the region counts as lost. */
  lostFor: Duration;
}

// Of a dump that a deployment takes nobody may conclude that the regular ones go on.
const COPIES = { noun: "Copy", team: "database", breaks: "An intrusion", role: "full" } as const;

const OMNIVERSE = { system: SELF, title: "Omniverse" } as const;

/** How long after it was woken the collector may have measured nothing yet; the alerts' own durations come on top. */
const COLLECTED: Seconds = duration("10m");

const copies: Readonly<Record<AssetName, string>> = {
  database: jobNames.dump,
  assets: jobNames.assets,
  accounts: jobNames.accounts,
};

/** Rule groups of the site that serves. */
export function primaryAlertGroups(args: ServingAlertArgs): RuleGroup[] {
  return [...servingGroups(args, (rule) => rule), ...everywhere(args)];
}

/** Rule groups of the other site: what the serving one cannot say of itself, and what to watch once this one serves. */
export function secondaryAlertGroups(args: SecondaryAlertArgs): RuleGroup[] {
  const { context, group } = siteRules(args, OMNIVERSE);
  return [
    group("region", [regionLost(context, args)]),
    ...servingGroups(args, (rule, sleepers) => onceAwake(rule, args.namespace, sleepers), args.drills),
    group("drills", [drillFellShort(context)]),
    ...everywhere(args),
  ];
}

/** Rules on whatever serves, each with the jobs of whose silence it would tell. */
function servingGroups(
  args: ServingAlertArgs,
  here: (rule: AlertRule, sleepers: readonly Sleeper[]) => AlertRule,
  drills: readonly ScheduledJob[] = [],
): RuleGroup[] {
  const { context, group } = siteRules(args, OMNIVERSE);
  const { verifications, maintenance, audits, freshness, restorable, served } = args;
  const due = (jobs: readonly ScheduledJob[]): Sleeper[] =>
    jobs.map(({ cronJob, overdueAfter }) => ({ cronJob, within: overdueAfter }));
  const ofJobs: Readonly<Record<string, Sleeper[]>> = {
    OmniverseVerificationOverdue: due(verifications),
    OmniverseMaintenanceOverdue: due(maintenance),
    OmniverseAuditOverdue: due(audits),
    // Bad news is none later than it comes.
    OmniverseIntegrityFailed: verifications.map(({ cronJob }) => ({ cronJob })),
  };
  return [
    group("freshness", [
      ...(Object.entries(freshness) as [AssetName, Freshness][]).flatMap(([name, ages]) =>
        copyAlerts({ ...context, asset: assetIds[name] }, ages, COPIES).map((rule, i) =>
          here(rule, [{ cronJob: copies[name], within: i === 0 ? ages.warn : ages.page }]),
        ),
      ),
      ...Object.entries(restorable).map(([protection, age]) =>
        here(restorableTime(context, protection, age), [{ cronJob: jobNames.restorable, within: age }]),
      ),
    ]),
    group(
      "operations",
      operationsAlerts(context).map((rule) => here(rule, [{ cronJob: jobNames.metrics, within: COLLECTED }])),
    ),
    group(
      "jobs",
      jobAlerts({ ...context, jobs: SELF, jobTeam: "database", verifications, maintenance, audits, drills }).map(
        (rule) => here(rule, ofJobs[rule.alert] ?? []),
      ),
    ),
    group(
      "certificates",
      servedAlerts(context, served).map((rule) =>
        here(rule, [{ cronJob: jobNames.certificates, within: served.overdueAfter }]),
      ),
    ),
  ];
}

/** Rules that both sites have, whichever serves. */
function everywhere(args: SiteAlertArgs): RuleGroup[] {
  const { context, group, alive } = siteRules(args, OMNIVERSE);
  return [
    group("standby", [jobsAsleep(context)]),
    group("directory", directoryAlerts(context, args.directory)),
    group("edge", certificateAlerts(context, args.certificate)),
    alive(),
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
