import { parseDuration, type Seconds } from "../recovery/duration";
import { habits, isProblem, type Schedule, type Scheduler, schedulers } from "../recovery/schedule";
import { BadInput } from "./badInput";

/** Options of `holdfast schedule`, as they were typed. */
export interface ScheduleOptions {
  scheduler: string;
  timeZone: string;
  slack?: string;
  run?: string;
  transfer?: string;
  was?: string;
  asOf?: number;
  json?: boolean;
  jsonl?: boolean;
}

/** What is asked of a schedule: the spans that were given, and the schedule it replaces, if any. */
export interface Question {
  asked: Schedule;
  was?: Schedule;
  slack?: Seconds;
  run?: Seconds;
  transfer?: Seconds;
}

/** Reads the options for one expression; throws a `BadInput` for the first that cannot be read. */
export function questionOf(expression: string, options: ScheduleOptions): Question {
  const scheduler = schedulerNamed(options.scheduler);
  if (scheduler === undefined) {
    throw new BadInput(
      `--scheduler must be ${schedulers.join(", ")}, got "${options.scheduler}"; e.g. --scheduler kubernetes`,
    );
  }
  const schedule = (text: string): Schedule => ({ scheduler, expression: text, timeZone: options.timeZone });
  return {
    asked: schedule(expression),
    ...(options.was === undefined ? {} : { was: schedule(options.was) }),
    ...span("slack", options.slack, "30s"),
    ...span("run", options.run, "2h"),
    ...span("transfer", options.transfer, "10m"),
  };
}

/** The scheduler with a name, if there is one. */
export function schedulerNamed(name: string): Scheduler | undefined {
  return schedulers.find((one) => one === name);
}

/** A command line that works, for the scheduler that was asked about. */
export function exampleFor(scheduler: Scheduler): string {
  const quote = habits[scheduler].example.includes('"') ? "'" : '"';
  const named = scheduler === "kubernetes" ? "" : ` --scheduler ${scheduler}`;
  return `holdfast schedule ${quote}${habits[scheduler].example}${quote}${named} --time-zone Etc/UTC`;
}

function span(name: "slack" | "run" | "transfer", text: string | undefined, example: string): Partial<Question> {
  if (text === undefined) return {};
  const read = parseDuration(text);
  if (isProblem(read)) throw new BadInput(`--${name} ${read.problem}; e.g. --${name} ${example}`);
  return { [name]: read };
}
