import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { declaredGraph } from "../../../support/declaredGraph";
import { ago, BEFORE, buckets, closeAll, makeRecovery, type Recovery, restored } from "./recoverFixture";

afterAll(closeAll);

const asked = (of: Recovery, operation: string) => of.asked().filter((one) => one.operation === operation);
const RESTORE = "restore-db-instance-to-point-in-time";
const inPlace = { "database.point-in-time.stop": { stopped: {} } };
const elsewhere = (take: Record<string, unknown>) => ({
  "database.replicated-backups.fence": { firstSite: "fenced" },
  "assets.object-replica.take": { lost: ago(10), ...take },
});

/** A site whose database was restored, and may be verified. */
async function withRestored(): Promise<Recovery> {
  const at = await makeRecovery();
  await at.steps("database-in-place", ["stop", "restore"]);
  return at;
}

describe.concurrent("the moment that a database comes back to", () => {
  it.each<[string, Record<string, string>, string]>([
    ["is missing", { RESTORE_BEFORE: "" }, "RESTORE_BEFORE must be set in the ConfigMap omniverse-incident"],
    ["is in the future", { RESTORE_BEFORE: ago(-10) }, "RESTORE_BEFORE must be in the past"],
    [
      "is not in UTC",
      { RESTORE_BEFORE: "2026-11-21T03:04:00+01:00" },
      "RESTORE_BEFORE must be a moment in UTC such as",
    ],
    ["is no moment", { RESTORE_BEFORE: "2026-13-41T03:04:00Z" }, "RESTORE_BEFORE must be a moment in UTC such as"],
    [
      "is later than the log that was uploaded",
      { RESTORE_BEFORE: ago(1) },
      "must not be later than the latest restorable time",
    ],
    [
      "is earlier than what is kept",
      { RESTORE_BEFORE: ago(40 * 1_440) },
      "must not be earlier than the earliest restorable time",
    ],
  ])("is refused in place where it %s", async (_, env, says) => {
    const at = await makeRecovery();
    at.ended(inPlace);
    expect(await at.refused("database-in-place", "restore", env)).toContain(says);
    expect(asked(at, RESTORE)).toEqual([]);
  });

  it("is refused where it is later than the files that were restored", async () => {
    const at = await makeRecovery();
    at.ended({ ...inPlace, "assets.object-versions.restore": { moment: ago(500) } });
    expect(await at.refused("database-in-place", "restore")).toContain(`the assets were restored to ${ago(500)}`);
  });

  it("is refused in the other region before anybody asked which moment the files hold", async () => {
    const at = await makeRecovery();
    at.ended({ "database.replicated-backups.fence": {} });
    expect(await at.refused("database-in-secondary", "restore")).toContain("take of the assets must come first");
    // Nor does an answer of another incident count.
    at.ended({ ...elsewhere({ holds: ago(5), exact: true, at: ago(25 * 60) }) });
    expect(await at.refused("database-in-secondary", "restore")).toContain("take of the assets must come first");
  });

  it.each<[string, Record<string, unknown>, Record<string, string>, string]>([
    ["what the files hold, where that is known", { holds: ago(60), exact: true }, {}, ago(60)],
    ["where the backups end, where the files hold more", { holds: ago(1), exact: true }, {}, ago(10)],
    [
      "older than promised only where somebody has said so",
      { holds: ago(90), exact: true },
      { LOSE_SINCE: ago(90) },
      ago(90),
    ],
    ["RESTORE_BEFORE, where that is earlier", { holds: ago(90), exact: true }, { RESTORE_BEFORE: ago(200) }, ago(200)],
  ])("is in the other region %s", async (_, take, env, moment) => {
    const at = await makeRecovery();
    at.ended(elsewhere(take));
    await at.steps("database-in-secondary", ["restore"], env);
    expect(asked(at, RESTORE)).toEqual([
      expect.objectContaining({
        "restore-time": moment,
        "target-db-instance-identifier": restored(moment),
        "source-db-instance-automated-backups-arn": "arn:two",
        "db-subnet-group-name": "subnets-eu-west-1",
      }),
    ]);
  });
});

describe.concurrent("the other region without a replica", () => {
  /** The replica is not there, and the groups that the program declares are. */
  async function without(): Promise<Recovery> {
    const at = await makeRecovery();
    at.ended(elsewhere({ holds: ago(60), exact: true }));
    at.json("aws/rds.json", ({ "eu-west-1": there }) => {
      delete there.instances["omniverse-prod-replica"];
      there.subnetGroups = ["omniverse-prod-secondary"];
    });
    const vpc = (await declaredGraph("prod")).resources.find(
      ({ name }) => name === "omniverse-secondary-database-callers",
    );
    const group = { GroupName: "omniverse-prod-database", VpcId: vpc?.props.vpcId };
    writeFileSync(
      join(at.dir, "aws/ec2.json"),
      JSON.stringify({
        "eu-west-1": [
          { ...group, GroupId: "sg-other", VpcId: "vpc-other" },
          { ...group, GroupId: "sg-own" },
        ],
      }),
    );
    return at;
  }

  it("gets the database with the network and the settings that the program declares, under the name that Nucleus calls", async () => {
    const at = await without();
    at.answers.first = false;
    at.ended({ "assets.object-replica.verify": {}, "accounts.copies-in-secondary.verify": {} });
    await at.steps("database-in-secondary", ["restore"]);
    const { resources } = await declaredGraph("prod");
    const declared: Record<string, unknown> = {
      ...resources.find(({ name }) => name === "omniverse-database-replica")?.props,
    };
    expect(asked(at, RESTORE)).toEqual([
      expect.objectContaining({
        "db-instance-class": declared.instanceClass,
        "db-subnet-group-name": "omniverse-prod-secondary",
        "db-parameter-group-name": declared.parameterGroupName,
        "storage-type": declared.storageType,
        "max-allocated-storage": String(declared.maxAllocatedStorage),
        "vpc-security-group-ids": ["sg-own"],
        "multi-az": true,
      }),
    ]);
    at.json("psql/databases.json", (databases) => {
      databases[restored(ago(60))] = databases["omniverse-prod"];
    });
    await at.steps("database-in-secondary", ["verify", "resume", "dns"]);
    const there = at.json("aws/rds.json")["eu-west-1"].instances;
    expect(Object.keys(there)).toEqual(["omniverse-prod-replica"]);
    expect(there["omniverse-prod-replica"]).toMatchObject({ restoredTo: ago(60), DBInstanceStatus: "available" });
  });

  it("is not given one that nobody could call", async () => {
    const at = await without();
    writeFileSync(join(at.dir, "aws/ec2.json"), "{}");
    expect(await at.refused("database-in-secondary", "restore")).toContain(
      "must have one security group omniverse-prod-database",
    );
    expect(asked(at, RESTORE)).toEqual([]);
  });
});

describe.concurrent("a database that would come back older than promised", () => {
  it.each<[string, Record<string, unknown>, Record<string, string>]>([
    ["where the files are older", { holds: ago(90), exact: true }, {}],
    ["where somebody has accepted less", { holds: ago(90), exact: true }, { LOSE_SINCE: ago(89) }],
    ["where a later moment was asked for", { holds: ago(90), exact: true }, { RESTORE_BEFORE: ago(80) }],
  ])("is not restored %s", async (_, take, env) => {
    const at = await makeRecovery();
    at.ended(elsewhere(take));
    expect(await at.refused("database-in-secondary", "restore", env)).toContain(
      `hold ${ago(90)}, 1h20m before ${ago(10)}, when the region counts as lost; promised is 1h00m`,
    );
    expect(asked(at, RESTORE)).toEqual([]);
  });

  it("is not restored when it is the backups that end long before the region was lost", async () => {
    const at = await makeRecovery();
    at.ended(elsewhere({ holds: ago(5), exact: true, lost: ago(5) }));
    at.json("aws/rds.json", (state) => {
      state["eu-west-1"].backups[0].RestoreWindow.LatestTime = ago(3 * 1_440);
    });
    expect(await at.refused("database-in-secondary", "restore")).toContain(`hold ${ago(3 * 1_440)}, 71h55m before`);
  });
});

describe.concurrent("a restore of the database", () => {
  it("that RDS cannot end is reported, and nothing was replaced", async () => {
    const at = await makeRecovery();
    at.ended(inPlace);
    at.json("aws/rds.json", (state) => {
      state["eu-central-1"].restoresTo = "incompatible-network";
    });
    expect(await at.refused("database-in-place", "restore")).toContain(
      "is incompatible-network and will not become available",
    );
    expect(await at.refused("database-in-place", "verify")).toContain("verify must come after restore");
    expect(asked(at, "modify-db-instance")).toEqual([]);
  });

  it("that was ended by its deadline goes on where it was, to the same moment", async () => {
    const at = await makeRecovery();
    at.ended(elsewhere({ holds: ago(1), exact: true }));
    at.json("aws/rds.json", (state) => {
      state["eu-west-1"].slow = true;
    });
    const running = at.begin("database-in-secondary", "restore");
    while (!running.log().includes("is creating")) await new Promise((done) => setTimeout(done, 50));
    running.kill();
    await running.ended;
    at.json("aws/rds.json", (state) => {
      state["eu-west-1"].slow = false;
      // The first site still uploads its log: a moment that is chosen anew would be another.
      state["eu-west-1"].backups[0].RestoreWindow.LatestTime = ago(2);
    });
    expect(await at.steps("database-in-secondary", ["restore"])).toMatchObject({ moment: ago(10) });
    expect(await at.steps("database-in-secondary", ["restore"])).toMatchObject({ identifier: restored(ago(10)) });
    expect(asked(at, RESTORE)).toHaveLength(1);
  });

  it("fails where RDS does not answer, and where it has no backup", async () => {
    const at = await makeRecovery();
    at.ended(inPlace);
    at.json("aws/rds.json", (state) => {
      state["eu-central-1"].backups = [];
    });
    expect(await at.refused("database-in-place", "restore")).toContain(
      "there are no automated backups of omniverse-prod in eu-central-1",
    );
    at.json("aws/rds.json", (state) => {
      state["eu-central-1"].down = true;
    });
    expect(await at.refused("database-in-place", "restore")).toContain(
      "the automated backups of eu-central-1 cannot be read",
    );
  });
});

describe.concurrent("a verification of the database", () => {
  it("names the files that are missing, and nothing goes on", async () => {
    const at = await withRestored();
    at.json("psql/databases.json", (databases) => {
      // The last is there, but not the version that is meant.
      databases[restored(BEFORE)].references.push("lost.usd", "deleted.usd", "a.usd\tanother-version\t");
    });
    at.version(buckets.first, "deleted.usd", ago(900), "d");
    at.version(buckets.first, "deleted.usd", ago(800), undefined);
    const { code, stderr } = await at.step("database-in-place", "verify");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /missing: a\.usd\n.*missing: deleted\.usd\n.*missing: lost\.usd\n.*refers to 3 files that assets-one does not hold\n$/,
    );
    // An earlier moment would lack as many: what was deleted is behind its marker whatever the database comes back to.
    expect(stderr).toContain(
      "bring the files back to the same RESTORE_BEFORE by assets-in-place, then start this step",
    );
    expect(await at.refused("database-in-place", "resume")).toContain("resume must come after verify");
    expect(asked(at, "modify-db-instance")).toEqual([]);
  });

  it.each<[string, (database: Record<string, unknown>) => void, string]>([
    ["damaged indexes", (one) => Object.assign(one, { damaged: true }), "is damaged: see pg_amcheck above"],
    ["no row", (one) => Object.assign(one, { tables: { "public.assets": 0 } }), "holds no row at all"],
    ["no answer", (one) => Object.assign(one, { down: true }), "does not answer"],
  ])("fails for %s", async (_, spoil, says) => {
    const at = await makeRecovery();
    at.ended({ "database.point-in-time.restore": { identifier: "x", resource: "y", host: `${restored(BEFORE)}.rds` } });
    at.json("psql/databases.json", (databases) => spoil(databases[restored(BEFORE)]));
    expect(await at.refused("database-in-place", "verify")).toContain(says);
  });
});

it("a verification is not held up by a right that this user misses, and says what was not looked at", async () => {
  const at = await withRestored();
  at.json("psql/databases.json", (databases) => Object.assign(databases[restored(BEFORE)], { denied: true }));
  const { code, stderr } = await at.step("database-in-place", "verify");
  expect([code, stderr]).toEqual([0, expect.stringContaining("its pages were not looked at") as string]);
});

it("a verification says in time that it has not read everything, and is no word of damage", async () => {
  const at = await makeRecovery();
  at.ended({ "database.point-in-time.restore": { identifier: "x", resource: "y", host: `${restored(BEFORE)}.rds` } });
  at.json("psql/databases.json", (databases) => Object.assign(databases[restored(BEFORE)], { slow: true }));
  expect(await at.refused("database-in-place", "verify", { STEP_SECONDS: "18" })).toMatch(
    /has not read everything within \d+ s, which is no sign of damage: start the step again/,
  );
});

describe.concurrent("a replica", () => {
  const ready = {
    "database.replica.fence": { firstSite: "fenced" },
    "assets.object-replica.take": { holds: ago(1), exact: true, lost: ago(5) },
  };
  it.each<[string, (at: Recovery) => void, string]>([
    [
      "refers to files that have not arrived",
      (at) =>
        at.json("psql/databases.json", (databases) =>
          databases["omniverse-prod-replica"].references.push("under-way.usd"),
        ),
      "the replica is ahead of the assets: take the path database-in-secondary; it refers to 1 files",
    ],
    [
      "is far behind the backups",
      (at) =>
        at.json("psql/databases.json", (databases) => {
          databases["omniverse-prod-replica"].replayed = Date.parse(ago(60)) / 1_000;
        }),
      "take the path database-in-secondary",
    ],
    [
      "is older than promised, and the backups with it",
      (at) => {
        at.json("psql/databases.json", (databases) => {
          databases["omniverse-prod-replica"].replayed = Date.parse(ago(3 * 1_440)) / 1_000;
        });
        at.json("aws/rds.json", (state) => {
          state["eu-west-1"].backups[0].RestoreWindow.LatestTime = ago(3 * 1_440);
        });
      },
      `the transactions of omniverse-prod-replica hold ${ago(3 * 1_440)}, 71h55m before`,
    ],
    [
      "does not say up to when it follows",
      (at) =>
        at.json("psql/databases.json", (databases) => {
          delete databases["omniverse-prod-replica"].replayed;
        }),
      "does not say up to when it follows",
    ],
    [
      "is not there",
      (at) =>
        at.json("aws/rds.json", (state) => {
          delete state["eu-west-1"].instances["omniverse-prod-replica"];
        }),
      "there is no replica omniverse-prod-replica: take the path database-in-secondary",
    ],
  ])("that %s is not promoted", async (_, spoil, says) => {
    const at = await makeRecovery();
    at.ended(ready);
    spoil(at);
    expect(await at.refused("promote-replica", "lag")).toContain(says);
    expect(await at.refused("promote-replica", "promote")).toContain("promote must come after lag");
    expect(asked(at, "promote-read-replica")).toEqual([]);
  });

  it("is promoted once, however often the step runs", async () => {
    const at = await makeRecovery();
    at.ended({
      "database.replica.lag": { moment: ago(6) },
      "database.replica.verify": {},
      "database.replica.resume": {},
    });
    const twice = [await at.steps("promote-replica", ["promote"]), await at.steps("promote-replica", ["promote"])];
    expect(twice).toEqual(
      [0, 1].map(() => expect.objectContaining({ moment: ago(6), identifier: "omniverse-prod-replica" })),
    );
    // What came after it does not count for what it has brought back now.
    expect(Object.keys(at.noted()).sort()).toEqual(["database.replica.lag", "database.replica.promote"]);
    expect(asked(at, "promote-read-replica")).toHaveLength(1);
  });
});

describe.concurrent("a database that takes its place", () => {
  const verified = {
    "database.point-in-time.verify": { identifier: restored(BEFORE), resource: `db-${restored(BEFORE).toUpperCase()}` },
    replicas: { "nucleus-server": 2, "nucleus-navigator": 1 },
  };
  const renamed = (of: Recovery) => asked(of, "modify-db-instance").map((one) => one["db-instance-identifier"]);

  it("does so once, after a run that was ended between the two names as well", async () => {
    const at = await withRestored();
    at.ended(verified);
    const running = at.begin("database-in-place", "resume");
    while (!running.log().includes("omniverse-prod becomes")) await new Promise((done) => setTimeout(done, 20));
    running.kill();
    await running.ended;
    await at.steps("database-in-place", ["resume"]);
    expect(renamed(at)).toEqual(["omniverse-prod", restored(BEFORE)]);
    expect(at.json("aws/rds.json")["eu-central-1"].instances["omniverse-prod"].restoredTo).toBe(BEFORE);
    await at.steps("database-in-place", ["resume"]);
    expect(renamed(at)).toHaveLength(2);
  });

  it("is not called recovered while Nucleus does not answer", async () => {
    const at = await withRestored();
    at.ended(verified);
    at.answers.here = false;
    expect(await at.refused("database-in-place", "resume")).toMatch(/\/here\/health does not answer after 2s$/);
    at.answers.here = true;
    at.json("kube/state.json", (state) => {
      state.silent = true;
    });
    expect(await at.refused("database-in-place", "resume")).toContain(
      "not ready after 2s: nucleus-server nucleus-navigator",
    );
    expect(at.noted()).not.toHaveProperty(["database.point-in-time.resume"]);
  });
});
