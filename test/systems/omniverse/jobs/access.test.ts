import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { choreNames } from "../../../../systems/omniverse/choreNames";
import { ACCOUNTS, jobNames } from "../../../../systems/omniverse/names";
import { decide } from "../../../bootstrap/iam";
import { grantsOf, unasked } from "../../../support/access/asked";
import { rightsOf } from "../../../support/access/rights";
import { declaredGraph } from "../../../support/declaredGraph";
import { ASSETS, COPIES } from "./fixture";
import { makeWorks, type Works } from "./operationsFixture";

let graph: ResourceGraph;
let estate: Works;
beforeAll(async () => {
  graph = await declaredGraph("prod");
  estate = await makeWorks(graph);
  estate.save("projects/one.usd");
  const rds = path.join(estate.folder, "aws/rds.json");
  const state = JSON.parse(fs.readFileSync(rds, "utf8"));
  state["omniverse-prod"].logs = { "error/postgresql.log": "LOG: well\n" };
  fs.writeFileSync(rds, JSON.stringify(state));
  estate.file("opt/ove/nucleus/logs/nucleus-server.log.3", "old\n", 31);
  estate.file("var/cache/nucleus/a", "x", 1);
});
afterAll(() => estate.end());

const { restorable, dump, assets, accounts, ...rehearsed } = jobNames;

describe("the accounts of the jobs", () => {
  // `job` and `work` fail where a job asks for what its account may not do.
  it.each([dump, assets, accounts, restorable])("let %s do all that it does", async (job) => {
    const run = await estate.job(job);
    expect([run.code, run.stderr]).toEqual([0, expect.any(String) as string]);
  });

  it.each([
    rehearsed.verifyDatabase,
    rehearsed.verifyAssets,
    rehearsed.verifyAccounts,
    rehearsed.drillDatabase,
    rehearsed.drillAssets,
    rehearsed.drillAccounts,
  ])("let %s do all that it does", async (job) => {
    const run = await estate.job(job, job === rehearsed.drillAssets ? { replace: { STARTS_SERVICE: "no" } } : {});
    expect([run.code, run.stderr]).toEqual([0, expect.any(String) as string]);
  });

  it.each(Object.values(choreNames))("let %s of the daily work do all that it does", async (job) => {
    const run = await estate.work(job);
    expect([run.code, run.stderr]).toEqual([0, expect.any(String) as string]);
  });

  /** What commands ask for by themselves was seen with rclone 1.60 and restic 0.14 against an S3 server. */
  it.each<["backup" | "verify" | "watch" | "tidy", Record<string, string>]>([
    [
      "backup",
      {
        "KeepRepositories s3:DeleteObject": "restic, which takes its locks away and forgets",
        "KeepRepositories s3:GetObject": "restic",
        "ListAssets s3:ListBucketVersions": "rclone, which puts a moment together",
        "ReadAssets s3:GetObjectVersion": "rclone",
      },
    ],
    ["verify", {}],
    ["watch", {}],
    [
      "tidy",
      {
        "HideOrphans s3:DeleteObject": "orphans.sh, once an orphan is old enough: see operations.test.ts",
        "ReadDumps s3:GetObjectVersion": "orphans.sh, which looks for it in every dump",
      },
    ],
  ])("of %s may do nothing that nobody asks for", (purpose, others) => {
    expect(unasked(graph, { cluster: "primary", account: ACCOUNTS[purpose] })).toEqual(Object.keys(others).sort());
  });

  it.each([
    ["serving", ["leases nucleus-server", "endpointslices nucleus-server-serving"]],
    ["authentication", []],
  ] as const)("of %s may read and write in the cluster what serve.sh does", (purpose, objects) => {
    // Whatever serve.sh asks for it gets and puts; credentials.sh, which asks AWS, runs in servers.test.ts.
    const kube = grantsOf(rightsOf(graph, "primary", ACCOUNTS[purpose])).filter((one) => !one.includes(":"));
    expect(kube.sort()).toEqual(objects.flatMap((one) => [`get ${one}`, `update ${one}`]).sort());
  });

  it("may do the same at both sites, since a failover makes the one the other", () => {
    for (const account of Object.values(ACCOUNTS)) {
      expect(rightsOf(graph, "secondary", account), account).toEqual(rightsOf(graph, "primary", account));
    }
  });

  it("of who makes, reads or restores copies may delete no version, and bypass no lock", () => {
    const ends = [
      "s3:DeleteObjectVersion",
      "s3:BypassGovernanceRetention",
      "s3:PutObjectRetention",
      "rds:DeleteDBInstance",
    ];
    for (const account of Object.values(ACCOUNTS)) {
      const { policy } = rightsOf(graph, "primary", account);
      const allowed = ends.filter((action) =>
        [
          `arn:aws:s3:::${COPIES}/backups/x`,
          `arn:aws:s3:::${ASSETS}/x`,
          "arn:aws:rds:eu-central-1:111111111111:db:omniverse-prod",
        ].some((resource) => decide(policy, { action, resource }) === "allowed"),
      );
      expect([account, allowed]).toEqual([account, []]);
    }
  });

  it("let only who serves and who tidies hide an object of the assets", () => {
    const may = Object.values(ACCOUNTS).filter(
      (account) =>
        decide(rightsOf(graph, "primary", account).policy, {
          action: "s3:DeleteObject",
          resource: `arn:aws:s3:::${ASSETS}/one`,
        }) === "allowed",
    );
    expect(may.sort()).toEqual([ACCOUNTS.serving, ACCOUNTS.tidy].sort());
  });
});
