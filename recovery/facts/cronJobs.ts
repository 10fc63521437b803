import { factsOf } from "./group";

const controller = { source: "kubernetes/kubernetes pkg/controller/cronjob/cronjob_controllerv2.go", read: "2025" };
const arithmetic = { source: "kubernetes/kubernetes pkg/controller/cronjob/utils.go", read: "2025" };
const page = { source: "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/", read: "2025" };
const realController = { source: "measured: kube-controller-manager 1.36.3", read: "2026-11-21" };
const robfig = {
  source: "measured: robfig/cron v3.0.1, every run from 2025 to 2035; test/recovery/schedule/cron-vectors.json",
  read: "2026-11-21",
};

/** What schedules of CronJobs, and of cron elsewhere, really do. */
export const cronJobs = factsOf("cron-job", {
  missedMost: {
    says: "After more missed starts than this the documentation says that a CronJob stops; the code only warns.",
    value: 100,
    unit: "count",
    standing: "unverified",
    ...page,
  },
  catchesUp: {
    says: "Of several missed starts only the newest is made up for, unless it is older than startingDeadlineSeconds.",
    standing: "design",
    ...arithmetic,
  },
  forbid: {
    says: "With Forbid a start that is due during a run follows right after it while startingDeadlineSeconds allows.",
    standing: "measured",
    ...realController,
  },
  replace: {
    says: "With Replace a run that takes longer than the gap to the next one never completes.",
    standing: "design",
    ...page,
  },
  jobDeadline: {
    says: "The activeDeadlineSeconds of a Job counts all its attempts: one of 90 s with three retries failed at 91 s.",
    standing: "measured",
    ...realController,
  },
  lastSuccess: {
    says: "A CronJob has no lastSuccessfulTime until a Job of its own succeeded for the first time.",
    standing: "design",
    ...controller,
  },
  longestName: {
    says: "The name of a CronJob has at most this many characters.",
    value: 52,
    unit: "count",
    standing: "design",
    ...page,
  },
  zonePrefix: {
    says: "A schedule with TZ= or CRON_TZ= in it is refused: only timeZone names the zone.",
    standing: "design",
    ...page,
  },
  unnamedZone: {
    says: "A CronJob without timeZone runs by the zone of the controller, which no resource names.",
    standing: "design",
    ...page,
  },
  dailyGapInUtc: {
    says: "Between two runs of 0 2 * * * in UTC never passes more than this.",
    value: 86_400,
    unit: "seconds",
    standing: "measured",
    ...robfig,
  },
  dailyGapAcrossSpring: {
    says: "Between two runs of 0 2 * * * in Berlin or New York passes this when clocks go forward: a run is skipped.",
    value: 169_200,
    unit: "seconds",
    standing: "measured",
    ...robfig,
  },
  dailyGapInAutumn: {
    says: "Between two runs of 0 1 * * * in Berlin passes this when clocks go back.",
    value: 90_000,
    unit: "seconds",
    standing: "measured",
    ...robfig,
  },
  weeklyGapAcrossSpring: {
    says: "Between two runs of 0 2 * * 0 in Berlin, or 0 1 * * 0 in London, passes this across the spring Sunday.",
    value: 1_206_000,
    unit: "seconds",
    standing: "measured",
    ...robfig,
  },
  halfHourZoneGap: {
    says: "Between two runs of 0 2 * * * in Australia/Lord_Howe, where clocks move by half an hour, passes this.",
    value: 174_600,
    unit: "seconds",
    standing: "measured",
    ...robfig,
  },
  lastDayGap: {
    says: "Between two runs on the 31st passes up to this, since months without one have no run.",
    value: 61,
    unit: "days",
    standing: "measured",
    ...robfig,
  },
  workdayGap: {
    says: "Between two runs of a schedule for workdays passes this over a weekend.",
    value: 3,
    unit: "days",
    standing: "measured",
    ...robfig,
  },
  eitherDay: {
    says: "A schedule that restricts day of month and day of week runs when either fits: not on the first Monday.",
    standing: "measured",
    ...robfig,
  },
  debianCatchesUp: {
    says: "Debian's cron runs a job that the spring change skipped right after it, so a day never exceeds this.",
    value: 90_000,
    unit: "seconds",
    standing: "design",
    source: "https://blog.healthchecks.io/2021/10/how-debian-cron-handles-dst-transitions/",
    read: "2021",
  },
});
