import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { loadGraph } from "../../../../preview/offline";
import { choreNames } from "../../../../systems/omniverse/choreNames";
import { jobNames } from "../../../../systems/omniverse/names";
import { ASSETS } from "./fixture";
import { makeWorks, type Works } from "./operationsFixture";

interface Call {
  operation: string;
  region: string;
  bucket?: string;
  key?: string;
  "secret-id"?: string;
  "hosted-zone-id"?: string;
}
interface Statement {
  Action: string[];
  Resource: string[];
}

let graph: ResourceGraph;
let estate: Works;
beforeAll(async () => {
  ({ graph } = await loadGraph({ program: path.resolve(__dirname, "../../../.."), stack: "prod" }));
  estate = await makeWorks(graph);
  estate.save("projects/one.usd");
});
afterAll(() => estate.end());

/** What AWS asks a role for, for one command of its command line. */
function neededFor({
  operation,
  region,
  bucket,
  key,
  "secret-id": secret,
  "hosted-zone-id": zone,
}: Call): [action: string, arn: string][] {
  const object = `arn:aws:s3:::${bucket}/${key}`;
  const known: Record<string, [string, string][]> = {
    "put-object": [["s3:PutObject", object]],
    // All are asked for by version, and a lock is shown only to whoever may see it.
    "get-object": [["s3:GetObjectVersion", object]],
    "head-object": [
      ["s3:GetObjectVersion", object],
      ["s3:GetObjectRetention", object],
    ],
    "delete-object": [["s3:DeleteObject", object]],
    "list-objects-v2": [["s3:ListBucket", `arn:aws:s3:::${bucket}`]],
    "list-object-versions": [["s3:ListBucketVersions", `arn:aws:s3:::${bucket}`]],
    "list-resource-record-sets": [["route53:ListResourceRecordSets", `arn:aws:route53:::hostedzone/${zone}`]],
    "describe-db-instances": [["rds:DescribeDBInstances", `arn:aws:rds:${region}:111111111111:db:omniverse-prod`]],
    "describe-db-log-files": [["rds:DescribeDBLogFiles", `arn:aws:rds:${region}:111111111111:db:omniverse-prod`]],
    "download-db-log-file-portion": [
      ["rds:DownloadDBLogFilePortion", `arn:aws:rds:${region}:111111111111:db:omniverse-prod`],
    ],
    "describe-db-instance-automated-backups": [
      ["rds:DescribeDBInstanceAutomatedBackups", `arn:aws:rds:${region}:111111111111:auto-backup:ab-1`],
    ],
    "get-secret-value": [
      ["secretsmanager:GetSecretValue", `arn:aws:secretsmanager:${region}:111111111111:secret:${secret}-AbCdEf`],
    ],
  };
  return known[operation] ?? [[operation, "is not known to this test"]];
}

function statementsOf(role: string): Statement[] {
  const found = graph.resources.find(({ name }) => name === `omniverse-${role}-policy`);
  return (JSON.parse(String(found?.props.policy)) as { Statement: Statement[] }).Statement;
}

const matches = (pattern: string, value: string) =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  ).test(value);

describe("the roles of the jobs that make and read copies", () => {
  it.each([
    [jobNames.dump, "backup"],
    [jobNames.assets, "backup"],
    [jobNames.restorable, "backup"],
    [jobNames.verifyDatabase, "verify"],
    [jobNames.verifyAssets, "verify"],
    [jobNames.drillDatabase, "verify"],
    [jobNames.drillAssets, "verify"],
  ])("let %s do all that it does, as %s", async (job, role) => {
    const calls = path.join(estate.folder, "aws/calls.jsonl");
    fs.writeFileSync(calls, "");
    const run = await estate.job(job, { doubles: { WITHOUT_SERVICE: "yes" } });
    expect([run.code, run.stderr]).toEqual([0, expect.any(String) as string]);
    const lines = fs.readFileSync(calls, "utf8").trim().split("\n");
    const needed = lines.flatMap((line) => neededFor(JSON.parse(line) as Call));
    expect(needed.length).toBeGreaterThan(0);
    const allowed = statementsOf(role);
    const refused = needed.filter(
      ([action, arn]) =>
        !allowed.some((one) => one.Action.includes(action) && one.Resource.some((each) => matches(each, arn))),
    );
    expect(refused).toEqual([]);
  });

  it.each([
    [choreNames.metrics, "watch"],
    [choreNames.health, "watch"],
    [choreNames.report, "watch"],
    [choreNames.capacity, "watch"],
    [choreNames.audit, "watch"],
    [choreNames.maintenance, "tidy"],
    [choreNames.storage, "tidy"],
    [choreNames.orphans, "tidy"],
  ])("let %s of the daily work do all that it does, as %s", async (job, role) => {
    const rds = path.join(estate.folder, "aws/rds.json");
    const state = JSON.parse(fs.readFileSync(rds, "utf8"));
    state["omniverse-prod"].logs = { "error/postgresql.log": "LOG: well\n" };
    fs.writeFileSync(rds, JSON.stringify(state));
    estate.file("opt/ove/nucleus/logs/nucleus-server.log.3", "old\n", 31);
    estate.file("var/cache/nucleus/a", "x", 1);
    const calls = path.join(estate.folder, "aws/calls.jsonl");
    fs.writeFileSync(calls, "");
    const run = await estate.work(job);
    expect([run.code, run.stderr]).toEqual([0, expect.any(String) as string]);
    const needed = fs
      .readFileSync(calls, "utf8")
      .trim()
      .split("\n")
      .flatMap((line) => neededFor(JSON.parse(line) as Call));
    expect(needed.length).toBeGreaterThan(0);
    const allowed = statementsOf(role);
    const refused = needed.filter(
      ([action, arn]) =>
        !allowed.some((one) => one.Action.includes(action) && one.Resource.some((each) => matches(each, arn))),
    );
    expect(refused).toEqual([]);
  });

  it("let only who tidies hide an object of the assets, and nobody who watches", () => {
    const may = (role: string) =>
      statementsOf(role).some(
        ({ Action, Resource }) =>
          Action.includes("s3:DeleteObject") && Resource.some((each) => matches(each, `arn:aws:s3:::${ASSETS}/one`)),
      );
    expect([may("tidy"), may("watch"), may("backup"), may("verify"), may("recovery")]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it("let nobody who makes or reads copies delete a version, or bypass a lock", () => {
    for (const role of ["backup", "verify", "watch", "tidy"]) {
      const actions = statementsOf(role).flatMap(({ Action }) => Action);
      for (const action of [
        "s3:DeleteObjectVersion",
        "s3:BypassGovernanceRetention",
        "s3:PutObjectRetention",
        "s3:*",
      ]) {
        expect(actions).not.toContain(action);
      }
    }
  });
});
