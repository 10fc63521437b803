import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { SERVER_CLAIMS } from "../../../../systems/omniverse/names";
import { ago, buckets, closeAll, makeRecovery, type Recovery } from "./recoverFixture";

afterAll(closeAll);

const SNAPSHOT = "5".repeat(64);
const pointOf = (moment: string) => `${moment.replace(/[-:]/g, "").replace("Z", "")}.000Z`;
const content = (references: string[]) => ({ tables: { "public.assets": references.length }, references });

/** Puts a dump of a moment into the locked bucket, as dump.sh does; `archive` is what pg_restore finds. */
function dump(at: Recovery, moment: string, references: string[], archive = "content.json", written = moment): void {
  const folder = join(at.dir, "archive");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, archive), JSON.stringify(content(references)));
  const part = (name: string, body: Buffer) => {
    const key = `backups/database/primary/dumps/${pointOf(moment)}/${name}.0000`;
    const versionId = at.version(buckets.copies, key, moment, body.toString("latin1"));
    writeFileSync(join(at.dir, "aws", buckets.copies, "objects", encodeURIComponent(key), `${versionId}.bin`), body);
    return [{ key, versionId, size: body.length, sha256: createHash("sha256").update(body).digest("hex") }];
  };
  const manifest = {
    format: 1,
    asset: "omniverse/database",
    point: pointOf(moment),
    capture: moment,
    tables: content(references).tables,
    references: {
      count: references.length,
      parts: part("references", gzipSync(references.map((key) => `${key}\t\t\n`).join(""))),
    },
    dump: part("dump", execFileSync("tar", ["-C", folder, "-cf", "-", "."])),
  };
  at.version(
    buckets.copies,
    `backups/database/primary/points/${pointOf(moment)}.json`,
    written,
    JSON.stringify(manifest),
  );
  execFileSync("rm", ["-r", folder]);
}

/** Puts a copy of the assets of a moment there, as assets.sh does. */
function snapshot(at: Recovery, moment: string, files: Record<string, string>, written = moment, more = {}): void {
  for (const [file, body] of Object.entries(files)) {
    const whole = join(at.dir, "restic", SNAPSHOT, file);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, body);
  }
  const manifest = {
    format: 1,
    asset: "omniverse/assets",
    point: pointOf(moment),
    capture: moment,
    complete: moment,
    repository: "backups/assets/primary/2026-11",
    snapshot: SNAPSHOT,
    objects: Object.keys(files).length,
    bytes: Object.values(files).join("").length,
    ...more,
  };
  at.version(
    buckets.copies,
    `backups/assets/primary/points/${pointOf(moment)}.json`,
    written,
    JSON.stringify(manifest),
  );
}

const env = (at: Recovery) => ({
  RESTORE_BEFORE: ago(60),
  TARGET_HOST: "clean.example.com",
  TARGET_BUCKET: buckets.clean,
  RESTIC_DOUBLE_DIR: join(at.dir, "restic"),
  PLACE_DIR: join(at.dir, "place"),
  ROOM_DIR: join(at.dir, "room"),
  TARGET_ZONE: ZONE,
});

const ZONE = "ZCLEAN";
const DIRECTORY = "omniverse-prod-directory";
const starts = ["nucleus-tls/ca.crt", "nucleus-admin-token/token", "nucleus-api-token/token"];

/** What the service needs to start, as the pod of the step sees it, and a claim's state. */
function provide(at: Recovery): void {
  for (const file of starts) {
    mkdirSync(dirname(join(at.dir, "room", file)), { recursive: true });
    writeFileSync(join(at.dir, "room", file), "x");
  }
  for (const name of Object.values(SERVER_CLAIMS)) claim(at, name, "Bound");
}
function claim(at: Recovery, name: string, phase: string | undefined): void {
  at.json("kube/state.json", ({ objects }) => {
    const id = `persistentvolumeclaim/${name}`;
    if (phase === undefined) delete objects[id];
    else objects[id] = { metadata: { name }, status: { phase } };
  });
}

/** What whoever makes the room says of where the service there finds its data. */
function say(at: Recovery, host: string, bucket: string): void {
  mkdirSync(join(at.dir, "place"), { recursive: true });
  writeFileSync(join(at.dir, "place/DATABASE_HOST"), host);
  writeFileSync(join(at.dir, "place/FILES_BUCKET"), bucket);
}

/** Two copies of the assets and three dumps; the newest of each is of after the intrusion. */
async function cleanRoom(): Promise<Recovery> {
  const at = await makeRecovery();
  at.json("aws/secrets.json", (secrets) => {
    secrets["holdfast/prod/omniverse-restic"] = JSON.stringify({ password: "restic-password" });
    secrets[DIRECTORY] = "canary-of-the-directory";
  });
  provide(at);
  at.json("aws/route53.json", ({ records }) => {
    records[`${ZONE} other`] = { Name: "other.example.com", Type: "TXT", ResourceRecords: [{ Value: "x" }] };
  });
  at.json("psql/databases.json", (servers) => {
    servers.clean = { databases: {} };
  });
  say(at, "clean.example.com", buckets.clean);
  dump(at, ago(400), ["a.usd", "b/c.usd"]);
  dump(at, ago(200), ["a.usd", "b/c.usd", "newer-than-the-files.usd"]);
  dump(at, ago(30), []);
  snapshot(at, ago(300), { "a.usd": "first a", "b/c.usd": "first b" });
  at.version(buckets.copies, `backups/assets/primary/points/${pointOf(ago(20))}.json`, ago(20), "{}");
  return at;
}

const zonesOf = (of: Recovery, zone: string) =>
  Object.entries(of.json("aws/route53.json").records).filter(([key]) => key.startsWith(`${zone} `));
const databases = (of: Recovery) => of.json("psql/databases.json").clean.databases;

describe.concurrent("a clean room", () => {
  it("takes the newest copy of the files before the intrusion, and the newest dump that it holds everything for", async () => {
    const at = await cleanRoom();
    expect(await at.steps("assets-in-clean-room", ["room", "find", "restore", "verify"], env(at))).toMatchObject({
      moment: ago(300),
      read: 2,
    });
    expect(at.files(buckets.clean)).toEqual({ "a.usd": "first a", "b/c.usd": "first b" });
    expect(await at.steps("database-in-clean-room", ["room", "find"], env(at))).toMatchObject({
      point: pointOf(ago(400)),
    });
    at.ended({ "accounts.copies-in-clean-room.verify": {} });
    const all = await at.steps("database-in-clean-room", ["restore", "verify", "resume", "dns"], env(at));
    expect(all).toMatchObject({ record: "omniverse.example.com" });
    expect(databases(at)).toEqual({
      nucleus: expect.objectContaining({ ...content(["a.usd", "b/c.usd"]), comment: `holdfast ${pointOf(ago(400))}` }),
    });
    // What is there already is recognised, and what a run before had begun is begun anew.
    await at.steps("database-in-clean-room", ["restore"], env(at));
    await at.steps("assets-in-clean-room", ["restore"], env(at));
  });

  it("takes no copy that was written after the last moment that is trusted, whatever moment its name and itself claim", async () => {
    const at = await cleanRoom();
    at.ended({ "assets.copies.room": {}, "database.copies.room": {} });
    snapshot(at, ago(61), { "a.usd": "first a", "b/c.usd": "first b" }, ago(5));
    dump(at, ago(310), ["a.usd"], "content.json", ago(5));
    expect(await at.steps("assets-in-clean-room", ["find"], env(at))).toMatchObject({ point: pointOf(ago(300)) });
    expect(await at.steps("database-in-clean-room", ["find"], env(at))).toMatchObject({ point: pointOf(ago(400)) });
    // One that has ended before the intrusion is taken.
    snapshot(at, ago(64), { "a.usd": "first a", "b/c.usd": "first b" }, ago(62));
    dump(at, ago(320), ["a.usd"], "content.json", ago(62));
    expect(await at.steps("database-in-clean-room", ["find"], env(at))).toMatchObject({ point: pointOf(ago(320)) });
    expect(await at.steps("assets-in-clean-room", ["find"], env(at))).toMatchObject({ point: pointOf(ago(64)) });
  });

  it("takes the dump that the files were completed for, and goes on without a file that somebody names", async () => {
    const at = await cleanRoom();
    at.ended({ "assets.copies.room": {}, "database.copies.room": {} });
    dump(at, ago(155), ["a.usd"]);
    snapshot(at, ago(150), { "a.usd": "first a", "b/c.usd": "first b" }, ago(100), { dump: pointOf(ago(200)) });
    await at.steps("assets-in-clean-room", ["find", "restore", "verify"], env(at));
    const found = await at.steps("database-in-clean-room", ["find", "restore"], env(at));
    expect(found).toMatchObject({ point: pointOf(ago(200)) });
    const { code, stderr } = await at.step("database-in-clean-room", "verify", env(at));
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/GO_ON_WITHOUT='\["newer-than-the-files.usd"\]'\n.*refers to 1 files that assets-clean/),
    ]);
    const said = { ...env(at), GO_ON_WITHOUT: '["newer-than-the-files.usd"]' };
    const done = await at.steps("database-in-clean-room", ["verify"], said);
    expect(done).toMatchObject({ references: 3, without: ["newer-than-the-files.usd"] });
    // It is noted there, and asked for no more.
    expect(Object.keys(at.files(buckets.clean)).filter((key) => key.startsWith(".holdfast/notes/"))).toHaveLength(1);
    expect(await at.steps("database-in-clean-room", ["verify"], env(at))).not.toHaveProperty("without");
  });

  it("says which moment is asked for, and which copy is missing", async () => {
    const at = await cleanRoom();
    at.ended({ "assets.copies.room": {}, "database.copies.room": {} });
    expect(await at.refused("assets-in-clean-room", "find", { ...env(at), RESTORE_BEFORE: "" })).toContain(
      "RESTORE_BEFORE must be set",
    );
    expect(await at.refused("assets-in-clean-room", "find", { ...env(at), RESTORE_BEFORE: ago(500) })).toContain(
      "no copy of the assets not later than, and written by,",
    );
    expect(await at.refused("database-in-clean-room", "find", env(at))).toContain("find of the assets must come first");
  });

  it("is waited for until it is made, and says what is still to be made", async () => {
    const at = await cleanRoom();
    at.json("aws/secrets.json", (secrets) => {
      delete secrets["holdfast/prod/omniverse-restic"];
    });
    rmSync(join(at.dir, "place"), { recursive: true });
    const soon = { ...env(at), STEP_SECONDS: "62" };
    expect(await at.refused("assets-in-clean-room", "room", soon)).toMatch(
      /still to be made: the secret holdfast\/prod\/omniverse-restic with the password of the repositories; the last attempt said: /,
    );
    const waiting = at.begin("assets-in-clean-room", "room", env(at));
    while (!waiting.log().includes("still to be made")) await new Promise((done) => setTimeout(done, 50));
    at.json("aws/secrets.json", (secrets) => {
      secrets["holdfast/prod/omniverse-restic"] = JSON.stringify({ password: "restic-password" });
    });
    expect(await waiting.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('"made":true') });
    expect(await at.refused("database-in-clean-room", "room", soon)).toContain(
      "still to be made: where Nucleus finds its data: kubectl -n omniverse-prod create configmap omniverse-place --from-literal=DATABASE_HOST=clean.example.com --from-literal=FILES_BUCKET=assets-clean",
    );
    expect(
      await at.refused("database-in-clean-room", "room", { ...soon, TARGET_HOST: "nobody.example.com" }),
    ).toContain("PostgreSQL 15 with TLS at nobody.example.com that the secret omniverse-prod-postgres opens");
  });

  it.each<[string, (at: Recovery) => void, string]>([
    ...starts.map((file): [string, (at: Recovery) => void, string] => [
      `no ${file}`,
      (at) => rmSync(join(at.dir, "room", file)),
      `the Secret ${file.replace("/", " with the key ")}, which `,
    ]),
    [
      "nobody's password for the directory",
      (at) => at.json("aws/secrets.json", (secrets) => void delete secrets[DIRECTORY]),
      `the secret ${DIRECTORY} in eu-west-1 with the password of the directory`,
    ],
    [
      "a secret for the directory that nobody has filled in",
      (at) => at.json("aws/secrets.json", (secrets) => Object.assign(secrets, { [DIRECTORY]: "" })),
      `the secret ${DIRECTORY} in eu-west-1`,
    ],
    ["no claim for logs", (at) => claim(at, SERVER_CLAIMS.logs, undefined), "the claim nucleus-logs, which is missing"],
    [
      "a claim that lost its volume",
      (at) => claim(at, SERVER_CLAIMS.data, "Lost"),
      "the claim nucleus-data, which is Lost",
    ],
    [
      "no zone of its own",
      (at) => at.json("aws/route53.json", ({ records }) => void delete records[`${ZONE} other`]),
      `a zone of this account for omniverse.example.com, with its id as TARGET_ZONE in omniverse-incident; ${ZONE} is none`,
    ],
    [
      "no health check",
      (at) => at.json("aws/route53.json", (state) => Object.assign(state, { checks: [] })),
      "a health check of this account that asks https://omniverse-clean.example.com/health",
    ],
  ])("is not made with %s: its last steps would fail hours later", async (_, spoil, says) => {
    const at = await cleanRoom();
    spoil(at);
    const soon = { ...env(at), STEP_SECONDS: "61" };
    expect(await at.refused("database-in-clean-room", "room", soon)).toContain(`still to be made: ${says}`);
  });

  it("is made with claims that wait for their first pod, and tells of them", async () => {
    const at = await cleanRoom();
    claim(at, SERVER_CLAIMS.cache, "Pending");
    const { code, stderr } = await at.step("database-in-clean-room", "room", env(at));
    expect([code, stderr]).toEqual([0, expect.stringContaining("the claim nucleus-cache, which is Pending") as string]);
  });

  it("leads people by a record of its own zone, whatever the kit says", async () => {
    const at = await cleanRoom();
    at.ended({
      "database.copies.resume": {},
      "assets.copies.verify": {},
      "accounts.copies-in-clean-room.verify": {},
    });
    const before = JSON.stringify(zonesOf(at, "Z123"));
    await at.steps("database-in-clean-room", ["dns"], env(at));
    expect(zonesOf(at, ZONE)).toHaveLength(3);
    expect(JSON.stringify(zonesOf(at, "Z123"))).toBe(before);
  });

  it("starts no service that would look elsewhere for its data", async () => {
    const at = await cleanRoom();
    at.ended({
      "assets.copies.verify": {},
      "accounts.copies-in-clean-room.verify": {},
      "database.copies.verify": { host: "clean.example.com" },
    });
    say(at, "clean.example.com", buckets.other);
    expect(await at.refused("database-in-clean-room", "resume", env(at))).toMatch(
      /omniverse-place does not say where Nucleus finds its data: .* --from-literal=FILES_BUCKET=assets-clean/,
    );
    expect(at.kubectl().filter((line) => line.startsWith("scale"))).toEqual([]);
    say(at, "clean.example.com", buckets.clean);
    expect(await at.steps("database-in-clean-room", ["resume"], env(at))).toMatchObject({
      healthy: expect.any(String),
    });
  });

  it("overwrites no database, and leaves none half restored under its name", async () => {
    const at = await cleanRoom();
    at.ended({ "assets.copies.find": { moment: ago(300) } });
    await at.steps("database-in-clean-room", ["room", "find"], env(at));
    at.json("psql/databases.json", (servers) => {
      servers.clean.databases = { nucleus: { tables: { "public.mine": 1 }, references: [] }, nucleus_unfinished: {} };
    });
    expect(await at.refused("database-in-clean-room", "restore", env(at))).toContain(
      "nothing is overwritten, rename it first",
    );
    expect(databases(at).nucleus.tables).toEqual({ "public.mine": 1 });
  });

  it("fails for a dump that cannot be restored, or is damaged", async () => {
    const at = await cleanRoom();
    dump(at, ago(350), ["a.usd"], "no-archive");
    at.ended({ "assets.copies.find": { moment: ago(300) } });
    await at.steps("database-in-clean-room", ["room", "find"], env(at));
    expect(await at.refused("database-in-clean-room", "restore", env(at))).toContain(
      `dump ${pointOf(ago(350))} could not be restored`,
    );
    expect(databases(at)).not.toHaveProperty("nucleus");
    const key = `backups/database/primary/dumps/${pointOf(ago(350))}/dump.0000`;
    const [part] = at.json(
      `aws/${buckets.copies}/objects/${encodeURIComponent(`backups/database/primary/points/${pointOf(ago(350))}.json`)}/${versionOf(at, ago(350))}.bin`,
    ).dump;
    const file = join(at.dir, "aws", buckets.copies, "objects", encodeURIComponent(key), `${part.versionId}.bin`);
    writeFileSync(file, `${readFileSync(file, "latin1")} `);
    expect(await at.refused("database-in-clean-room", "restore", env(at))).toContain("could not be fetched whole");
  });

  it("does not call files recovered that are not all there", async () => {
    const at = await cleanRoom();
    await at.steps("assets-in-clean-room", ["room", "find", "restore"], env(at));
    at.version(buckets.clean, "of-somebody-else.usd", ago(1), "x");
    expect(await at.refused("assets-in-clean-room", "verify", env(at))).toContain(
      "assets-clean holds 3 15 files and bytes, the snapshot 2 14",
    );
  });
});

function versionOf(at: Recovery, moment: string): string {
  const newest = at.asked().filter(({ key }) => String(key).endsWith(`points/${pointOf(moment)}.json`));
  return String(newest.at(-1)?.["version-id"]);
}
