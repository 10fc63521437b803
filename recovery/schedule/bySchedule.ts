import type { Schedule } from "./calendar";

/** Most answers that are kept in memory. */
const mostKept = 10_000;

/** Answers by schedule and instant, found without writing both out as one text: they are asked for thousands of times. */
export class BySchedule<T> {
  readonly #answers = new Map<string, Map<string, Map<string, Map<number, T>>>>();
  #count = 0;

  /** What is known of a schedule at an instant in epoch seconds, or else reckoned and kept. */
  get(at: number, { expression, timeZone, scheduler }: Schedule, reckon: () => T): T {
    const known = this.#answers.get(expression)?.get(timeZone)?.get(scheduler)?.get(at);
    if (known !== undefined) return known;
    if (this.#count++ >= mostKept) this.#forget();
    const answer = reckon();
    within(within(within(this.#answers, expression), timeZone), scheduler).set(at, answer);
    return answer;
  }

  #forget(): void {
    this.#answers.clear();
    this.#count = 1;
  }
}

function within<K, L, V>(all: Map<K, Map<L, V>>, key: K): Map<L, V> {
  const known = all.get(key);
  if (known !== undefined) return known;
  const some = new Map<L, V>();
  all.set(key, some);
  return some;
}
