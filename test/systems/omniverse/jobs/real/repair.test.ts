import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../../policies/graph";
import { ACCOUNTS } from "../../../../../systems/omniverse/names";
import { procedures } from "../../../../../systems/omniverse/procedures";
import { asNobody, ensurePostgres, type PostgresServer, startPostgres } from "../../../../../tools/postgres";
import { unasked } from "../../../../support/access/asked";
import { declaredGraph } from "../../../../support/declaredGraph";
import { doublesPath, makeCertificate } from "../../../../support/doubles";
import { type Estate, makeSite, PASSWORD } from "../procedureFixture";

const REPAIR = "database-repair";
const steps = Object.keys(procedures[REPAIR].steps);
let graph: ResourceGraph;
let at: Estate;
let server: PostgresServer;

beforeAll(async () => {
  ensurePostgres();
  graph = await declaredGraph("prod");
  let folder = "";
  at = await makeSite(graph, (made) => {
    folder = made;
    return { env: { DB_CA: path.join(made, "server/ca.crt"), ANSWER_SECONDS: "1" } };
  });
  server = await startPostgres(makeCertificate(path.join(folder, "server")), PASSWORD);
  at.json("aws/rds.json", (state) => {
    state["omniverse-prod"].Endpoint.Port = server.port;
  });
  server.sql("create database nucleus", "postgres");
  server.sql(`create table assets (id serial primary key, object_key text not null, object_version text, sha256 text);
    create function as_listed(key text) returns text language sql immutable as 'select lower($1)';
    create table history as select i, md5(i::text) as what from generate_series(1, 5000) i`);
});
afterAll(() => {
  server?.stop();
  at?.close();
});

/** The commands of PostgreSQL itself; AWS and the cluster stay doubles. */
const real = () => ({
  startedBy: asNobody(),
  commands: [
    at.commands("real", {
      ...Object.fromEntries(
        ["psql", "pg_amcheck", "pg_dump"].map((file) => [file, `exec '${ensurePostgres()}/${file}' "$@"`]),
      ),
      aws: `exec '${doublesPath()}/aws' "$@"`,
    }),
  ],
});
const verdictOf = (noted: string | undefined) => JSON.parse(noted ?? "{}").verdict as string | undefined;
const noted = () => at.json("kube/state.json").objects["configmap/omniverse-recovery"].data ?? {};
/** What an index was made by changes below it, as when a library of the system sorts otherwise after an upgrade. */
const spoilIndex = () => {
  server.sql("create index listed on history (as_listed(what))");
  server.sql(
    "create or replace function as_listed(key text) returns text language sql immutable as 'select upper($1)'",
  );
};

describe("the repair of a database with PostgreSQL", () => {
  it("does nothing to a database that is whole, and Nucleus stands no longer than the look takes", async () => {
    expect(await at.steps(REPAIR, ["reach", "integrity"], real())).toMatchObject({ verdict: "sound", reads: true });
    expect(await at.steps(REPAIR, ["stop", "repair"], real())).toMatchObject({ reindexed: false });
    expect(await at.steps(REPAIR, ["verify", "start"], real())).toMatchObject({
      healthy: expect.any(String) as string,
    });
  });

  it("starts an instance that somebody stopped, and restarts one only where RDS says that it waits for it", async () => {
    at.json("aws/rds.json", (state) => {
      state["omniverse-prod"].DBInstanceStatus = "stopped";
    });
    expect(await at.steps(REPAIR, ["reach"], real())).toMatchObject({ did: "started" });
    const secret = "omniverse-prod-postgres";
    const { [secret]: right } = at.json("aws/secrets.json");
    const secretIs = (text: string | undefined) =>
      at.json("aws/secrets.json", (secrets) => {
        secrets[secret] = text;
      });
    secretIs(undefined);
    expect(await at.refused(REPAIR, "reach", real())).toContain("cannot read the secret");
    secretIs(JSON.stringify({ username: "nucleus", password: "wrong" }));
    expect(await at.refused(REPAIR, "reach", real())).toContain("take the path database-in-place");
    expect(at.json("aws/rds.json")["omniverse-prod"].DBParameterGroups[0].ParameterApplyStatus).toBe("in-sync");
    at.json("aws/rds.json", (state) => {
      state["omniverse-prod"].DBParameterGroups[0].ParameterApplyStatus = "pending-reboot";
    });
    expect(await at.refused(REPAIR, "reach", real())).toContain("take the path database-in-place");
    expect(at.json("aws/rds.json")["omniverse-prod"].DBParameterGroups[0].ParameterApplyStatus).toBe("in-sync");
    secretIs(right);
  });

  it("makes indexes anew where they alone are broken, while nobody writes, and looks again", async () => {
    spoilIndex();
    await at.steps(REPAIR, ["reach"], real());
    const found = await at.steps(REPAIR, ["integrity"], real());
    expect(found).toMatchObject({ verdict: "indexes", indexes: ["nucleus.public.listed"], tables: 0, reads: true });
    await at.steps(REPAIR, ["stop", "repair", "verify", "start"], real());
    expect(verdictOf(noted()["procedure.database-repair.verify"])).toBe("sound");
  });

  it("hands over to a restore where two rows have one key, which no index can hold", async () => {
    server.sql("create table pairs as select i, i / 2 as half from generate_series(1, 100) i");
    server.sql("create function half_of(int) returns int language sql immutable as 'select $1'");
    server.sql("create unique index one_each on pairs (half_of(i))");
    server.sql("create or replace function half_of(int) returns int language sql immutable as 'select $1 / 2'");
    await at.steps(REPAIR, ["reach", "integrity", "stop"], real());
    const said = await at.refused(REPAIR, "repair", real());
    expect(said).toContain("two rows may have one key: take the path database-in-place");
    expect(await at.refused(REPAIR, "verify", real())).toContain("verify must come after repair");
    server.sql("drop table pairs");
  });

  it("touches nothing where rows are damaged, and stops before anything else", async () => {
    const frozen = server.sql("select relfrozenxid from pg_class where relname = 'history'").trim();
    // Rows that are older than the table says any of its rows is: what a page that was brought back looks like.
    server.sql(
      "set allow_system_table_mods = on; update pg_class set relfrozenxid = txid_current()::text::xid where relname = 'history'",
    );
    await at.steps(REPAIR, ["reach"], real());
    const said = await at.refused(REPAIR, "integrity", real());
    expect(said).toContain("the database is damaged, and not in its indexes alone");
    expect(said).toContain("take the path database-in-place");
    expect(await at.refused(REPAIR, "stop", real())).toContain("stop must come after integrity");
    server.sql(
      `set allow_system_table_mods = on; update pg_class set relfrozenxid = '${frozen}' where relname = 'history'`,
    );
  });

  it("fails its second look where the files that the database refers to are gone", async () => {
    server.sql("insert into assets (object_key) values ('gone.usd')");
    await at.steps(REPAIR, ["reach", "integrity", "stop", "repair"], real());
    expect(await at.refused(REPAIR, "verify", real())).toContain(
      "it refers to 1 files that company-omniverse-prod-assets does not hold",
    );
    expect(await at.refused(REPAIR, "start", real())).toContain("start must come after verify");
  });

  it("has all steps of the procedure, and shows the password to nobody", () => {
    expect(steps).toEqual(["reach", "integrity", "stop", "repair", "verify", "start"]);
    expect(at.said()).not.toContain(PASSWORD);
    expect(at.said()).not.toContain("canary");
  });
});

it("asks for all that its account may do, but for what others ask by it", () => {
  const others = {
    "ReadNotes s3:GetObjectVersion": "the same after files were copied back",
    "ReadBack s3:GetObjectRetention": "server-recovery, step disk",
    "ReadBack s3:GetObjectVersion": "server-recovery, step disk",
    "WriteBelow s3:PutObject": "server-recovery, step disk",
    "patch deployments nucleus-authentication": "the look at certificates",
    "patch deployments nucleus-discovery": "the look at certificates",
    "patch deployments nucleus-navigator": "the look at certificates",
    "patch deployments nucleus-server": "server-recovery, step restart",
  };
  expect(unasked(graph, { cluster: "primary", account: ACCOUNTS.remedy })).toEqual(Object.keys(others).sort());
});
