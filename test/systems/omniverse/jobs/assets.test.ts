import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { readRegister } from "../../../../systems/config/register";
import { jobNames } from "../../../../systems/omniverse/names";
import type { RunWith } from "../../../support/cronJob";
import { declaredGraph } from "../../../support/declaredGraph";
import { ASSETS, COPIES, canaries, clockAhead, type Estate, makeEstate } from "./fixture";

let graph: ResourceGraph;
let estate: Estate;
beforeAll(async () => {
  graph = await declaredGraph("prod");
});
beforeEach(async () => {
  estate = await makeEstate(graph);
  estate.save("projects/one.usd");
  estate.save("projects/two.usd");
});
afterEach(() => estate.close());

const copy = (runWith?: RunWith) => estate.job(jobNames.assets, runWith);
const dump = () => estate.job(jobNames.dump);
const verify = (runWith?: RunWith) => estate.job(jobNames.verifyAssets, runWith);
const month = new Date().toISOString().slice(0, 7);
const repository = `backups/assets/primary/${month}`;
const ended = ({ code, stderr }: { code: number | null; stderr: string }) => [code, stderr];
const says = (text: string) => expect.stringContaining(text) as string;

describe("a copy of the assets", () => {
  it("holds the versions of its moment, whatever is written and deleted while it runs", async () => {
    await dump();
    // Between the moment and the copy.
    const meanwhile = `if [ "$2" = sync ] || [ "$1" = sync ]; then node '${path.join(estate.folder, "meanwhile.js")}'; fi
PATH=$(printf '%s' "$PATH" | sed 's,[^:]*/commands-meanwhile:,,') exec rclone "$@"`;
    const kept = path.join(estate.folder, "aws", ASSETS, "objects");
    const now = `${new Date(Date.now() + 60_000).toISOString().slice(0, 19)}+00:00`;
    fs.writeFileSync(
      path.join(estate.folder, "meanwhile.js"),
      `const fs = require("node:fs"); const path = require("node:path");
       for (const [key, body] of [["projects/one.usd", "later"], ["projects/new.usd", "later"], ["projects/two.usd", null]]) {
         const folder = path.join(${JSON.stringify(kept)}, encodeURIComponent(key)); fs.mkdirSync(folder, { recursive: true });
         const version = { Key: key, VersionId: "later", order: "9".repeat(20), LastModified: ${JSON.stringify(now)}, Size: 5, marker: body === null };
         fs.writeFileSync(path.join(folder, "later.json"), JSON.stringify(version)); if (body) fs.writeFileSync(path.join(folder, "later.bin"), body); }`,
    );
    const run = await copy({ commands: [estate.commands("meanwhile", { rclone: meanwhile })] });
    expect(ended(run)).toEqual([0, says("copied 2 objects")]);
    expect(fs.existsSync(path.join(kept, encodeURIComponent("projects/new.usd")))).toBe(true);
    const [manifest] = estate.points("assets");
    expect(manifest).toMatchObject({ asset: "omniverse/assets", bucket: ASSETS, repository, objects: 2 });
    const series = await estate.gateway.series();
    const labels = '{asset="omniverse/assets",instance="omniverse/assets",job="holdfast",role="full"}';
    expect(series[`holdfast_capture_timestamp_seconds${labels}`]).toBe(Date.parse(manifest.capture) / 1000);
    // Sampled files are compared with the bucket's versions of that moment.
    expect(ended(await verify())).toEqual([0, says("holds all 2 objects")]);
    for (const secret of canaries) expect(estate.said()).not.toContain(secret);
  });

  it("holds all that the newest dump refers to, though it was deleted or renamed between the two", async () => {
    await dump();
    const [{ point }] = estate.points("database");
    for (const key of ["projects/one.usd", "projects/two.usd"]) estate.object(ASSETS, key);
    estate.object(ASSETS, "projects/renamed.usd", "content of projects/two.usd\n");
    expect(ended(await copy())).toEqual([0, says(`2 files that dump ${point} refers to were gone at`)]);
    expect(estate.points("assets")).toMatchObject([{ dump: point, objects: 3 }]);
    expect(ended(await verify())).toEqual([0, says(`holds all 2 objects that dump ${point} refers to`)]);
    expect(ended(await estate.job(jobNames.drillDatabase))).toEqual([0, ""]);
    // A dump that was under way meanwhile, and knows other files, is not what the copy was completed for.
    estate.save("projects/three.usd");
    await dump();
    expect(JSON.parse((await estate.job(jobNames.drillDatabase)).stdout)).toMatchObject({ point });
  });

  it("waits for the dump of its turn, and no longer than one may take", async () => {
    await dump();
    expect(ended(await copy())).toEqual([0, says("copied 2 objects")]);
    await dump();
    // The second becomes visible while the copy waits.
    const key = encodeURIComponent(`backups/database/primary/points/${estate.points("database")[1].point}.json`);
    const [there, later] = [path.join(estate.folder, "aws", COPIES, "objects", key), path.join(estate.folder, "later")];
    fs.renameSync(there, later);
    const ends = `[ ! -d '${later}' ] || mv '${later}' '${there}'; exec /bin/sleep "$@"`;
    const waits = {
      commands: [estate.commands("ends", { sleep: ends })],
      doubles: { DUMP_WITHIN: "120", POLL_SECONDS: "0.2" },
    };
    expect((await copy(waits)).code).toBe(0);
    const [first, second] = estate.points("database");
    expect(estate.points("assets").map((made) => made.dump)).toEqual([first.point, second.point]);
    // Where the dump of its turn has failed, with the one before it.
    expect((await copy()).code).toBe(0);
    expect(estate.points("assets").at(-1).dump).toBe(second.point);
  });

  it("is made, and the run fails, where what the dump refers to cannot be read or brought", async () => {
    await dump();
    const [{ references }] = estate.points("database");
    fs.appendFileSync(estate.stored(references.parts[0].key)[0] ?? "", "x");
    expect(ended(await copy())).toEqual([1, says("the copy is made, but not all of what dump")]);
    expect(estate.points("assets")).toMatchObject([{ dump: null, objects: 2 }]);
  });

  it("brings no file to a place that is not its own", async () => {
    estate.server((state) => state.references.push(["../../outside.usd", "", ""]));
    estate.object(ASSETS, "../../outside.usd", "x");
    estate.object(ASSETS, "../../outside.usd");
    await dump();
    expect(ended(await copy())).toEqual([0, says("cannot be the name of a file")]);
    expect(fs.existsSync(path.join(estate.folder, "primary/outside.usd"))).toBe(false);
  });

  it.each<[string, () => RunWith | undefined, string]>([
    ["a file cannot be read", () => ({ doubles: { RESTIC_DOUBLE_FAULT: "unreadable" } }), "repository"],
    ["what was sent arrives damaged", () => ({ doubles: { RESTIC_DOUBLE_FAULT: "corrupt" } }), "is not what was sent"],
    [
      "there is nothing to copy",
      () => {
        for (const key of ["projects/one.usd", "projects/two.usd"]) estate.object(ASSETS, key);
        return undefined;
      },
      "held no object",
    ],
    ["the bucket has no lock", () => void estate.bucket(COPIES, { region: "eu-west-1" }), "must be locked"],
    [
      "the lock is too short",
      () => void estate.bucket(COPIES, { region: "eu-west-1", lock: { mode: "COMPLIANCE", days: 60 } }),
      "must stay locked for 90 days",
    ],
    [
      "the bucket keeps no versions",
      () => void estate.bucket(COPIES, { region: "eu-west-1", versioning: false }),
      "keeps no versions",
    ],
  ])("is none when %s", async (_, spoil, text) => {
    expect(ended(await copy(spoil()))).toEqual([1, says(text)]);
    expect(estate.points("assets")).toEqual([]);
    expect(await estate.gateway.series()).toEqual({});
  });

  it("is made anew beside a broken repository, which the run fails to tell of, and goes on there", async () => {
    await copy();
    const [content = ""] = estate.keys(`${repository}/data/`);
    estate.object(COPIES, content);
    expect(ended(await copy())).toEqual([1, says(`the copy is made, but repository ${repository} is broken`)]);
    const [, second] = estate.points("assets");
    expect(second.repository).toMatch(new RegExp(`^${repository}-[0-9]{8}T[0-9]{6}$`));
    expect((await copy()).code).toBe(0);
    expect(estate.points("assets")[2].repository).toBe(second.repository);
    // The first was complete before somebody hid a part of it.
    await dump();
    expect((await verify({ doubles: { RANDOM_POINT: "0" } })).stderr).not.toContain("damaged");
  });

  it("begins a repository each month, and hides one only when its newest snapshot is older than any is kept", async () => {
    await copy();
    const [first] = estate.points("assets");
    const other = clockAhead(estate, 31);
    expect((await copy(other)).code).toBe(0);
    const [, second] = estate.points("assets");
    expect(second.repository).not.toBe(first.repository);
    expect(estate.keys(`${repository}/`).length).toBeGreaterThan(3);

    estate.age(`${repository}/`, 56);
    expect((await copy(other)).code).toBe(0);
    expect(estate.keys(`${repository}/`).length).toBeGreaterThan(3);
    estate.age(`${repository}/`, 1);
    expect(ended(await copy(other))).toEqual([0, says(`hiding ${repository}: its newest snapshot is 57 days old`)]);
    expect(estate.keys(`${repository}/`)).toEqual([]);
    expect(estate.keys(`${second.repository}/`).length).toBeGreaterThan(3);
  });

  it("is never what a clock in the future hides, nor the newest of those that are all old", async () => {
    await copy();
    const before = estate.keys(`${repository}/`);
    expect((await copy(clockAhead(estate, 700))).code).toBe(0);
    expect(estate.keys(`${repository}/`)).toEqual(before);
    // A run that copies nothing hides nothing, however old everything is.
    estate.age("backups/assets/", 400);
    for (const key of ["projects/one.usd", "projects/two.usd"]) estate.object(ASSETS, key);
    expect((await copy()).code).toBe(1);
    expect(estate.keys(`${repository}/`)).toEqual(before);
  });
});

describe("a copy of the assets beside another", () => {
  const locked = (exclusive: boolean) =>
    estate.object(COPIES, `${repository}/locks/other`, JSON.stringify({ exclusive }));

  it("is made and checked while another holds its lock, and calls no sound repository broken", async () => {
    expect((await copy()).code).toBe(0);
    locked(false);
    expect(ended(await copy())).toEqual([0, says(`of ${repository}`)]);
    // Nobody writes beside one who wants to be alone: nothing is copied, and nothing is copied anew.
    locked(true);
    expect(ended(await copy())).toEqual([1, says(`nothing was copied; repository ${repository} is whole`)]);
    expect(estate.points("assets").map((point) => point.repository)).toEqual([repository, repository]);
    expect(estate.keys("backups/assets/").filter((key) => !key.includes(`/${month}/`))).toHaveLength(2);
  });

  it("is refused where both are the first ones after a failover: they would make two repositories in one place", async () => {
    const replica = "company-omniverse-prod-assets-replica";
    estate.bucket(replica, { region: "eu-west-1" });
    for (const key of ["projects/one.usd", "projects/two.usd"]) estate.object(replica, key, `content of ${key}`);
    const said = path.join(estate.folder, "said-by-the-other");
    const both = `if [ "$2" = sync ] || [ "$1" = sync ]; then
RUN_DIR=$(mktemp -d '${estate.folder}/other-XXXXXX') bash "$JOBS_DIR/assets.sh" 2>'${said}'; echo "ended with $?" >>'${said}'; fi
PATH=$(printf '%s' "$PATH" | sed 's,[^:]*/commands-both:,,') exec rclone "$@"`;
    const run = await estate.job(
      jobNames.assets,
      { commands: [estate.commands("both", { rclone: both })] },
      "secondary",
    );
    expect(ended(run)).toEqual([0, says("copied 2 objects")]);
    expect(fs.readFileSync(said, "utf8")).toMatch(/another copy is being made in .*\nended with 1\n$/);
    expect(estate.points("assets", "secondary")).toHaveLength(1);
    // What the first had put together is there for the next, at this site as at the other.
    expect(fs.readdirSync(path.join(estate.folder, "secondary/mirror/assets/projects")).sort()).toEqual([
      "one.usd",
      "two.usd",
    ]);
    expect((await estate.job(jobNames.assets, undefined, "secondary")).code).toBe(0);
  });
});

describe("a verification of the assets", () => {
  it("fails when the newest dump refers to an object that the copy lacks", async () => {
    estate.server((state) => state.references.push(["projects/zzz.usd", "", ""]));
    await dump();
    await copy();
    expect(ended(await verify())).toEqual([1, says("lacks, such as projects/zzz.usd")]);
    expect(Object.keys(await estate.gateway.series()).join()).not.toContain("verified");
  });

  it("fails when a file is not the version of its moment, and when a pack is damaged", async () => {
    await dump();
    await copy();
    const file = path.join(estate.folder, "aws", ASSETS, "objects", encodeURIComponent("projects/one.usd"));
    const [stored = ""] = fs.readdirSync(file).filter((one) => one.endsWith(".bin"));
    fs.appendFileSync(path.join(file, stored), "x");
    expect(ended(await verify())).toEqual([1, says("projects/one.usd restored is not what")]);
    const [content = ""] = estate.keys(`${repository}/data/`);
    fs.appendFileSync(estate.stored(content)[0] ?? "", "x");
    expect(ended(await verify())).toEqual([1, says("restic finds the repository")]);
  });
});

describe("a drill", () => {
  const later = () => new Promise((done) => setTimeout(done, 1_100));
  const nucleus = (status: number) => `exec node -e '
    const { existsSync, readFileSync } = require("node:fs");
    const { NUCLEUS_FILES, NUCLEUS_DATABASE_URL, NUCLEUS_PORT, NUCLEUS_TLS_DIR } = process.env;
    const ready = existsSync(NUCLEUS_FILES + "/projects/one.usd") && NUCLEUS_DATABASE_URL;
    const [key, cert] = ["key", "crt"].map((end) => readFileSync(NUCLEUS_TLS_DIR + "/tls." + end));
    require("node:https").createServer({ key, cert }, (_, answer) => answer.writeHead(ready ? ${status} : 500).end()).listen(NUCLEUS_PORT, "127.0.0.1")'`;
  const rehearse = (name: string, port: string, status = 200, replace: Record<string, string> = {}) =>
    estate.job(name, {
      commands: [estate.commands(`nucleus-${status}`, { nucleus: nucleus(status) })],
      doubles: { DRILL_PORT: port, START_DEADLINE: "5s" },
      replace,
    });
  // A file system of its own begins with a folder for what it finds.
  const scratch = () =>
    fs.readdirSync(path.join(estate.folder, "secondary/scratch")).filter((name) => name !== "lost+found");

  it("restores the newest pair, starts the service on it, measures, and leaves nothing behind", async () => {
    await dump();
    await copy();
    await dump();
    const database = await estate.job(jobNames.drillDatabase);
    expect(ended(database)).toEqual([0, ""]);
    const [older] = estate.points("database");
    // The second dump is newer than the copy of the assets, so it may refer to what that lacks.
    expect(JSON.parse(database.stdout)).toMatchObject({ point: older.point, tables: older.tables, verified: true });
    const both = await rehearse(jobNames.drillAssets, "13901");
    expect(ended(both)).toEqual([0, ""]);
    const record = JSON.parse(both.stdout) as { restoreSeconds: number; ageSeconds: number; records: unknown };
    expect(record).toMatchObject({ service: "healthy", verified: true, pair: { dump: older.point } });
    const series = await estate.gateway.series();
    const labels = '{asset="omniverse/assets",instance="omniverse/assets",job="holdfast",role="drill"}';
    expect(series[`holdfast_drill_age_seconds${labels}`]).toBe(record.ageSeconds);
    expect(series[`holdfast_drill_shortfalls${labels}`]).toBe(0);
    expect(scratch()).toEqual([]);
    // A database by itself serves nobody: only what ended in a service counts for a way back, in the register's own form.
    expect(JSON.parse(database.stdout)).toMatchObject({ service: "not part of it", records: [] });
    fs.writeFileSync(path.join(estate.folder, "drills.json"), JSON.stringify({ drills: record.records }));
    const { entries, problems } = readRegister(estate.folder, ["drills.json"]);
    expect(problems).toEqual([]);
    const took = `${record.restoreSeconds}s`;
    const today = new Date().toISOString().slice(0, 10);
    // Files were in a folder: nothing was uploaded, so nobody has measured their way back to its end.
    expect(entries.drills).toMatchObject([
      { asset: "omniverse/database", path: "database-in-clean-room", took, date: today, verified: true },
    ]);
  });

  it.each<[string, string, RegExp]>([
    [
      "it takes longer than its steps have",
      "PLANNED_SECONDS",
      /the recovery took \d+s, the steps that it rehearses have 0s/,
    ],
    ["it takes longer than is promised", "PROMISED_RTO_SECONDS", /the recovery took \d+s, promised \(RTO\) are 0s/],
    ["what came back is older than is promised", "PROMISED_RPO_SECONDS", /is as old as \d+s, promised \(RPO\) are 0s/],
    ["what came back is older than planned", "PLANNED_AGE_SECONDS", /with one failed run it should be at most 0s/],
  ])("fails where %s, and tells the alerts all the same", async (_, name, says) => {
    await dump();
    await copy();
    await later();
    const run = await estate.job(jobNames.drillDatabase, { replace: { [name]: "0" } });
    expect([run.code, run.stderr]).toEqual([1, expect.stringMatching(says) as string]);
    const labels = '{asset="omniverse/database",instance="omniverse/database",job="holdfast",role="drill"}';
    const series = await estate.gateway.series();
    expect(series[`holdfast_drill_shortfalls${labels}`]).toBe(1);
    expect(series[`holdfast_drill_timestamp_seconds${labels}`]).toBeGreaterThan(0);
  });

  it("fails when the service is not healthy, or the database knows another content", async () => {
    await dump();
    await copy();
    expect(ended(await rehearse(jobNames.drillAssets, "13902", 503))).toEqual([1, says("not healthy within 5s")]);
    expect(scratch()).toEqual([]);
    estate.server((state) => (state.references[0][2] = "0".repeat(64)));
    await dump();
    await copy();
    expect(ended(await rehearse(jobNames.drillAssets, "13903"))).toEqual([
      1,
      says("1 objects restored are not what the database says"),
    ]);
    expect(Object.keys(await estate.gateway.series()).join()).not.toContain("drill");
  });
});
