import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { INCIDENT_MAP, jobNames } from "../../../../../systems/omniverse/names";
import { type PathName, stepJob } from "../../../../../systems/omniverse/recoverySteps";
import { asNobody, ensurePostgres, type PostgresServer, startPostgres } from "../../../../../tools/postgres";
import { type S3Server, startS3 } from "../../../../../tools/s3";
import { type AwsCommand, startAwsCommand } from "../../../../support/aws/command";
import type { RunWith } from "../../../../support/cronJob";
import { declaredGraph } from "../../../../support/declaredGraph";
import { doublesPath, makeCertificate, run } from "../../../../support/doubles";
import { type OmniverseRun, startOmniverse } from "../../../../support/omniverseRun";
import type { JobRun } from "../../../../support/runToDeadline";

const ASSETS = "company-omniverse-prod-assets";
const COPIES = "company-omniverse-prod-backups";
const CLEAN = "clean-room";
const [HERE, THERE] = ["eu-central-1", "eu-west-1"];
/** With the two characters that a file of passwords escapes. */
const canaries = ["canary:of\\the-database", "canary-of-the-repositories"] as const;

let s3: S3Server;
let wire: Wire;
let at: OmniverseRun;
let server: PostgresServer;
let cli: AwsCommand;
let aws: string;

/** NVIDIA publishes no Nucleus: here data alone is rehearsed, and one test says what is missing. */
const dataAlone = { replace: { STARTS_SERVICE: "no" } };

beforeAll(async () => {
  cli = await startAwsCommand();
  ensurePostgres();
  s3 = await startS3();
  wire = await startWire(s3.url);
  const graph = await declaredGraph("prod");
  at = await startOmniverse(graph, (folder) => ({
    commands: [path.join(folder, "commands-real")],
    startedBy: asNobody(),
    shorter: { READ_PERCENT: "100" },
    // What a pod gets from its cluster, and what a test cannot wait for.
    doubles: {
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      S3_ENDPOINT: wire.url,
      DB_CA: path.join(folder, "server/ca.crt"),
      SETTLE_SECONDS: "1",
      DUMP_WITHIN: "0",
      SAMPLED_LOCKS: "3",
      SAMPLED_PACKS: "6",
    },
  }));
  const into = makeCertificate(path.join(at.folder, "server"));
  server = await startPostgres(into, canaries[0]);
  // RDS is a double: it only says where PostgreSQL is. All else is the real command.
  const double = path.join(at.folder, "rds");
  fs.mkdirSync(double);
  const instance = { DBInstanceStatus: "available", Endpoint: { Address: "localhost", Port: server.port } };
  fs.writeFileSync(path.join(double, "rds.json"), JSON.stringify({ "omniverse-prod": instance }));
  const first = {
    Name: "omniverse.company.com.",
    Failover: "PRIMARY",
    ResourceRecords: [{ Value: "omniverse.eu-central-1.company.com" }],
  };
  const records = { changes: {}, records: { "Z0123456789EXAMPLE first": first } };
  fs.writeFileSync(path.join(double, "route53.json"), JSON.stringify(records));
  const real = at.commands("real", {
    aws: `if [ "$1" = rds ] || [ "$1" = route53 ]; then AWS_DOUBLE_DIR='${double}' exec '${doublesPath()}/aws' "$@"; fi
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
exec '${cli.command}' --endpoint-url ${wire.url} "$@"`,
  });
  aws = path.join(real, "aws");

  await bucket(ASSETS, HERE, true);
  await locked(COPIES, THERE, "COMPLIANCE");
  await locked("with-governance", THERE, "GOVERNANCE");
  await bucket("without-versions", THERE, false);
  const secrets = {
    "omniverse-prod-postgres": { username: "nucleus", password: canaries[0] },
    "holdfast/prod/omniverse-restic": { username: "restic", password: canaries[1] },
  };
  for (const region of [HERE, THERE]) {
    for (const [name, value] of Object.entries(secrets)) {
      const words = ["create-secret", "--region", region, "--name", name, "--secret-string", JSON.stringify(value)];
      await command("secretsmanager", ...words);
    }
  }
  server.sql("create database nucleus", "postgres");
  server.sql(`create table assets (id serial primary key, object_key text not null unique, object_version text,
    sha256 text, file_size bigint, created_at timestamptz default now());
    create table "Odd ""name""" (a int); insert into "Odd ""name""" values (1), (2);
    create table history as select i, md5(i::text) as what from generate_series(1, 200000) i`);
  for (const key of ["projects/one/scene.usd", "projects/one/ä b+c.png", "projects/two/deep/er/model.usdz"])
    await save(key);
});
afterAll(() => {
  server?.stop();
  at?.close();
  wire?.stop();
  cli?.stop();
  s3?.stop();
});

afterEach(() => {
  wire.damage = undefined;
});

async function command(...words: string[]): Promise<string> {
  const result = await run([aws, "--output", "json", ...words], { timeoutMs: 120_000 });
  expect(result.code, result.stderr).toBe(0);
  return result.stdout;
}
async function bucket(name: string, region: string, versions: boolean): Promise<void> {
  const at = ["--region", region, "--bucket", name];
  await command("s3api", "create-bucket", ...at, "--create-bucket-configuration", `LocationConstraint=${region}`);
  if (versions) await command("s3api", "put-bucket-versioning", ...at, "--versioning-configuration", "Status=Enabled");
}
async function locked(name: string, region: string, mode: string): Promise<void> {
  const at = ["--region", region, "--bucket", name];
  const where = ["--create-bucket-configuration", `LocationConstraint=${region}`];
  await command("s3api", "create-bucket", ...at, "--object-lock-enabled-for-bucket", ...where);
  const rule = { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: { Mode: mode, Days: 90 } } };
  await command("s3api", "put-object-lock-configuration", ...at, "--object-lock-configuration", JSON.stringify(rule));
}

const SIGNED = {
  name: "Authorization",
  value: "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/s3/aws4_request",
} as const;
/** A request as whoever owns the buckets; the server looks no closer. */
function ask(method: string, name: string, key: string, body?: string): Promise<Response> {
  const url = `${s3.url}/${name}/${key.split("/").map(encodeURIComponent).join("/")}`;
  return fetch(url, { method, headers: { [SIGNED.name]: SIGNED.value }, ...(body === undefined ? {} : { body }) });
}
const put = (key: string, body: string) => ask("PUT", ASSETS, key, body);

/** Writes an object, and what the database knows of it. */
async function save(key: string): Promise<void> {
  const body = `content of ${key}\n`;
  expect((await put(key, body)).ok).toBe(true);
  const sum = createHash("sha256").update(body).digest("hex");
  server.sql(`insert into assets (object_key, sha256, file_size) values ('${key}', '${sum}', ${body.length})`);
}

/** Keys below a folder of the bucket of copies, the newest point last. */
async function keys(folder: string, name = COPIES): Promise<string[]> {
  const listed = await command("s3api", "list-objects-v2", "--region", THERE, "--bucket", name, "--prefix", folder);
  return ((JSON.parse(listed || "{}") as { Contents?: { Key: string }[] }).Contents ?? []).map(({ Key }) => Key).sort();
}
interface Manifest {
  point: string;
  repository: string;
  objects: number;
  tables: Record<string, number>;
  references: { count: number };
  dump: { key: string }[];
}
async function newest(asset: "database" | "assets"): Promise<Manifest> {
  const key = (await keys(`backups/${asset}/primary/points/`)).at(-1) ?? "";
  return (await (await ask("GET", COPIES, key)).json()) as Manifest;
}
const points = async (asset: "database" | "assets", name = COPIES) =>
  (await keys(`backups/${asset}/primary/points/`, name)).length;

function ok(result: JobRun): JobRun {
  expect(result.code, result.stderr).toBe(0);
  return result;
}
async function fails(name: string, says: string | RegExp, runWith: RunWith = {}): Promise<void> {
  const { code, stderr } = await at.job(name, runWith);
  expect([code, stderr]).toEqual([1, expect.stringMatching(says) as string]);
}
/** A script instead of a command; in it `real` is the command itself. */
const instead = (name: string, file: string, script: string): RunWith => {
  const own = `commands-${name}`;
  const real = `real() { (PATH=$(printf '%s' "$PATH" | sed 's,[^:]*/${own}:,,') && exec ${file} "$@"); }`;
  return { commands: [at.commands(name, { [file]: `${real}\n${script}` })] };
};
const repositories = async () =>
  [...new Set((await keys("backups/assets/primary/2")).map((key) => key.split("/").slice(0, 4).join("/")))].sort();

/** A clean room that people have made: a server and a bucket of its own, and a cluster that is a double. */
async function cleanRoom() {
  const into = path.join(at.folder, "clean");
  const room = await startPostgres(makeCertificate(into), canaries[0]);
  await bucket(CLEAN, THERE, true);
  const kube = path.join(at.folder, "kube");
  fs.mkdirSync(kube, { recursive: true });
  const made = JSON.stringify({ at: new Date().toISOString().replace(/\.\d+/, "") });
  const data = { "assets.copies.room": made, "database.copies.room": made };
  const map = { metadata: { name: "omniverse-recovery" }, data };
  fs.writeFileSync(path.join(kube, "state.json"), JSON.stringify({ objects: { "configmap/omniverse-recovery": map } }));
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const said = { INCIDENT: "INC-7", INCIDENT_WRITTEN: now, RESTORE_BEFORE: now };
  const there: RunWith = {
    commands: [at.commands("cluster", { kubectl: `exec '${doublesPath()}/kubectl' "$@"` })],
    doubles: {
      KUBECTL_DOUBLE_DIR: kube,
      PGPORT: String(room.port),
      DB_CA: path.join(into, "ca.crt"),
      POLL_SECONDS: "0.1",
    },
    configMaps: { [INCIDENT_MAP]: { ...said, TARGET_HOST: "localhost", TARGET_BUCKET: CLEAN } },
  };
  const job = (recovery: PathName, step: string) => at.job(stepJob(recovery, step), there);
  return {
    ...room,
    /** Runs steps that must end well; returns what the last one printed. */
    steps: async (recovery: PathName, names: readonly string[]): Promise<unknown> => {
      let last = "";
      for (const name of names) last = ok(await job(recovery, name)).stdout;
      return JSON.parse(last);
    },
    /** Runs a step that must fail; returns the last line that it said. */
    refused: async (recovery: PathName, step: string): Promise<string> => {
      const { code, stderr } = await job(recovery, step);
      expect(code, stderr).toBe(1);
      return stderr.trimEnd().split("\n").at(-1) ?? "";
    },
  };
}

describe("copies of database and assets with PostgreSQL, restic, rclone and an S3 server", () => {
  it("are made, restored, found to be what was copied, and rehearsed together", async () => {
    await sleep(1_100);
    ok(await at.job(jobNames.dump));
    expect(await newest("database")).toMatchObject({
      tables: { "public.assets": 3, "public.history": 200_000, 'public.Odd "name"': 2 },
      references: { count: 3 },
    });
    ok(await at.job(jobNames.assets));
    const { objects, repository } = await newest("assets");
    expect([objects, repository]).toEqual([3, `backups/assets/primary/${new Date().toISOString().slice(0, 7)}`]);
    expect(ok(await at.job(jobNames.verifyDatabase)).stderr).toContain("restores");
    expect(ok(await at.job(jobNames.verifyAssets)).stderr).toContain("holds all 3 objects");

    const drill = JSON.parse(ok(await at.job(jobNames.drillDatabase)).stdout) as Record<string, unknown>;
    expect(drill).toMatchObject({
      asset: "omniverse/database",
      references: 3,
      service: "not part of it",
      verified: true,
    });
    const both = JSON.parse(ok(await at.job(jobNames.drillAssets, dataAlone)).stdout) as Record<string, unknown>;
    expect(both).toMatchObject({ asset: "omniverse/assets", service: "not in the image", verified: true, records: [] });
    await fails(jobNames.drillAssets, /nobody has seen a service start on it/);
    const series = await at.gateway.series();
    for (const name of [
      "holdfast_capture_timestamp_seconds",
      "holdfast_verified_timestamp_seconds",
      "holdfast_drill_restore_seconds",
    ]) {
      for (const asset of ["database", "assets"]) {
        expect(Object.keys(series).some((one) => one.startsWith(`${name}{asset="omniverse/${asset}"`))).toBe(true);
      }
    }
  });

  it("bring a clean room all that they hold, into a server and a bucket that are empty", async () => {
    ok(await at.job(jobNames.dump));
    ok(await at.job(jobNames.assets));
    const room = await cleanRoom();
    try {
      // People make the room: here a server, a bucket, and the note that it is made.
      const files = await room.steps("assets-in-clean-room", ["find", "restore", "verify"]);
      expect(files).toMatchObject({ read: 3 });
      for (const key of ["projects/one/scene.usd", "projects/one/ä b+c.png", "projects/two/deep/er/model.usdz"])
        expect(await (await ask("GET", CLEAN, key)).text()).toBe(`content of ${key}\n`);
      expect(await keys("", CLEAN)).toHaveLength(3);

      const data = await room.steps("database-in-clean-room", ["find", "restore", "verify"]);
      expect(data).toMatchObject({ references: 3, counts: { "public.assets": 3, "public.history": 200_000 } });
      const all = "select count(*) || ' ' || md5(string_agg(what, ',' order by i)) from history";
      expect(room.sql(all)).toBe(server.sql(all));
      // Once more, as after a kill: what is there is recognised.
      await room.steps("database-in-clean-room", ["restore"]);

      // A file that is lost in the room, and a table that is another's.
      expect((await ask("DELETE", CLEAN, "projects/one/scene.usd")).ok).toBe(true);
      expect(await room.refused("database-in-clean-room", "verify")).toContain("1 files that clean-room does not hold");
      room.sql("comment on database nucleus is 'of somebody else'");
      expect(await room.refused("database-in-clean-room", "restore")).toContain(
        "nothing is overwritten, rename it first",
      );
    } finally {
      room.stop();
    }
  });

  it("of the assets are made beside one who holds a lock of the repository, which is not called broken for it", async () => {
    ok(await at.job(jobNames.assets));
    const { repository } = await newest("assets");
    const before = [await points("assets"), await repositories()] as const;
    const url = `s3:${s3.url}/${COPIES}/${repository}`;
    const env = {
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_DEFAULT_REGION: THERE,
      RESTIC_PASSWORD: canaries[1],
    };
    // A copy of nothing that ends when its input does: restic holds its lock as long.
    const other = spawn("restic", ["--no-cache", "--repo", url, "backup", "--stdin"], {
      env: { PATH: process.env.PATH, HOME: at.folder, ...env },
      stdio: ["pipe", "ignore", "ignore"],
    });
    try {
      while ((await keys(`${repository}/locks/`)).length === 0) await sleep(200);
      ok(await at.job(jobNames.assets));
      expect((await keys(`${repository}/locks/`)).length).toBe(1);
    } finally {
      other.kill();
      await new Promise((done) => other.once("close", done));
    }
    expect([await points("assets"), await repositories()]).toEqual([before[0] + 1, before[1]]);
    for (const key of await keys(`${repository}/locks/`)) await ask("DELETE", COPIES, key);
  });

  it.each<[string, () => RunWith, RegExp]>([
    [
      "pg_dump is killed half way",
      () =>
        instead(
          "killed",
          "pg_dump",
          `real "$@" & for n in $(seq 500); do ls "$SCRATCH_DIR"/dump.*/dump/*.dat.gz && break; sleep 0.01; done >/dev/null 2>&1
pkill -9 -P $!; kill -9 $!; wait $!`,
        ),
      /pg_dump failed/,
    ],
    [
      "pg_dump writes an archive of nothing",
      () => instead("nothing", "pg_dump", 'real --schema-only "$@"'),
      /holds no data of .*public\.assets/,
    ],
    ["the bucket keeps no versions", () => ({ replace: { BUCKET: "without-versions" } }), /has no version/],
    ["the lock can be lifted", () => ({ replace: { BUCKET: "with-governance" } }), /COMPLIANCE mode, got GOVERNANCE/],
  ])("of the database are none when %s", async (_, spoil, says) => {
    const before = await points("database");
    await fails(jobNames.dump, says, spoil());
    expect(await points("database")).toBe(before);
    for (const other of ["without-versions", "with-governance"]) expect(await points("database", other)).toBe(0);
  });

  it("of the assets hold what there was at their moment, though it is overwritten and deleted meanwhile", async () => {
    await save("projects/three/late.usd");
    ok(await at.job(jobNames.dump));
    await sleep(1_100);
    const change = (method: string, key: string) =>
      `curl -sf -X ${method} -H '${SIGNED.name}: ${SIGNED.value}' -H 'Content-Type: application/octet-stream' --data-binary later '${s3.url}/${ASSETS}/projects/${key}'`;
    const changes = ["one/scene.usd", "new.usd"].map((key) => change("PUT", key));
    changes.push(change("DELETE", "three/late.usd"));
    const script = `case "$*" in *sync*) sleep 1; ${changes.join("; ")} ;; esac >&2\nreal "$@"`;
    ok(await at.job(jobNames.assets, instead("meanwhile", "rclone", script)));
    expect(await (await ask("GET", ASSETS, "projects/one/scene.usd")).text()).toBe("later");
    expect((await newest("assets")).objects).toBe(4);
    // Each file is compared with the version of that moment, and all that the dump refers to must be there.
    expect(ok(await at.job(jobNames.verifyAssets)).stderr).toContain("holds all 4 objects");
    const drill = ok(await at.job(jobNames.drillAssets, dataAlone));
    expect(JSON.parse(drill.stdout)).toMatchObject({ references: 4, verified: true });
    await put("projects/three/late.usd", "there again: the database still refers to it");
  });

  it.each<[string, () => RunWith, RegExp]>([
    [
      "a pack is damaged on its way",
      () => {
        wire.damage = /\/data\//;
        return {};
      },
      /nothing was copied/,
    ],
    ["the bucket keeps no versions", () => ({ replace: { BUCKET: "without-versions" } }), /keeps no versions/],
    ["the lock can be lifted", () => ({ replace: { BUCKET: "with-governance" } }), /COMPLIANCE mode, got GOVERNANCE/],
  ])("of the assets are none when %s", async (_, spoil, says) => {
    await put("projects/one/scene.usd", `something new ${Date.now()}`);
    await sleep(1_100);
    const before = await points("assets");
    await fails(jobNames.assets, says, spoil());
    expect(await points("assets")).toBe(before);
    for (const other of ["without-versions", "with-governance"]) expect(await points("assets", other)).toBe(0);
  });

  it("of the assets go on in a new repository when the old one is broken, whose earlier points stay whole", async () => {
    const { repository } = await newest("assets");
    const before = await points("assets");
    for (const key of await keys(`${repository}/index/`)) expect((await ask("DELETE", COPIES, key)).ok).toBe(true);
    await fails(jobNames.assets, /the copy is made, but repository backups\/assets\/primary\/[0-9T-]+ is broken/);
    expect(await points("assets")).toBe(before + 1);
    const next = await newest("assets");
    expect(next.repository.startsWith(`${repository.slice(0, 30)}-`)).toBe(true);
    await put("projects/one/scene.usd", "after that");
    await sleep(1_100);
    ok(await at.job(jobNames.assets));
    expect((await newest("assets")).repository).toBe(next.repository);
    // The first point of all, read as its repository was then.
    const oldest = ok(await at.job(jobNames.verifyAssets, { doubles: { RANDOM_POINT: "0" } }));
    expect(oldest.stderr.match(/holds all/g)).toHaveLength(2);
  });

  it("of the assets begin a repository each month, and a clock in the future hides none", async () => {
    const before = await repositories();
    const ahead = `case "$*" in *"-d now"*) exec /bin/date -u -d "now 400 days" "\${4:-+%s}" ;; *"-d "*) exec /bin/date "$@" ;; esac
exec /bin/date -d "400 days" "$@"`;
    ok(await at.job(jobNames.assets, { commands: [at.commands("ahead", { date: ahead })] }));
    const after = await repositories();
    expect([after.length, after.slice(0, -1)]).toEqual([before.length + 1, before]);
    expect((await newest("assets")).repository).toBe(after.at(-1));
  });
});

describe("what reads copies back, with PostgreSQL, restic, rclone and an S3 server", () => {
  it("finds lost rows, references that nothing answers to, and a dump that cannot be restored", async () => {
    await fails(jobNames.verifyDatabase, /public\.history: 199999 rows, 200000 were dumped/, {
      ...instead(
        "loses",
        "pg_restore",
        'real "$@" && { [ "$1" = --list ] || psql -qd nucleus -c "delete from history where i = 7"; }',
      ),
    });
    server.sql("insert into assets (object_key) values ('projects/lost.usd')");
    ok(await at.job(jobNames.dump));
    ok(await at.job(jobNames.assets));
    await fails(jobNames.drillDatabase, /lacks, such as projects\/lost\.usd/);
    await fails(jobNames.verifyAssets, /refers to 1 objects that the copy of the assets lacks, such as projects\/lost/);
    // A restore runs with an empty search_path: what finds its table by it cannot be restored.
    server.sql(`create function known(key text) returns boolean language sql
      as 'select exists (select from assets where object_key = key)';
      create table pinned (key text check (known(key)));
      insert into pinned select object_key from assets limit 1`);
    ok(await at.job(jobNames.dump));
    await fails(jobNames.verifyDatabase, /cannot be restored/);
  });

  it("is not told what was copied when the Pushgateway is gone, and the copy is there all the same", async () => {
    const before = await points("database");
    await fails(jobNames.dump, /Pushgateway did not take/, { replace: { PUSHGATEWAY_URL: "http://127.0.0.1:1" } });
    expect(await points("database")).toBe(before + 1);
  });

  it("shows no password, and nor does what makes the copies", () => {
    expect(at.said()).toContain("dumped");
    for (const secret of canaries) expect(at.said()).not.toContain(secret);
  });
});

/** What lies between the commands and the server: it can damage what is sent. */
interface Wire {
  url: string;
  /** Paths whose objects arrive with another first byte. */
  damage: RegExp | undefined;
  stop(): void;
}

async function startWire(target: string): Promise<Wire> {
  const wire: Wire = { url: "", damage: undefined, stop: () => undefined };
  const proxy = http.createServer((request, response) => {
    const { method, headers, url = "/" } = request;
    let wrong = method === "PUT" && wire.damage?.test(decodeURIComponent(url)) === true;
    const onward = http.request(new URL(url, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.on("data", (chunk: Buffer) => {
      // Sent in signed chunks, content begins after the line that says how long the first is.
      const signed = String(headers["x-amz-content-sha256"]).startsWith("STREAMING") ? chunk.indexOf("\r\n") + 2 : 0;
      if (wrong && chunk.length > signed) {
        chunk.writeUInt8((chunk.readUInt8(signed) + 1) % 256, signed);
        wrong = false;
      }
      onward.write(chunk);
    });
    request.on("end", () => onward.end());
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const address = proxy.address();
  wire.url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  wire.stop = () => {
    proxy.closeAllConnections();
    proxy.close();
  };
  return wire;
}
