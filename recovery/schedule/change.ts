import { isProblem, type Problem } from "../duration";
import { type Batch, type Calendar, calendarOf, type Schedule } from "./calendar";
import { gaps } from "./gaps";
import { formatInstant } from "./instant";
import { badSpan } from "./reach";

/** The longest time without a run that replacing a schedule can leave; instants in epoch seconds. */
export interface ChangeGap {
  /** From the last run of the old schedule to the first of the new one. */
  readonly seconds: number;
  /** The last run of the old schedule. */
  readonly lastRun: number;
  /** The latest instant at which to change for this gap: just before the old schedule's next run, which then never starts. */
  readonly changedAt: number;
  /** The first run of the new schedule. */
  readonly firstRun: number;
}

/**
 * The longest time from a run of one schedule to the first run of the one that replaces it, over every instant of the
 * change after `from` and before `to` (epoch seconds) that follows a run of the old schedule in that time; or why
 * there is no such time.
 */
export function gapOfChange(
  before: Schedule,
  after: Schedule,
  { from, to }: { readonly from: number; readonly to: number },
): ChangeGap | Problem {
  const far = badSpan(from, to);
  if (far) return far;
  const old = calendarOf(before);
  const replacement = calendarOf(after);
  if (isProblem(old)) return { problem: `old ${old.problem}` };
  if (isProblem(replacement)) return replacement;
  if (old.anyPhase || replacement.anyPhase) return gapOfAnyPhase(before, after, { from, to });
  const search = new Search(replacement, Math.floor(from), Math.ceil(to));
  for (const batch of old.batches(Math.floor(from), Math.ceil(to))) {
    if (isProblem(batch)) return { problem: `old ${batch.problem}` };
    for (const offset of batch.offsets) search.oldRun(batch.first + offset);
    if (search.problem) return search.problem;
  }
  // The change may still be made just before the end.
  search.oldRun(Math.ceil(to));
  return search.problem ?? search.longest ?? { problem: `old schedule must run ${between(from, to)}, got no run` };
}

/** Where nobody knows when a schedule runs: its gap may lie before the longest of the other. Its instants are an example. */
function gapOfAnyPhase(before: Schedule, after: Schedule, window: { from: number; to: number }): ChangeGap | Problem {
  const [old, replacement] = [before, after].map((one) => gaps(one, { ...window, missed: 0 }));
  if (old === undefined || replacement === undefined) return { problem: "schedule must run twice" };
  if (isProblem(old)) return { problem: `old ${old.problem}` };
  if (isProblem(replacement)) return replacement;
  const [first, second] = [old.maxGapSeconds[0], replacement.maxGapSeconds[0]];
  if (first === undefined || second === undefined) {
    return { problem: `each schedule must run twice ${between(window.from, window.to)}` };
  }
  const lastRun = old.maxGapAfter[0] ?? window.from;
  const changedAt = lastRun + first - 1;
  return { seconds: first + second - 1, lastRun, changedAt, firstRun: changedAt + second };
}

function between(from: number, to: number): string {
  return `after ${formatInstant(from)} and before ${formatInstant(to)}`;
}

class Search {
  longest: ChangeGap | undefined;
  problem: Problem | undefined;
  readonly #batches: Iterator<Batch | Problem>;
  #batch: Batch = { first: 0, offsets: [] };
  #place = 0;
  #firstRun = Number.NEGATIVE_INFINITY;
  #lastRun: number | undefined;

  constructor(
    readonly replacement: Calendar,
    from: number,
    readonly to: number,
  ) {
    this.#batches = replacement.batches(from, to)[Symbol.iterator]();
  }

  /** The later the change, the later the first new run: none is later than after a change just before the next old run. */
  oldRun(due: number): void {
    const lastRun = this.#lastRun;
    this.#lastRun = due;
    if (lastRun === undefined) return;
    while (this.#firstRun < due && this.problem === undefined) this.#advance();
    const seconds = this.#firstRun - lastRun;
    if (this.problem || seconds <= (this.longest?.seconds ?? 0)) return;
    this.longest = { seconds, lastRun, changedAt: due - 1, firstRun: this.#firstRun };
  }

  #advance(): void {
    while (this.#place >= this.#batch.offsets.length) {
      const { value, done } = this.#batches.next();
      if (done) {
        this.#leave();
        return;
      }
      if (isProblem(value)) {
        this.problem = value;
        return;
      }
      this.#batch = value;
      this.#place = 0;
    }
    this.#firstRun = this.#batch.first + (this.#batch.offsets[this.#place] ?? 0);
    this.#place++;
  }

  /** The first new run from the end on. */
  #leave(): void {
    const run = this.replacement.next(this.to - 1);
    if (typeof run === "number") this.#firstRun = run;
    else this.problem = run ?? { problem: `new schedule must run after ${formatInstant(this.to)}, got no run` };
  }
}
