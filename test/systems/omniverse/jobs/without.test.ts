import { afterAll, describe, expect, it } from "vitest";
import { ago, buckets, closeAll, makeRecovery, type Recovery } from "./recoverFixture";

afterAll(closeAll);

const NEVER = ["x, y.usd", "it's.usd"] as const;
const WITHOUT = JSON.stringify(NEVER);
const lose = (at: Recovery): void =>
  at.json(`aws/${buckets.first}/bucket.json`, (bucket) => {
    bucket.down = true;
  });
const notes = (at: Recovery) =>
  Object.entries(at.files(buckets.other)).flatMap(([key, lines]) =>
    key.startsWith(".holdfast/notes/") ? [lines] : [],
  );

/** A region that is lost, and two files of 40 days ago that never arrived, to which the database refers. */
async function lacking(): Promise<Recovery> {
  const at = await makeRecovery();
  const versions = NEVER.map((key) =>
    at.version(buckets.first, key, ago(57_600), "x", { ReplicationStatus: "FAILED" }),
  );
  at.json("psql/databases.json", (databases) => {
    databases["omniverse-prod-replica"].references.push(...NEVER.map((key, i) => `${key}\t${versions[i]}\t`));
  });
  at.ended({ "database.replica.fence": { firstSite: "fenced" } });
  return at;
}
const taken = { "assets.object-replica.take": { holds: ago(1), exact: true, lost: ago(5) } };
const verify = {
  "database.replicated-backups.restore": { host: "omniverse-prod-replica.rds", moment: ago(6) },
};

describe.concurrent("a file that never arrived", () => {
  it("keeps nobody from coming back who names it, and what went on without it says so", async () => {
    const at = await lacking();
    const { code, stderr } = await at.step("assets-in-secondary", "take");
    expect([code, stderr]).toEqual([1, expect.stringContaining("GO_ON_WITHOUT='[\"it'\\''s.usd\",\"x, y.usd\"]'")]);
    expect(await at.steps("assets-in-secondary", ["take"], { GO_ON_WITHOUT: WITHOUT })).toMatchObject({
      exact: true,
      pending: 0,
      without: [...NEVER].sort(),
    });
    expect(await at.refused("promote-replica", "lag")).toContain("it refers to 2 files");
    const lag = await at.steps("promote-replica", ["lag"], { GO_ON_WITHOUT: WITHOUT });
    expect(lag).toMatchObject({ without: [...NEVER].sort() });
    expect(notes(at)).toEqual([]);
    at.ended(verify);
    const done = await at.steps("database-in-secondary", ["verify"], { GO_ON_WITHOUT: WITHOUT });
    expect(done).toMatchObject({ references: 4, without: [...NEVER].sort() });
    // Later looks at the same rows do not begin anew; a row of another version does.
    expect(await at.steps("database-in-secondary", ["verify"])).not.toHaveProperty("without");
    at.json("psql/databases.json", (databases) => {
      databases["omniverse-prod-replica"].references.push(`${NEVER[0]}\tanother\t`);
    });
    expect(await at.refused("database-in-secondary", "verify")).toContain("refers to 1 files");
  });

  it("is accepted where the first region says nothing any more, and each is named", async () => {
    const at = await lacking();
    lose(at);
    at.ended({ ...taken, ...verify });
    const { code, stderr } = await at.step("database-in-secondary", "verify", {
      GO_ON_WITHOUT: JSON.stringify([NEVER[0]]),
    });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/going on without 1 files.*x, y\.usd\n.*missing: it's\.usd\n(.*\n)*.*refers to 1 files/),
    ]);
    expect(notes(at)).toEqual([]);
    await at.steps("database-in-secondary", ["verify"], { GO_ON_WITHOUT: WITHOUT });
    expect(notes(at)).toHaveLength(1);
  });

  it.each<[string, string, string]>([
    ["is there", JSON.stringify([...NEVER, "a.usd"]), "must name only what is missing, and assets-two holds a.usd"],
    ["is counted and not named", "2", `must be a list of keys in JSON such as ["projects/a.usd"], got '2'`],
    ["is anything", '[""]', "must be a list of keys in JSON"],
    ["is none", "[]", "must be a list of keys in JSON"],
    ["is no JSON", "x.usd", "got 'x.usd'"],
  ])("is not accepted where what is named %s", async (_, GO_ON_WITHOUT, says) => {
    const at = await lacking();
    expect(await at.refused("assets-in-secondary", "take", { GO_ON_WITHOUT })).toContain(says);
    at.ended(taken);
    expect(await at.refused("promote-replica", "lag", { GO_ON_WITHOUT })).toContain(says);
  });

  it("may be there in an older version that the database of the chosen moment refers to", async () => {
    const at = await lacking();
    const old = at.version(buckets.other, NEVER[0], ago(60_000), "old");
    await at.steps("assets-in-secondary", ["take"], { GO_ON_WITHOUT: WITHOUT });
    at.json("psql/databases.json", (databases) => {
      databases["omniverse-prod-replica"].references = ["a.usd", `${NEVER[0]}\t${old}\t`];
    });
    at.ended(verify);
    await at.steps("database-in-secondary", ["verify"], { GO_ON_WITHOUT: WITHOUT });
  });

  it("is not accepted for an incident of another day, nor in place", async () => {
    const at = await lacking();
    const said = { GO_ON_WITHOUT: WITHOUT };
    expect(await at.refused("assets-in-secondary", "take", { ...said, INCIDENT: "" })).toContain("must say INCIDENT");
    at.json("psql/databases.json", (databases) => {
      databases["omniverse-prod-replica"].references.push("gone.usd");
    });
    at.ended({ "database.point-in-time.restore": { host: "omniverse-prod-replica.rds" } });
    const gone = { GO_ON_WITHOUT: JSON.stringify(["gone.usd"]) };
    expect(await at.refused("database-in-place", "verify", gone)).toContain("refers to 1 files that assets-one");
  });
});
