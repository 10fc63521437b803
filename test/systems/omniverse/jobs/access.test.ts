import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { loadGraph } from "../../../../preview/offline";
import { jobNames } from "../../../../systems/omniverse/names";
import { type Estate, makeEstate } from "./fixture";

interface Call {
  operation: string;
  region: string;
  bucket?: string;
  key?: string;
  "secret-id"?: string;
}
interface Statement {
  Action: string[];
  Resource: string[];
}

let graph: ResourceGraph;
let estate: Estate;
beforeAll(async () => {
  ({ graph } = await loadGraph({ program: path.resolve(__dirname, "../../../.."), stack: "prod" }));
  estate = await makeEstate(graph);
  estate.save("projects/one.usd");
});
afterAll(() => estate.close());

/** What AWS asks a role for, for one command of its command line. */
function neededFor({ operation, region, bucket, key, "secret-id": secret }: Call): [action: string, arn: string][] {
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
    "describe-db-instances": [["rds:DescribeDBInstances", `arn:aws:rds:${region}:111111111111:db:omniverse-prod`]],
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
    const run = await estate.job(job);
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

  it("let nobody who makes or reads copies delete a version, or bypass a lock", () => {
    for (const role of ["backup", "verify"]) {
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
