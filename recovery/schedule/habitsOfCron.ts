import { seconds } from "../duration";
import { cronJobs } from "../facts/cronJobs";
import type { Habits } from "./schedulers";

const page = "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/";

/** The CronJob controller. */
export const kubernetes: Habits = {
  subject: "a Kubernetes CronJob",
  example: "0 2 * * 0",
  startSlack: {
    bound: { unbounded: "without startingDeadlineSeconds a run may start any time after it was due" },
    setting: "startingDeadlineSeconds",
    says: "a run may start any time after it was due, until startingDeadlineSeconds (10 at least) is set",
    source: page,
  },
  longestRun: {
    bound: { unbounded: "without activeDeadlineSeconds of its Job a run is never stopped" },
    setting: "activeDeadlineSeconds",
    says: "a run is never stopped, until activeDeadlineSeconds of its Job is set",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/job/",
  },
  missedRuns: {
    says: "of several missed runs the newest is made up for, unless it is older than startingDeadlineSeconds",
    source: cronJobs.catchesUp.source,
  },
  overlap: {
    says: "runs overlap; with concurrencyPolicy Forbid the later one waits, with Replace the earlier one is stopped",
    source: page,
  },
  skippedHour: {
    says: "a run in the skipped hour does not start",
    source: "https://pkg.go.dev/github.com/robfig/cron/v3#hdr-Time_zones",
  },
  repeatedHour: {
    says: "a run in the repeated hour starts twice",
    source: "measured: robfig/cron v3.0.1; test/recovery/schedule/cron-vectors.json",
  },
  defaultTimeZone: {
    says: "the zone of kube-controller-manager, which no resource names",
    source: cronJobs.unnamedZone.source,
  },
};

const manual = "Debian cron 3.0pl1-162, cron(8)";
const mainLoop = "Debian cron 3.0pl1-162, cron.c; test/recovery/schedule/debian-vectors.json";

/** Vixie cron as Debian patches it. */
export const debian: Habits = {
  subject: "Debian's cron",
  example: "0 2 * * 0",
  startSlack: {
    bound: seconds(60),
    says: "a run starts within its minute, while the machine is up",
    source: mainLoop,
  },
  longestRun: {
    bound: { unbounded: "cron never stops a run" },
    setting: "timeout(1) in the command",
    says: "a run is never stopped, unless its command uses timeout(1)",
    source: "Debian cron 3.0pl1-162, do_command.c",
  },
  missedRuns: {
    says: "a run that is due while the machine or cron is down never starts; anacron, if installed, makes up for cron.daily, cron.weekly and cron.monthly",
    source: `${mainLoop}; anacron(8)`,
  },
  overlap: {
    says: "runs overlap, unless the command takes a lock such as flock(1)",
    source: "Debian cron 3.0pl1-162, do_command.c",
  },
  skippedHour: {
    says: "a fixed time runs right after a change of less than 3h; with a star in minute or hour it is lost",
    source: `${manual}; cron.c`,
  },
  repeatedHour: {
    says: "a fixed time runs once; with a star in minute or hour both hours have their runs",
    source: `${manual}; cron.c`,
  },
  defaultTimeZone: {
    says: "the zone of the machine (/etc/timezone); TZ in a crontab is for its commands only",
    source: `${manual}, crontab(5)`,
  },
};
