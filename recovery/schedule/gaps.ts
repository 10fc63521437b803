import { isCount } from "../count";
import { isProblem, type Problem, show } from "../duration";
import { calendarOf, type Schedule } from "./calendar";
import { badSpan } from "./reach";

/** Most runs in a row that may be missed. */
const mostMissed = 100;

/** The time between runs in a window. */
export interface Gaps {
  /** How many runs the window has. */
  readonly runs: number;
  /** At m, the longest span in seconds over m + 1 consecutive gaps, so with m runs missed; ends where runs are too few. */
  readonly maxGapSeconds: readonly number[];
  /** At m, the run in epoch seconds at which the first such span starts. */
  readonly maxGapAfter: readonly number[];
  /** The shortest gap in seconds; 0 when there are fewer than two runs. */
  readonly minGapSeconds: number;
  /** The run in epoch seconds at which the first shortest gap starts; 0 when there are fewer than two runs. */
  readonly minGapAfter: number;
}

/** The runs to look at: after `from` and before `to`, in epoch seconds, with up to `missed` of them missed in a row. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly missed: number;
}

/** The longest and shortest time between the runs of a window, or why the schedule cannot be read. */
export function gaps(schedule: Schedule, { from, to, missed }: Window): Gaps | Problem {
  const calendar = badSpan(from, to) ?? calendarOf(schedule);
  if (isProblem(calendar)) return calendar;
  if (!isCount(missed) || missed > mostMissed) {
    return { problem: `missed must be a whole number from 0 to ${mostMissed}, got ${show(missed)}` };
  }
  const tally = new Tally(missed);
  const seen = new Set<string>();
  for (const batch of calendar.batches(Math.floor(from), Math.ceil(to))) {
    if (isProblem(batch)) return batch;
    const { first, offsets } = batch;
    // A day that follows the same recent runs as an earlier day has the same gaps, and is not their first.
    const situation = offsets.length > 1 ? `${offsets.length} ${tally.since(first)}` : "";
    if (seen.has(situation)) tally.skip(first, offsets);
    else for (const offset of offsets) tally.add(first + offset);
    if (situation) seen.add(situation);
  }
  return tally.gaps();
}

class Tally {
  /** The latest runs, oldest first, as far back as the gaps ahead reach. */
  readonly #recent: number[] = [];
  readonly #max: number[] = [];
  readonly #maxAfter: number[] = [];
  #runs = 0;
  #min = Number.POSITIVE_INFINITY;
  #minAfter = 0;

  constructor(readonly missed: number) {}

  add(run: number): void {
    for (let m = 0; m < this.#recent.length; m++) {
      const after = this.#recent[this.#recent.length - 1 - m] ?? run;
      const span = run - after;
      if (span > (this.#max[m] ?? 0)) {
        this.#max[m] = span;
        this.#maxAfter[m] = after;
      }
      if (m === 0 && span < this.#min) {
        this.#min = span;
        this.#minAfter = after;
      }
    }
    this.#runs++;
    this.#remember(run);
  }

  /** Counts runs whose gaps are known. */
  skip(first: number, offsets: readonly number[]): void {
    this.#runs += offsets.length;
    for (let place = Math.max(0, offsets.length - this.missed - 1); place < offsets.length; place++) {
      this.#remember(first + (offsets[place] ?? 0));
    }
  }

  /** How long before an instant the latest runs were, in seconds. */
  since(instant: number): string {
    let text = "";
    for (const run of this.#recent) text += `${instant - run} `;
    return text;
  }

  #remember(run: number): void {
    this.#recent.push(run);
    if (this.#recent.length > this.missed + 1) this.#recent.shift();
  }

  gaps(): Gaps {
    return {
      runs: this.#runs,
      maxGapSeconds: this.#max,
      maxGapAfter: this.#maxAfter,
      minGapSeconds: this.#max.length > 0 ? this.#min : 0,
      minGapAfter: this.#minAfter,
    };
  }
}
