import { type AlertRule, alertRule, type RuleContext, type ScheduledJob, series, type WatchedJobs } from "./rule";

/** How long it is news that a Job failed, counted from then; after that freshness and overdue alerts carry on. */
const failedIsNews = "1h";

/** Alerts on the jobs of a site: failed, overdue, or come back with bad news. */
export function jobAlerts(context: RuleContext & WatchedJobs): AlertRule[] {
  const { namespace, title, jobTeam, verifications = [], drills = [], audits = [], intrusionChecks = [] } = context;
  const { maintenance = [] } = context;
  const failed = series("kube_job_failed", { namespace, job_name: `~${context.jobs}-.+`, condition: "true" });
  return [
    alertRule(context, {
      alert: `${title}JobFailed`,
      // kube-state-metrics does not say when: news is what was not known an hour before, however long the Job had run.
      expr: `max by (namespace, job_name) (${failed}) == 1 unless on (namespace, job_name) max by (namespace, job_name) (max_over_time(${failed}[${failedIsNews}] offset ${failedIsNews})) == 1`,
      for: "0s",
      severity: "warning",
      team: jobTeam,
      guards: "health",
      summary: `A job of ${title} failed`,
      description: "Job {{ $labels.job_name }} failed or ran into its deadline.",
    }),
    ...overdue(context, verifications, {
      alert: `${title}VerificationOverdue`,
      severity: "warning",
      team: jobTeam,
      guards: "verification",
      summary: `Restore points of ${title} are not verified`,
      description:
        "{{ $labels.cronjob }} has not succeeded for too long: nobody knows whether the backups can be read.",
    }),
    ...overdue(context, drills, {
      alert: `${title}DrillOverdue`,
      severity: "warning",
      team: jobTeam,
      guards: "drill",
      summary: `The recovery of ${title} is not rehearsed`,
      description: "{{ $labels.cronjob }} has not succeeded for too long: the recovery time is a guess again.",
    }),
    ...overdue(context, maintenance, {
      alert: `${title}MaintenanceOverdue`,
      severity: "warning",
      team: jobTeam,
      guards: "health",
      summary: `Regular work on ${title} is not done`,
      description: "{{ $labels.cronjob }} has not succeeded for too long, or is gone.",
    }),
    ...overdue(context, [...audits, ...intrusionChecks], {
      alert: `${title}AuditOverdue`,
      severity: "warning",
      team: "security",
      guards: "health",
      summary: `Access to ${title} is not audited`,
      description: "{{ $labels.cronjob }} has not succeeded for too long: an intrusion would go unnoticed.",
    }),
    ...lastRunFailed(context, verifications, {
      alert: `${title}IntegrityFailed`,
      severity: "critical",
      team: "on-call",
      guards: "detection",
      disruptions: ["corruption"],
      summary: `A restore point of ${title} did not verify`,
      description: "The last run of {{ $labels.cronjob }} failed: the data or its copies may be damaged.",
    }),
    ...lastRunFailed(context, intrusionChecks, {
      alert: `${title}IntrusionSuspected`,
      severity: "critical",
      team: "security",
      guards: "detection",
      disruptions: ["compromise"],
      summary: `The audit of ${title} found something`,
      description: "The last run of {{ $labels.cronjob }} failed: refused logins or unknown users in the log.",
    }),
  ];
}

type Told = Omit<Parameters<typeof alertRule>[1], "expr" | "for">;

function overdue(context: RuleContext, jobs: readonly ScheduledJob[], told: Told): AlertRule[] {
  if (jobs.length === 0) return [];
  const expr = jobs.map(({ cronJob, overdueAfter }) => {
    const labels = { namespace: context.namespace, cronjob: cronJob };
    const created = series("kube_cronjob_created", labels);
    return `time() - ${lastSuccess(labels)} > ${overdueAfter} or absent(${created})`;
  });
  return [alertRule(context, { ...told, expr: expr.join(" or "), for: "5m" })];
}

function lastRunFailed(context: RuleContext, jobs: readonly ScheduledJob[], told: Told): AlertRule[] {
  if (jobs.length === 0) return [];
  const { namespace } = context;
  const expr = jobs.map(({ cronJob }) => {
    const runs = { namespace, job_name: `~${cronJob}-.+` };
    const failed = `${series("kube_job_created", runs)} and on (namespace, job_name) ${series("kube_job_failed", { ...runs, condition: "true" })} == 1`;
    // Job series name their CronJob only in their own name: the label makes both sides comparable.
    const lastFailure = `label_replace(max by (namespace) (${failed}), "cronjob", ${JSON.stringify(cronJob)}, "", "")`;
    return `${lastFailure} > ${lastSuccess({ namespace, cronjob: cronJob })}`;
  });
  return [alertRule(context, { ...told, expr: expr.join(" or "), for: "0s" })];
}

/** Until the first success there is no series of it: the age of the CronJob itself counts. */
function lastSuccess(labels: Readonly<Record<string, string>>): string {
  const succeeded = series("kube_cronjob_status_last_successful_time", labels);
  return `max by (namespace, cronjob) (${succeeded} or ${series("kube_cronjob_created", labels)})`;
}
