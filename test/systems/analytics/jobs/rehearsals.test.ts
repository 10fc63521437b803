import * as fs from "node:fs";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readRegister } from "../../../../systems/config/register";
import { readsCapture } from "../../../support/azure/events";
import {
  clonedAll,
  clonedAt,
  done,
  eachInRegions,
  ended,
  exportOf,
  names,
  type Regions,
  said,
  says,
} from "./recoverFixture";

let regions: Regions;
eachInRegions((started) => {
  regions = started;
});

const nightly = { name: "nightly", tasks: [{ task_key: "run" }] };
const workspace = exportOf({ jobs: [{ job_id: 1, settings: nightly }] });

describe("the weekly verification", () => {
  const verify = () => regions.job("analytics-verify-databricks");

  test("reads an export back whole, and says so", async () => {
    await regions.exported("databricks", workspace);
    const run = await verify();
    expect(ended(run)).toEqual(done);
    expect(JSON.parse(run.stdout)).toMatchObject({ asset: "analytics/databricks", verified: true });
    expect(Object.keys(await regions.gateway.series()).join()).toContain("holdfast_verification_timestamp_seconds");
  });

  test("tells a damaged export, and one that is too old", async () => {
    await regions.exported("databricks", workspace);
    const account = regions.azure.account(names.locked);
    const [part = ""] = account.names("exports/databricks/content/");
    const [version] = account.blobs.get(part) ?? [];
    const whole = version?.body;
    if (version) version.body = Buffer.alloc(version.body.length);
    expect(ended(await verify())).toEqual(says("is not what was written"));
    if (version && whole) version.body = whole;
    const late = await regions.job("analytics-verify-databricks", said(), { replace: { MOST_AGE: "0" } });
    expect(ended(late)).toEqual(says("with one failed run it should be"));
  });
});

describe("the test of the lake", () => {
  const drill = () => regions.job("analytics-drill-lake");

  test("counts and checks the clones where they lie, names none, and writes a record as the register reads it", async () => {
    const { warehouse } = regions.secondary;
    const before = [...warehouse.tables.keys()];
    const run = await drill();
    expect(ended(run)).toEqual(done);
    const { records, ageSeconds } = JSON.parse(run.stdout);
    expect(ageSeconds).toBeGreaterThan(1_000);
    expect(records).toEqual([
      expect.objectContaining({ asset: "analytics/lake", path: "lake-in-secondary", verified: true }),
    ]);
    fs.writeFileSync(path.join(regions.folder, "drills.json"), JSON.stringify({ drills: records }));
    expect(readRegister(regions.folder, ["drills.json"])).toMatchObject({ entries: { drills: records }, problems: [] });
    // A recovery that begins meanwhile finds no folder taken.
    expect([...warehouse.tables.keys()]).toEqual(before);
    expect(warehouse.ran.filter((one) => /^(create|drop)/i.test(one))).toEqual([]);
    for (const account of [names.copy, names.locked]) {
      const read = warehouse.ran.filter((one) => one.includes(`tables@${account}.`) && one.includes("VERSION AS OF 1"));
      expect(
        read.filter((one) => / as rows from /i.test(one)),
        account,
      ).toHaveLength(2);
      expect(read.filter((one) => / as wrong from /i.test(one)).length, account).toBeGreaterThan(2);
    }
  });

  test("reads clones that a failover has named as it reads others, and so does the weekly verification", async () => {
    const { warehouse } = regions.secondary;
    for (const table of ["bronze.events", "gold.daily_events"])
      warehouse.tables.set(`analytics.${table}`, warehouse.table(clonedAt(names.copy, table)));
    expect(ended(await drill())).toEqual(done);
    expect(ended(await regions.job("analytics-verify-lake"))).toEqual(done);
  });

  test("fails where a clone under the lock has lost rows that its run noted", async () => {
    const [, newest] = regions.secondary.warehouse.table(clonedAt(names.locked, "bronze.events")).versions;
    if (newest) newest.rows = [];
    expect(ended(await drill())).toEqual(says(`bronze.events of ${names.locked} has 0 rows, its clone had 2`));
  });

  test("fails where clones are older than promised or not sound", async () => {
    clonedAll(regions, new Date(Date.now() - 5 * 3_600_000));
    expect(ended(await drill())).toEqual(says("what came back is as old as"));
    regions.secondary.warehouse.knows(/^select count\(\*\).* as wrong from/i, () => [{ wrong: "2" }]);
    expect(ended(await drill())).toEqual(says("is not sound"));
  });
});

describe("the test of Databricks", () => {
  const drill = () => regions.job("analytics-drill-databricks");
  const onClusters = (...clusters: string[]) =>
    clusters.map((id, place) => ({
      job_id: place + 1,
      settings: { name: `on-${id}`, tasks: [{ task_key: "run", existing_cluster_id: id }] },
    }));
  const clusters = [
    { cluster_id: "PRIMARY-0101", cluster_name: "analytics-bronze" },
    { cluster_id: "PRIMARY-0102", cluster_name: "of-the-analysts" },
  ];

  test("makes every job under a name of its own on what is here, counts what only a recovery makes, and leaves none", async () => {
    const jobs = [{ job_id: 9, settings: nightly }, ...onClusters("PRIMARY-0101", "PRIMARY-0102")];
    await regions.exported("databricks", exportOf({ jobs, clusters }));
    const before = regions.secondary.jobs.size;
    const run = await drill();
    expect(ended(run)).toEqual(done);
    expect(JSON.parse(run.stdout)).toMatchObject({ jobs: 2, unmade: ["on-PRIMARY-0102"], verified: true });
    expect(regions.secondary.jobs.size).toBe(before);
  });

  test("counts what runs as a service, and fails where jobs share a name", async () => {
    const jobs = [{ job_id: 9, settings: nightly }, ...onClusters("PRIMARY-0101")];
    const service = { job_id: 8, run_as: "service-of-a-team", settings: { name: "of-a-service", tasks: [] } };
    await regions.exported("databricks", exportOf({ jobs: [...jobs, service], clusters }));
    const run = await drill();
    expect(ended(run)).toEqual(done);
    expect(JSON.parse(run.stdout)).toMatchObject({ jobs: 2, unmade: ["of-a-service"] });
    await regions.exported("databricks", exportOf({ jobs: [...jobs, { job_id: 7, settings: nightly }], clusters }));
    expect(ended(await drill())).toEqual(says("would not come back: nightly (its name, which 2 have)"));
  });

  test("fails where a job names what no export holds: it would not come back", async () => {
    await regions.exported("databricks", exportOf({ jobs: onClusters("PRIMARY-0103"), clusters }));
    expect(ended(await drill())).toEqual(
      says("would not come back: on-PRIMARY-0103 (existing_cluster_id PRIMARY-0103)"),
    );
  });
});

test("the weekly verification of the lake reads every clone in both accounts", async () => {
  const run = await regions.job("analytics-verify-lake");
  expect(ended(run)).toEqual(done);
  expect(JSON.parse(run.stdout)).toMatchObject({ tables: 4, verified: true });
});

describe("the test of Kafka", () => {
  const drill = () => regions.job("analytics-drill-kafka");
  const captured = (rows: number) => {
    const { NAMESPACES = "", TOPIC, PARTITIONS, SAMPLED } = regions.env("analytics-drill-kafka");
    const hour = new Date().toISOString().slice(0, 13).replace(/[-T]/g, "/");
    const account = regions.azure.account(names.locked, 35);
    for (const namespace of NAMESPACES.split(" "))
      for (let partition = 0; partition < Number(PARTITIONS); partition += Number(SAMPLED))
        account.write(`events/${namespace}/${TOPIC}/${partition}/${hour}/00/00.avro`, "events");
    const { warehouse } = regions.secondary;
    const all = Array.from({ length: rows }, (_, id) => ({ id }));
    warehouse.knows(
      /^create table (\S+) as select .* from read_files\('abfss:\/\/events@.*/i,
      ([whole, table = ""]) => {
        readsCapture(whole);
        warehouse.write(table.replaceAll("`", ""), all);
        return [];
      },
    );
  };

  const kept = (rows: number) => {
    const { warehouse } = regions.secondary;
    warehouse.knows(/^create table (\S+) as select \* from \S+ where false$/i, ([, table = ""]) => {
      warehouse.write(table.replaceAll("`", ""), []);
      return [];
    });
    warehouse.knows(/^merge into (\S+) .* from read_kafka\(bootstrapServers => '([^.]+)\./i, ([, table = "", of]) => {
      expect(of).toBe(regions.env("analytics-drill-kafka").NAMESPACES?.split(" ")[0]);
      const all = Array.from({ length: rows }, (_, id) => ({ id }));
      warehouse.add(table, all, "MERGE");
      return [];
    });
  };

  test("reads what was captured of every namespace within the hour, reads events of one again, and promotes none", async () => {
    captured(3);
    kept(3);
    const run = await drill();
    expect(ended(run)).toEqual(done);
    expect(JSON.parse(run.stdout).records).toMatchObject([{ path: "kafka-in-clean-room", verified: true }]);
    expect(regions.azure.count(/failover$/)).toBe(0);
    expect([...regions.secondary.warehouse.tables.keys()].filter((one) => one.includes("drill_"))).toEqual([]);
  });

  test("fails where files are there and hold no event", async () => {
    captured(0);
    expect(ended(await drill())).toEqual(says("nothing was captured of"));
  });

  test("fails where no event can be read again, or none is there", async () => {
    captured(3);
    kept(0);
    expect(ended(await drill())).toEqual(says("was read again since"));
    regions.secondary.outcome = () => "FAILED";
    expect(ended(await drill())).toEqual(says("cannot be read again"));
  });
});

test("the test of keys reads every secret that was exported, and fails where one is gone", async () => {
  await regions.exported("keys", { "secrets.json": JSON.stringify([{ name: "one" }]), "secrets.age": "sealed" });
  const { secrets } = regions.azure.vault(names.vault);
  expect(ended(await regions.job("analytics-drill-keys"))).toEqual(says("secret one cannot be read"));
  secrets.set("one", "canary-one");
  const run = await regions.job("analytics-drill-keys");
  expect(ended(run)).toEqual(done);
  expect(run.stdout + run.stderr).not.toContain("canary");
});

test("the test of the configuration makes every policy under a name of its own, and leaves none", async () => {
  const { SUBSCRIPTION } = regions.env("analytics-drill-configuration");
  const id = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/policyDefinitions/tls`;
  const policyRule = { if: { field: "type", equals: "none" } };
  await regions.exported("configuration", {
    "policies.json": JSON.stringify([{ id, apiVersion: "2023-04-01", properties: { policyRule, mode: "Indexed" } }]),
  });
  const run = await regions.job("analytics-drill-configuration");
  expect(ended(run)).toEqual(done);
  expect(regions.azure.count(/^PUT .*policyDefinitions\/drill_/)).toBe(1);
  expect(regions.azure.arm.ids().filter((one) => one.includes("drill_"))).toEqual([]);
});

test("the test of the logs counts the lines of the newest copy, and fails where the copy says another number", async () => {
  const lines = gzipSync('{"line":1}\n{"line":2}\n');
  await regions.exported("logs", { "AzureDiagnostics.jsonl.gz": lines }, { AzureDiagnostics: 2 });
  expect(ended(await regions.job("analytics-drill-logs"))).toEqual(done);
  await regions.exported("logs", { "AzureDiagnostics.jsonl.gz": lines }, { AzureDiagnostics: 3 });
  expect(ended(await regions.job("analytics-drill-logs"))).toEqual(says("its manifest says another number"));
});

test("the test of Power BI publishes every report beside the others, and takes its workspace away", async () => {
  const reports = [{ id: "r1", name: "Revenue", file: "g/r1.pbix" }];
  await regions.exported("powerbi", {
    "workspaces.json": JSON.stringify([{ id: "g", name: "sales", reports, datasets: [], users: [] }]),
    "g/r1.pbix": "content of the report\n",
  });
  const run = await regions.job("analytics-drill-powerbi");
  expect(ended(run)).toEqual(done);
  expect(JSON.parse(run.stdout)).toMatchObject({ reports: 1, verified: true });
  expect(regions.azure.powerBi.groups.size).toBe(0);
});

test("whoever rehearses may do nothing that no rehearsal needs", () => {
  expect(regions.access.unasked("analytics-secondary", "analytics-rehearsal")).toEqual([]);
});
