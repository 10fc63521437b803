import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { loadGraph } from "../../../../preview/offline";
import { standbyJobs } from "../../../../systems/omniverse/names";
import { procedures } from "../../../../systems/omniverse/procedures";
import { makeBucket } from "../../../support/doubles";
import { ASSETS, type Estate, makeSite, refusedTo } from "./procedureFixture";
import { ago } from "./recoverState";
import { filesIn, putVersion } from "./recoverVersions";

const BACK = "fail-back";
const steps = Object.keys(procedures[BACK].steps);
const SECOND = "company-omniverse-prod-assets-replica";
const until = (step: string) => steps.slice(0, steps.indexOf(step));

let graph: ResourceGraph;
let at: Estate;
let secondServes: boolean;
beforeAll(async () => {
  ({ graph } = await loadGraph({ program: path.resolve(__dirname, "../../../.."), stack: "prod" }));
});
beforeEach(async () => {
  at = await makeSite(graph, () => ({ env: { FENCE_SECONDS: "0", FOLLOW_SECONDS: "0" } }));
  secondServes = true;
  at.web.answer = (url) => (url.startsWith("/second") && !secondServes ? 503 : undefined);
  const instance = (region: string, id: string) => ({
    DBInstanceIdentifier: id,
    DbiResourceId: `db-${id.toUpperCase()}`,
    DBInstanceStatus: "available",
    DBInstanceClass: "db.m6g.xlarge",
    Endpoint: { Address: `${id}.c0ffee.${region}.rds.amazonaws.com`, Port: 5432 },
    DBSubnetGroup: { DBSubnetGroupName: `subnets-${region}` },
    DBParameterGroups: [{ DBParameterGroupName: "omniverse-prod-postgres15" }],
    VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1" }],
    StorageType: "gp3",
    KmsKeyId: `arn:aws:kms:${region}:111111111111:key/1`,
    MultiAZ: true,
    DeletionProtection: true,
    BackupRetentionPeriod: 35,
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
const files = () => filesIn(path.join(at.folder, `aws/${ASSETS}/objects`));
const elsewhere = () => ({ replace: { SECOND_URL: `${at.web.address}/second` } });
const steps_ = (names: readonly string[]) => at.steps(BACK, names, elsewhere());
const refused = (step: string) => at.refused(BACK, step, elsewhere());
const rds = () => at.json("aws/rds.json");

/** The second site stands down, and what it wrote reaches who follows it. */
async function standDown(): Promise<void> {
  const run = await at.step("stand-down", "stop", {
    doubles: { KUBECTL_DOUBLE_DIR: path.join(at.folder, "kube-second") },
  });
  if (run.code !== 0) throw new Error(run.stderr);
  secondServes = false;
  at.json("psql/databases.json", (servers) => {
    servers["omniverse-prod"].databases = servers["omniverse-prod-replica"].databases;
  });
}

describe("going back to the first site", () => {
  it("follows the second with database and files while it serves, and takes over when it has stood down", async () => {
    await steps_(["look", "follow", "files"]);
    expect(rds()["eu-central-1"].instances["omniverse-prod"]).toMatchObject({
      ReadReplicaSourceDBInstanceIdentifier: "arn:aws:rds:eu-west-1:111111111111:db:omniverse-prod-replica",
      DBInstanceClass: "db.m6g.xlarge",
    });
    expect(Object.keys(rds()["eu-central-1"].instances).sort()).toEqual(["omniverse-prod", "omniverse-prod-fenced"]);
    expect(files()).toEqual({ "kept.usd": "kept", "changed.usd": "newer", "made there.usd": "new" });
    version(SECOND, "late.usd", 1, "late");
    await standDown();
    expect(await steps_(["last"])).toMatchObject({ copied: 1 });
    await steps_(["promote", "verify", "resume"]);
    expect(await refused("dns")).toContain("dns must come after verify of the accounts");
    at.json("kube/state.json", ({ objects }) => {
      const verified = { at: new Date().toISOString().replace(/\.\d+/, ""), seconds: 1 };
      objects["configmap/omniverse-recovery"].data["accounts.copies-in-place.verify"] = JSON.stringify(verified);
    });
    const checks = ["eu-central-1", "eu-west-1"].map((region) => ({
      Id: region,
      HealthCheckConfig: { FullyQualifiedDomainName: `omniverse.${region}.company.com`, Disabled: false },
    }));
    fs.writeFileSync(path.join(at.folder, "aws/route53.json"), JSON.stringify({ checks, records: {}, changes: {} }));
    await steps_(["dns"]);
    expect(files()["late.usd"]).toBe("late");
    // The steps of both sites are those of one account.
    expect(refusedTo("recovery", at, graph)).toEqual([]);
    const { "eu-central-1": first, "eu-west-1": second } = rds();
    expect(first.instances["omniverse-prod"]).toMatchObject({ BackupRetentionPeriod: 35, MultiAZ: true });
    expect(first.instances["omniverse-prod"]).not.toHaveProperty("ReadReplicaSourceDBInstanceIdentifier");
    expect(Object.keys(second.instances)).toEqual(["omniverse-prod-replica-stood-down"]);
    const records = JSON.stringify(at.json("aws/route53.json").records);
    expect(records).toContain("omniverse.eu-central-1.company.com");
    const there = JSON.parse(fs.readFileSync(path.join(at.folder, "kube-second/state.json"), "utf8")).objects;
    for (const name of standbyJobs) {
      expect(there[`cronjob/${name}`].spec.suspend, name).toBe(true);
    }
    expect(there["deployment/nucleus-server"].spec.replicas).toBe(0);
  });

  it("waits while the second site serves, and while what it said last has not come", async () => {
    await steps_(until("last"));
    expect(await refused("last")).toContain("omniverse-stand-down-stop at the second site");
    secondServes = false;
    expect(await refused("last")).toContain("what the second site said last has not come");
    expect(await refused("promote")).toContain("promote must come after last");
    expect(Object.keys(rds()["eu-west-1"].instances)).toEqual(["omniverse-prod-replica"]);
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

  it("sends nobody to a database whose files are not here", async () => {
    at.json("psql/databases.json", (servers) => {
      servers["omniverse-prod-replica"].databases.nucleus.references.push("lost.usd");
    });
    await steps_(until("last"));
    await standDown();
    expect(await refused("last")).toContain("refers to 1 files");
  });
});
