import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ACCOUNTS } from "../../../../systems/omniverse/names";
import { type PathName, recoveryPaths } from "../../../../systems/omniverse/recoverySteps";
import { unasked } from "../../../support/access/asked";
import { declaredGraph } from "../../../support/declaredGraph";
import { ago, BEFORE, buckets, closeAll, makeRecovery, type Recovery, restored, zoneOf } from "./recoverFixture";

afterAll(closeAll);

const stepsOf = (path: PathName) => Object.keys(recoveryPaths[path].steps);
const paths = Object.keys(recoveryPaths) as PathName[];
const instances = (of: Recovery, region: string) => Object.keys(of.json("aws/rds.json")[region].instances);
const deployments = (of: Recovery) => {
  const { objects } = of.json("kube/state.json");
  return ["nucleus-server", "nucleus-navigator", "other"].map((name) => objects[`deployment/${name}`].spec.replicas);
};
describe.concurrent("a recovery", () => {
  it.each(paths)("by %s has the steps that the path declares, in that order and no other", async (path) => {
    const at = await makeRecovery();
    const names = stepsOf(path);
    for (const [i, name] of names.entries()) {
      const before = names[i - 1];
      if (before === undefined) continue;
      expect(await at.refused(path, name)).toContain(`error: ${name} must come after ${before}, which has not ended`);
    }
    expect(await at.refused(path, "guess")).toContain(`has the steps ${names.join(" ")}, got 'guess'`);
    expect(at.asked()).toEqual([]);
  });

  it("in place brings files and database back to the moment before the damage, and Nucleus with them", async () => {
    const at = await makeRecovery();
    at.version(buckets.first, "a.usd", ago(60), "damaged");
    at.version(buckets.first, "b/c d.usd", ago(60), undefined);
    at.version(buckets.first, "later.usd", ago(30), "later");
    expect(await at.steps("assets-in-place", stepsOf("assets-in-place"))).toMatchObject({ moment: BEFORE, read: 3 });
    expect(deployments(at)).toEqual([0, 0, 1]);
    const files = Object.entries(at.files(buckets.first)).filter(([key]) => !key.startsWith(".holdfast/"));
    expect(Object.fromEntries(files)).toEqual({ "a.usd": "first a", "b/c d.usd": "first b", "later.usd": "later" });

    await at.steps("database-in-place", ["stop", "restore"]);
    const { instances: made } = at.json("aws/rds.json")["eu-central-1"];
    expect(made[restored(BEFORE)]).toMatchObject({
      restoredTo: BEFORE,
      DBInstanceClass: "db.m6g.xlarge",
      DBSubnetGroup: { DBSubnetGroupName: "subnets-eu-central-1" },
      DBParameterGroups: [{ DBParameterGroupName: "omniverse-prod-postgres15" }],
      VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1" }, { VpcSecurityGroupId: "sg-2" }],
      MultiAZ: true,
      DeletionProtection: true,
    });
    await at.steps("database-in-place", ["verify", "resume"]);
    const now = at.json("aws/rds.json")["eu-central-1"].instances;
    expect(now["omniverse-prod"]).toMatchObject({ restoredTo: BEFORE, DBInstanceStatus: "available" });
    // The damaged one stands aside, whole, and says so wherever it is followed or restored from.
    const aside = Object.keys(now).find((name) => name.includes("-until-")) ?? "";
    expect(now[aside].TagList).toEqual([{ Key: "holdfast:put-aside", Value: expect.any(String) }]);
    expect(at.json("psql/databases.json")["omniverse-prod"].comment).toMatch(/^holdfast put aside \d{4}-/);
    expect(Object.keys(now).sort()).toEqual([
      "omniverse-prod",
      expect.stringMatching(/^omniverse-prod-until-\d{8}t\d{6}z$/),
    ]);
    expect(deployments(at)).toEqual([2, 1, 1]);
  });

  it("in the other region restores a moment that the files there hold, and moves the name last", async () => {
    const at = await makeRecovery();
    at.answers.first = false;
    // The region is lost: neither its instances nor its bucket answer.
    at.json("aws/rds.json", (state) => {
      state["eu-central-1"].down = true;
    });
    at.json(`aws/${buckets.first}/bucket.json`, (bucket) => {
      bucket.down = true;
    });
    await at.steps("assets-in-secondary", stepsOf("assets-in-secondary"));
    await at.steps("database-in-secondary", ["notify", "fence", "restore", "verify"]);
    // A server that starts on an empty volume would make accounts of its own.
    expect(await at.refused("database-in-secondary", "resume")).toContain("verify of the accounts");
    at.ended({ "accounts.copies-in-secondary.verify": {} });
    await at.steps("database-in-secondary", ["resume"]);
    expect(at.notifications).toEqual([expect.objectContaining({ severity: "critical" })]);
    expect(at.asked().filter(({ operation }) => operation.includes("record-sets"))).toEqual([]);
    expect(await at.steps("database-in-secondary", ["dns"])).toMatchObject({
      value: "omniverse-secondary.example.com",
    });
    // A quarter of an hour before the backups end: what was written until then has been replicated.
    expect(at.json("aws/rds.json")["eu-west-1"].instances["omniverse-prod-replica"]).toMatchObject({
      restoredTo: ago(25),
      BackupRetentionPeriod: 35,
      MultiAZ: true,
    });
    expect(instances(at, "eu-west-1")).toHaveLength(2);
    // This site is the one that must be protected now.
    const { objects } = at.json("kube/state.json");
    const copied = ["accounts", "assets", "database"];
    expect(copied.map((name) => objects[`cronjob/omniverse-backup-${name}`].spec.suspend)).toEqual([
      false,
      false,
      false,
    ]);
    const started = Object.keys(objects).flatMap((one) => /^job\/omniverse-backup-(\w+)-\d+$/.exec(one)?.[1] ?? []);
    expect(started.sort()).toEqual(["accounts", "database"]);
  });

  it("by promotion fences the first site, and takes the replica when every file that it refers to has arrived", async () => {
    const at = await makeRecovery();
    at.answers.first = false;
    await at.steps("assets-in-secondary", stepsOf("assets-in-secondary"));
    at.ended({ "accounts.copies-in-secondary.verify": {} });
    await at.steps("promote-replica", stepsOf("promote-replica"));
    expect(instances(at, "eu-central-1")).toEqual(["omniverse-prod-fenced"]);
    const { "omniverse-prod-replica": replica } = at.json("aws/rds.json")["eu-west-1"].instances;
    expect(replica).not.toHaveProperty("ReadReplicaSourceDBInstanceIdentifier");
    expect(replica).toMatchObject({ MultiAZ: true, BackupRetentionPeriod: 35 });
    // Whatever the first site does from now on, nobody is led back to it.
    expect(at.json("aws/route53.json").records).toEqual(zoneOf("secondary", "secondary"));
  });

  it("shows the password to nobody", async () => {
    const at = await makeRecovery();
    at.ended({ "database.point-in-time.restore": { identifier: "x", resource: "y", host: restored(BEFORE) } });
    const { stdout, stderr } = await at.step("database-in-place", "verify");
    for (const seen of [stdout, stderr, JSON.stringify(at.asked()), JSON.stringify(at.noted())]) {
      expect(seen).not.toContain("canary");
    }
    expect(at.noted()["database.point-in-time.verify"]).toContain('"references":2');
  });
});

describe("the account of a recovery", () => {
  it("asks for all that it may do, but for what others ask by it", async () => {
    const others = {
      "FindSecurityGroup ec2:DescribeSecurityGroups": "database-in-secondary without a replica, step restore",
      "ListCopies s3:ListBucketVersions": "accounts-in-secondary",
      "ReadCopies s3:GetObjectVersion": "accounts-in-secondary",
      "RestoreInstances rds:CreateDBInstanceReadReplica": "fail-back, step follow",
      "RestoreInstances rds:StartDBInstanceAutomatedBackupsReplication": "follow-again, step backups",
      "SeeReplication s3:GetReplicationConfiguration": "fail-back, step look",
      "get persistentvolumeclaims nucleus-cache": "database-in-clean-room, step room",
      "get persistentvolumeclaims nucleus-data": "database-in-clean-room, step room",
      "get persistentvolumeclaims nucleus-logs": "database-in-clean-room, step room",
    };
    const asker = { cluster: "primary", account: ACCOUNTS.recovery };
    expect(unasked(await declaredGraph("prod"), asker)).toEqual(Object.keys(others).sort());
  });
});

describe("the scripts of a recovery", () => {
  it("delete no object, no version and no instance", () => {
    const folder = join(__dirname, "../../../../systems/omniverse/jobs");
    const own = [
      "recover",
      "progress",
      "moments",
      "service",
      "instance",
      "restores",
      "metadata",
      "objects",
      "replica",
      "edge",
      "cleanroom",
      "wake",
    ];
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(own.map((name) => `${name}.sh`)));
    for (const name of own) {
      expect(readFileSync(join(folder, `${name}.sh`), "utf8"), name).not.toMatch(
        /delete-|s3 rm|--delete|rclone (delete|purge|sync)|kubectl delete/,
      );
    }
  });
});
