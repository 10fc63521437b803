import { afterAll, describe, expect, it } from "vitest";
import { ago, BEFORE, closeAll, makeRecovery, type Recovery, restored } from "./recoverFixture";

afterAll(closeAll);

const RESTORE = "restore-db-instance-to-point-in-time";
const restores = (of: Recovery) => of.asked().filter(({ operation }) => operation === RESTORE);
const fenced = {
  "database.replicated-backups.fence": { firstSite: "unreachable" },
  "assets.object-replica.take": { holds: ago(60), exact: true, lost: ago(55) },
};

/** Backups as the regions keep them after the instance that served was replaced: whose the name is, nobody may go by. */
function replaced(at: Recovery, renamed: boolean): void {
  at.json("aws/rds.json", (state) => {
    const { "eu-central-1": one, "eu-west-1": two } = state;
    const aside = "omniverse-prod-until-20261101t030405z";
    one.instances[aside] = {
      ...one.instances["omniverse-prod"],
      DBInstanceIdentifier: aside,
      TagList: [{ Key: "holdfast:put-aside", Value: ago(1_440) }],
    };
    one.instances["omniverse-prod"].DbiResourceId = "db-SERVES";
    for (const { backups } of [one, two]) {
      const [old] = backups;
      // Idle, it is as new as can be.
      backups.push({
        ...old,
        DBInstanceIdentifier: renamed ? aside : "omniverse-prod",
        DBInstanceAutomatedBackupsArn: "arn:old",
        RestoreWindow: { ...old.RestoreWindow, LatestTime: ago(1) },
      });
      Object.assign(old, { DbiResourceId: "db-SERVES", Status: old.Status });
    }
  });
}

describe.concurrent.each([
  ["as the instance is called now", true],
  ["as it was called", false],
])("backups that are called %s", (_, renamed) => {
  it.each<[string, Record<string, Record<string, unknown>>, Record<string, string>]>([
    ["the fence of this incident has seen", { "database.fenced": { resource: "db-SERVES", replicas: [] } }, {}],
    [
      "follow-again has left here",
      { "procedure.follow-again.backups": { at: ago(90 * 1_440), resource: "db-SERVES" } },
      {},
    ],
    [
      "somebody names, whatever else was noted",
      { "database.fenced": { resource: "db-OTHER", replicas: [] } },
      { DATABASE_RESOURCE: "db-SERVES" },
    ],
  ])("in the other region are those of the instance that %s", async (_, known, env) => {
    const at = await makeRecovery();
    at.ended({ ...fenced, ...known });
    replaced(at, renamed);
    await at.steps("database-in-secondary", ["restore"], env);
    expect(restores(at)).toEqual([expect.objectContaining({ "source-db-instance-automated-backups-arn": "arn:two" })]);
  });

  it("are not chosen among where nobody knows who served; whoever must, sees what there is", async () => {
    const at = await makeRecovery();
    at.ended(fenced);
    replaced(at, renamed);
    const said = await at.refused("database-in-secondary", "restore");
    expect(said).toContain("backups of more than one instance are here, and nobody knows which served: ");
    expect(said).toContain(
      `until ${ago(1)}, the instance is omniverse-prod-until-20261101t030405z, available, put aside`,
    );
    expect(said).toContain(
      `db-SERVES: backups active of omniverse-prod until ${ago(10)}, the instance is omniverse-prod, available; `,
    );
    expect(said).toContain("write DATABASE_RESOURCE=<its number> into omniverse-incident");
    at.json("aws/rds.json", (state) => {
      state["eu-central-1"].down = true;
    });
    expect(await at.refused("database-in-secondary", "restore")).toContain("the instance is not seen");
    expect(restores(at)).toEqual([]);
  });

  it("in place are those of what serves, and of another only where somebody names it", async () => {
    const at = await makeRecovery();
    at.ended({ "database.point-in-time.stop": { stopped: {} } });
    replaced(at, renamed);
    // Later than what serves has uploaded.
    expect(await at.refused("database-in-place", "restore", { RESTORE_BEFORE: ago(3) })).toContain(
      `must not be later than the latest restorable time ${ago(5)}`,
    );
    await at.steps("database-in-place", ["restore"], { DATABASE_RESOURCE: "db-OMNIVERSE-PROD" });
    expect(restores(at)).toEqual([expect.objectContaining({ "source-dbi-resource-id": "db-OMNIVERSE-PROD" })]);
  });
});

describe.concurrent("the database of an instance that was put aside", () => {
  it.each([
    ["put aside", `holdfast put aside ${ago(90)}`],
    ["has stood down", `holdfast stood down 20261101T030405.000Z ${ago(90)}`],
  ])("does not serve again by its backups, where it was %s", async (_, comment) => {
    const at = await makeRecovery();
    at.ended(fenced);
    at.json("psql/databases.json", (servers) => {
      servers[restored(ago(60))] = { ...servers["omniverse-prod"], comment };
    });
    await at.steps("database-in-secondary", ["restore"]);
    expect(await at.refused("database-in-secondary", "verify")).toContain(`its database says '${comment}'; choose`);
  });

  it("is not promoted: what was written of it has reached the replica", async () => {
    const at = await makeRecovery();
    at.ended({ ...fenced, "database.replica.fence": {} });
    at.json("psql/databases.json", (servers) => {
      servers["omniverse-prod-replica"].comment = `holdfast put aside ${ago(90)}`;
    });
    expect(await at.refused("promote-replica", "lag")).toContain("an instance that serves nobody any more");
  });

  it("is not restored from where its backups alone came, and another served", async () => {
    const at = await makeRecovery();
    at.ended({ ...fenced, "database.fenced": { resource: "db-SERVES", replicas: [] } });
    expect(await at.refused("database-in-secondary", "restore")).toContain(
      "here are no backups of db-SERVES, the instance that served, but: db-OMNIVERSE-PROD",
    );
  });

  it("is not what a restore in place begins from", async () => {
    const at = await makeRecovery();
    at.ended({ "database.point-in-time.stop": { stopped: {} } });
    at.json("aws/rds.json", ({ "eu-central-1": { instances } }) => {
      instances["omniverse-prod"].TagList = [{ Key: "holdfast:put-aside", Value: BEFORE }];
    });
    expect(await at.refused("database-in-place", "restore")).toContain("omniverse-prod was put aside");
  });

  it("holds nothing up where it takes no mark", async () => {
    const at = await makeRecovery();
    const id = restored(BEFORE);
    at.ended({
      "database.point-in-time.verify": { identifier: id, resource: `db-${id.toUpperCase()}` },
      replicas: { "nucleus-server": 2, "nucleus-navigator": 1 },
    });
    at.json("aws/rds.json", ({ "eu-central-1": one }) => {
      one.instances[id] = {
        ...one.instances["omniverse-prod"],
        DBInstanceIdentifier: id,
        DbiResourceId: `db-${id.toUpperCase()}`,
      };
      one.refuses = { "add-tags-to-resource": { code: "InternalFailure" } };
    });
    at.json("psql/databases.json", (servers) => {
      servers["omniverse-prod"].down = true;
    });
    const { code, stderr } = await at.step("database-in-place", "resume");
    expect([code, stderr]).toEqual([0, expect.stringContaining("promote nothing that follows it")]);
  });
});

describe.concurrent("a failover that changes its way", () => {
  it("restores after lag has refused, without fencing again", async () => {
    const at = await makeRecovery();
    at.answers.first = false;
    at.ended({ "assets.object-replica.take": { holds: ago(60), exact: true, lost: ago(55) } });
    await at.steps("promote-replica", ["notify", "fence"]);
    at.json("psql/databases.json", (servers) => {
      servers["omniverse-prod-replica"].references.push("under-way.usd");
    });
    expect(await at.refused("promote-replica", "lag")).toContain("take the path database-in-secondary");
    await at.steps("database-in-secondary", ["restore"]);
    expect(await at.refused("database-in-secondary", "dns")).toContain("dns must come after resume");
  });

  it("does not promote what the fenced instance does not know", async () => {
    const at = await makeRecovery();
    at.answers.first = false;
    at.ended({ "assets.object-replica.take": { holds: ago(1), exact: true, lost: ago(5) } });
    at.json("aws/rds.json", ({ "eu-central-1": { instances } }) => {
      instances["omniverse-prod"].ReadReplicaDBInstanceIdentifiers = [];
    });
    await at.steps("promote-replica", ["notify", "fence"]);
    expect(at.noted()["database.fenced"]).toContain('"resource":"db-OMNIVERSE-PROD"');
    expect(await at.refused("promote-replica", "lag")).toContain("does not follow db-OMNIVERSE-PROD");
  });
});
