/** What the model claims and what was played, in seconds. */
export interface Match {
  claim: number;
  played: number;
}

/** What came of the plans of one family. */
export class Tally {
  #plans = 0;
  #open = 0;
  #reached = 0;
  #numbers = 0;
  #boundless = 0;
  readonly #over: number[] = [];

  constructor(readonly name: string) {}

  /** Counts a plan that the model does not judge yet. */
  open(): void {
    this.#open++;
  }

  /** Counts a plan with all that was compared of it. */
  add(matches: readonly Match[]): void {
    this.#plans++;
    for (const { claim, played } of matches) {
      this.#numbers++;
      if (claim === played) this.#reached++;
      else if (claim === Number.POSITIVE_INFINITY) this.#boundless++;
      if (Number.isFinite(claim)) this.#over.push(claim === 0 ? 0 : (100 * (claim - played)) / claim);
    }
  }

  /** How many plans were compared. */
  get plans(): number {
    return this.#plans;
  }

  /** The part of all numbers that was reached exactly, 1 for all. */
  get exact(): number {
    return this.#numbers === 0 ? 1 : this.#reached / this.#numbers;
  }

  /** A line of the table. */
  row(): string[] {
    const over = [...this.#over].sort((a, b) => a - b);
    const at = (part: number) => percent(over[Math.min(over.length - 1, Math.floor(part * over.length))] ?? 0);
    return [
      this.name,
      `${this.#plans}`,
      `${this.#open}`,
      `${this.#numbers}`,
      percent(100 * this.exact),
      at(0.5),
      at(0.95),
      at(1),
      `${this.#boundless}`,
    ];
  }
}

const percent = (value: number) => (value === 0 ? "0" : value === 100 ? "100" : value.toFixed(value < 1 ? 2 : 1));

const heads = ["family", "plans", "todo", "numbers", "exact %", "median", "p95", "max", "claim without limit"];

/** The table of all families: how much more the model claims than was played, in percent of the claim. */
export function tableOf(tallies: readonly Tally[]): string {
  const rows = [heads, ...tallies.map((one) => one.row())];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const total = tallies.reduce((sum, { plans }) => sum + plans, 0);
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  "),
  );
  return [`over-claim of ${total} generated plans, % of the claim`, ...lines].join("\n");
}
