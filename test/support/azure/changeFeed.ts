import { plain, type Row, type Warehouse } from "./delta";

const NAME = "((?:delta\\.`[^`]+`)|[`\\w.]+)";
const CHANGES = "table_changes\\('([\\w.]+)', (\\d+), (\\d+)\\)";

/** Teaches a warehouse the change data feed of tables, and what a fail-back writes by it. */
export function knowsChangeFeed(warehouse: Warehouse): void {
  const knows = (pattern: string, does: Parameters<Warehouse["knows"]>[1]) =>
    warehouse.knows(new RegExp(pattern, "i"), does);
  const changes = (table: string | undefined, from: string | undefined, to: string | undefined) =>
    changesOf(warehouse, plain(table), Number(from), Number(to));
  const distinct = (values: readonly (string | number | null | undefined)[], as: string): Row[] =>
    [...new Set(values)].map((value) => ({ [as]: value ?? null }));

  knows(`^select distinct _change_type as kind from ${CHANGES}$`, ([, table, from, to]) =>
    distinct(
      changes(table, from, to).map(({ kind }) => kind),
      "kind",
    ),
  );
  knows(`^select distinct cast\\(date as string\\) as day from ${CHANGES}$`, ([, table, from, to]) =>
    distinct(
      changes(table, from, to).map(({ row }) => row.date),
      "day",
    ),
  );
  knows(`^insert into ${NAME} select \\* except \\([^)]*\\) from ${CHANGES}$`, ([, into, table, from, to]) => {
    const rows = changes(table, from, to).map(({ row }) => row);
    warehouse.add(plain(into), [...warehouse.rows(plain(into)), ...rows], "WRITE");
    return [];
  });
  knows(
    `^insert into ${NAME} replace where date in \\(([^)]*)\\) select \\* from ${NAME} version as of (\\d+) where date in \\(\\2\\)$`,
    ([, into, days = "", table, version]) => {
      const replaced = ({ date }: Row) => days.includes(`DATE'${date}'`);
      const kept = warehouse.rows(plain(into)).filter((row) => !replaced(row));
      warehouse.add(plain(into), [...kept, ...warehouse.rowsOf(table, version).filter(replaced)], "WRITE");
      return [];
    },
  );
  knows(`^describe detail ${NAME}$`, ([, table]) => {
    const { partitions = ["date"], bytes = 1_000 } = warehouse.table(table);
    return [{ partitionColumns: JSON.stringify(partitions), sizeInBytes: String(bytes) }];
  });
}

/** What versions of a table changed: rows that the one before did not have, and those that are gone. */
function changesOf(warehouse: Warehouse, name: string, from: number, to: number): { kind: string; row: Row }[] {
  const { versions, changeFeed } = warehouse.table(name);
  if (!changeFeed) throw new Error("DELTA_MISSING_CHANGE_DATA");
  return versions
    .filter(({ version }) => version >= from && version <= to)
    .flatMap(({ version, rows }) => {
      const before = versions.find((one) => one.version === version - 1)?.rows ?? [];
      return [
        ...without(rows, before).map((row) => ({ kind: "insert", row })),
        ...without(before, rows).map((row) => ({ kind: "delete", row })),
      ];
    });
}

/** Rows that others do not have; as often as they have them fewer times. */
function without(rows: readonly Row[], others: readonly Row[]): Row[] {
  const left = others.map((row) => JSON.stringify(row));
  return rows.filter((row) => {
    const at = left.indexOf(JSON.stringify(row));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
