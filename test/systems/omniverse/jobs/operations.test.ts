import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { choreNames } from "../../../../systems/omniverse/choreNames";
import type { RunWith } from "../../../support/cronJob";
import { declaredGraph } from "../../../support/declaredGraph";
import type { JobRun } from "../../../support/runToDeadline";
import { COPIES } from "./fixture";
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
const of = (metric: string, role: string, more = "") =>
  `${metric}{asset="omniverse/database",instance="omniverse/database",job="holdfast",role="${role}"${more}}`;

describe("the collector", () => {
  const collect = (runWith?: RunWith) => works.work(choreNames.metrics, runWith);
  const measured = async () => {
    const series = await works.gateway.series();
    const names = Object.keys(series).map((key) => key.slice(0, key.indexOf("{")));
    const whats = Object.keys(series).flatMap((key) => /what="(\w+)"/.exec(key)?.[1] ?? []);
    return { series, names: [...new Set(names)].sort(), whats: whats.sort() };
  };

  it("pushes health, response time, sessions and the database, each with the time of it", async () => {
    expect(ended(await collect())).toEqual([0, expect.any(String)]);
    const { series, whats } = await measured();
    expect(whats).toEqual(["database", "health", "response", "sessions"]);
    expect(series[of("holdfast_nucleus_up", "metrics")]).toBe(1);
    expect(series[of("holdfast_nucleus_sessions", "metrics")]).toBe(1);
    expect(series[of("holdfast_database_up", "metrics")]).toBe(1);
    expect(series[of("holdfast_nucleus_response_seconds", "metrics")]).toBeGreaterThan(0);
  });

  it("tells that Nucleus is unwell and the database refuses, and succeeds all the same", async () => {
    works.answers.health = 503;
    works.server((state) => (state.password = "another"));
    expect((await collect()).code).toBe(0);
    const { series } = await measured();
    expect(series[of("holdfast_nucleus_up", "metrics")]).toBe(0);
    expect(series[of("holdfast_database_up", "metrics")]).toBe(0);
  });

  it.each<[string, () => RunWith | undefined, string[]]>([
    [
      "sessions",
      () => void Object.assign(works.answers, { sessions: { error: "overloaded" } }),
      ["database", "health", "response"],
    ],
    ["the server of Nucleus", () => ({ replace: { NUCLEUS_URL: "https://localhost:9" } }), ["database", "health"]],
    [
      "where the database is",
      () => void fs.writeFileSync(path.join(works.folder, "aws/rds.json"), "{}"),
      ["health", "response", "sessions"],
    ],
    [
      "who answers, because the certificate is of somebody else",
      () => ({ secrets: { "nucleus-tls": { "ca.crt": "", "tls.key": "" } } }),
      ["database", "health"],
    ],
  ])("leaves out what it does not know: %s", async (_, spoil, whats) => {
    expect((await collect(spoil())).code).toBe(0);
    expect((await measured()).whats).toEqual(whats);
  });

  it("fails when nobody takes the numbers", async () => {
    works.gateway.stop();
    expect(ended(await collect())).toEqual([1, says("Pushgateway did not take")]);
  });
});

describe("the clean-up of sessions", () => {
  const clean = (runWith?: RunWith) => works.work(choreNames.sessions, runWith);

  it("closes what nobody has touched for two hours, and nothing else", async () => {
    expect((await clean()).code).toBe(0);
    expect(works.admin().sessions.map(({ id }: { id: string }) => id)).toEqual(["s1"]);
    const calls = fs.readFileSync(path.join(works.folder, "admin/calls.jsonl"), "utf8").trim().split("\n");
    expect(calls).toEqual([JSON.stringify(["session", "cleanup", "--idle-timeout", "7200"])]);
    expect(await works.gateway.series()).toHaveProperty([of("holdfast_sessions_before", "sessions")], 1);
  });

  it.each<[string, () => void, string]>([
    ["the command fails", () => works.admin((state) => (state.fault = "session cleanup")), "could not close"],
    ["sessions cannot be counted", () => void Object.assign(works.answers, { sessions: {} }), "nothing is closed"],
  ])("fails when %s", async (_, spoil, text) => {
    spoil();
    expect(ended(await clean())).toEqual([1, says(text)]);
    expect(works.admin().sessions).toHaveLength(2);
  });
});

describe("the maintenance of the database", () => {
  const maintain = () => works.work(choreNames.maintenance);

  it("vacuums, rebuilds, analyses and says what is how large", async () => {
    const run = await maintain();
    expect(ended(run)).toEqual([0, expect.any(String)]);
    expect(printed(run)).toMatchObject({
      bytes: 8_000_000,
      problems: [],
      tables: [{ table: "public.assets" }, { table: "public.history" }],
    });
    expect(await works.gateway.series()).toHaveProperty([of("holdfast_database_bytes", "maintenance")], 8_000_000);
  });

  it("drops what an interrupted rebuild left behind", async () => {
    works.server((state) => (state.invalid = ["public.assets_pkey_ccnew1"]));
    expect((await maintain()).code).toBe(0);
    expect(works.server().invalid).toEqual([]);
  });

  it("does nothing beside a dump", async () => {
    works.server((state) => Object.assign(state, { dumping: 1, invalid: ["public.assets_pkey_ccnew"] }));
    expect(ended(await maintain())).toEqual([1, says("a dump is running: nothing was done")]);
    expect(works.server().invalid).toEqual(["public.assets_pkey_ccnew"]);
  });

  it.each<[string, () => void, string[]]>([
    [
      "a rebuild ends half way",
      () => works.fault("reindex"),
      ["REINDEX failed", "invalid indexes: public.assets_pkey_ccnew"],
    ],
    ["a table is locked for long", () => works.fault("vacuum"), ["VACUUM ANALYZE failed"]],
    [
      "an index of somebody else is not valid",
      () => works.server((s) => (s.invalid = ["public.own"])),
      ["invalid indexes: public.own"],
    ],
    [
      "a table has old statistics",
      () => works.server((s) => (s.stale = ["public.assets"])),
      ["no new statistics of public.assets"],
    ],
  ])("does the rest and fails when %s", async (_, spoil, problems) => {
    spoil();
    const run = await maintain();
    expect([run.code, printed(run).problems]).toEqual([1, problems]);
    expect(await works.gateway.series()).toHaveProperty([of("holdfast_database_bytes", "maintenance")]);
  });
});

describe("the clean-up of the servers' volumes", () => {
  const [logs, cache] = ["opt/ove/nucleus/logs", "var/cache/nucleus"];
  /** As nginx names what it writes: test/real/nginx.test.ts. */
  const dayAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  const tidy = (runWith?: RunWith) => works.work(choreNames.storage, runWith);
  const there = (files: readonly string[]) => files.filter((file) => fs.existsSync(file));
  let old: Record<"temporary" | "cached" | "nginx" | "log" | "packed", string>;
  let young: string[];
  beforeEach(() => {
    old = {
      temporary: works.file(`${cache}/a.usd_tmp`, "x", 7.1),
      cached: works.file(`${cache}/deep/er/thumbnail`, "x", 30.1),
      nginx: works.file(`${logs}/nginx-7d9f-1.log.${dayAgo(30.1)}`, "x", 30.1),
      log: works.file(`${logs}/nucleus-server.log.3`, "what happened\n", 30.1),
      packed: works.file(`${logs}/sub/discovery.log.4.gz`, "packed", 45),
    };
    young = [
      works.file(`${cache}/b.usd_tmp`, "x", 6.9),
      works.file(`${cache}/scene`, "x", 29.9),
      works.file(`${logs}/nginx-7d9f-2.log.${dayAgo(29.9)}`, "x", 29.9),
      works.file(`${logs}/nucleus-server.log.2`, "x", 29.9),
      works.file(`${logs}/nucleus-server.log`, "x", 0),
      works.file(`${logs}/keep.txt`, "not a log", 90),
    ];
  });

  it("deletes what is temporary, archives logs in the other region, and keeps what is young", async () => {
    const run = await tidy();
    expect(ended(run)).toEqual([0, expect.any(String)]);
    expect(there(Object.values(old))).toEqual([]);
    expect(there(young)).toEqual(young);
    const keys = works.keys("operations/logs/");
    expect(keys.map((key) => key.replace(/\d{4}\/\d\d\/\d\d/, "<day>")).sort()).toEqual([
      "operations/logs/<day>/nucleus-server.log.3.gz",
      "operations/logs/<day>/sub/discovery.log.4.gz",
    ]);
    expect(printed(run)).toMatchObject({ deleted: { temporary: 1, cache: 1, nginx: 1 }, archived: 2, problems: [] });
  });

  it.each<[string, () => RunWith | undefined]>([
    ["the bucket refuses it", () => ({ doubles: { AWS_DOUBLE_FAIL_PUT: "1" } })],
    ["the bucket has no lock", () => void works.bucket(COPIES, { region: "eu-west-1" })],
    ["it is too large for one object", () => ({ doubles: { PART_BYTES: "3" } })],
  ])("keeps a log and fails when %s", async (_, spoil) => {
    const run = await tidy(spoil());
    expect(ended(run)).toEqual([1, says("nucleus-server.log.3 was not archived and stays")]);
    expect(there([old.log, old.packed])).toEqual([old.log, old.packed]);
    expect(there([old.temporary])).toEqual([]);
  });

  it("fails, when all is done, where nobody says how full the disks are", async () => {
    works.answers.values = () => null;
    expect(ended(await tidy())).toEqual([1, says("nobody says how full")]);
    expect(there(Object.values(old))).toEqual([]);
  });
});
