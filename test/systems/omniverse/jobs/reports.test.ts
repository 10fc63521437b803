import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { choreNames } from "../../../../systems/omniverse/choreNames";
import { jobNames } from "../../../../systems/omniverse/names";
import type { RunWith } from "../../../support/cronJob";
import { declaredGraph } from "../../../support/declaredGraph";
import { makeBucket } from "../../../support/doubles";
import type { JobRun } from "../../../support/runToDeadline";
import { ASSETS, COPIES, clockAhead } from "./fixture";
import { makeWorks, secrets, type Works } from "./operationsFixture";

let graph: ResourceGraph;
let works: Works;
beforeAll(async () => {
  graph = await declaredGraph("prod");
});
beforeEach(async () => {
  works = await makeWorks(graph);
});
afterEach(() => {
  for (const secret of secrets) expect(works.said()).not.toContain(secret);
  works.end();
});

const says = (text: string) => expect.stringContaining(text) as string;
const ended = ({ code, stderr }: JobRun) => [code, stderr];
const printed = ({ stdout }: JobRun) => JSON.parse(stdout);
/** The newest version of a stored report. */
const stored = (key: string) => JSON.parse(fs.readFileSync(works.stored(key)[0] ?? "", "utf8"));
const logs = "opt/ove/nucleus/logs";

describe("the morning check", () => {
  const check = (runWith?: RunWith) => works.work(choreNames.health, runWith);
  beforeEach(() => void works.file(`${logs}/nucleus-server.log`, "2020-01-01T00:00:00 FATAL long ago\nINFO well\n", 0));

  it("is content on a healthy day, with the other site asleep, and says what it saw", async () => {
    // What somebody asks nginx for is no error.
    works.file(`${logs}/nginx-7d9f-1.log.2026-11-22`, '2026-11-22T01:00:00+00:00 192.0.2.1 "GET /FATAL" 404\n', 0);
    const run = await check();
    expect(ended(run)).toEqual([0, expect.any(String)]);
    expect(printed(run)).toMatchObject({
      services: { "nucleus-server": "2/2", nginx: "2/2" },
      postgres: "15.12",
      sessions: [{ id: "s1", users: ["ada"], project: "one" }],
      problems: [],
    });
    const series = await works.gateway.series();
    expect(Object.entries(series).find(([key]) => key.startsWith("holdfast_health_problems"))?.[1]).toBe(0);
  });

  it.each<[string, () => unknown, string]>([
    [
      "a service lacks a pod",
      () => works.cluster((state) => (state.objects["deployment/nginx"].status.readyReplicas = 1)),
      "nginx has not as many pods",
    ],
    ["the cluster does not answer", () => works.cluster((state) => (state.down = true)), "services cannot be listed"],
    ["the database refuses", () => works.server((state) => (state.password = "other")), "the database does not answer"],
    [
      "RDS is not available",
      () => {
        const file = path.join(works.folder, "aws/rds.json");
        fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace('"available"', '"storage-full"'));
      },
      "RDS says that omniverse-prod is storage-full",
    ],
    ["people see an error", () => Object.assign(works.answers, { health: 502 }), "/site/health does not answer"],
    [
      "nobody says how full a disk is",
      () => Object.assign(works.answers, { values: () => null }),
      "nobody says diskPercent",
    ],
    [
      "a disk is full",
      () => Object.assign(works.answers, { values: (query: string) => (query.includes("logs") ? 86 : 40) }),
      "diskPercent /opt/ove/nucleus/logs is 86, above 85",
    ],
    ["sessions cannot be listed", () => Object.assign(works.answers, { sessions: {} }), "sessions cannot be listed"],
    ["the list fails", () => works.admin((state) => (state.fault = "session list")), "nucleus-admin lists no sessions"],
    ["statistics fail", () => works.admin((state) => (state.fault = "session stats")), "no statistics"],
    [
      "something ended fatally in Nucleus",
      () => works.file(`${logs}/discovery.log`, `${new Date().toISOString().slice(0, 19)} FATAL out of memory\n`, 0),
      "1 fatal errors in Nucleus' logs",
    ],
    [
      "pods tell of many errors",
      () => works.cluster((state) => (state.logs = Array.from({ length: 101 }, () => "ERROR refused"))),
      "101 errors in the logs of the pods",
    ],
    [
      "PostgreSQL ended fatally",
      () => {
        const file = path.join(works.folder, "aws/rds.json");
        const state = JSON.parse(fs.readFileSync(file, "utf8"));
        state["omniverse-prod"].logs = { "error/postgresql.log.2026-11-22-07": "PANIC: could not write\n" };
        fs.writeFileSync(file, JSON.stringify(state));
      },
      "1 fatal errors in the database's log",
    ],
  ])("fails, and looks at all the rest, when %s", async (_, spoil, text) => {
    spoil();
    const run = await check();
    expect(ended(run)).toEqual([1, says(text)]);
    expect(printed(run).problems.join("; ")).toContain(text);
  });

  it("fails where the other site cannot be reached at all", async () => {
    const run = await check({ replace: { SECONDARY_URL: "http://127.0.0.1:9" } });
    expect(ended(run)).toEqual([1, says("http://127.0.0.1:9 cannot be reached")]);
  });
});

describe("the weekly report", () => {
  const report = () => works.work(choreNames.report);
  const start = () => Math.floor(Date.now() / 3_600_000) * 3600 - 7 * 86_400;
  const key = () =>
    `operations/reports/omniverse-report-${new Date(start() * 1000).toISOString().slice(0, 10).replaceAll("-", "")}.json`;

  it("has average and most sessions and the uptime of 168 hours, and is stored under the day it begins with", async () => {
    const peak = start() + 5 * 3600;
    works.answers.ranges = (query) => (time) =>
      query.includes("up") ? (time === peak ? 0.5 : 1) : time === peak ? 172 : 4;
    expect(ended(await report())).toEqual([0, expect.any(String)]);
    const { metrics, missing } = stored(key());
    expect(metrics).toEqual({ avg_sessions: 5, peak_sessions: 172, system_uptime: expect.closeTo(99.7, 1) as number });
    expect(missing).toEqual({ sessions: [], uptime: [] });
  });

  it("tells of hours that nobody measured, and counts them neither as idle nor as down", async () => {
    const gap = start() + 10 * 3600;
    works.answers.ranges = (query) => (time) => (time === gap ? null : query.includes("up") ? 1 : 4);
    expect(ended(await report())).toEqual([0, says("1 of 168 hours were not measured")]);
    const { metrics, missing } = stored(key());
    expect(metrics).toEqual({ avg_sessions: 4, peak_sessions: 4, system_uptime: 100 });
    expect(missing.sessions).toEqual([new Date(gap * 1000).toISOString().replace(".000", "")]);
  });

  it.each<[string, () => unknown, string]>([
    ["nothing was measured", () => Object.assign(works.answers, { ranges: () => () => null }), "nothing was measured"],
    ["Prometheus does not answer", () => Object.assign(works.answers, { prometheus: 500 }), "does not say how many"],
    ["the bucket has no lock", () => works.bucket(COPIES, { region: "eu-west-1" }), "the report was not stored"],
  ])("fails when %s", async (_, spoil, text) => {
    spoil();
    expect(ended(await report())).toEqual([1, says(text)]);
  });
});

describe("the monthly review of capacity", () => {
  const review = () => works.work(choreNames.capacity);
  beforeEach(() => {
    works.save("projects/small/a.usd", "x");
    works.save("projects/large/b.usd", "x".repeat(500));
    works.save("projects/large/c.usd", "x".repeat(500));
    works.save("shared/d.usd", "xx");
    works.server(
      (state) =>
        (state.months = [
          ["2026-11", "3", "1001"],
          ["2026-10", "0", "0"],
        ]),
    );
  });

  it("lists projects by size, assets by month, users and levels", async () => {
    works.object(ASSETS, "projects/large/b.usd", "y".repeat(100));
    const run = await review();
    expect(ended(run)).toEqual([0, expect.any(String)]);
    expect(printed(run)).toMatchObject({
      current_usage: { cpu_percent: 40, memory_percent: 40, disk_percent: 40 },
      recommendations: [],
      users: { months: [{ users: 12 }] },
      projects: [
        { project: "large", files: 2, bytes: 600, withVersions: 1100 },
        { project: "shared", files: 1, bytes: 2 },
        { project: "small", files: 1, bytes: 1 },
      ],
      months: [
        { month: "2026-11", assets: 3, bytes: 1001 },
        { month: "2026-10", assets: 0 },
      ],
    });
    expect(works.keys("operations/reports/omniverse-capacity-")).toHaveLength(1);
  });

  it.each<[string, () => unknown, string]>([
    [
      "cpu",
      () => ({ values: (query: string) => (query.includes("cpu") ? 80.5 : 40) }),
      "cpu_percent is 80.5, above 80",
    ],
    [
      "memory",
      () => ({ values: (query: string) => (query.includes("memory") ? 86 : 40) }),
      "memory_percent is 86, above 85",
    ],
    ["disk", () => ({ values: (query: string) => (query.includes("disk") ? 81 : 40) }), "disk_percent is 81, above 80"],
    ["what nobody knows", () => ({ values: () => null }), "nobody says cpu_percent"],
  ])("fails for %s above its level, with the whole review", async (_, change, text) => {
    Object.assign(works.answers, change());
    const run = await review();
    expect(ended(run)).toEqual([1, says(text)]);
    expect(printed(run).projects).toHaveLength(3);
  });

  it.each<[string, () => unknown, string]>([
    [
      "the database does not answer",
      () => works.server((state) => (state.password = "other")),
      "cannot be counted by month",
    ],
    ["nobody says what users did", () => Object.assign(works.answers, { users: null }), "what users did"],
  ])("fails when %s", async (_, spoil, text) => {
    spoil();
    expect(ended(await review())).toEqual([1, says(text)]);
  });
});

describe("the look for updates", () => {
  const look = () => works.work(choreNames.updates);
  const upgrades = [
    { package: "openssl", security: true },
    { package: "jq", security: false },
  ];

  it("tells of packages, drivers and versions, and changes nothing", async () => {
    works.upgrades(upgrades);
    const run = await look();
    expect(ended(run)).toEqual([0, expect.any(String)]);
    expect(printed(run)).toMatchObject({
      packages: [
        { package: "jq", security: false },
        { package: "openssl", security: true },
      ],
      nodes: [{ node: "a", driver: "550.90" }],
      latest: { latest: "2026.3" },
      problems: [],
    });
    expect(printed(run).nucleus).toContain("2026.1");
  });

  it.each<[string, () => unknown, string]>([
    ["packages", () => works.upgrades({ down: true }), "packages cannot be looked up"],
    ["nodes", () => works.cluster((state) => (state.down = true)), "nodes cannot be listed"],
    ["the version", () => works.admin((state) => (state.fault = "version check")), "cannot check its version"],
    ["the vendor", () => Object.assign(works.answers, { updates: null }), "/updates does not answer"],
  ])("fails, with all the rest, where nobody tells of %s", async (_, spoil, text) => {
    spoil();
    const run = await look();
    expect(ended(run)).toEqual([1, says(text)]);
    expect(printed(run).problems).toHaveLength(1);
  });
});

describe("the monthly audit", () => {
  const audit = (runWith?: RunWith) => works.work(choreNames.audit, runWith);
  beforeEach(() => {
    works.file(`${logs}/auth.log`, "Authentication failed for bob\nok\nauthentication failed for eve\n", 0);
    works.file(`${logs}/auth.log.9`, "authentication failed, long ago\n", 40);
  });

  it("counts failed logins, names who stays away, and is content with what is declared", async () => {
    works.upgrades([{ package: "openssl", security: true }]);
    const run = await audit();
    expect(ended(run)).toEqual([0, expect.any(String)]);
    expect(printed(run)).toMatchObject({
      failedLogins: 2,
      inactiveUsers: ["gone"],
      openPorts: [80, 443],
      securityUpdates: ["openssl"],
      problems: [],
    });
    expect(works.keys("operations/reports/omniverse-audit-")).toHaveLength(1);
  });

  it.each<[string, RunWith, string]>([
    [
      "a port is open",
      { doubles: { NMAP_DOUBLE_PORTS: "22,80,443" } },
      "port 22 of localhost is open and nobody declared it",
    ],
    ["ports could not be looked at", { doubles: { NMAP_DOUBLE_FAULT: "timeout" } }, "could not be looked at"],
    ["nothing answers", { doubles: { NMAP_DOUBLE_PORTS: "" } }, "was it reached at all?"],
    ["there is no certificate", { doubles: { SITE_PORT: "9" } }, "shows no certificate"],
    ["the certificate ends soon", { replace: { CERTIFICATE_DAYS: "91" } }, "within 91 days"],
  ])("fails, with all the rest, when %s", async (_, runWith, text) => {
    const run = await audit(runWith);
    expect(ended(run)).toEqual([1, says(text)]);
    expect(printed(run)).toMatchObject({ failedLogins: 2, inactiveUsers: ["gone"] });
  });

  it.each<[string, () => unknown, string]>([
    ["users", () => works.admin((state) => (state.fault = "users list")), "users cannot be listed"],
    ["packages", () => works.upgrades({ down: true }), "packages cannot be looked up"],
  ])("fails where nobody tells of %s", async (_, spoil, text) => {
    spoil();
    expect(ended(await audit())).toEqual([1, says(text)]);
  });
});

describe("the clean-up of orphans", () => {
  const REPLICA = "company-omniverse-prod-assets-replica";
  const tidy = (runWith?: RunWith) => works.work(choreNames.orphans, runWith);
  const orphan = "projects/old/orphan.usd";
  const hidden = (bucket: string, key: string) =>
    fs
      .readdirSync(path.join(works.folder, "aws", bucket, "objects", encodeURIComponent(key)))
      .some(
        (file) =>
          file.endsWith(".json") &&
          fs
            .readFileSync(path.join(works.folder, "aws", bucket, "objects", encodeURIComponent(key), file), "utf8")
            .includes('"marker":true'),
      );
  const unrefer = (key: string) =>
    works.server((state) => (state.references = state.references.filter(([one]: string[]) => one !== key)));

  beforeEach(async () => {
    makeBucket(path.join(works.folder, "aws"), REPLICA, { region: "eu-west-1" });
    for (let i = 0; i < 12; i++) works.save(`projects/one/${i}.usd`);
    works.save(orphan);
    works.object(REPLICA, orphan, `content of ${orphan}\n`);
    unrefer(orphan);
    // Nothing refers to what recoveries note, and it is no orphan.
    works.object(ASSETS, ".holdfast/notes/20261121T030400.000Z", "a.usd\told\tnew\n");
    works.save("unrelated");
    expect((await works.job(jobNames.dump)).code).toBe(0);
  });

  it("notes an orphan, hides it in both regions only after every dump and moment, and deletes no version", async () => {
    const first = await tidy();
    expect(ended(first)).toEqual([0, expect.any(String)]);
    expect(printed(first)).toMatchObject({ objects: 14, unreferenced: 1, longerThanDays: 92, of: 0, hidden: 0 });
    const early = await tidy(clockAhead(works, 91));
    expect(printed(early)).toMatchObject({ unreferenced: 1, of: 0, hidden: 0 });
    const run = await tidy(clockAhead(works, 93));
    expect(ended(run)).toEqual([0, says(`hiding ${orphan}`)]);
    expect(printed(run)).toMatchObject({ of: 1, hidden: 1 });
    expect([hidden(ASSETS, orphan), hidden(REPLICA, orphan), hidden(ASSETS, "projects/one/1.usd")]).toEqual([
      true,
      true,
      false,
    ]);
    expect(hidden(ASSETS, ".holdfast/notes/20261121T030400.000Z")).toBe(false);
    expect(
      fs
        .readdirSync(path.join(works.folder, "aws", ASSETS, "objects", encodeURIComponent(orphan)))
        .filter((file) => file.endsWith(".bin")),
    ).toHaveLength(1);
    expect(fs.existsSync(path.join(works.folder, "admin/calls.jsonl"))).toBe(false);
  });

  it("keeps what a dump still refers to, however long the database has not", async () => {
    const old = "projects/one/0.usd";
    unrefer(old);
    await tidy();
    const run = await tidy({ ...clockAhead(works, 93), replace: { MOST_PERCENT: "20" } });
    expect(printed(run)).toMatchObject({ of: 2, keptAllTheSame: 1, hidden: 1 });
    expect(hidden(ASSETS, old)).toBe(false);
  });

  it("hides nothing where its time ends before all dumps are read, and has noted all the same what it saw", async () => {
    await tidy();
    const noted = works.stored("operations/orphans.tsv").length;
    const run = await tidy({ ...clockAhead(works, 93), replace: { RUN_SECONDS: "120" } });
    expect(ended(run)).toEqual([1, says("not all dumps can be read within 120 s")]);
    expect(hidden(ASSETS, orphan)).toBe(false);
    expect(works.stored("operations/orphans.tsv").length).toBe(noted + 1);
  });

  it("begins to count anew when something was written, or is referred to again", async () => {
    await tidy();
    works.object(ASSETS, orphan, "written again");
    expect(printed(await tidy(clockAhead(works, 93)))).toMatchObject({ unreferenced: 1, of: 0, hidden: 0 });
    works.server((state) => state.references.push([orphan, "", ""]));
    expect(printed(await tidy(clockAhead(works, 200)))).toMatchObject({ unreferenced: 0 });
    unrefer(orphan);
    expect(printed(await tidy(clockAhead(works, 201)))).toMatchObject({ unreferenced: 1, of: 0 });
  });

  it.each<[string, () => unknown, string]>([
    [
      "so many would go that something else must be wrong",
      () => works.server((state) => (state.references = [["unrelated", "", ""]])),
      "more than 10 %: nothing is",
    ],
    ["the database refers to nothing", () => works.server((state) => (state.references = [])), "refers to nothing"],
    ["the list of references fails", () => works.server((state) => delete state.references), "cannot be listed"],
    [
      "what was noted cannot be read",
      () => {
        for (const file of works.stored("operations/orphans.tsv")) fs.rmSync(file);
      },
      "cannot be read",
    ],
    [
      "a dump cannot be read",
      () => {
        for (const { references } of works.points("database"))
          for (const file of works.stored(references.parts[0].key)) fs.appendFileSync(file, "x");
      },
      "is damaged",
    ],
  ])("hides nothing and fails when %s", async (_, spoil, text) => {
    unrefer("projects/one/1.usd");
    for (let i = 2; i < 6; i++) unrefer(`projects/one/${i}.usd`);
    await tidy();
    for (let i = 2; i < 6; i++) works.server((state) => state.references.push([`projects/one/${i}.usd`, "", ""]));
    works.server((state) => state.references.push(["projects/one/1.usd", "", ""]));
    spoil();
    const run = await tidy(clockAhead(works, 93));
    expect(ended(run)).toEqual([1, says(text)]);
    expect(hidden(ASSETS, orphan)).toBe(false);
  });
});
