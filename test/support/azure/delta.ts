/** A row of a table. */
export type Row = Record<string, string | number | null>;

/** One version of a Delta table. */
export interface TableVersion {
  version: number;
  at: Date;
  operation: string;
  /** What its history says of the operation. @default nothing */
  told?: { operationParameters?: Row; operationMetrics?: Row };
  rows: readonly Row[];
  /** Version of the source, of a clone. */
  source?: number;
}

/** A Delta table: all versions, newest last. */
export interface Table {
  location: string;
  versions: TableVersion[];
  /** Whether it tells row by row what its versions changed. */
  changeFeed?: boolean;
  /** @default by date */
  partitions?: string[];
  /** @default 1000 */
  bytes?: number;
  /** Whether it is no table of Delta but a view, which has no history. */
  view?: boolean;
  /** Table and version that it was cloned from. */
  clonedFrom?: { table: string; version: number };
}

/** Where a table lies that was made without a place. */
export const MANAGED = "managed";

/** What a statement gives. */
export type Rows = Row[];
/** Answers a statement; throws what the warehouse would say is wrong. */
export type Statement = (match: RegExpMatchArray, parameters: Readonly<Record<string, string>>) => Rows;

/** Tables by `catalog.schema.table`, and the statements of SQL that jobs make of them; any other one fails to parse. */
export class Warehouse {
  readonly tables = new Map<string, Table>();
  /** Volumes by name, in the order in which they were made, each with what lies there. */
  readonly volumes = new Map<string, string>();
  /** Who has made a table or volume by a statement: whoever makes it owns it, whatever it lies in. */
  readonly owners = new Map<string, string>();
  private readonly statements: [RegExp, Statement][] = [];
  /** Statements that were run, on one line each. */
  readonly ran: string[] = [];

  constructor() {
    const name = "((?:delta\\.`[^`]+`)|[`\\w.]+)";
    this.knows(new RegExp(`^describe history ${name}(?: limit (\\d+))?$`, "i"), ([, of, most]) =>
      this.history(this.table(of)).slice(0, most === undefined ? undefined : Number(most)),
    );
    this.knows(
      new RegExp(
        `^select (max|min)\\(version\\) as version from \\(describe history ${name}\\)(?: where (?:version <= (\\d+) and )?timestamp <= timestamp_seconds\\((\\d+)\\))?$`,
        "i",
      ),
      ([, which = "", of, last = Infinity, until = Infinity]) => {
        const found = this.history(this.table(of))
          .filter(({ timestamp }) => Date.parse(String(timestamp)) <= Number(until) * 1_000)
          .map(({ version }) => Number(version))
          .filter((version) => version <= Number(last));
        const version = which.toLowerCase() === "max" ? Math.max(...found) : Math.min(...found);
        return [{ version: found.length > 0 ? String(version) : null }];
      },
    );
    this.knows(
      new RegExp(
        `^select unix_timestamp\\(min\\(timestamp\\)\\) as at from \\(describe history ${name}\\) where version > (\\d+)$`,
        "i",
      ),
      ([, of, after]) => {
        const later = this.history(this.table(of)).filter(({ version }) => Number(version) > Number(after));
        const first = Math.min(...later.map(({ timestamp }) => Date.parse(String(timestamp))));
        return [{ at: later.length > 0 ? String(Math.floor(first / 1_000)) : null }];
      },
    );
    this.knows(new RegExp(`^restore table ${name} to version as of (\\d+)`, "i"), ([, of, to]) =>
      this.restore(of, Number(to)),
    );
    this.knows(
      new RegExp(`^select count\\(\\*\\) as (\\w+) from ${name}(?: version as of (\\d+))?$`, "i"),
      ([, as = "", of, at]) => [{ [as]: String(this.rowsOf(of, at).length) }],
    );
    this.knows(
      new RegExp(
        `^create (?:or replace )?table (?:if not exists )?${name} (shallow|deep) clone ${name}(?: version as of (\\d+))?( tblproperties \\([^)]*\\))?(?: location '([^']+)')?`,
        "i",
      ),
      ([, to, how = "", of, at, properties = "", location]) => {
        if (how.toLowerCase() === "shallow") this.sameKind(of, location);
        return this.clone(to, of, at, {
          location,
          changeFeed: properties.includes("'delta.enableChangeDataFeed' = 'true'"),
        });
      },
    );
    this.knows(/^drop table if exists ([`\w.]+)/i, ([, of]) => {
      this.tables.delete(plain(of));
      return [];
    });
    this.knows(/^create (?:catalog|schema)/i, () => []);
    this.knows(/^create volume (if not exists )?(\S+)$/i, ([, atMost, of]) => {
      if (this.volumes.has(plain(of)) && !atMost) throw new Error("VOLUME_ALREADY_EXISTS");
      if (!this.volumes.has(plain(of))) this.volumes.set(plain(of), "");
      return [];
    });
    this.knows(/^alter volume (\S+) rename to (\S+)$/i, ([, of, to]) => {
      const content = this.volumes.get(plain(of));
      if (content === undefined) throw new Error("VOLUME_NOT_FOUND");
      if (this.volumes.has(plain(to))) throw new Error("VOLUME_ALREADY_EXISTS");
      this.volumes.delete(plain(of));
      this.volumes.set(plain(to), content);
      this.owned(plain(to), this.owners.get(plain(of)));
      this.owners.delete(plain(of));
      return [];
    });
    this.knows(/^select 1 as one$/i, () => [{ one: "1" }]);
    this.knows(/^select explode ?\( ?split ?\( ?'([^']*)' ?, ?' ' ?\) ?\) as (\w+)$/i, ([, words = "", as = ""]) =>
      words.split(" ").map((word) => ({ [as]: word })),
    );
    this.knows(/^drop schema if exists ([`\w.]+) cascade/i, ([, of]) => {
      for (const one of this.tables.keys()) if (one.startsWith(`${plain(of)}.`)) this.tables.delete(one);
      return [];
    });
    // A name for what lies somewhere already: both are one table.
    this.knows(
      /^create table if not exists ([`\w.]+)( \([^)]*\))? using delta location '([^']+)'/i,
      ([, of, columns, location = ""]) => {
        if (columns !== undefined && !this.tables.has(`delta.${location}`))
          this.tables.set(`delta.${location}`, { location, versions: [made("CREATE TABLE", 0, [])] });
        if (this.tables.has(plain(of))) return [];
        const lies = this.table(`delta.${location}`);
        if (this.nameAt(location) !== undefined) throw new Error("LOCATION_OVERLAP");
        this.tables.set(plain(of), lies);
        return [];
      },
    );
    this.knows(/^select (.*) from (\S+)\.`?information_schema`?\.`?tables`?(.*)$/i, ([, columns, catalog, where]) =>
      this.listed(plain(catalog), where).map((row) => projected(row, columns)),
    );
  }

  /** What a statement does, before those that are known already. */
  knows(pattern: RegExp, does: Statement): void {
    this.statements.unshift([pattern, does]);
  }

  /** Writes a version of a table, which is made where there is none. */
  write(name: string, rows: readonly Row[], at = new Date(), operation = "WRITE", told = {}): void {
    const table = this.tables.get(name) ?? { location: `abfss://lake/${name.replaceAll(".", "/")}`, versions: [] };
    table.versions.push({ version: table.versions.length, at, operation, rows, told });
    this.tables.set(name, table);
  }

  /** A further version of a table that is there. @throws Error where there is no such table. */
  add(name: string, rows: readonly Row[], operation: string): void {
    const { versions } = this.table(name);
    versions.push(made(operation, versions.length, rows));
  }

  /** Rows of the newest version. */
  rows(name: string): readonly Row[] {
    return this.table(name).versions.at(-1)?.rows ?? [];
  }

  /** Runs a statement of somebody. @throws Error as the warehouse would. */
  run(text: string, parameters: Readonly<Record<string, string>>, by?: string): Rows {
    const line = text
      .replace(/--[^\n]*/g, "")
      .replace(/\s+/g, " ")
      .replace(/;\s*$/, "")
      .trim();
    this.ran.push(line);
    for (const [pattern, does] of this.statements) {
      const match = line.match(pattern);
      if (!match) continue;
      const [, , made] = /^create (table|volume) (?:if not exists )?(\S+)/i.exec(line) ?? [];
      const known = made === undefined || this.tables.has(plain(made)) || this.volumes.has(plain(made));
      const rows = does(match, parameters);
      if (!known) this.owned(plain(made), by);
      return rows;
    }
    throw new Error("PARSE_SYNTAX_ERROR");
  }

  private owned(name: string, by: string | undefined): void {
    if (by !== undefined) this.owners.set(name, by);
  }

  /** @throws Error where there is no such table. */
  table(name: string | undefined): Table {
    const found = this.tables.get(plain(name));
    if (!found) throw new Error("TABLE_OR_VIEW_NOT_FOUND");
    return found;
  }

  /** Name of the table that lies in a folder, if it has one: a metastore gives a folder one at most. */
  nameAt(folder: string): string | undefined {
    const lies = this.tables.get(`delta.${folder}`);
    return lies && [...this.tables].find(([name, table]) => table === lies && !name.startsWith("delta."))?.[0];
  }

  /** Rows of a version. @throws Error where there is none such. */
  rowsOf(name: string | undefined, at?: string): readonly Row[] {
    const { versions } = this.table(name);
    const found = at === undefined ? versions.at(-1) : versions.find(({ version }) => version === Number(at));
    if (!found) throw new Error("DELTA_VERSION_NOT_FOUND");
    return found.rows;
  }

  private history({ versions, view }: Table): Rows {
    if (view) throw new Error("EXPECT_TABLE_NOT_VIEW");
    return [...versions].reverse().map(({ version, at, operation, source, told = {} }) => ({
      version: String(version),
      timestamp: at.toISOString(),
      operation,
      operationParameters: JSON.stringify({
        ...told.operationParameters,
        ...(source === undefined ? {} : { sourceVersion: String(source) }),
      }),
      operationMetrics: JSON.stringify(told.operationMetrics ?? {}),
    }));
  }

  /** What a catalog says that it has, as far as a condition on schemas and formats lets through. */
  listed(catalog: string, where = ""): Rows {
    const [, schemas] = /table_schema IN \(([^)]*)\)/i.exec(where) ?? [];
    const wanted = schemas?.match(/\w+/g);
    return [...this.tables].flatMap(([full, { view, location }]) => {
      const [table_catalog = "", table_schema = "", table_name = ""] = full.split(".");
      const data_source_format = view ? "UNKNOWN_DATA_SOURCE_FORMAT" : "DELTA";
      if (table_catalog !== catalog || (wanted && !wanted.includes(table_schema))) return [];
      if (/data_source_format = 'DELTA'/i.test(where) && view) return [];
      return [{ table_catalog, table_schema, table_name, data_source_format, storage_path: location }];
    });
  }

  private restore(of: string | undefined, to: number): Rows {
    const table = this.table(of);
    const rows = this.rowsOf(of, String(to));
    table.versions.push(made("RESTORE", table.versions.length, rows));
    return [{ num_restored_files: String(rows.length) }];
  }

  /** https://learn.microsoft.com/azure/databricks/delta/clone-unity-catalog: of managed tables managed ones, of external ones external. */
  private sameKind(of: string | undefined, location: string | undefined): void {
    const external = this.table(of).location !== MANAGED;
    if (plain(of).startsWith("delta.") || external !== (location !== undefined))
      throw new Error("CANNOT_SHALLOW_CLONE_NON_UC_MANAGED_TABLE_AS_SOURCE_OR_TARGET");
  }

  private clone(
    to: string | undefined,
    of: string | undefined,
    at: string | undefined,
    { location, changeFeed }: { location: string | undefined; changeFeed: boolean },
  ): Rows {
    const source = this.table(of);
    const version = at === undefined ? source.versions.length - 1 : Number(at);
    const rows = this.rowsOf(of, String(version));
    const target = this.tables.get(plain(to)) ?? this.tables.get(`delta.${location}`);
    const versions = [...(target?.versions ?? [])];
    versions.push({ ...made("CLONE", versions.length, rows), source: version });
    const clonedFrom = { table: plain(of), version };
    const clone = { location: location ?? target?.location ?? MANAGED, versions, clonedFrom, changeFeed };
    this.tables.set(plain(to), clone);
    if (location !== undefined) this.tables.set(`delta.${location}`, clone);
    return [{ num_copied_files: String(rows.length) }];
  }
}

function made(operation: string, version: number, rows: readonly Row[]): TableVersion {
  return { version, at: new Date(), operation, rows };
}

/** A row as a list of columns names them: `table_schema AS layer, table_name`. */
function projected(row: Row, columns = ""): Row {
  const named = columns.split(",").map((one) => one.trim().split(/ as /i));
  return Object.fromEntries(named.map(([of = "", as = of]) => [as, row[of] ?? null]));
}

/** A name without its quotes. */
export function plain(name = ""): string {
  return name.replaceAll("`", "");
}
