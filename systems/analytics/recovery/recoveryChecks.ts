import type { LakeTable } from "../data/tables";

/** One check of the content of a table: how many of its rows are wrong. */
export interface TableCheck {
  /** `bronze.events` */
  table: string;
  /** What is wrong with those that it finds. */
  says: string;
  /** Counts them, as `wrong`; `FROM` in it is a moment such as `2026-11-22 03:00:00`, from which rows are looked at. */
  sql: string;
}

/** Columns that no row of ours leaves empty: they say what a row is, and when. */
const told = ["date", "event_type", "customer_id", "event_time"];

/** What stands for the moment in a check. */
export const FROM = "{from}";

/** Columns by which Kafka tells one event from another. */
const numbered = ["partition_id", "sequence_number", "event_time"];

/**
 * What must hold of the content of tables, whatever brought them back: nothing that names a row is empty, no event is there
 * twice. Only rows from a moment on are looked at, and those that name none: bodies of 2.3 PB are read in no step. Days are
 * folders, and files say which moments they hold.
 */
export function tableChecks(catalog: string, tables: readonly LakeTable[]): TableCheck[] {
  return tables.flatMap(({ layer, name, columns }) => {
    const table = `${layer}.${name}`;
    const of = `\`${catalog}\`.\`${layer}\`.\`${name}\``;
    const has = (column: string) => columns.some((one) => one.name === column);
    const young = [
      ...(has("date") ? [`(date IS NULL OR date >= DATE(TIMESTAMP'${FROM}'))`] : []),
      ...(has("event_time") ? [`(event_time IS NULL OR event_time >= TIMESTAMP'${FROM}')`] : []),
    ];
    const where = (conditions: readonly string[]) =>
      conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
    const empty = told.filter(has).map((column) => `${column} IS NULL`);
    const checks: TableCheck[] = [];
    if (empty.length > 0)
      checks.push({
        table,
        says: "a column that names the row is empty",
        sql: `SELECT count(*) AS wrong FROM ${of}${where([...young, `(${empty.join(" OR ")})`])}`,
      });
    if (numbered.every(has))
      checks.push({
        table,
        says: "the event is there twice",
        sql: `SELECT count(*) - count(DISTINCT ${numbered.join(", ")}, body) AS wrong FROM ${of}${where(young)}`,
      });
    return checks;
  });
}

/** The checks as the scripts read them: a line each, its fields with tabs between. */
export function checkLines(checks: readonly TableCheck[]): string {
  return checks.map(({ table, says, sql }) => [table, says, sql].join("\t")).join("\n");
}
