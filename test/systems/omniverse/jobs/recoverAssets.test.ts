import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ago, BEFORE, buckets, closeAll, makeRecovery, type Recovery, restored } from "./recoverFixture";

afterAll(closeAll);

/** Without what recoveries note there. */
const filesOf = (at: Recovery, bucket: string) =>
  Object.fromEntries(Object.entries(at.files(bucket)).filter(([key]) => !key.startsWith(".holdfast/")));
const asked = (of: Recovery, operation: string) => of.asked().filter((one) => one.operation === operation);
const stopped = { "assets.object-versions.stop": { stopped: {} } };

/** A site that stands, with damaged files. */
async function damaged(): Promise<Recovery> {
  const at = await makeRecovery();
  at.json("kube/state.json", ({ objects }) => {
    for (const id of Object.keys(objects)) if (id.startsWith("pod/")) delete objects[id];
  });
  at.ended(stopped);
  for (const key of ["one.usd", "two & +.usd", "three%20.usd"]) {
    at.version(buckets.first, key, ago(900), `good ${key}`);
    at.version(buckets.first, key, ago(60), "encrypted");
  }
  return at;
}

describe.concurrent("files in place", () => {
  it("come back as they were: overwritten, deleted and made again, while newer ones and unchanged ones stay", async () => {
    const at = await damaged();
    at.version(buckets.first, "again.usd", ago(900), "good");
    at.version(buckets.first, "again.usd", ago(100), undefined);
    at.version(buckets.first, "again.usd", ago(90), "another");
    // Deleted before the moment: it stays deleted.
    at.version(buckets.first, "old.usd", ago(900), "old");
    at.version(buckets.first, "old.usd", ago(800), undefined);
    at.version(buckets.first, "new.usd", ago(60), "new");
    expect(await at.steps("assets-in-place", ["restore"])).toMatchObject({ moment: BEFORE, files: 6, changed: 4 });
    expect(filesOf(at, buckets.first)).toEqual({
      "a.usd": "first a",
      "b/c d.usd": "first b",
      "one.usd": "good one.usd",
      "two & +.usd": "good two & +.usd",
      "three%20.usd": "good three%20.usd",
      "again.usd": "good",
      "new.usd": "new",
    });
    // What was there stays as versions, the damage too.
    const versions = readdirSync(join(at.dir, "aws", buckets.first, "objects", "one.usd")).filter((one) =>
      one.endsWith(".bin"),
    );
    expect(versions).toHaveLength(3);
    await at.steps("assets-in-place", ["restore", "verify"]);
    expect(asked(at, "copy-object")).toHaveLength(4);
  });

  it("that could not all be copied are copied by the next run, and none of them twice", async () => {
    const at = await damaged();
    const { code, stderr } = await at.step("assets-in-place", "restore", { AWS_DOUBLE_FAIL_COPY: "one.usd" });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/one\.usd cannot be brought back.*\n.* 2 versions are noted .*\n.*start the step again/),
    ]);
    expect(await at.refused("assets-in-place", "verify")).toContain("verify must come after restore");
    expect(await at.steps("assets-in-place", ["restore"])).toMatchObject({ changed: 1 });
    expect(at.files(buckets.first)["one.usd"]).toBe("good one.usd");
  });

  it("are there for a database that knows them by an older version, until they are deleted, in both regions", async () => {
    const at = await damaged();
    const [older, good] = ["older", "good one.usd"].map((body) =>
      at.version(buckets.first, "one.usd", ago(body === "older" ? 950 : 900), body),
    );
    await at.steps("assets-in-place", ["restore"]);
    const folder = (bucket: string) => join(at.dir, "aws", bucket, "objects");
    cpSync(folder(buckets.first), folder(buckets.other), { recursive: true });
    for (const bucket of [buckets.first, buckets.other]) {
      // Sixty days later.
      for (const id of [older, good]) rmSync(join(folder(bucket), "one.usd", `${id}.json`));
    }
    at.json("psql/databases.json", (databases) => {
      for (const id of [restored(BEFORE), "omniverse-prod-replica"]) {
        databases[id].references = [`one.usd\t${good}\t`, `one.usd\t${older}\t`];
      }
    });
    at.ended({
      "database.point-in-time.restore": { host: `${restored(BEFORE)}.rds` },
      "database.replica.fence": {},
      "assets.object-replica.take": { holds: ago(1), exact: true, lost: ago(5) },
    });
    await at.steps("database-in-place", ["verify"]);
    await at.steps("promote-replica", ["lag"]);
    for (const bucket of [buckets.first, buckets.other]) {
      at.version(bucket, "one.usd", ago(0), undefined, { order: "9".repeat(20) });
    }
    expect(await at.refused("database-in-place", "verify")).toContain("refers to 1 files that assets-one");
    expect(await at.refused("promote-replica", "lag")).toContain("refers to 1 files that assets-two");
  });

  it("larger than one copy may be are copied in parts", async () => {
    const at = await damaged();
    const body = "0123456789".repeat(7);
    at.version(buckets.first, "large.usd", ago(900), body);
    at.version(buckets.first, "large.usd", ago(60), "x");
    const small = { COPY_LIMIT: "50", COPY_PART: "30", AWS_DOUBLE_COPY_LIMIT: "50" };
    await at.steps("assets-in-place", ["restore"], small);
    expect(at.files(buckets.first)["large.usd"]).toBe(body);
    expect(asked(at, "upload-part-copy").map((one) => one["copy-source-range"])).toEqual([
      "bytes=0-29",
      "bytes=30-59",
      "bytes=60-69",
    ]);
  });

  it("brought back to another moment are brought back anew", async () => {
    const at = await damaged();
    await at.steps("assets-in-place", ["restore"]);
    at.version(buckets.first, "one.usd", ago(950), "older one.us");
    await at.steps("assets-in-place", ["restore"], { RESTORE_BEFORE: ago(920) });
    expect(at.files(buckets.first)["one.usd"]).toBe("older one.us");
  });

  it.each<[string, (at: Recovery) => Record<string, string>, string]>([
    ["no moment is said", () => ({ RESTORE_BEFORE: "" }), "RESTORE_BEFORE must be set"],
    [
      "versions of it are no longer kept",
      () => ({ RESTORE_BEFORE: ago(61 * 1_440) }),
      "must not be more than 60 days ago",
    ],
    ["nothing was there", () => ({ RESTORE_BEFORE: ago(59 * 1_440) }), "assets-one held nothing at"],
    [
      "Nucleus runs",
      (at) => {
        at.json("kube/state.json", ({ objects }) => {
          objects["pod/nucleus-server-0"] = { metadata: { name: "nucleus-server-0", labels: { app: "nucleus" } } };
        });
        return {};
      },
      "they would write between the copies",
    ],
    [
      "the bucket does not answer",
      (at) => {
        at.json(`aws/${buckets.first}/bucket.json`, (bucket) => {
          bucket.down = true;
        });
        return {};
      },
      "the bucket assets-one cannot be listed",
    ],
  ])("stay as they are where %s", async (_, spoil, says) => {
    const at = await damaged();
    expect(await at.refused("assets-in-place", "restore", spoil(at))).toContain(says);
    expect(asked(at, "copy-object")).toEqual([]);
  });

  it("are not verified when one was written over since", async () => {
    const at = await damaged();
    await at.steps("assets-in-place", ["restore"]);
    at.version(buckets.first, "two & +.usd", ago(-1), "encrypted once more");
    // Nothing the double wrote may be newer than this one.
    const folder = join(at.dir, "aws", buckets.first, "objects", encodeURIComponent("two & +.usd"));
    for (const file of readdirSync(folder).filter((one) => one.endsWith(".json"))) {
      at.json(`aws/${buckets.first}/objects/${encodeURIComponent("two & +.usd")}/${file}`, (version) => {
        if (version.LastModified === ago(-1).replace("Z", "+00:00")) version.order = "9".repeat(20);
      });
    }
    expect(await at.refused("assets-in-place", "verify")).toContain("1 files of assets-one are not as they were");
  });

  it("are not verified when one cannot be read", async () => {
    const at = await damaged();
    await at.steps("assets-in-place", ["restore"]);
    const folder = join(at.dir, "aws", buckets.first, "objects", "a.usd");
    for (const file of readdirSync(folder).filter((one) => one.endsWith(".bin"))) rmSync(join(folder, file));
    expect(await at.refused("assets-in-place", "verify")).toContain("a.usd cannot be read from assets-one");
  });
});

const lose = (at: Recovery): void =>
  at.json(`aws/${buckets.first}/bucket.json`, (bucket) => {
    bucket.down = true;
  });

describe.concurrent("files in the other region", () => {
  it("hold everything until now, where all has arrived", async () => {
    const at = await makeRecovery();
    const taken = await at.steps("assets-in-secondary", ["take"]);
    expect(taken).toMatchObject({ exact: true, pending: 0, failed: 0, newest: ago(480) });
    expect(Date.parse(taken.holds)).toBeGreaterThanOrEqual(Date.parse(ago(0)));
    expect(at.files(buckets.other)).toHaveProperty([".holdfast/taken"]);
    // What was written to try it is no file of anybody.
    expect(await at.steps("assets-in-secondary", ["take"])).toMatchObject({ newest: ago(480) });
  });

  it("hold what is older than the first that has not arrived, and that is said with what has failed", async () => {
    const at = await makeRecovery();
    at.version(buckets.first, "under-way.usd", ago(30), "x", { ReplicationStatus: "PENDING" });
    at.version(buckets.first, "refused.usd", ago(45), "x", { ReplicationStatus: "FAILED" });
    const { code, stdout, stderr } = await at.step("assets-in-secondary", "take");
    const holds = new Date(Date.parse(ago(45)) - 1_000).toISOString().replace(".000Z", "Z");
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ exact: true, pending: 2, failed: 1, holds });
    expect(stderr).toMatch(
      /not replicated: refused\.usd .*\n.*not replicated: under-way\.usd .*\n.*2 versions have not arrived, 1 of those/,
    );
  });

  it("hold everything but what was missing for a while, where one that never arrived was replaced since", async () => {
    const at = await makeRecovery();
    at.version(buckets.first, "kept.usd", ago(40_000), "never arrived", { ReplicationStatus: "FAILED" });
    at.version(buckets.first, "deleted.usd", ago(30_000), "never arrived", { ReplicationStatus: "FAILED" });
    at.version(buckets.first, "deleted.usd", ago(29_000), undefined);
    for (const bucket of [buckets.first, buckets.other]) at.version(bucket, "kept.usd", ago(39_000), "arrived");
    const taken = await at.steps("assets-in-secondary", ["take"]);
    expect(taken).toMatchObject({ exact: true, pending: 0, failed: 0 });
    expect(Date.parse(taken.holds)).toBeGreaterThanOrEqual(Date.parse(ago(0)));
  });

  it("hold what had arrived before the last sign of life, where the first region does not answer", async () => {
    const at = await makeRecovery();
    lose(at);
    const estimated = { exact: false, pending: null };
    // A file of the night before, and a log that RDS carried here ten minutes ago.
    expect(await at.steps("assets-in-secondary", ["take"])).toMatchObject({ ...estimated, holds: ago(25) });
    at.version(buckets.other, "late.usd", ago(6), "late");
    expect(await at.steps("assets-in-secondary", ["take"])).toMatchObject({ ...estimated, holds: ago(21) });
    // RDS is down as well.
    at.json("aws/rds.json", (state) => {
      state["eu-west-1"].down = true;
    });
    expect(await at.steps("assets-in-secondary", ["take"])).toMatchObject({ ...estimated, holds: ago(21) });
  });

  it("are not taken when they are older than promised, unless somebody has said that this may be lost", async () => {
    const at = await makeRecovery();
    for (const minutes of [100, 90]) at.version(buckets.first, `of ${minutes}.usd`, ago(minutes), "x");
    const take = (env: Record<string, string>) => at.refused("assets-in-secondary", "take", env);
    const holds = new Date(Date.parse(ago(100)) - 1_000).toISOString().replace(".000Z", "Z");
    const refusal = await take({});
    // Minutes may have passed since the tests began.
    expect(refusal).toMatch(new RegExp(`the files of assets-two hold ${holds}, 1h4\\dm before`));
    expect(refusal).toContain("promised is 1h00m; the oldest that are missing: of 100.usd, of 90.usd: wait");
    expect(refusal).toContain(`LOSE_SINCE=${holds} if all since then may be lost`);
    expect(await take({ LOSE_SINCE: ago(100) })).toContain("hold");
    expect(await take({ LOSE_SINCE: "yes" })).toContain("LOSE_SINCE must be a moment in UTC");
    expect(await take({ LOSE_SINCE: holds, INCIDENT: "" })).toContain("omniverse-incident must say INCIDENT");
    const written = new Date(Date.now() - 13 * 3_600_000).toISOString();
    expect(await take({ LOSE_SINCE: holds, INCIDENT_WRITTEN: written })).toContain("more than 12 hours ago");
    expect(at.files(buckets.other)).not.toHaveProperty([".holdfast/taken"]);
    expect(await at.steps("assets-in-secondary", ["take"], { LOSE_SINCE: holds })).toMatchObject({ holds, pending: 2 });
  });

  it("are measured from when the region was lost, where somebody says when", async () => {
    const at = await makeRecovery();
    lose(at);
    at.json("aws/rds.json", (state) => {
      state["eu-west-1"].backups[0].RestoreWindow.LatestTime = ago(90);
    });
    // A failover that took its time loses no more for it.
    expect(await at.refused("assets-in-secondary", "take")).toMatch(/1h(4[5-9]|5\d)m before/);
    const taken = await at.steps("assets-in-secondary", ["take"], { LOST_AT: ago(60) });
    expect(taken).toMatchObject({ holds: ago(105), lost: ago(60) });
    // It stood when its log was carried here.
    expect(await at.steps("assets-in-secondary", ["take"], { LOST_AT: ago(300) })).toMatchObject({ lost: ago(90) });
    expect(await at.refused("assets-in-secondary", "take", { LOST_AT: ago(-60) })).toContain("must be in the past");
    const pasted = await at.refused("assets-in-secondary", "take", { LOST_AT: ago(13 * 60) });
    expect(pasted).toContain("LOST_AT must be within the last 12 hours");
  });

  it("are not taken where nothing can be written, or nothing ever arrived", async () => {
    const at = await makeRecovery();
    expect(await at.refused("assets-in-secondary", "take", { AWS_DOUBLE_FAIL_PUT: "1" })).toContain(
      "assets-two cannot be written to",
    );
    rmSync(join(at.dir, "aws", buckets.other, "objects"), { recursive: true });
    expect(await at.refused("assets-in-secondary", "take")).toContain("assets-two is empty");
    expect(await at.refused("assets-in-secondary", "verify")).toContain("verify must come after take");
  });
});
