import type { Duration, Seconds } from "../../recovery/duration";
import type { Disruption } from "../../recovery/objective";

/** Who acts on an alert first; the routes map it to the guide's contacts. */
export type Team = "on-call" | "database" | "platform" | "security" | "management" | "watchdog";

/** `critical` wakes somebody, `warning` waits for the morning, `none` is the watchdog's. */
export type Severity = "critical" | "warning" | "none";

/** What a promise needs an alert for. */
export type Guards = "freshness" | "detection" | "drill" | "verification" | "watchdog" | "capacity" | "health";

/** One rule as a `PrometheusRule` holds it. */
export interface AlertRule {
  alert: string;
  expr: string;
  for: Duration;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** Rules evaluated together, as a `PrometheusRule` holds them. */
export interface RuleGroup {
  name: string;
  interval: Duration;
  rules: AlertRule[];
}

/** Where a rule stands and what it speaks for. */
export interface RuleContext {
  /** `omendb`: the label that routes and silences select by. */
  system: string;
  /** What people call it, and what its alerts' names begin with: `OmenDB`. */
  title: string;
  /** Alertmanager routes an alert to a namespace's receivers by this label, which aggregation would drop. */
  namespace: string;
  /** `omendb/data`. */
  asset: string;
  /** Folder of the runbook pages, without a `/` at the end. */
  runbooks: string;
}

/** One alert in words and numbers. */
export interface AlertArgs {
  alert: string;
  expr: string;
  for: Duration;
  severity: Severity;
  team: Team;
  guards: Guards;
  /** What it detects; only with `guards: "detection"`. */
  disruptions?: readonly Disruption[];
  summary: string;
  description: string;
}

/** A CronJob and the age of its last success above which it is overdue. */
export interface ScheduledJob {
  cronJob: string;
  overdueAfter: Seconds;
}

/** The jobs of one site that alerts watch; a job's series are in the Prometheus of the site that runs it. */
export interface WatchedJobs {
  /** What the names of all CronJobs begin with. */
  jobs: string;
  /** Who mends a job that failed. */
  jobTeam: Team;
  /** Jobs that read restore points back; a failed one means damage. @default none */
  verifications?: readonly ScheduledJob[];
  /** Jobs that restore and measure. @default none */
  drills?: readonly ScheduledJob[];
  /** Other jobs that must run again and again. @default none */
  maintenance?: readonly ScheduledJob[];
  /** Jobs that report logins and refused access to people. @default none */
  audits?: readonly ScheduledJob[];
  /** Jobs that fail when they find signs of an intrusion; one that only reports is an audit. @default none */
  intrusionChecks?: readonly ScheduledJob[];
}

/** How long a critical alert may stay before the one above is called. */
export interface Escalation {
  /** @default "15m" */
  escalateAfter?: Duration;
}

/** An alert with the labels its route needs and the annotations the policies read. */
export function alertRule(context: RuleContext, args: AlertArgs): AlertRule {
  return {
    alert: args.alert,
    expr: args.expr,
    for: args.for,
    labels: { severity: args.severity, team: args.team, system: context.system, namespace: context.namespace },
    annotations: {
      summary: args.summary,
      description: args.description,
      runbook_url: `${context.runbooks}/${args.alert}.md`,
      holdfast_asset: context.asset,
      holdfast_guards: args.guards,
      ...(args.disruptions ? { holdfast_disruptions: args.disruptions.join(",") } : {}),
    },
  };
}

/** A series selector with its labels in the order given; a value that begins with `~` is a regular expression. */
export function series(metric: string, labels: Readonly<Record<string, string>>): string {
  const matchers = Object.entries(labels).map(([label, value]) =>
    value.startsWith("~") ? `${label}=~${JSON.stringify(value.slice(1))}` : `${label}=${JSON.stringify(value)}`,
  );
  return `${metric}{${matchers.join(",")}}`;
}
