import type { Unbounded } from "../bound";
import type { Seconds } from "../duration";
import type { Schedule, Scheduler } from "./calendar";
import { aws, azureBackup, azureRecurrence, dlm, quartz } from "./habitsOfClouds";
import { debian, kubernetes } from "./habitsOfCron";

/** What a scheduler does, and who says so: a page, a file of a public repository, a measurement. */
export interface Statement {
  readonly says: string;
  readonly source: string;
}

/** The most of something where a schedule's resource says nothing, and the setting that limits it, if there is one. */
export interface Default extends Statement {
  readonly bound: Seconds | Unbounded;
  readonly setting?: string;
}

/** What a scheduler does beyond its calendar. */
export interface Habits {
  /** What runs by it, in a sentence: `a Kubernetes CronJob`. */
  readonly subject: string;
  /** A weekly schedule in its words. */
  readonly example: string;
  /** How much later than its time a run may start. */
  readonly startSlack: Default;
  /** How long a run may take. */
  readonly longestRun: Default;
  /** What becomes of a run that did not start at its time. */
  readonly missedRuns: Statement;
  /** What becomes of a run that is due while another runs. */
  readonly overlap: Statement;
  /** What becomes of a run at a local time that the clocks skip. */
  readonly skippedHour: Statement;
  /** What becomes of a run at a local time that happens twice. */
  readonly repeatedHour: Statement;
  /** The zone of a schedule that names none. */
  readonly defaultTimeZone: Statement;
}

/** The habits of each scheduler; for Azure those of a recurrence. */
export const habits: Readonly<Record<Scheduler, Habits>> = {
  kubernetes,
  aws,
  quartz,
  azure: azureRecurrence,
  debian,
  dlm,
};

/** The habits of what runs a schedule: Azure Backup, which holds repeating intervals, is not Logic Apps. */
export function habitsOf({ scheduler, expression }: Pick<Schedule, "scheduler" | "expression">): Habits {
  return scheduler === "azure" && !expression.trim().startsWith("{") ? azureBackup : habits[scheduler];
}
