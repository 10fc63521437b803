import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { choreNames } from "../../../../systems/omniverse/choreNames";
import { jobNames } from "../../../../systems/omniverse/names";
import type { RunWith } from "../../../support/cronJob";
import { declaredGraph } from "../../../support/declaredGraph";
import { makeBucket } from "../../../support/doubles";
import { ASSETS, clockAhead } from "./fixture";
import { makeWorks, secrets, type Works } from "./operationsFixture";

const REPLICA = "company-omniverse-prod-assets-replica";

let graph: ResourceGraph;
let works: Works;
beforeAll(async () => {
  graph = await declaredGraph("prod");
});
beforeEach(async () => {
  works = await makeWorks(graph);
  // After a failover: what was the replica serves, files are in its bucket, and of the first site nothing answers.
  makeBucket(path.join(works.folder, "aws"), REPLICA, { region: "eu-west-1" });
  fs.rmSync(path.join(works.folder, "aws", ASSETS), { recursive: true });
  const file = path.join(works.folder, "aws/rds.json");
  const { "omniverse-prod": instance } = JSON.parse(fs.readFileSync(file, "utf8"));
  delete instance.carried;
  fs.writeFileSync(file, JSON.stringify({ "omniverse-prod-replica": instance }));
});
afterEach(() => {
  for (const secret of secrets) expect(works.said()).not.toContain(secret);
  works.end();
});

const woken = (name: string, runWith?: RunWith) => works.work(name, runWith, "secondary");
const series = async (metric: string) =>
  Object.entries(await works.gateway.series()).filter(([key]) => key.startsWith(`${metric}{`));

describe("at the second site, once it serves", () => {
  it("what RDS can restore is told, and nothing is missed that is carried nowhere", async () => {
    const run = await woken(jobNames.restorable);
    expect([run.code, run.stderr]).toEqual([0, ""]);
    expect(await series("holdfast_restorable_timestamp_seconds")).toEqual([
      [expect.stringContaining('protection="point-in-time"'), Date.parse("2026-11-21T01:55:00Z") / 1_000],
    ]);
  });

  it("an instance without a first backup is an error of its job, so that somebody is told", async () => {
    const file = path.join(works.folder, "aws/rds.json");
    const promoted = { DBInstanceStatus: "available", BackupRetentionPeriod: 35 };
    fs.writeFileSync(file, JSON.stringify({ "omniverse-prod-replica": promoted }));
    const run = await woken(jobNames.restorable);
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining("can be restored to no moment")]);
    expect(await series("holdfast_restorable_timestamp_seconds")).toEqual([]);
  });

  it("the morning check is content without the first", async () => {
    works.answers.secondary = 200;
    works.file("opt/ove/nucleus/logs/nucleus-server.log", "INFO well\n", 0);
    fs.cpSync(path.join(works.folder, "primary"), path.join(works.folder, "secondary"), { recursive: true });
    const run = await woken(choreNames.health);
    expect([run.code, run.stderr]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(run.stdout)).toMatchObject({ postgres: "15.12", problems: [] });
  });

  it("the collector measures its own database", async () => {
    expect((await woken(choreNames.metrics)).code).toBe(0);
    expect((await series("holdfast_database_up")).map(([, value]) => value)).toEqual([1]);
  });

  it("an orphan is hidden in the one bucket that there is", async () => {
    for (const key of ["kept.usd", "orphan.usd"]) {
      works.object(REPLICA, key, "content");
    }
    for (let i = 0; i < 10; i++) works.object(REPLICA, `kept-${i}.usd`, "content");
    works.server((state) => {
      state.references = [["kept.usd", "", ""], ...Array.from({ length: 10 }, (_, i) => [`kept-${i}.usd`, "", ""])];
    });
    expect((await woken(jobNames.dump)).code).toBe(0);
    expect((await woken(choreNames.orphans)).code).toBe(0);
    const run = await woken(choreNames.orphans, clockAhead(works, 93));
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining("hiding orphan.usd")]);
    expect(JSON.parse(run.stdout)).toMatchObject({ hidden: 1, problems: [] });
    const folder = path.join(works.folder, "aws", REPLICA, "objects", "orphan.usd");
    const markers = fs.readdirSync(folder).filter((file) => file.endsWith(".json"));
    expect(markers).toHaveLength(2);
  });

  it("its dump is restored by its own verification, which the gates ask for", async () => {
    works.object(REPLICA, "kept.usd", "content");
    works.server((state) => {
      state.references = [["kept.usd", "", ""]];
      state.tables["public.assets"] = 1;
    });
    expect((await woken(jobNames.dump)).code).toBe(0);
    const run = await woken(jobNames.verifyDatabase);
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining("restores")]);
    expect((await series("holdfast_verified_timestamp_seconds")).map(([key]) => key)).toEqual([
      expect.stringContaining('asset="omniverse/database",instance="omniverse/database",job="holdfast",role="verify"'),
    ]);
  });
});
