import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { jobNames } from "../../../../systems/omniverse/names";
import type { RunWith } from "../../../support/cronJob";
import { declaredGraph } from "../../../support/declaredGraph";
import { COPIES, canaries, type Estate, makeEstate } from "./fixture";

let graph: ResourceGraph;
let estate: Estate;
beforeAll(async () => {
  graph = await declaredGraph("prod");
});
beforeEach(async () => {
  estate = await makeEstate(graph);
  estate.save("projects/one.usd");
  estate.save("projects/two.usd");
});
afterEach(() => estate.close());

const dump = (runWith?: RunWith) => estate.job(jobNames.dump, runWith);
const verify = (runWith?: RunWith) => estate.job(jobNames.verifyDatabase, runWith);
const labels = '{asset="omniverse/database",instance="omniverse/database",job="holdfast"';

describe("a dump of the database", () => {
  it("holds what was counted in its snapshot, is locked, and told to the alerts", async () => {
    const run = await dump();
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining("2 references") as string]);
    const [manifest] = estate.points("database");
    expect(manifest).toMatchObject({
      asset: "omniverse/database",
      database: "nucleus",
      postgres: "15.12",
      tables: { "public.assets": 2, "public.history": 7 },
      references: { count: 2 },
    });
    const series = await estate.gateway.series();
    const captured = series[`holdfast_capture_timestamp_seconds${labels},role="full"}`] ?? 0;
    expect(captured).toBe(Math.floor(Date.parse(manifest.capture) / 1000));
    expect(captured * 1000).toBeLessThanOrEqual(run.ended);
    for (const secret of canaries) expect(estate.said()).not.toContain(secret);
    expect(estate.keys("backups/database/primary/dumps/")).toHaveLength(2);
  });

  it("goes in parts where one object would be too large, and is put together again", async () => {
    expect((await dump({ doubles: { PART_BYTES: "4000" } })).code).toBe(0);
    expect(estate.points("database")[0].dump.length).toBe(3);
    expect((await verify()).code).toBe(0);
  });

  it.each<[string, () => RunWith | undefined, string]>([
    ["pg_dump dies half way", () => void estate.fault("dies"), "pg_dump failed"],
    ["pg_dump writes an archive of nothing", () => void estate.fault("empty"), "holds no data of public.assets"],
    ["the database has no table", () => void estate.server((state) => (state.tables = {})), "has no table"],
    [
      "what it refers to cannot be listed",
      () => void estate.server((state) => delete state.references),
      "refers to cannot be listed",
    ],
    ["the password is not the one", () => void estate.server((state) => (state.password = "other")), "no snapshot"],
    ["the connection to the bucket is lost", () => ({ doubles: { AWS_DOUBLE_FAIL_PUT: "1" } }), "not uploaded whole"],
    [
      "a part is damaged on its way",
      () => {
        const script = `PATH=$(printf '%s' "$PATH" | sed 's,[^:]*/commands-wire:,,')
case "$*" in *put-object*/dumps/*) for word in "$@"; do case $word in */part) printf x >>"$word" ;; esac; done ;; esac
exec aws "$@"`;
        return { commands: [estate.commands("wire", { aws: script })] };
      },
      "not uploaded whole",
    ],
    ["the connection is lost at its last object", () => ({ doubles: { AWS_DOUBLE_FAIL_PUT: "3" } }), "cannot write"],
    ["the bucket has no lock", () => void estate.bucket(COPIES, { region: "eu-west-1" }), "COMPLIANCE mode, got None"],
    [
      "the lock can be lifted",
      () => void estate.bucket(COPIES, { region: "eu-west-1", lock: { mode: "GOVERNANCE", days: 90 } }),
      "COMPLIANCE mode, got GOVERNANCE",
    ],
    [
      "the lock is too short",
      () => void estate.bucket(COPIES, { region: "eu-west-1", lock: { mode: "COMPLIANCE", days: 30 } }),
      "must stay locked for 90 days",
    ],
    [
      "the bucket keeps no versions",
      () => void estate.bucket(COPIES, { region: "eu-west-1", versioning: false }),
      "has no version",
    ],
  ])("is none when %s, and the one before stays the newest", async (_, spoil, says) => {
    const run = await dump(spoil());
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining(says) as string]);
    expect(estate.points("database")).toEqual([]);
    expect(await estate.gateway.series()).toEqual({});
  });

  it("is there although nobody can be told of it, and the run fails to say so", async () => {
    estate.gateway.stop();
    const run = await dump();
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining("Pushgateway did not take") as string]);
    expect(estate.points("database")).toHaveLength(1);
  });
});

describe("a verification of dumps", () => {
  it("restores the newest and an older one, though both were overwritten and hidden since", async () => {
    await dump();
    await dump();
    for (const key of estate.keys("backups/database/")) {
      estate.object(COPIES, key, "overwritten");
      estate.object(COPIES, key);
    }
    const run = await verify();
    expect([run.code, run.stderr.match(/restores: /g)?.length]).toEqual([0, 2]);
    expect(await estate.gateway.series()).toHaveProperty([
      `holdfast_verified_timestamp_seconds${labels},role="verify"}`,
    ]);
  });

  it.each([
    ["refused", "cannot be restored"],
    ["loses", "public.assets: 1 rows, 2 were dumped"],
    ["damaged", "is damaged: see pg_amcheck"],
  ])("fails when the restore is %s", async (fault, says) => {
    await dump();
    estate.fault(fault);
    const run = await verify();
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining(says) as string]);
    expect(Object.keys(await estate.gateway.series()).join()).not.toContain("verified");
  });

  it("fails when a part came back damaged, and where there is no dump at all", async () => {
    expect((await verify()).stderr).toContain("no point of omniverse/database");
    await dump();
    const { key } = estate.points("database")[0].dump[0];
    const [file = ""] = estate.stored(key);
    fs.appendFileSync(file, "x");
    const run = await verify();
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining("is damaged: its SHA-256") as string]);
  });
});

describe("what RDS can restore", () => {
  const restorable = (protection: string) =>
    `holdfast_restorable_timestamp_seconds{asset="omniverse/database",instance="omniverse/database",job="holdfast",protection="${protection}",role="restorable"}`;

  it("is told to the alerts, here and from what is carried to the other region", async () => {
    expect((await estate.job(jobNames.restorable)).code).toBe(0);
    expect(await estate.gateway.series()).toEqual({
      [restorable("point-in-time")]: Date.parse("2026-11-21T01:55:00Z") / 1000,
      [restorable("replicated-backups")]: Date.parse("2026-11-21T01:40:00Z") / 1000,
    });
  });

  it("is an error where the other region has it of an instance that was put aside, and follows that one", async () => {
    const file = path.join(estate.folder, "aws/rds.json");
    const { "omniverse-prod": instance } = JSON.parse(fs.readFileSync(file, "utf8"));
    // As a restore in place leaves it: the same name, another instance.
    const restored = { ...instance, DbiResourceId: "db-TWO", ReadReplicaDBInstanceIdentifiers: [] };
    fs.writeFileSync(file, JSON.stringify({ "omniverse-prod": restored }));
    const run = await estate.job(jobNames.restorable);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      "no backups of omniverse-prod are carried to eu-west-1: where a recovery has replaced",
    );
    expect(run.stderr).toContain("omniverse-prod-replica of eu-west-1 does not follow omniverse-prod");
    expect(Object.keys(await estate.gateway.series())).toEqual([restorable("point-in-time")]);
  });

  it("is an error where it is nothing, and what is left is told all the same", async () => {
    const file = path.join(estate.folder, "aws/rds.json");
    const retained = { "eu-west-1": [{ Status: "retained", RestoreWindow: { LatestTime: "2026-11-20T00:00:00Z" } }] };
    const instance = { DBInstanceStatus: "available", LatestRestorableTime: "2026-11-21T01:55:00Z" };
    fs.writeFileSync(file, JSON.stringify({ "omniverse-prod": { ...instance, carried: retained } }));
    const here = await estate.job(jobNames.restorable);
    expect([here.code, here.stderr]).toEqual([1, expect.stringContaining("carried to eu-west-1") as string]);
    expect(Object.keys(await estate.gateway.series())).toEqual([restorable("point-in-time")]);

    const full = { DBInstanceStatus: "storage-full", BackupRetentionPeriod: 0 };
    fs.writeFileSync(file, JSON.stringify({ "omniverse-prod": full }));
    const nothing = await estate.job(jobNames.restorable);
    const says = "no moment: it is storage-full, backups are kept for 0 days; no backups of omniverse-prod are carried";
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining(says) as string]);
    fs.writeFileSync(file, "{}");
    const unknown = await estate.job(jobNames.restorable);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("does not know") as string]);
  });
});
