import { type Answer, type Asked, json, ok, refused } from "./wire";

/** Logs: what a query finds, by what it holds. */
export class Logs {
  private readonly answers: [RegExp, (query: string) => Record<string, unknown>[]][] = [];
  /** Queries that were asked. */
  readonly asked: string[] = [];

  /** What queries that match find. */
  finds(pattern: RegExp, rows: Record<string, unknown>[] | ((query: string) => Record<string, unknown>[])): void {
    this.answers.unshift([pattern, typeof rows === "function" ? rows : () => rows]);
  }

  answer(asked: Asked): Answer {
    const { query } = json(asked);
    if (asked.method !== "POST" || typeof query !== "string") return refused(400, "BadArgumentError");
    this.asked.push(query);
    const [, finds] = this.answers.find(([pattern]) => pattern.test(query)) ?? [];
    if (!finds) return refused(400, "SemanticError");
    const rows = finds(query);
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const table = {
      name: "PrimaryResult",
      columns: columns.map((name) => ({ name })),
      rows: rows.map((row) => columns.map((one) => row[one] ?? null)),
    };
    return ok({ tables: [table] });
  }
}
