import type { Seconds } from "../recovery/duration";
import {
  type ChangeGap,
  type Default,
  type Gaps,
  gapOfChange,
  gaps,
  type Habits,
  habitsOf,
  isProblem,
  next,
  openEnd,
  type Problem,
  type Schedule,
} from "../recovery/schedule";
import { BadInput } from "./badInput";
import { exampleFor, type Question } from "./scheduleQuestion";

/** What a schedule comes to over ten years; instants in epoch seconds. */
export interface Answer {
  asked: Schedule;
  was?: Schedule;
  asOf: number;
  /** The time that was looked at. */
  from: number;
  to: number;
  nextRuns: readonly number[];
  gaps: Gaps;
  /** Why some gap is longer than these ten years show. */
  open?: string;
  change?: ChangeGap;
  terms: readonly Term[];
  losses: readonly Loss[];
  habits: Habits;
}

/** What a loss has beside the gap: how long it counts for, whether it was given, and what the scheduler does by itself. */
export interface Term {
  name: "slack" | "run" | "transfer";
  seconds: number;
  given: boolean;
  /** What was taken because nothing was given. */
  assumed?: Default;
}

/** The worst loss of one case: a number of missed runs in a row, or the day of the change. */
export interface Loss {
  missedRuns: number | "change";
  gap: number;
  seconds: number;
}

const missed = 2;
const shown = 5;

/** Answers a question as of an instant; throws a `BadInput` for a schedule that cannot be read. */
export function answerTo(question: Question, asOf: number): Answer {
  const { asked, was } = question;
  const window = tenYearsFrom(asOf);
  const refuse = ({ problem }: Problem) => new BadInput(`${problem}; e.g. ${exampleFor(asked.scheduler)}`);
  const upcoming = next(asked, asOf);
  if (isProblem(upcoming)) throw refuse(upcoming);
  const found = gaps(asked, { ...window, missed });
  if (isProblem(found)) throw refuse(found);
  if (found.runs === 0) throw refuse({ problem: `schedule "${asked.expression}" never runs in the next ten years` });
  const open = openEnd(asked, asOf);
  const change = was && gapOfChange(was, asked, window);
  if (isProblem(change)) throw refuse({ problem: `--was: ${change.problem}` });
  const habits = habitsOf(asked);
  const terms: Term[] = [
    termOf("slack", question.slack, habits.startSlack),
    termOf("run", question.run, habits.longestRun),
    { name: "transfer", seconds: question.transfer ?? 0, given: question.transfer !== undefined },
  ];
  const more = terms.reduce((sum, { seconds }) => sum + seconds, 0);
  const spans = [...found.maxGapSeconds.entries()].map(([missedRuns, gap]) => ({ missedRuns, gap }));
  const all = [...spans, ...(change ? [{ missedRuns: "change" as const, gap: change.seconds }] : [])];
  return {
    asked,
    ...(was && change ? { was, change } : {}),
    asOf,
    ...window,
    nextRuns: runsAfter(asked, asOf),
    gaps: found,
    ...(open === undefined ? {} : { open }),
    terms,
    losses: all.map((one) => ({ ...one, seconds: one.gap + more })),
    habits,
  };
}

/** Whether no limit of a term is known: it counts for nothing, so the sum is the least that can be lost. */
export function isOpen({ assumed }: Term): boolean {
  return typeof assumed?.bound === "object";
}

function termOf(name: Term["name"], given: Seconds | undefined, assumed: Default): Term {
  if (given !== undefined) return { name, seconds: given, given: true };
  return { name, seconds: typeof assumed.bound === "number" ? assumed.bound : 0, given: false, assumed };
}

/** From the UTC midnight that starts the day to the same date ten years on, as the policies look at a schedule. */
function tenYearsFrom(asOf: number): { from: number; to: number } {
  const day = new Date(asOf * 1000);
  const midnight = (years: number) =>
    Date.UTC(day.getUTCFullYear() + years, day.getUTCMonth(), day.getUTCDate()) / 1000;
  return { from: midnight(0), to: midnight(10) };
}

function runsAfter(asked: Schedule, asOf: number): number[] {
  const found: number[] = [];
  let run = next(asked, asOf);
  while (typeof run === "number" && found.length < shown) {
    found.push(run);
    run = next(asked, run);
  }
  return found;
}
