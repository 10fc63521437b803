import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { choreNames } from "../../../../../systems/omniverse/choreNames";
import { ensurePostgres, type PostgresServer, startPostgres } from "../../../../../tools/postgres";
import type { RunWith } from "../../../../support/cronJob";
import { declaredGraph } from "../../../../support/declaredGraph";
import { makeCertificate } from "../../../../support/doubles";
import { canaries } from "../fixture";
import { makeWorks, type Works } from "../operationsFixture";

let works: Works;
let server: PostgresServer;
let stands = false;
/** The real psql; AWS, Nucleus and Prometheus are doubles. */
let real: RunWith;

beforeAll(async () => {
  ensurePostgres();
  const graph = await declaredGraph("prod");
  works = await makeWorks(graph);
  const into = makeCertificate(path.join(works.folder, "server"));
  server = await startPostgres(into, canaries[0]);
  const file = path.join(works.folder, "aws/rds.json");
  const state = JSON.parse(fs.readFileSync(file, "utf8"));
  state["omniverse-prod"].Endpoint.Port = server.port;
  fs.writeFileSync(file, JSON.stringify(state));
  const psql = works.commands("real", { psql: 'exec "$(PATH=/usr/local/bin:/usr/bin:/bin command -v psql)" "$@"' });
  real = { commands: [psql], doubles: { DB_CA: path.join(works.folder, "server/ca.crt") } };
  server.sql("create database nucleus", "postgres");
  server.sql(`create table assets (id serial primary key, object_key text not null unique, object_version text,
    sha256 text, file_size bigint, created_at timestamptz default now());
    insert into assets (object_key, file_size, created_at) select 'k' || i, 1000, date_trunc('month', now()) from generate_series(1, 500) i;
    insert into assets (object_key, file_size, created_at) values ('last month', 7, date_trunc('month', now()) - interval '1 day');
    create table "Odd ""name""" (a int); create index "odd index" on "Odd ""name""" ((a + 1))`);
});
afterAll(() => {
  if (server && !stands) server.stop();
  works?.end();
});

const run = (name: string) => works.work(name, real);
const invalid = () => server.sql("select count(*) from pg_index where not indisvalid", "nucleus").trim();

describe("with a real PostgreSQL", () => {
  it("the maintenance rebuilds indexes beside those that serve, and has new statistics of every table", async () => {
    const before = server.sql("select relfilenode from pg_class where relname = 'assets_pkey'", "nucleus");
    const done = await run(choreNames.maintenance);
    expect([done.code, done.stderr]).toEqual([0, expect.any(String)]);
    expect(server.sql("select relfilenode from pg_class where relname = 'assets_pkey'", "nucleus")).not.toBe(before);
    const { tables, bytes } = JSON.parse(done.stdout);
    expect(tables.map(({ table }: { table: string }) => table).sort()).toEqual(['public.Odd "name"', "public.assets"]);
    expect(bytes).toBeGreaterThan(1_000_000);
  });

  it("drops an index that an interrupted rebuild left behind, and nothing that is valid", async () => {
    // What REINDEX CONCURRENTLY leaves where two rows break what is unique.
    server.sql(
      `create index assets_own_ccnew on assets (sha256);
       update pg_index set indisvalid = false where indexrelid = 'assets_own_ccnew'::regclass;
       create index assets_fine_ccnew on assets (file_size)`,
      "nucleus",
    );
    expect(invalid()).toBe("1");
    const done = await run(choreNames.maintenance);
    expect([done.code, done.stderr]).toEqual([0, expect.any(String)]);
    const left = server.sql("select string_agg(relname, ',') from pg_class where relname like '%ccnew'", "nucleus");
    expect(left.trim()).toBe("assets_fine_ccnew");
  });

  it("fails, with all the rest done, where an index cannot be valid", async () => {
    server.sql(
      "create index broken on assets (sha256); update pg_index set indisvalid = false, indisready = false where indexrelid = 'broken'::regclass",
      "nucleus",
    );
    const done = await run(choreNames.maintenance);
    server.sql("drop index broken", "nucleus");
    // PostgreSQL rebuilds no index concurrently that is not valid: it warns, and goes on.
    expect([done.code, done.stderr]).toEqual([1, expect.stringContaining("invalid indexes: public.broken")]);
  });

  it("the review counts assets of twelve months, those without any among them", async () => {
    const done = await run(choreNames.capacity);
    expect([done.code, done.stderr]).toEqual([0, expect.any(String)]);
    const { months } = JSON.parse(done.stdout);
    expect(months).toHaveLength(12);
    expect(months.slice(0, 3).map(({ assets, bytes }: { assets: number; bytes: number }) => [assets, bytes])).toEqual([
      [500, 500_000],
      [1, 7],
      [0, 0],
    ]);
  });

  it("the collector sees it answer over TLS, and refuse once it stands", async () => {
    expect((await run(choreNames.metrics)).code).toBe(0);
    const up = async () =>
      Object.entries(await works.gateway.series()).find(([key]) => key.startsWith("holdfast_database_up"))?.[1];
    expect(await up()).toBe(1);
    server.stop();
    stands = true;
    expect((await run(choreNames.metrics)).code).toBe(0);
    expect(await up()).toBe(0);
  });
});
