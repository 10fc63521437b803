import { formatSeconds } from "../duration";
import { awsBackup } from "../facts/awsBackup";
import { awsVolumes } from "../facts/awsVolumes";
import { factSeconds } from "../facts/fact";
import type { Habits } from "./schedulers";

const startWindow = factSeconds(awsBackup.startWindow);
const completionWindow = factSeconds(awsBackup.completionWindow);
const snapshotStart = factSeconds(awsVolumes.snapshotStart);
const schedules = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html";

/** AWS Backup; EventBridge where it differs. */
export const aws: Habits = {
  subject: "AWS Backup",
  example: "cron(0 2 ? * SUN *)",
  startSlack: {
    bound: startWindow,
    setting: "startWindow",
    says: `a job starts up to ${formatSeconds(startWindow)} late unless startWindow is less; EventBridge starts within the minute`,
    source: `${awsBackup.startWindow.source}; https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html`,
  },
  longestRun: {
    bound: completionWindow,
    setting: "completionWindow",
    says: `a job is stopped after ${formatSeconds(completionWindow)} unless completionWindow is less`,
    source: awsBackup.completionWindow.source,
  },
  missedRuns: {
    says: "a job that did not start within its window is cancelled; the next one starts at its own time",
    source: awsBackup.startWindowLeast.source,
  },
  overlap: {
    says: "of overlapping rules of one plan only the one with the longer retention runs",
    source: awsBackup.overlappingRules.source,
  },
  skippedHour: {
    says: "a run in the skipped hour does not start (EventBridge Scheduler; AWS Backup documents nothing)",
    source: schedules,
  },
  repeatedHour: {
    says: "a run in the repeated hour starts once (EventBridge Scheduler; AWS Backup documents nothing)",
    source: schedules,
  },
  defaultTimeZone: { says: "UTC", source: "@pulumi/aws 7.48.0 backup PlanRule.scheduleExpressionTimezone" },
};

/** Amazon Data Lifecycle Manager. */
export const dlm: Habits = {
  subject: "Amazon Data Lifecycle Manager",
  example: "cron(0 2 ? * SUN *)",
  startSlack: {
    bound: snapshotStart,
    says: `a snapshot starts up to ${formatSeconds(snapshotStart)} after its time`,
    source: awsVolumes.snapshotStart.source,
  },
  longestRun: {
    bound: { unbounded: "AWS does not say how long a snapshot takes to complete" },
    says: "how long a snapshot takes to complete is published nowhere",
    source: awsVolumes.snapshotTime.source,
  },
  missedRuns: { says: "AWS documents no catching up", source: awsVolumes.snapshotStart.source },
  overlap: { says: "AWS does not document it", source: awsVolumes.snapshotStart.source },
  skippedHour: { says: "UTC skips no hour", source: awsVolumes.snapshotStart.source },
  repeatedHour: { says: "UTC repeats no hour", source: awsVolumes.snapshotStart.source },
  defaultTimeZone: { says: "UTC, and no other", source: awsVolumes.snapshotStart.source },
};

const databricks = "https://docs.databricks.com/jobs/scheduled";
const quartzSource =
  "quartz-scheduler/quartz v2.3.2 org/quartz/CronExpression.java; https://docs.databricks.com/jobs/scheduled";

/** Quartz, as Databricks runs it. */
export const quartz: Habits = {
  subject: "a Databricks job",
  example: "0 0 2 ? * SUN",
  startSlack: {
    bound: { unbounded: "Databricks starts runs up to several minutes late at times, and names no limit" },
    says: "a run may start several minutes late; Databricks names no limit",
    source: databricks,
  },
  longestRun: {
    bound: { unbounded: "without timeout_seconds a run is never stopped" },
    setting: "timeout_seconds",
    says: "a run is never stopped, until timeout_seconds is set",
    source: "https://docs.databricks.com/api/workspace/jobs/create",
  },
  missedRuns: { says: "after an outage a run starts as soon as the service is back", source: databricks },
  overlap: {
    says: "a run that is due during another is skipped (max_concurrent_runs is 1), unless the job queues",
    source: "https://docs.databricks.com/api/workspace/jobs/create, max_concurrent_runs and queue",
  },
  skippedHour: { says: "a run in the skipped hour does not start", source: quartzSource },
  repeatedHour: { says: "a run in the repeated hour starts once, the second time", source: quartzSource },
  defaultTimeZone: {
    says: "none: timezone_id is required",
    source: "https://docs.databricks.com/api/workspace/jobs/create",
  },
};

const docs = "MicrosoftDocs/azure-docs articles";
const recurring = `${docs}/logic-apps/concepts-schedule-automated-recurring-tasks-workflows.md`;
const trigger = `${docs}/connectors/connectors-native-recurrence.md`;
const factory = `${docs}/data-factory/how-to-create-schedule-trigger.md`;
const virtualMachines = `${docs}/backup/backup-azure-vm-backup-faq.yml`;

/** A recurrence of Logic Apps or Data Factory. */
export const azureRecurrence: Habits = {
  subject: "an Azure recurrence",
  example: '{"frequency":"Week","schedule":{"weekDays":["Sunday"],"hours":[2],"minutes":[0]}}',
  startSlack: {
    bound: { unbounded: "Microsoft names no latest start of a run" },
    says: "a run starts within about a minute; Microsoft names no limit",
    source: trigger,
  },
  longestRun: {
    bound: { unbounded: "a recurrence does not limit its runs" },
    setting: "the timeouts of the workflow or pipeline",
    says: "a recurrence does not limit its runs; the workflow's or pipeline's own timeouts do",
    source: `${docs}/logic-apps/logic-apps-limits-and-config.md`,
  },
  missedRuns: { says: "missed runs are not made up for; the next one starts at its own time", source: trigger },
  overlap: {
    says: "runs overlap, unless concurrency control is on",
    source: `${docs}/logic-apps/logic-apps-workflow-actions-triggers.md`,
  },
  skippedHour: {
    says: "a run in the skipped hour starts an hour later; hours and minutes as frequency count elapsed time",
    source: `${recurring}; ${factory}`,
  },
  repeatedHour: {
    says: "a run in the repeated hour starts once, the first time",
    source: `${recurring}; ${factory}`,
  },
  defaultTimeZone: { says: "UTC, which startTime then says with Z", source: trigger },
};

/** Azure Backup of blobs and disks. */
export const azureBackup: Habits = {
  subject: "Azure Backup",
  example: "R/2026-01-04T02:00:00+00:00/P1W",
  startSlack: {
    bound: { unbounded: "Microsoft names a latest start for virtual machines only (2h)" },
    says: "a virtual machine's backup starts within 2h; for blobs and disks Microsoft names no limit",
    source: virtualMachines,
  },
  longestRun: {
    bound: { unbounded: "Microsoft does not limit how long a backup takes" },
    says: "how long a backup takes is published nowhere",
    source: virtualMachines,
  },
  missedRuns: { says: "after an outage a backup may start outside its time", source: virtualMachines },
  overlap: { says: "Microsoft does not document it", source: virtualMachines },
  skippedHour: { says: "the clocks do not matter: a day is 24h", source: virtualMachines },
  repeatedHour: { says: "the clocks do not matter: a day is 24h", source: virtualMachines },
  defaultTimeZone: {
    says: "the offset that the start names",
    source: "@pulumi/azure-native 3.28.0 dataprotection BackupSchedule.repeatingTimeIntervals",
  },
};
