import { plain, type Row, type Warehouse } from "./delta";

const NAME = "((?:delta\\.`[^`]+`)|[`\\w.]+)";

/** Teaches a warehouse what is asked of the log of clone runs, and of the table that says which region serves. */
export function knowsCloneLog(warehouse: Warehouse): void {
  const append = (table: string | undefined, rows: readonly Row[]) =>
    warehouse.add(plain(table), [...warehouse.rows(plain(table)), ...rows], "WRITE");
  const knows = (pattern: string, does: Parameters<Warehouse["knows"]>[1]) =>
    warehouse.knows(new RegExp(pattern, "i"), does);

  knows(`^select if\\(count\\(\\*\\) > 0, raise_error\\('([^']+)'\\), 0\\) from ${NAME}$`, ([, says, table]) => {
    if (warehouse.rows(plain(table)).length > 0) throw new Error(says);
    return [];
  });
  knows("^select raise_error\\('([^']+)'\\)$", ([, says]) => {
    throw new Error(says);
  });
  knows(`^delete from ${NAME} where run < current_timestamp\\(\\) - interval (\\d+) days$`, ([, table, days]) => {
    const oldest = new Date(Date.now() - Number(days) * 86_400_000).toISOString();
    const left = warehouse.rows(plain(table)).filter(({ run }) => String(run) >= oldest);
    warehouse.add(plain(table), left, "DELETE");
    return [];
  });
  knows(
    `^insert into ${NAME} select \\?, table_schema, table_name, .* from (\\S+)\\.information_schema\\.tables (.*)$`,
    ([, table, catalog, where], { 0: run = "" }) => {
      const found = warehouse.listed(plain(catalog), where);
      const blank = { captured: null, version: null, source: null, rows: null };
      append(
        table,
        found.map((one) => ({ run, layer: one.table_schema ?? "", name: one.table_name ?? "", ...blank })),
      );
      return [];
    },
  );
  knows(
    `^insert into ${NAME} select \\?, \\?, \\?, \\?, version, .*\\(describe history ${NAME} limit 10\\) where operation = 'CLONE'`,
    ([, table, clone], { 0: run = "", 1: layer = "", 2: name = "", 3: captured = "" }) => {
      const newest = warehouse.table(clone).versions.findLast(({ operation }) => operation === "CLONE");
      if (newest === undefined) return [];
      const { version, source = null, rows } = newest;
      append(table, [{ run, layer, name, captured, version, source, rows: rows.length }]);
      return [];
    },
  );
  knows(
    `^insert into ${NAME} select '(\\w+)', timestamp_seconds\\((\\d+)\\) where not exists \\(select 1 from ${NAME}\\)$`,
    ([, table, region = "", since]) => {
      const at = new Date(Number(since) * 1000).toISOString();
      if (warehouse.rows(plain(table)).length === 0) append(table, [{ region, since: at }]);
      return [];
    },
  );
  knows(`^select unix_timestamp\\(min\\(since\\)\\) as since from ${NAME}$`, ([, table]) => {
    const [first] = warehouse.rows(plain(table));
    return [{ since: first ? seconds(first.since) : null }];
  });
  knows(`^insert into ${NAME} values (.*)$`, ([, table, values = ""]) => {
    const moment = "(?:timestamp_seconds\\((\\d+)\\)|NULL)";
    const number = "(\\d+|NULL)";
    const row = new RegExp(`\\(${moment}, '(\\w+)', '(\\w+)', ${moment}, ${number}, ${number}, ${number}\\)`, "g");
    const at = (text: string | undefined) => (text === undefined ? null : new Date(Number(text) * 1000).toISOString());
    const rows = [...values.matchAll(row)].map(([, run, layer = "", name = "", captured, ...rest]): Row => {
      const [version = null, source = null, count = null] = rest.map((one) => (one === "NULL" ? null : Number(one)));
      return { run: at(run), layer, name, captured: at(captured), version, source, rows: count };
    });
    append(table, rows);
    return [];
  });
  knows(`^delete from ${NAME}$`, ([, table]) => {
    warehouse.add(plain(table), [], "DELETE");
    return [];
  });
  knows(
    `^select layer, name, unix_timestamp\\(max\\(captured\\)\\) AS captured,.* from ${NAME}(?: version as of (\\d+))? group by layer, name having max\\(run\\) filter`,
    ([, table, version]) => newestRun(warehouse.rowsOf(table, version)),
  );
}

/** Of each table that the newest list names: its newest clone, and since when it is listed. */
function newestRun(log: readonly Row[]): Row[] {
  const lists = log.filter(({ captured }) => captured === null);
  const newest = latest(lists, "run");
  return lists
    .filter(({ run }) => run === newest?.run)
    .map(({ layer = "", name = "" }) => {
      const own = log.filter((one) => one.layer === layer && one.name === name);
      const clone = latest(
        own.filter(({ captured }) => captured !== null),
        "captured",
      );
      const text = (column: string) => (clone?.[column] === undefined ? null : String(clone[column]));
      return {
        layer,
        name,
        captured: clone ? seconds(clone.captured) : null,
        version: text("version"),
        source: text("source"),
        rows: text("rows"),
        listed: String(Math.min(...own.map(({ run }) => Number(seconds(run))))),
      };
    });
}

/** The row whose moment is the last. */
function latest(rows: readonly Row[], column: string): Row | undefined {
  return rows.reduce<Row | undefined>(
    (last, row) => (last === undefined || String(row[column]) >= String(last[column]) ? row : last),
    undefined,
  );
}

const seconds = (at: Row[string] | undefined) => String(Math.floor(Date.parse(String(at)) / 1000));
