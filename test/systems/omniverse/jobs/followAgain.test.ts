import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { declaredGraph } from "../../../support/declaredGraph";
import { type Estate, makeSite } from "./procedureFixture";

const AGAIN = "follow-again";
const STEPS = ["aside", "follow", "backups"];
const ARN = "arn:aws:rds:eu-central-1:111111111111:db:omniverse-prod";
const REPLICA = "omniverse-prod-replica";
const replicaArn = (id: string) => `arn:aws:rds:eu-west-1:111111111111:db:${id}`;

let graph: ResourceGraph;
let at: Estate;
beforeAll(async () => {
  graph = await declaredGraph("prod");
});
const instance = (region: string, id: string, resource: string, more: Record<string, unknown> = {}) => ({
  DBInstanceIdentifier: id,
  DbiResourceId: resource,
  DBInstanceStatus: "available",
  DBInstanceClass: "db.m6g.xlarge",
  Endpoint: { Address: `${id}.c0ffee.${region}.rds.amazonaws.com`, Port: 5432 },
  DBSubnetGroup: { DBSubnetGroupName: `subnets-${region}`, VpcId: "vpc-1" },
  DBParameterGroups: [{ DBParameterGroupName: "omniverse-prod-postgres15", ParameterApplyStatus: "in-sync" }],
  VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1", Status: "active" }],
  StorageType: "gp3",
  MaxAllocatedStorage: 400,
  EnabledCloudwatchLogsExports: ["postgresql", "upgrade"],
  KmsKeyId: `arn:aws:kms:${region}:111111111111:key/1`,
  ...more,
});

/** As a restore in place leaves it: another instance has the name, and the replica stays with the one put aside. */
beforeEach(async () => {
  at = await makeSite(graph);
  const aside = "omniverse-prod-until-20261122t030405z";
  fs.writeFileSync(
    path.join(at.folder, "aws/rds.json"),
    JSON.stringify({
      "eu-central-1": {
        instances: {
          "omniverse-prod": instance("eu-central-1", "omniverse-prod", "db-RESTORED"),
          [aside]: instance("eu-central-1", aside, "db-DAMAGED", {
            ReadReplicaDBInstanceIdentifiers: [replicaArn(REPLICA)],
          }),
        },
        backups: [],
        subnetGroups: [],
      },
      "eu-west-1": {
        instances: {
          // RDS goes on saying what it was told when the replica was made.
          [REPLICA]: instance("eu-west-1", REPLICA, "db-REPLICA", { ReadReplicaSourceDBInstanceIdentifier: ARN }),
        },
        backups: [
          {
            DBInstanceIdentifier: "omniverse-prod",
            DbiResourceId: "db-DAMAGED",
            Status: "replicating",
            RestoreWindow: { LatestTime: "2026-11-22T03:00:00Z" },
          },
        ],
        subnetGroups: [],
      },
    }),
  );
});
afterEach(() => at.close());

const rds = () => at.json("aws/rds.json");
const there = () => rds()["eu-west-1"];

describe("the other region's database, after what serves was replaced", () => {
  it("follows what serves, as it was made before, and its backups are carried again", async () => {
    expect(await at.steps(AGAIN, STEPS)).toMatchObject({ resource: "db-RESTORED" });
    const { instances, backups } = there();
    expect(Object.keys(instances).sort()).toEqual([REPLICA, expect.stringMatching(/^omniverse-prod-replica-until-/)]);
    expect(instances[REPLICA]).toMatchObject({
      ReadReplicaSourceDBInstanceIdentifier: ARN,
      DBInstanceClass: "db.m6g.xlarge",
      MaxAllocatedStorage: 400,
      EnabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      DeletionProtection: true,
    });
    expect(backups).toContainEqual(
      expect.objectContaining({
        DbiResourceId: "db-RESTORED",
        Status: "replicating",
        BackupRetentionPeriod: 35,
        KmsKeyId: "arn:aws:kms:eu-west-1:111111111111:key/1",
      }),
    );
  });

  it("has what the one put aside sends ended by a person, whom it tells how", async () => {
    await at.steps(AGAIN, ["aside", "follow"]);
    const { code, stdout, stderr } = await at.step(AGAIN, "backups");
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining(
        "stop-db-instance-automated-backups-replication --region eu-west-1 --source-db-instance-arn arn:aws:rds:eu-central-1:111111111111:db:omniverse-prod-until-20261122t030405z",
      ),
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ resource: "db-RESTORED", alsoSent: ["db-DAMAGED"] });
  });

  it("is not made twice, whichever step is started again", async () => {
    await at.steps(AGAIN, STEPS);
    const before = JSON.stringify(there());
    expect(await at.steps(AGAIN, ["aside"])).toMatchObject({ aside: "none" });
    await at.steps(AGAIN, STEPS);
    expect(JSON.stringify(there())).toBe(before);
  });

  it("is made as before by a run after one that was ended when the old name was free", async () => {
    await at.steps(AGAIN, ["aside"]);
    await at.steps(AGAIN, STEPS);
    expect(there().instances[REPLICA]).toMatchObject({ MaxAllocatedStorage: 400 });
    expect(Object.keys(there().instances)).toHaveLength(2);
  });

  it("is made like the one that stood down, after a fail-back", async () => {
    at.json("aws/rds.json", (state) => {
      const { instances } = state["eu-west-1"];
      const { ReadReplicaSourceDBInstanceIdentifier: _, ...served } = instances[REPLICA];
      state["eu-west-1"].instances = {
        [`${REPLICA}-stood-down`]: {
          ...served,
          DBInstanceIdentifier: `${REPLICA}-stood-down`,
          InstanceCreateTime: "2026-01-01T00:00:00Z",
          MaxAllocatedStorage: 300,
        },
        [`${REPLICA}-stood-down-20261122t030405z`]: {
          ...served,
          DBInstanceIdentifier: `${REPLICA}-stood-down-20261122t030405z`,
          InstanceCreateTime: "2026-06-01T00:00:00Z",
          MaxAllocatedStorage: 500,
        },
      };
    });
    await at.steps(AGAIN, STEPS);
    expect(there().instances[REPLICA]).toMatchObject({ MaxAllocatedStorage: 500 });
  });

  it.each<
    [
      string,
      (state: Record<string, { instances: Record<string, Record<string, unknown>>; down?: boolean }>) => void,
      string,
    ]
  >([
    [
      "follows nothing, and so may serve",
      (state) => delete state["eu-west-1"]?.instances[REPLICA]?.ReadReplicaSourceDBInstanceIdentifier,
      "follows nothing, so it may be what serves: nothing was changed",
    ],
    ["is nowhere", (state) => delete state["eu-west-1"]?.instances[REPLICA], "deploy the program instead"],
    [
      "has nothing to follow",
      (state) => delete state["eu-central-1"]?.instances["omniverse-prod"],
      "omniverse-prod of eu-central-1 is absent",
    ],
    [
      "would follow one that follows",
      (state) =>
        Object.assign(state["eu-central-1"]?.instances["omniverse-prod"] ?? {}, {
          ReadReplicaSourceDBInstanceIdentifier: "x",
        }),
      "follows another: end that first",
    ],
    [
      "would follow one that was put aside",
      (state) =>
        Object.assign(state["eu-central-1"]?.instances["omniverse-prod"] ?? {}, {
          TagList: [{ Key: "holdfast:put-aside", Value: "2026-11-22T03:04:05Z" }],
        }),
      "omniverse-prod of eu-central-1 was put aside",
    ],
  ])("is left alone where it %s", async (_, spoil, says) => {
    at.json("aws/rds.json", spoil);
    const before = JSON.stringify(rds());
    expect(await at.refused(AGAIN, "aside")).toContain(says);
    expect(JSON.stringify(rds())).toBe(before);
  });
});
