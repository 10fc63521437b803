import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../../policies/graph";
import { ACCOUNTS, PAGE, SERVICE_LABELS } from "../../../../../systems/omniverse/names";
import { procedures } from "../../../../../systems/omniverse/procedures";
import { asNobody, ensurePostgres, type PostgresServer, startPostgres } from "../../../../../tools/postgres";
import { unasked } from "../../../../support/access/asked";
import type { RunWith } from "../../../../support/cronJob";
import { declaredGraph } from "../../../../support/declaredGraph";
import { doublesPath, makeCertificate } from "../../../../support/doubles";
import { COPIES, type Estate, logsOf, makeSite, PASSWORD } from "../procedureFixture";

const DEPLOY = "deployment";
const BACK = "rollback";
const deploySteps = Object.keys(procedures[DEPLOY].steps);
const backSteps = Object.keys(procedures[BACK].steps);
const between = (from: string, to: string) => deploySteps.slice(deploySteps.indexOf(from), deploySteps.indexOf(to) + 1);
const OLD = `nvidia/nucleus-server@sha256:${"1".repeat(64)}`;
const NEW = `nvidia/nucleus-server@sha256:${"2".repeat(64)}`;
const edge = { ...SERVICE_LABELS, component: "edge" };

let graph: ResourceGraph;
let at: Estate;
let server: PostgresServer;
let answers: Record<string, unknown>;
/** What people get while the page is up. */
const page = { status: 503, headers: { [PAGE.mark]: "maintenance" } };
let shown: typeof page | number = page;

beforeAll(async () => {
  ensurePostgres();
  graph = await declaredGraph("prod");
  let folder = "";
  at = await makeSite(graph, (made) => {
    folder = made;
    return { env: { DB_CA: path.join(made, "server/ca.crt"), WATCH_EVERY: "1" }, shorter: { HEALTH_SECONDS: "0" } };
  });
  server = await startPostgres(makeCertificate(path.join(folder, "server")), PASSWORD);
  at.json("aws/rds.json", (state) => {
    state["omniverse-prod"].Endpoint.Port = server.port;
  });
  server.sql("create database nucleus", "postgres");
  server.sql(`create table assets (id serial primary key, object_key text not null, object_version text, sha256 text);
    create table history as select i, md5(i::text) as what from generate_series(1, 500) i`);
  at.json("kube/state.json", ({ objects }) => {
    objects["deployment/omniverse-page"] = {
      metadata: { name: PAGE.workload, labels: PAGE.labels },
      spec: { replicas: 0 },
    };
    objects["service/nginx"] = { metadata: { name: "nginx" }, spec: { selector: edge } };
  });
});
beforeEach(() => {
  at.web.healthy = true;
  shown = page;
  answers = {
    verified: [{ value: [0, "3600"] }],
    firing: [],
    rules: [
      "NucleusServerDown",
      "HighCPUUsage",
      "DatabaseConnectionFailure",
      "StorageSpaceLow",
      "OmniverseCopyStale",
      "OmniverseLogStopped",
      "OmniverseJobFailed",
      "HoldfastWatchdog",
    ],
    managers: [{}],
    told: 200,
  };
  at.web.answer = (url) => {
    if (url === "/site/") return paged() ? shown : 200;
    if (url === "/told") return answers.told;
    const success = (data: unknown) => ({ status: "success", data });
    if (url.includes("/rules")) {
      return success({ groups: [{ rules: (answers.rules as string[]).map((name) => ({ name, health: "ok" })) }] });
    }
    if (url.includes("/alertmanagers")) return success({ activeAlertmanagers: answers.managers });
    if (url.includes("holdfast_verified")) return success({ result: answers.verified });
    if (url.includes("ALERTS")) {
      return success({ result: (answers.firing as string[]).map((alertname) => ({ metric: { alertname } })) });
    }
    return undefined;
  };
});
afterAll(() => {
  server?.stop();
  at?.close();
});

const kube = () => at.json("kube/state.json").objects;
const selector = () => kube()["service/nginx"].spec.selector;
const paged = () => selector().app === PAGE.labels.app;
const image = () => kube()["deployment/nucleus-server"].spec.template.spec.containers[0].image;
const env = () => kube()["deployment/nucleus-server"].spec.template.spec.containers[0].env ?? [];
const tables = () =>
  server
    .sql(
      "select string_agg(relname, ' ' order by relname) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
    )
    .trim();

/** The commands of PostgreSQL itself; AWS, the cluster and Prometheus stay doubles. */
const real = (change: Record<string, string> = {}, replace: Record<string, string> = {}): RunWith => ({
  startedBy: asNobody(),
  commands: [at.commands("real", { aws: `exec '${doublesPath()}/aws' "$@"` }), ensurePostgres()],
  configMaps: {
    "omniverse-change": {
      CHANGE_REQUEST: "CHG-1234",
      APPROVED_BY: "Ann",
      NEW_VERSION: "2026.2.0",
      NEW_IMAGES: JSON.stringify({ "nucleus-server": NEW }),
      ISSUES: "none",
      ...change,
    },
  },
  replace,
});
/** What only a deployment declares. */
const addresses = () => ({
  PROMETHEUS_URL: `${at.web.address}/prometheus`,
  NOTIFY_URL: `${at.web.address}/told`,
  PUBLIC_URL: `${at.web.address}/public`,
  WINDOWS: "mon:00:00-sun:23:59",
  WATCH_SECONDS: "3",
});
const deploy = (names: readonly string[], change?: Record<string, string>) =>
  at.steps(DEPLOY, names, real(change, addresses()));
const noDeploy = (step: string, change?: Record<string, string>, replace: Record<string, string> = {}) =>
  at.refused(DEPLOY, step, real(change, { ...addresses(), ...replace }));
const back = (names: readonly string[]) => at.steps(BACK, names, real());

describe("a deployment with PostgreSQL", () => {
  it("takes a locked dump that is named for the version, and rehearses the way back with it", async () => {
    expect(await noDeploy("prepare", { NEW_IMAGES: '{"nucleus-server": "nvidia/nucleus:latest"}' })).toContain(
      "by digest",
    );
    expect(await noDeploy("prepare", { NEW_IMAGES: `{"other": "${NEW}"}` })).toContain("is not one of");
    const prepared = await deploy(["prepare"]);
    expect(prepared.before["nucleus-server"].image).toBe(OLD);
    const stored = fs.readdirSync(path.join(at.folder, `aws/${COPIES}/objects`)).map(decodeURIComponent);
    expect(stored.filter((key) => key.startsWith("backups/database/before/2026.2.0/points/"))).toHaveLength(1);
    expect(Object.keys(await at.gateway.series()).join()).toContain('role="before-deployment"');
    expect(await deploy(["rehearse"])).toMatchObject({ version: "2026.2.0" });
    expect(image()).toBe(OLD);
  });

  it.each<[string, () => [Record<string, string>?, Record<string, string>?], string]>([
    ["nobody approved", () => [{ APPROVED_BY: "" }], "change approved: CHANGE_REQUEST"],
    ["a request is not named", () => [{ CHANGE_REQUEST: "yes" }], "change approved: CHANGE_REQUEST"],
    [
      "no dump was restored lately",
      () => {
        answers.verified = [{ value: [0, "999999"] }];
        return [];
      },
      "backup verified: no dump",
    ],
    [
      "nobody knows whether one was",
      () => {
        answers.verified = [];
        return [];
      },
      "backup verified: no dump",
    ],
    ["it is no window", () => [{}, { WINDOWS: "".padEnd(1, " ") }], "window scheduled: now is in none"],
    [
      "an alert is not evaluated",
      () => {
        answers.rules = (answers.rules as string[]).slice(0, 5);
        return [];
      },
      "Prometheus lacks OmniverseLogStopped, OmniverseJobFailed, HoldfastWatchdog",
    ],
    [
      "nobody would be sent an alert",
      () => {
        answers.managers = [];
        return [];
      },
      "an Alertmanager",
    ],
    ["Prometheus does not answer", () => [{}, { PROMETHEUS_URL: "http://127.0.0.1:1" }], "Prometheus does not answer"],
    [
      "nobody can be told",
      () => {
        answers.told = 500;
        return [];
      },
      "notifications sent",
    ],
  ])("does not begin while %s, and changes nothing", async (_, spoil, says) => {
    const [change, replace] = spoil();
    expect(await noDeploy("gates", change, replace)).toContain(says);
    expect(await noDeploy("maintenance-on")).toContain("maintenance-on must come after gates");
    expect([image(), paged()]).toEqual([OLD, false]);
  });

  it("goes through the runbook's nine steps, and people are let in last", async () => {
    expect(await deploy(["gates"])).toMatchObject({ request: "CHG-1234", gates: 6 });
    // A load balancer that reaches nothing says 503 by itself.
    shown = 503;
    expect(await noDeploy("maintenance-on")).toMatch(
      /does not show the page, it answers 503: nothing has been stopped$/,
    );
    expect(await noDeploy("stop")).toContain("stop must come after maintenance-on");
    shown = page;
    await deploy(["maintenance-on"]);
    expect(selector()).toEqual(PAGE.labels);
    const change = { NEW_SETTINGS: '{"nucleus-server": {"CACHE": "large = 2"}}' };
    await deploy(between("stop", "smoke"), change);
    expect([image(), env()]).toEqual([NEW, [{ name: "CACHE", value: "large = 2" }]]);
    expect(paged()).toBe(true);
    expect(await deploy(["watch"])).toMatchObject({ watchedSeconds: 3, unanswered: 0 });
    await deploy(["maintenance-off"]);
    expect(selector()).toEqual(edge);
    expect(await noDeploy("finish", { ISSUES: "" })).toContain("ISSUES must be set");
    expect(await deploy(["finish"])).toMatchObject({ issues: "none", told: true });
  });

  it("goes back to the version and its settings, and keeps a database that nobody changed", async () => {
    server.sql("insert into history values (501, 'since')");
    const done = await back(backSteps.slice(0, 4));
    expect(done).toMatchObject({ database: "kept" });
    await back(backSteps.slice(4));
    expect([image(), env(), selector()]).toEqual([OLD, [], edge]);
    expect(server.sql("select count(*) from history").trim()).toBe("501");
  });

  it("ends its watch at the first sign that the new version fails", async () => {
    await deploy(["prepare", "rehearse", "gates", ...between("maintenance-on", "smoke")]);
    at.web.healthy = false;
    // Long enough for a second look on a busy machine: it ends before.
    const long = { WATCH_SECONDS: "300" };
    expect(await noDeploy("watch", {}, long)).toMatch(
      /2 of 2 questions were not answered: go on with the procedure rollback/,
    );
    at.web.healthy = true;
    let asked = 0;
    const before = at.web.answer;
    at.web.answer = (url) => {
      if (url.includes("ALERTS") && ++asked > 1) answers.firing = ["NucleusServerDown"];
      return before(url);
    };
    expect(await noDeploy("watch", {}, long)).toContain("since the deployment fires NucleusServerDown");
    at.web.answer = before;
    answers.firing = [];
    fs.mkdirSync(logsOf(at, ""), { recursive: true });
    fs.writeFileSync(logsOf(at, "nucleus-server.log"), "");
    const more = {
      grep: `case "$*" in "-ch ERROR "*) echo x >>"$RUN_DIR/asked"; echo $(($(wc -l <"$RUN_DIR/asked") * 40)) ;; *) exec /usr/bin/grep "$@" ;; esac`,
    };
    const run = real({}, { ...addresses(), ...long });
    const noisy = { ...run, commands: [at.commands("noisy", more), ...(run.commands ?? [])] };
    expect(await at.refused(DEPLOY, "watch", noisy)).toContain("40 errors in the logs since the deployment");
    expect(await noDeploy("maintenance-off")).toContain("maintenance-off must come after watch");
    expect(paged()).toBe(true);
  });

  it("leaves nothing of a migration that fails, and brings back all that people wrote before where one ran", async () => {
    const { point: prepared } = await deploy(["prepare"]);
    await deploy(["rehearse", "gates", "maintenance-on"]);
    server.sql("insert into history values (502, 'after the dump of prepare')");
    await deploy(["stop"]);
    const { point: stopped } = await deploy(["dump"]);
    expect(stopped > prepared).toBe(true);
    await deploy(["deploy"]);
    const broken = { MIGRATION_SQL: "create table later (a int); select * from nowhere" };
    expect(await noDeploy("migrate", broken)).toContain("nothing of it is in force");
    expect(tables()).toBe("assets history");
    const migration = { MIGRATION_SQL: "create table later (a int); delete from history" };
    expect(await deploy(["migrate"], migration)).toMatchObject({ ran: true, changed: true });
    await deploy(["configure", "start"]);
    // Nothing of the new version gets into it, whichever step is repeated.
    expect(await noDeploy("dump")).toContain("pods labelled app=nucleus are running: stop must come first");
    await deploy(["stop"]);
    expect(await noDeploy("dump")).toContain("a dump of now may be one of afterwards");
    expect(await back(["maintenance-on", "stop", "version"])).toMatchObject({ backFrom: "2026.2.0" });
    const done = await back(["database"]);
    expect(done).toMatchObject({ database: "restored", point: stopped.split(" ")[0] });
    expect(tables()).toBe("assets history");
    expect(server.sql("select count(*), max(i) from history").trim()).toBe("502|502");
    expect(server.sql("select count(*) from later", done.keptAs).trim()).toBe("0");
    // Once more, as after a kill: nothing is replaced twice.
    expect(await back(["database"])).toMatchObject({ database: "restored", point: done.point });
    expect(server.sql("select count(*) from pg_database where datname like 'nucleus_until_%'", "postgres").trim()).toBe(
      "1",
    );
    await back(["start"]);
  });

  it("says that a rollback has failed, and ends with an error, where the service does not answer", async () => {
    at.web.healthy = false;
    expect(await at.refused(BACK, "verify", real())).toContain("ROLLBACK FAILED");
    expect(await at.refused(BACK, "maintenance-off", real())).toContain("maintenance-off must come after verify");
    at.web.healthy = true;
    await back(["verify", "maintenance-off"]);
    expect(selector()).toEqual(edge);
  });

  it("goes back by the dump of prepare where the schema has changed and no later one was taken", async () => {
    const { point } = await deploy(["prepare"]);
    await deploy(["rehearse", "gates", "maintenance-on", "stop"]);
    server.sql("create table meanwhile (a int)");
    const done = await back(["maintenance-on", "stop", "version", "database"]);
    expect(done).toMatchObject({ database: "restored", point: point.split(" ")[0] });
    expect(tables()).toBe("assets history");
    await back(["start", "verify", "maintenance-off"]);
  });

  it("replaces no database by a dump that is not what was dumped", async () => {
    await deploy(["prepare", "rehearse", "gates", "maintenance-on", "stop", "dump", "deploy"]);
    await deploy(["migrate"], { MIGRATION_SQL: "create table later (a int)" });
    await back(["maintenance-on", "stop", "version"]);
    const loses = at.commands("loses", {
      pg_restore: `'${ensurePostgres()}/pg_restore' "$@" && { [ "$1" = --list ] || psql --quiet --dbname nucleus_unfinished --command 'delete from history where i = 7'; }`,
    });
    const run = real();
    const said = await at.refused(BACK, "database", { ...run, commands: [loses, ...(run.commands ?? [])] });
    expect(said).toContain("public.history: 501 rows, 502 were dumped");
    expect(tables()).toBe("assets history later");
  });

  it("shows the password to nobody, and asks for nothing that its account may not do", () => {
    expect(at.said()).not.toContain(PASSWORD);
  });
});

it("asks for all that its account may do, but for what others ask by it", () => {
  const others = {
    "ReadNotes s3:GetObjectVersion": "its smoke test after files were copied back",
    "patch deployments nginx": "a deployment whose NEW_IMAGES names it",
    "patch deployments nucleus-authentication": "a deployment whose NEW_IMAGES names it",
    "patch deployments nucleus-discovery": "a deployment whose NEW_IMAGES names it",
    "patch deployments nucleus-navigator": "a deployment whose NEW_IMAGES names it",
  };
  expect(unasked(graph, { cluster: "primary", account: ACCOUNTS.change })).toEqual(Object.keys(others).sort());
});
