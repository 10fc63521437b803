import { isProblem, type Problem, show } from "../duration";
import { awsCalendar } from "./aws";
import { azureCalendar } from "./azure";
import { debianCalendar } from "./debian";
import { dlmCalendar } from "./dlm";
import { kubernetesCalendar } from "./kubernetes";
import { quartzCalendar } from "./quartz";

/** Schedulers whose meaning of an expression, a time zone and a change of the clocks is known. */
export const schedulers = ["kubernetes", "aws", "quartz", "azure", "debian", "dlm"] as const;

/** What starts runs: a Kubernetes CronJob; AWS Backup and EventBridge; Quartz (Databricks); an Azure recurrence; Debian's cron; AWS DLM. */
export type Scheduler = (typeof schedulers)[number];

/**
 * When a scheduler starts runs: its name, the expression as the scheduler's own resource holds it (JSON where that is
 * an object), and the IANA zone it is read in.
 */
export interface Schedule {
  scheduler: Scheduler;
  expression: string;
  timeZone: string;
}

/** One or more runs in order: the first in epoch seconds, and each one's distance from it in seconds. */
export interface Batch {
  readonly first: number;
  readonly offsets: readonly number[];
}

/** A schedule that has been read: all that the arithmetic needs to know of a scheduler. */
export interface Calendar {
  /** Set where only the distance of runs is known: when the first one is counts from something that no plan knows. */
  readonly anyPhase?: true;
  /** The first run after an instant, in epoch seconds, or undefined when the scheduler would find none. */
  next(after: number): number | undefined | Problem;
  /**
   * The runs after `from` and before `to`, in epoch seconds; batches of equal length have equal offsets.
   * A problem ends them: after it the scheduler starts no further run.
   */
  batches(from: number, to: number): Iterable<Batch | Problem>;
}

/** Reads a schedule as its scheduler would, or says why it cannot. */
export function calendarOf(schedule: Schedule): Calendar | Problem {
  const key = `${schedule.scheduler} ${schedule.timeZone} ${schedule.expression}`;
  const calendar = known.get(key) ?? read(schedule);
  if (known.size >= mostKept) known.clear();
  known.set(key, calendar);
  return calendar;
}

/** Whether the instants of a schedule are known, and not only how far they are apart; a problem of the schedule is none. */
export function hasClockTimes(schedule: Schedule): boolean {
  const calendar = calendarOf(schedule);
  return isProblem(calendar) || calendar.anyPhase === undefined;
}

const known = new Map<string, Calendar | Problem>();

/** Most schedules that are kept in memory once they have been read. */
const mostKept = 1_000;

function read(schedule: Schedule): Calendar | Problem {
  if (typeof schedule.expression !== "string" || typeof schedule.timeZone !== "string") {
    return { problem: `schedule must have an expression and a timeZone that are texts, got ${show(schedule)}` };
  }
  switch (schedule.scheduler) {
    case "kubernetes":
      return kubernetesCalendar(schedule.expression, schedule.timeZone);
    case "aws":
      return awsCalendar(schedule.expression, schedule.timeZone);
    case "quartz":
      return quartzCalendar(schedule.expression, schedule.timeZone);
    case "azure":
      return azureCalendar(schedule.expression, schedule.timeZone);
    case "debian":
      return debianCalendar(schedule.expression, schedule.timeZone);
    case "dlm":
      return dlmCalendar(schedule.expression, schedule.timeZone);
    default:
      return { problem: `scheduler must be one of ${schedulers.join(", ")}, got ${show(schedule.scheduler)}` };
  }
}
