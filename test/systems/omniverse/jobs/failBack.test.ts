import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { ACCOUNTS, firstCopies, jobNames, standbyJobs } from "../../../../systems/omniverse/names";
import { procedures } from "../../../../systems/omniverse/procedures";
import { stepJob } from "../../../../systems/omniverse/recoverySteps";
import { unasked } from "../../../support/access/asked";
import type { RunWith } from "../../../support/cronJob";
import { declaredGraph } from "../../../support/declaredGraph";
import { makeBucket } from "../../../support/doubles";
import { ASSETS, COPIES, type Estate, makeSite } from "./procedureFixture";
import { ago, rdsInstance } from "./recoverState";
import { filesIn, putVersion } from "./recoverVersions";

const BACK = "fail-back";
const steps = Object.keys(procedures[BACK].steps);
const SECOND = "company-omniverse-prod-assets-replica";
const ASIDE = { Key: "holdfast:put-aside" };
const until = (step: string) => steps.slice(0, steps.indexOf(step));

let graph: ResourceGraph;
let at: Estate;
let secondServes: boolean;
beforeAll(async () => {
  graph = await declaredGraph("prod");
});
beforeEach(async () => {
  at = await makeSite(graph, (folder) => ({
    env: { FENCE_SECONDS: "0", FOLLOW_SECONDS: "0", NUCLEUS_DOUBLE_DIR: path.join(folder, "nucleus") },
  }));
  fs.mkdirSync(path.join(at.folder, "nucleus"));
  fs.writeFileSync(path.join(at.folder, "nucleus/server.json"), "{}");
  secondServes = true;
  at.web.answer = (url) => (url.startsWith("/second") && !secondServes ? 503 : undefined);
  const instance = (region: string, id: string) => ({
    ...rdsInstance(region, id),
    VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1" }],
    EnabledCloudwatchLogsExports: ["postgresql", "upgrade"],
    KmsKeyId: `arn:aws:kms:${region}:111111111111:key/1`,
  });
  const [one, two] = ["eu-central-1", "eu-west-1"] as const;
  fs.writeFileSync(
    path.join(at.folder, "aws/rds.json"),
    JSON.stringify({
      [one]: { instances: { "omniverse-prod": instance(one, "omniverse-prod") }, backups: [], subnetGroups: [] },
      [two]: {
        instances: { "omniverse-prod-replica": instance(two, "omniverse-prod-replica") },
        backups: [],
        subnetGroups: [],
      },
    }),
  );
  makeBucket(path.join(at.folder, "aws"), SECOND, { region: two });
  for (const bucket of [ASSETS, SECOND]) version(bucket, "kept.usd", 900, "kept");
  version(ASSETS, "changed.usd", 900, "old");
  version(SECOND, "changed.usd", 60, "newer");
  version(SECOND, "made there.usd", 50, "new");
  const database = { tables: { "public.assets": 3 }, references: ["kept.usd", "changed.usd", "made there.usd"] };
  at.json("psql/databases.json", (servers) => {
    for (const id of ["omniverse-prod", "omniverse-prod-replica"]) {
      servers[id] = { ...database, databases: { nucleus: { ...database } } };
    }
    servers["omniverse-prod"].replayed = "now";
  });
  // Whoever fenced this site has sent its jobs to sleep.
  at.json("kube/state.json", ({ objects }) => {
    for (const name of standbyJobs) objects[`cronjob/${name}`] = { metadata: { name }, spec: { suspend: true } };
  });
  // Another cluster: what stops there does not stop here.
  fs.cpSync(path.join(at.folder, "kube"), path.join(at.folder, "kube-second"), { recursive: true });
  const second = path.join(at.folder, "kube-second/state.json");
  const state = JSON.parse(fs.readFileSync(second, "utf8"));
  for (const name of standbyJobs) {
    state.objects[`cronjob/${name}`] = { metadata: { name }, spec: { suspend: false } };
  }
  fs.writeFileSync(second, JSON.stringify(state));
});
afterEach(() => at.close());

const version = (bucket: string, key: string, minutes: number, body: string) =>
  putVersion(path.join(at.folder, `aws/${bucket}/objects`), key, ago(minutes), body, {});
const files = () =>
  Object.fromEntries(
    Object.entries(filesIn(path.join(at.folder, `aws/${ASSETS}/objects`))).filter(
      ([key]) => !key.startsWith(".holdfast/"),
    ),
  );
const elsewhere = () => ({
  replace: { SECOND_URL: `${at.web.address}/second`, PROMETHEUS_URL: `${at.web.address}/prometheus` },
});
const steps_ = (names: readonly string[]) => at.steps(BACK, names, elsewhere());
const refused = (step: string) => at.refused(BACK, step, elsewhere());
const rds = () => at.json("aws/rds.json");

const here = () => path.join(at.folder, "kube-second");
const atSecond = (more: RunWith["doubles"] = {}): RunWith => ({
  doubles: { KUBECTL_DOUBLE_DIR: here(), ...more },
  replace: { SITE_URL: `${at.web.address}/second` },
});
const stateThere = () => JSON.parse(fs.readFileSync(path.join(here(), "state.json"), "utf8")).objects;
/** Whether its pods are gone; who let people in again has started them. */
const stopped = (gone: boolean) => {
  const file = path.join(here(), "state.json");
  const state = JSON.parse(fs.readFileSync(file, "utf8"));
  for (const [name, one] of Object.entries<{ spec: { replicas?: number } }>(state.objects)) {
    if (name.startsWith("deployment/")) one.spec.replicas = gone ? 0 : 2;
  }
  fs.writeFileSync(file, JSON.stringify(state));
  fs.rmSync(path.join(here(), "calls.jsonl"), { force: true });
};
const callsThere = () =>
  fs.existsSync(path.join(here(), "calls.jsonl")) ? fs.readFileSync(path.join(here(), "calls.jsonl"), "utf8") : "";
const sleep = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** A copy of accounts as the job of a site makes one; returns its point. */
function copyAccounts(names: readonly string[], site = "secondary"): string {
  const point = new Date().toISOString().replace(/[-:]/g, "");
  const copy = path.join(at.folder, `copy-${point}`);
  for (const [file, value] of [
    ["local-accounts-db/accounts.json", names],
    ["tags-db/tags.json", ["hero"]],
    ["version.json", { version: "2023.2.9" }],
  ] as const) {
    fs.mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    fs.writeFileSync(path.join(copy, file), JSON.stringify(value));
  }
  execFileSync("tar", ["-czf", `${copy}.tgz`, "-C", copy, "."]);
  const archive = fs.readFileSync(`${copy}.tgz`);
  const objects = path.join(at.folder, `aws/${COPIES}/objects`);
  const key = `backups/accounts/${site}/copies/${point}/copy.0000`;
  const versionId = putVersion(objects, key, ago(0), "x", {});
  fs.writeFileSync(path.join(objects, encodeURIComponent(key), `${versionId}.bin`), archive);
  const sha256 = createHash("sha256").update(archive).digest("hex");
  const manifest = {
    ...{ format: 1, asset: "omniverse/accounts", point, capture: point, ended: new Date().toISOString() },
    holds: { version: "2023.2.9", accounts: names.length, tags: 1 },
    copy: [{ key, versionId, size: archive.length, sha256 }],
  };
  putVersion(objects, `backups/accounts/${site}/points/${point}.json`, ago(0), JSON.stringify(manifest), {});
  return point;
}

/** The second site lets nobody in, copies its accounts by the job that it starts, and stops; what it wrote then comes. */
async function standDown(): Promise<string> {
  const ended = async (step: string) => {
    const run = await at.step("stand-down", step, atSecond());
    if (run.code !== 0) throw new Error(run.stderr);
    return run;
  };
  await ended("close");
  secondServes = false;
  const copied = ended("accounts");
  while (!callsThere().includes(`cronjob/${jobNames.accounts}`)) await sleep(100);
  await sleep(1_100);
  const point = copyAccounts(["ann", "ben", "of the last hour"]);
  await copied;
  await ended("verify");
  await ended("stop");
  at.json("psql/databases.json", (servers) => {
    servers["omniverse-prod"].databases = servers["omniverse-prod-replica"].databases;
  });
  return point;
}

/** What S3 Batch Replication does: versions go to the second site under the numbers that they have here, as the newest. */
function sendAll(): void {
  const [from, to] = [ASSETS, SECOND].map((bucket) => path.join(at.folder, `aws/${bucket}/objects`)) as [
    string,
    string,
  ];
  for (const key of fs.readdirSync(from)) {
    fs.mkdirSync(path.join(to, key), { recursive: true });
    for (const file of fs.readdirSync(path.join(from, key)))
      fs.copyFileSync(path.join(from, key, file), path.join(to, key, file));
  }
}

/** A step of the way back of accounts at the first site, to which nobody says anything. */
const accounts = async (step: string) => {
  const run = await at.job(stepJob("accounts-in-place", step));
  if (run.code !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
};

describe("going back to the first site", () => {
  it("follows the second with database and files while it serves, and takes over when it has stood down", async () => {
    await steps_(["look", "follow", "files"]);
    expect(rds()["eu-central-1"].instances["omniverse-prod"]).toMatchObject({
      ReadReplicaSourceDBInstanceIdentifier: "arn:aws:rds:eu-west-1:111111111111:db:omniverse-prod-replica",
      DBInstanceClass: "db.m6g.xlarge",
      MaxAllocatedStorage: 400,
      EnabledCloudwatchLogsExports: ["postgresql", "upgrade"],
    });
    expect(Object.keys(rds()["eu-central-1"].instances).sort()).toEqual(["omniverse-prod", "omniverse-prod-fenced"]);
    expect(files()).toEqual({ "kept.usd": "kept", "changed.usd": "newer", "made there.usd": "new" });
    version(SECOND, "late.usd", 1, "late");
    // The first site's own, of before and of a job that lives on there.
    copyAccounts(["of before"], "primary");
    const point = await standDown();
    copyAccounts(["of before"], "primary");
    expect(await steps_(["last"])).toMatchObject({ copied: 1, accounts: point });
    await steps_(["promote", "verify"]);
    expect(await refused("resume")).toContain("resume must come after verify of the accounts");
    at.json("kube/state.json", ({ objects }) => {
      const verified = { at: new Date().toISOString().replace(/\.\d+/, ""), seconds: 1, point: "of another day" };
      objects["configmap/omniverse-recovery"].data["accounts.copies-in-place.verify"] = JSON.stringify(verified);
    });
    expect(await refused("resume")).toContain(`and the second site copied last at ${point}`);
    for (const step of ["stop", "restore"]) await accounts(step);
    expect(await accounts("verify")).toMatchObject({ point, holds: { accounts: 3 } });
    await steps_(["resume"]);
    const checks = ["eu-central-1", "eu-west-1"].map((region) => ({
      Id: region,
      HealthCheckConfig: { FullyQualifiedDomainName: `omniverse.${region}.company.com`, Disabled: false },
    }));
    fs.writeFileSync(path.join(at.folder, "aws/route53.json"), JSON.stringify({ checks, records: {}, changes: {} }));
    await steps_(["dns"]);
    const { objects } = at.json("kube/state.json");
    for (const name of standbyJobs) expect(objects[`cronjob/${name}`].spec.suspend, name).toBe(false);
    expect(Object.keys(objects).flatMap((id) => /^job\/(.+)-\d{14}$/.exec(id)?.[1] ?? [])).toEqual(firstCopies);
    // What came home, and the two notes of it, were written while the rule was off: S3 does not send them.
    expect(await refused("onward")).toContain("enable its replication rule");
    at.json(`aws/${ASSETS}/bucket.json`, (bucket) => {
      bucket.replication = "Enabled";
    });
    const sent = { doubles: { REPLICATED_WITHIN: "0s" } };
    expect(await at.refused(BACK, "onward", { ...elsewhere(), ...sent })).toMatch(
      /5 files of .* are not at the second/,
    );
    sendAll();
    expect(await at.steps(BACK, ["onward"], { ...elsewhere(), ...sent })).toMatchObject({ files: 6 });
    // After that a corruption of the first site's own accounts is its own affair again.
    await accounts("stop");
    await expect(accounts("restore")).rejects.toThrow("RESTORE_BEFORE must be set");
    expect(files()["late.usd"]).toBe("late");
    const { "eu-central-1": first, "eu-west-1": second } = rds();
    expect(first.instances["omniverse-prod"]).toMatchObject({ BackupRetentionPeriod: 35, MultiAZ: true });
    expect(first.instances["omniverse-prod"]).not.toHaveProperty("ReadReplicaSourceDBInstanceIdentifier");
    expect(second.instances).toEqual({
      "omniverse-prod-replica-stood-down": expect.objectContaining({ TagList: [expect.objectContaining(ASIDE)] }),
    });
    // What the second site said of itself is not said of this one.
    expect(at.json("psql/databases.json")["omniverse-prod"].databases.nucleus.comment).toBe("");
    const records = JSON.stringify(at.json("aws/route53.json").records);
    expect(records).toContain("omniverse.eu-central-1.company.com");
    const there = stateThere();
    for (const name of standbyJobs) {
      expect(there[`cronjob/${name}`].spec.suspend, name).toBe(true);
    }
    expect(there["deployment/nucleus-server"].spec.replicas).toBe(0);
  });

  it("waits while the second site serves, and while what it said last has not come", async () => {
    await steps_(until("last"));
    expect(await refused("last")).toContain("omniverse-stand-down-stop at the second site");
    secondServes = false;
    at.json("psql/databases.json", (servers) => {
      // Of another year.
      servers["omniverse-prod"].databases.nucleus.comment =
        "holdfast stood down 20251122T030405.000Z 2025-11-22T03:04:05Z";
    });
    expect(await refused("last")).toContain("the second site has not stood down since");
    expect(await refused("promote")).toContain("promote must come after last");
    expect(Object.keys(rds()["eu-west-1"].instances)).toEqual(["omniverse-prod-replica"]);
  });

  it("puts what served aside under a name that is free, as often as it is done", async () => {
    const instances = (region: string) => Object.keys(rds()[region].instances).sort();
    for (const times of [1, 2]) {
      await steps_(until("last"));
      await standDown();
      await steps_(["last", "promote"]);
      const stamped = (name: string) => [
        name,
        ...(times === 1 ? [] : [expect.stringMatching(new RegExp(`^${name}-\\d{8}t\\d{6}z$`))]),
      ];
      expect(instances("eu-central-1")).toEqual(["omniverse-prod", ...stamped("omniverse-prod-fenced")]);
      expect(instances("eu-west-1")).toEqual(stamped("omniverse-prod-replica-stood-down"));
      // The region is lost once more: the second site serves from another instance of that name.
      at.json("aws/rds.json", (state) => {
        const { "omniverse-prod-replica-stood-down": before } = state["eu-west-1"].instances;
        const { later: _, ...again } = structuredClone(before);
        Object.assign(again, {
          DBInstanceIdentifier: "omniverse-prod-replica",
          DbiResourceId: "db-AGAIN",
          TagList: [],
        });
        again.Endpoint.Address = "omniverse-prod-replica.c0ffee.eu-west-1.rds.amazonaws.com";
        again.DBInstanceStatus = "available";
        if (times === 1) state["eu-west-1"].instances["omniverse-prod-replica"] = again;
        const { "omniverse-prod": served } = state["eu-central-1"].instances;
        Object.assign(served, { DBSubnetGroup: before.DBSubnetGroup, StorageType: "gp3", KmsKeyId: before.KmsKeyId });
        Object.assign(served, { DBParameterGroups: before.DBParameterGroups, VpcSecurityGroups: [] });
      });
      secondServes = true;
      stopped(false);
    }
  });

  it("believes no word of a fail-back that was broken off", async () => {
    await steps_(until("last"));
    await standDown();
    const said = at.json("psql/databases.json")["omniverse-prod"].databases.nucleus.comment;
    const followed = (change: (server: { replayed: unknown; databases: Record<string, object> }) => void) =>
      at.json("psql/databases.json", (servers) => change(servers["omniverse-prod"]));
    // People were let in again, and now somebody runs close, and not the steps after it; what follows lags.
    expect((await at.step("stand-down", "close", atSecond())).code).toBe(0);
    const { databases } = at.json("psql/databases.json")["omniverse-prod-replica"];
    expect(databases.nucleus.comment).toBe("");
    followed((server) => Object.assign(server, { replayed: Date.parse(ago(60)) / 1_000 }));
    expect(await refused("last")).toContain("omniverse-prod has not followed to");
    followed((server) => Object.assign(server, { replayed: "now", databases }));
    expect(await refused("last")).toContain("the second site has not stood down since");
    // Nobody ran close: whoever was served there meanwhile was seen.
    followed((server) => Object.assign(server, { databases: { nucleus: { ...databases.nucleus, comment: said } } }));
    const silent = at.web.answer;
    at.web.answer = (url) =>
      url.startsWith("/prometheus") ? { status: "success", data: { result: [{ value: [0, "1"] }] } } : silent(url);
    expect(await refused("last")).toContain("people were served at the second site since it stood down");
    expect(at.web.asked.join("\n")).toContain('probe_success{job="omniverse-from-primary"}');
    at.web.answer = silent;
    // Files were copied again since, which they are while it serves.
    at.json("kube/state.json", ({ objects }) => {
      const moment = new Date(Date.now() + 1_000).toISOString().replace(/\.\d+/, "");
      objects["configmap/omniverse-recovery"].data["procedure.fail-back.files"] = JSON.stringify({ at: moment });
    });
    expect(await refused("last")).toContain("the second site has not stood down since");
    expect(await refused("promote")).toContain("promote must come after last");
    expect(await refused("files")).toContain("files come home while the second site serves");
  });

  it("may take days, and begins anew only after weeks", async () => {
    await steps_(until("last"));
    const begun = (hours: number) =>
      at.json("kube/state.json", ({ objects }) => {
        const { data } = objects["configmap/omniverse-recovery"];
        const moment = new Date(Date.now() - hours * 3_600_000).toISOString().replace(/\.\d+/, "");
        data["procedure.fail-back.look"] = JSON.stringify({ at: moment, seconds: 1 });
      });
    begun(5 * 24);
    await standDown();
    await steps_(["last"]);
    begun(15 * 24);
    expect(await refused("last")).toContain("last must come after look, which has not ended within the last 14d");
  });

  it("does not begin while files are still sent over newer work, or nothing serves there", async () => {
    at.json(`aws/${ASSETS}/bucket.json`, (bucket) => {
      bucket.replication = "Enabled";
    });
    expect(await refused("look")).toContain("disable its replication rule first");
    secondServes = false;
    expect(await refused("look")).toContain("only a site that serves is followed");
    expect(Object.keys(rds()["eu-central-1"].instances)).toEqual(["omniverse-prod"]);
  });

  it.each<[string, () => void, string]>([
    [
      "an account is missing in what was copied last",
      () => {
        const [key = ""] = fs
          .readdirSync(path.join(at.folder, `aws/${COPIES}/objects`))
          .filter((one) => one.includes("points"));
        const folder = path.join(at.folder, `aws/${COPIES}/objects`, key);
        const [file = ""] = fs.readdirSync(folder).filter((one) => one.endsWith(".bin"));
        const manifest = JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
        manifest.holds.accounts = 4;
        fs.writeFileSync(path.join(folder, file), JSON.stringify(manifest));
      },
      "restored is not what was copied",
    ],
    [
      "nobody has copied them since people were sent away",
      () => fs.rmSync(path.join(at.folder, `aws/${COPIES}/objects`), { recursive: true }),
      "verify must come after accounts",
    ],
  ])("does not stop the second site when %s", async (_, spoil, says) => {
    const stand = (step: string) => at.step("stand-down", step, atSecond());
    copyAccounts(["of before"]);
    expect((await stand("close")).code).toBe(0);
    const soon = { ...atSecond(), shorter: { COPIED_WITHIN: "1s" } };
    expect((await at.step("stand-down", "accounts", soon)).stderr).toContain("no copy of accounts and tags has come");
    if (says.startsWith("restored")) {
      await sleep(1_100);
      fs.rmSync(path.join(at.folder, `aws/${COPIES}/objects`), { recursive: true });
      copyAccounts(["ann", "ben", "cleo"]);
      expect((await stand("accounts")).code).toBe(0);
    }
    spoil();
    expect((await stand("verify")).stderr).toContain(says);
    expect((await stand("stop")).stderr).toContain("stop must come after verify");
    // People are out, and the server that their accounts are copied from goes on.
    expect(stateThere()["deployment/nginx"].spec.replicas).toBe(0);
    expect(stateThere()["deployment/nucleus-server"].spec.replicas).toBe(2);
  });

  it("does not stop the second site when people were let in again since their accounts were copied", async () => {
    const stand = (step: string) => at.step("stand-down", step, atSecond());
    await stand("close");
    await sleep(2_100);
    copyAccounts(["ann"]);
    for (const step of ["accounts", "verify"]) expect((await stand(step)).code).toBe(0);
    const file = path.join(here(), "state.json");
    const state = JSON.parse(fs.readFileSync(file, "utf8"));
    state.objects["pod/nginx-1"] = { metadata: { name: "nginx-1", labels: { app: "nucleus" } } };
    fs.writeFileSync(file, JSON.stringify(state));
    expect((await stand("stop")).stderr).toContain("what was changed since the copy would be lost; begin with close");
    expect(stateThere()["deployment/nucleus-server"].spec.replicas).toBe(2);
  });

  it("sends nobody to a database whose files are not here", async () => {
    at.json("psql/databases.json", (servers) => {
      servers["omniverse-prod-replica"].databases.nucleus.references.push("lost.usd");
    });
    await steps_(until("last"));
    await standDown();
    expect(await refused("last")).toContain("refers to 1 files");
  });
});

it("asks for all that its account may do, but for what others ask by it", () => {
  const others = {
    "FindSecurityGroup ec2:DescribeSecurityGroups": "database-in-secondary, without a replica",
    "LookAtBackups rds:DescribeDBInstanceAutomatedBackups": "database-in-secondary",
    "RestoreInstances rds:RestoreDBInstanceToPointInTime": "database-in-secondary",
    "RestoreInstances rds:StartDBInstanceAutomatedBackupsReplication": "follow-again, step backups",
    "get persistentvolumeclaims nucleus-cache": "database-in-clean-room, step room",
    "get persistentvolumeclaims nucleus-data": "database-in-clean-room, step room",
    "get persistentvolumeclaims nucleus-logs": "database-in-clean-room, step room",
  };
  expect(unasked(graph, { cluster: "primary", account: ACCOUNTS.recovery })).toEqual(Object.keys(others).sort());
});
