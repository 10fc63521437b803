import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ensurePostgres, type PostgresServer, startPostgres } from "../../../../../tools/postgres";
import { makeCertificate } from "../../../../support/doubles";

const root = path.resolve(__dirname, "../../../../..");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rights-"));
const jobs = path.join(folder, "jobs");
let server: PostgresServer;

/** Runs lines of bash behind the scripts that restore a dump, as a user of the server. */
function scripted(user: string, database: string, lines: string) {
  const run = spawnSync(
    "bash",
    ["-c", `set -euo pipefail\nsource "$JOBS_DIR/lib.sh"\nsource "$JOBS_DIR/dumps.sh"\n${lines}`],
    {
      encoding: "utf8",
      env: {
        PATH: `${ensurePostgres()}:${process.env.PATH}`,
        JOBS_DIR: jobs,
        RUN_DIR: folder,
        SCRATCH_DIR: folder,
        PGHOST: path.join(folder, "server"),
        PGPORT: String(server.port),
        PGUSER: user,
        DB_NAME: database,
      },
    },
  );
  return { code: run.status, said: run.stderr };
}
const look = (user: string) => scripted(user, "nucleus", 'look_at_restored "the database" "it is damaged"');

/** As on RDS: who restores owns no extension, and what extensions bring belongs to somebody else. */
beforeAll(async () => {
  fs.mkdirSync(jobs);
  for (const from of ["systems/jobs", "systems/omniverse/jobs"])
    fs.cpSync(path.join(root, from), jobs, { recursive: true });
  server = await startPostgres(makeCertificate(path.join(folder, "server")), "unused");
  server.sql("update pg_database set datallowconn = true where datname = 'template0'", "postgres");
  server.sql("create extension amcheck", "template0");
  server.sql("create role master login createdb", "postgres");
  server.sql("create database nucleus owner master template template0", "postgres");
  server.sql(`create function as_listed(key text) returns text language sql immutable as 'select lower($1)';
    create table history as select i, md5(i::text) as what from generate_series(1, 500) i;
    comment on table history is 'what people did';
    alter table history owner to master`);
});
afterAll(() => {
  server?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

it("a dump comes back, with its comments, where whoever restores owns no extension", () => {
  const at = { PGHOST: path.join(folder, "server"), PGPORT: String(server.port), PGUSER: "nucleus" };
  const bin = (file: string, args: string[]) =>
    spawnSync(path.join(ensurePostgres(), file), args, { env: { ...process.env, ...at }, encoding: "utf8" });
  expect(bin("pg_dump", ["--format", "directory", "--file", path.join(folder, "dump"), "nucleus"]).status).toBe(0);
  expect(bin("pg_restore", ["--list", path.join(folder, "dump")]).stdout).toContain("COMMENT - EXTENSION amcheck");
  expect(scripted("master", "back", 'restore_dump "$SCRATCH_DIR"')).toMatchObject({ code: 0 });
  expect(server.sql("select count(*), obj_description('history'::regclass) from history", "back")).toBe(
    "500|what people did",
  );
});

it("a right that is missing is no damage, and is said", () => {
  const whole = look("nucleus");
  expect([whole.code, whole.said]).toEqual([0, expect.not.stringContaining("not looked at")]);
  const { code, said } = look("master");
  expect([code, said]).toEqual([0, expect.stringContaining("its pages were not looked at")]);
  expect(said).toContain("permission denied for function");
});

it("the extension that may not be made is neither", () => {
  server.sql("create database bare owner master template template0", "postgres");
  server.sql("drop extension amcheck", "bare");
  const { code, said } = scripted("master", "bare", 'look_at_restored "the database" "it is damaged"');
  expect([code, said]).toEqual([0, expect.stringContaining("its pages were not looked at")]);
});

it("damage is damage also where another right is missing", () => {
  server.sql("grant execute on function bt_index_check(regclass, boolean) to master");
  server.sql("create index listed on history (as_listed(what))");
  server.sql(
    "create or replace function as_listed(key text) returns text language sql immutable as 'select upper($1)'",
  );
  const { code, said } = scripted(
    "master",
    "nucleus",
    'read_pages "$RUN_DIR/found" pg_amcheck --heapallindexed --database "$DB_NAME"',
  );
  expect([code, said]).toEqual([2, expect.stringContaining("lacks matching index tuple")]);
  expect(said).toContain("permission denied for function verify_heapam");
});

it("a server that does not answer is neither", () => {
  const { code, said } = scripted("master", "absent", 'look_at_restored "the database" "it is damaged"');
  expect([code, said]).toEqual([1, expect.stringContaining("which is no sign of damage")]);
});
