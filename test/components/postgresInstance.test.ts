import * as aws from "@pulumi/aws";
import * as random from "@pulumi/random";
import { describe, expect, it } from "vitest";
import { PostgresInstance, type PostgresInstanceArgs } from "../../components/database/postgresInstance";
import type { InstanceSize } from "../../components/database/postgresSettings";
import { account, declared, named, namesOf } from "./declare";

const limit = { rpo: "15m", rto: "1h", owner: "database team", reason: "a working hour" };
const size: InstanceSize = { instanceClass: "db.m6g.large", storageGib: 100, storageMostGib: 500, multiAz: true };
const promise = {
  id: "nucleus/database",
  objectives: { process: limit, node: limit, zone: limit, region: limit, corruption: limit, compromise: limit },
  retention: { atLeast: "30d" },
  bytes: 50_000_000_000,
};

const network = (where: string) => ({
  subnetGroup: `${where}-subnets`,
  securityGroups: [`sg-${where}`],
  key: `arn:aws:kms:${where}:111111111111:key/1`,
});

/** The arguments of a database with everything; providers are made anew for each program. */
function whole(edit: Partial<PostgresInstanceArgs> = {}): PostgresInstanceArgs {
  const there = new aws.Provider("other", { region: "eu-central-1", allowedAccountIds: ["111111111111"] });
  return {
    promise,
    identifier: "nucleus",
    version: "15.12",
    database: "nucleus",
    username: "nucleus_admin",
    random: new random.Provider("random"),
    size,
    at: { provider: account(), ...network("eu-west-1") },
    backups: "35d",
    backupWindow: "00:30-01:00",
    maintenanceWindow: "sun:02:00-sun:06:00",
    elsewhere: {
      provider: there,
      region: "eu-central-1",
      ...network("eu-central-1"),
      replica: { ...size, maintenanceWindow: "sun:06:00-sun:06:30" },
    },
    ...edit,
  };
}

/** Without another region. */
function alone(edit: Partial<PostgresInstanceArgs> = {}): PostgresInstanceArgs {
  const { elsewhere: _, ...one } = whole(edit);
  return one;
}

const declare = (args: () => PostgresInstanceArgs) => declared(() => new PostgresInstance("nucleus", args()));

const inForce = {
  deletionProtection: true,
  deleteAutomatedBackups: false,
  applyImmediately: true,
  storageEncrypted: true,
  publiclyAccessible: false,
  autoMinorVersionUpgrade: false,
  multiAz: true,
  backupRetentionPeriod: 35,
  copyTagsToSnapshot: true,
};

describe("a PostgreSQL database of Amazon RDS", () => {
  it("is an instance with its parameters and password, backups in another region and a replica there", async () => {
    expect(namesOf(await declare(whole))).toEqual([
      "aws:rds/instance:Instance nucleus-instance",
      "aws:rds/instance:Instance nucleus-replica",
      "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication nucleus-backups",
      "aws:rds/parameterGroup:ParameterGroup nucleus-parameters",
      "aws:rds/parameterGroup:ParameterGroup nucleus-replica-parameters",
      "aws:secretsmanager/secret:Secret nucleus-user-secret",
      "aws:secretsmanager/secretVersion:SecretVersion nucleus-user-version",
      "holdfast:database:DatabasePassword nucleus-user",
      "holdfast:database:PostgresInstance nucleus",
      "random:index/randomPassword:RandomPassword nucleus-user-password",
    ]);
  });

  it("is an instance with its parameters and password alone where nothing else is asked for", async () => {
    expect(namesOf(await declare(alone)).filter((one) => !one.startsWith("holdfast:"))).toEqual([
      "aws:rds/instance:Instance nucleus-instance",
      "aws:rds/parameterGroup:ParameterGroup nucleus-parameters",
      "aws:secretsmanager/secret:Secret nucleus-user-secret",
      "aws:secretsmanager/secretVersion:SecretVersion nucleus-user-version",
      "random:index/randomPassword:RandomPassword nucleus-user-password",
    ]);
    expect(named(await declare(alone), "nucleus-user-secret").props).not.toHaveProperty("replicas");
  });

  it("protects every part, for each keeps data or the way to it", async () => {
    const parts = (await declare(whole)).filter(({ type }) => !type.startsWith("holdfast:"));
    expect(parts.filter(({ protect }) => !protect).map(({ name }) => name)).toEqual([]);
  });

  it("promises its asset", async () => {
    expect(named(await declare(whole), "nucleus").props.asset).toEqual({ kind: "database", ...promise });
  });

  it("has a standby, backups of any moment, a last snapshot, and nothing that undoes them by itself", async () => {
    expect(named(await declare(whole), "nucleus-instance").props).toMatchObject({
      ...inForce,
      identifier: "nucleus",
      engine: "postgres",
      engineVersion: "15.12",
      dbName: "nucleus",
      username: "nucleus_admin",
      allocatedStorage: 100,
      maxAllocatedStorage: 500,
      backupWindow: "00:30-01:00",
      maintenanceWindow: "sun:02:00-sun:06:00",
      kmsKeyId: "arn:aws:kms:eu-west-1:111111111111:key/1",
      dbSubnetGroupName: "eu-west-1-subnets",
      vpcSecurityGroupIds: ["sg-eu-west-1"],
      parameterGroupName: "nucleus-postgres15",
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "nucleus-final",
    });
  });

  it("takes nobody without TLS and acknowledges nothing before it is durable, whatever else is set", async () => {
    const parameters = { "rds.force_ssl": "0", synchronous_commit: "off", log_min_duration_statement: "1000" };
    const all = await declare(() => whole({ parameters }));
    for (const name of ["nucleus-parameters", "nucleus-replica-parameters"]) {
      expect(named(all, name).props).toMatchObject({
        name: "nucleus-postgres15",
        family: "postgres15",
        parameters: [
          { name: "log_min_duration_statement", value: "1000", applyMethod: "immediate" },
          { name: "rds.force_ssl", value: "1", applyMethod: "immediate" },
          { name: "synchronous_commit", value: "on", applyMethod: "immediate" },
        ],
      });
    }
  });

  it("is followed in the other region, with a key and backups of that region", async () => {
    const all = await declare(whole);
    const primary = named(all, "nucleus-instance").urn;
    const replica = named(all, "nucleus-replica");
    expect(replica.props).toMatchObject({
      ...inForce,
      identifier: "nucleus-replica",
      kmsKeyId: "arn:aws:kms:eu-central-1:111111111111:key/1",
      dbSubnetGroupName: "eu-central-1-subnets",
      skipFinalSnapshot: true,
    });
    for (const absent of ["engine", "username", "password", "dbName", "finalSnapshotIdentifier"])
      expect(replica.props).not.toHaveProperty(absent);
    expect(replica.propertyDependencies.replicateSourceDb).toEqual([primary]);
    const backups = named(all, "nucleus-backups");
    expect(backups.props).toMatchObject({
      retentionPeriod: 35,
      kmsKeyId: "arn:aws:kms:eu-central-1:111111111111:key/1",
    });
    expect(backups.propertyDependencies.sourceDbInstanceArn).toEqual([primary]);
    for (const one of [replica, backups, named(all, "nucleus-replica-parameters")])
      expect(one.provider).toContain("other");
  });

  it("has in the other region what a restored instance needs, though no replica follows there", async () => {
    const all = await declare(() => {
      const args = whole();
      const { replica: _, ...there } = args.elsewhere ?? {};
      return { ...args, elsewhere: there as NonNullable<PostgresInstanceArgs["elsewhere"]> };
    });
    expect(namesOf(all).filter((one) => one.includes("nucleus-replica"))).toEqual([
      "aws:rds/parameterGroup:ParameterGroup nucleus-replica-parameters",
    ]);
    expect(named(all, "nucleus-replica-parameters").provider).toContain("other");
  });

  it("keeps its password in a store of both regions, and shows it nowhere", async () => {
    const all = await declare(whole);
    expect(named(all, "nucleus-user-secret").props).toMatchObject({
      name: "nucleus-postgres",
      kmsKeyId: "arn:aws:kms:eu-west-1:111111111111:key/1",
      recoveryWindowInDays: 30,
      replicas: [{ region: "eu-central-1", kmsKeyId: "arn:aws:kms:eu-central-1:111111111111:key/1" }],
    });
    expect(named(all, "nucleus-user-password").props).toMatchObject({ length: 40, special: false });
    expect(Object.keys(named(all, "nucleus-user").props)).toEqual(["secret"]);
    expect(Object.keys(named(all, "nucleus").props)).toEqual(["asset"]);
  });

  it.each<[string, Partial<PostgresInstanceArgs>, string]>([
    ["backups of 36 days", { backups: "36d" }, "nucleus: backups must be 0d to 35d, got 36d"],
    ["backups of 36 hours", { backups: "36h" }, "36h is not a whole number of days"],
    [
      "no backups to carry on",
      { backups: "0d" },
      "nucleus: backups must be 1d to 35d for another region to have any, got 0d",
    ],
    ["a version that RDS chooses", { version: "15" }, 'version must name its minor part, as "15.12", got "15"'],
  ])("refuses %s", async (_, edit, message) => {
    await expect(declare(() => whole(edit))).rejects.toThrow(message);
  });

  it("takes the shortest and the longest retention that RDS does", async () => {
    const days = async (backups: string) =>
      named(await declare(() => alone({ backups })), "nucleus-instance").props.backupRetentionPeriod;
    expect([await days("0d"), await days("35d")]).toEqual([0, 35]);
  });
});
