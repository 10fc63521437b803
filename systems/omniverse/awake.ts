import type { Seconds } from "../../recovery/duration";
import { type AlertRule, alertRule, type RuleContext, series } from "../alerts/rule";
import { services, standbyJobs } from "./names";

/** A CronJob that sleeps where nobody serves. */
export interface Sleeper {
  cronJob: string;
  /** How long after it was woken what it does may be missing. @default not at all */
  within?: Seconds;
}

/**
 * The same rule for a site that serves after a failover alone: silent while the site says that a job sleeps, and until the
 * job has had its time since. Where nobody says so it speaks: a job that is gone sleeps no more than one that is awake.
 * Counts on a month of series, as the review of capacity does: with fewer, what runs once a month is missed too soon.
 */
export function onceAwake(rule: AlertRule, namespace: string, sleepers: readonly Sleeper[]): AlertRule {
  if (sleepers.length === 0) return rule;
  const asleep = sleepers.map(({ cronJob, within }) => {
    const suspended = series("kube_cronjob_spec_suspend", { namespace, cronjob: cronJob });
    return within === undefined ? `${suspended} == 1` : `max_over_time(${suspended}[${within}s]) == 1`;
  });
  // What speaks of several jobs says of which.
  const on = sleepers.length === 1 ? "on ()" : "on (cronjob)";
  const { holdfast_disruptions: _, ...annotations } = rule.annotations;
  return {
    ...rule,
    expr: `(${rule.expr}) unless ${on} (${asleep.join(" or ")})`,
    // No promise is made for copies that are taken after a failover: nothing may lean on what watches them.
    annotations: { ...annotations, holdfast_guards: "health" },
  };
}

/** The site serves and jobs sleep: a failover or a fail-back was not finished, or somebody deployed over one. */
export function jobsAsleep(context: RuleContext): AlertRule {
  const { namespace } = context;
  const suspended = series("kube_cronjob_spec_suspend", { namespace, cronjob: `~${standbyJobs.join("|")}` });
  const pods = series("kube_deployment_spec_replicas", { namespace, deployment: services.server.workload });
  return alertRule(context, {
    alert: "OmniverseJobsAsleep",
    expr: `max by (namespace, cronjob) (${suspended}) == 1 and on (namespace) ${pods} > 0`,
    // Longer than the steps take from the start of Nucleus until all are awake.
    for: "45m",
    severity: "critical",
    team: "on-call",
    guards: "health",
    summary: "This site serves, and what protects it sleeps",
    description: "Nucleus runs here and {{ $labels.cronjob }} is suspended: nobody does its work.",
  });
}
