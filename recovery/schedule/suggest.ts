import type { Schedule, Scheduler } from "./calendar";

const hour = 60;

/** Minutes between runs of the schedules to suggest, from sparse to dense; each divides a day. */
const intervals = [
  24 * hour,
  12 * hour,
  8 * hour,
  6 * hour,
  4 * hour,
  3 * hour,
  2 * hour,
  hour,
  30,
  20,
  15,
  10,
  5,
  3,
  2,
  1,
];

/** Shortest interval in minutes that each scheduler's users may ask for: AWS Backup and DLM take no more than one an hour. */
const shortest: Record<Scheduler, number> = { kubernetes: 1, aws: hour, quartz: 1, azure: 1, debian: 1, dlm: hour };

/** DLM takes these numbers of hours only. */
const dlmHours = [1, 2, 3, 4, 6, 8, 12, 24];

/** Hours of which Azure Backup makes an interval of a policy (`PT4H` in the policies of its portal for disks). */
const azureBackupHours = [4, 6, 8, 12, 24];

/**
 * Schedules of a scheduler in its own words, from sparse to dense; in UTC, which has no clock changes. Of Azure they are
 * repeating intervals where that is what `was` is: Azure Backup takes no recurrence.
 */
export function suggestions(scheduler: Scheduler, was = ""): Schedule[] {
  if (scheduler === "azure" && /^\s*(R\/|\[)/.test(was)) return azureBackupHours.toReversed().map(repeated);
  return intervals
    .filter((minutes) => minutes >= shortest[scheduler])
    .filter((minutes) => scheduler !== "dlm" || dlmHours.includes(minutes / hour))
    .map((minutes) => ({ scheduler, expression: every(scheduler, minutes), timeZone: "Etc/UTC" }));
}

function repeated(hours: number): Schedule {
  const period = hours === 24 ? "P1D" : `PT${hours}H`;
  return { scheduler: "azure", expression: `R/2026-01-01T02:00:00+00:00/${period}`, timeZone: "Etc/UTC" };
}

function every(scheduler: Scheduler, minutes: number): string {
  const [minute, hours] = minutes === 24 * hour ? ["0", "2"] : fields(minutes);
  switch (scheduler) {
    case "kubernetes":
    case "debian":
      return `${minute} ${hours} * * *`;
    case "aws":
      return `cron(${minute} ${hours} * * ? *)`;
    case "quartz":
      return `0 ${minute} ${hours} * * ?`;
    case "azure":
      return JSON.stringify(recurrence(minutes));
    case "dlm":
      return JSON.stringify({ interval: minutes / hour, intervalUnit: "HOURS", times: ["02:00"] });
  }
}

function fields(minutes: number): [minute: string, hours: string] {
  const step = (size: number) => (size === 1 ? "*" : `*/${size}`);
  return minutes < hour ? [step(minutes), "*"] : ["0", step(minutes / hour)];
}

function recurrence(minutes: number): object {
  const startTime = "2026-01-01T02:00:00";
  if (minutes === 24 * hour) return { frequency: "Day", interval: 1, startTime };
  return minutes < hour
    ? { frequency: "Minute", interval: minutes, startTime }
    : { frequency: "Hour", interval: minutes / hour, startTime };
}
