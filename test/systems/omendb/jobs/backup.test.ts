import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { freePort } from "../../../../tools/freePorts";
import { jobsPath, run, start } from "../../../support/doubles";
import { keys, makeSite, type Site, stored } from "./fixture";

const sites: Site[] = [];
async function site(...args: Parameters<typeof makeSite>): Promise<Site> {
  const made = await makeSite(...args);
  sites.push(made);
  return made;
}
afterAll(() => {
  for (const made of sites.splice(0)) made.close();
});
const restored = (at: Site, env: Record<string, string> = {}) =>
  at.jobWith({ TARGET_DIR: join(at.dir, "target"), ...env }, "restore.sh");
async function ok(result: Promise<{ code: number; stderr: string; stdout: string }>) {
  const { code, stderr, stdout } = await result;
  expect(code, stderr).toBe(0);
  return { stderr, stdout };
}

describe.concurrent("backup.sh and restore.sh", () => {
  it("restore every point byte for byte, the newest and one in the middle, also of a file in parts", async () => {
    const at = await site();
    // Big enough that its gzip is several parts.
    at.write("data/big.parquet", Array.from({ length: 300 }, (_, i) => `record ${i * i}`).join("\n"));
    await ok(at.jobWith({ PART_BYTES: "700" }, "backup.sh", "full"));
    expect(keys(at).filter((key) => /big\.parquet\.\d{4}$/.test(key)).length).toBeGreaterThan(1);
    at.write("data/batch_2.parquet", "four\u0000\n");
    at.write("wal/wal_000001.log", "three\nfive\n");
    await ok(at.job("backup.sh", "incremental"));
    const middle = at.files();
    at.write("wal/wal_000002.log", "six\n");
    rmSync(join(at.dir, "root/data/batch_1.parquet"));
    await ok(at.job("backup.sh", "incremental"));
    const newest = at.files();
    // From the bucket alone: neither scratch nor the database is left.
    rmSync(join(at.dir, "scratch"), { recursive: true });
    await ok(restored(at));
    expect(at.files("target")).toEqual(newest);
    const points = at.points();
    expect(points).toHaveLength(3);
    await ok(restored(at, { RESTORE_BEFORE: at.manifest(points[1] ?? "").capture }));
    expect(at.files("target")).toEqual(middle);
    // What the restore replaced is beside it.
    expect(at.files("target/data/.holdfast/aside")).toHaveProperty("batch_2.parquet");
    const series = await at.gateway.series();
    expect(Object.keys(series).filter((name) => name.startsWith("holdfast_capture_timestamp_seconds"))).toEqual([
      'holdfast_capture_timestamp_seconds{asset="omendb/data",instance="omendb/data",job="holdfast",role="full"}',
      'holdfast_capture_timestamp_seconds{asset="omendb/data",instance="omendb/data",job="holdfast",role="incremental"}',
    ]);
  });

  it("count an idle database as captured, and take a full backup when scratch is lost", async () => {
    const at = await site();
    await ok(at.job("backup.sh", "full"));
    const { stderr } = await ok(at.job("backup.sh", "incremental"));
    expect(stderr).toContain("no changes since the last backup");
    const [full, idle] = at.points();
    expect(at.manifest(idle ?? "")).toMatchObject({ kind: "unchanged", backup: at.manifest(full ?? "").backup });
    const series = await at.gateway.series();
    const captured =
      series[
        'holdfast_capture_timestamp_seconds{asset="omendb/data",instance="omendb/data",job="holdfast",role="incremental"}'
      ];
    expect(captured).toBe(Math.floor(Date.parse(at.manifest(idle ?? "").capture) / 1000));
    rmSync(join(at.dir, "scratch"), { recursive: true });
    const lost = await ok(at.job("backup.sh", "incremental"));
    expect(lost.stderr).toContain("scratch holds no complete chain: taking a full backup instead of an incremental");
    const [first, , third] = at.points().map((point) => at.manifest(point));
    expect(third).toMatchObject({ kind: "full" });
    expect(third.chain).not.toBe(first.chain);
    expect(third.files.map((file: { path: string }) => file.path)).toContain("users.htpasswd");
  });

  it("leave no point when the upload dies midway, and let the next run bring what was captured", async () => {
    const at = await site();
    await ok(at.job("backup.sh", "full"));
    at.write("wal/wal_000001.log", "three\nfour\n");
    const died = await at.jobWith({ AWS_DOUBLE_FAIL_PUT: "2" }, "backup.sh", "incremental");
    expect(died.code).not.toBe(0);
    expect(died.stderr).toContain("no point was written");
    expect(at.points()).toHaveLength(1);
    const captured = at.files();
    // A full backup that dies leaves the old chain in use.
    const full = await at.jobWith({ BACKUP_TOOL_DOUBLE: "die" }, "backup.sh", "full");
    expect(full.stderr).toContain("backup_tool failed with code 137");
    at.write("wal/wal_000001.log", "three\nfour\nfive\n");
    await ok(at.job("backup.sh", "incremental"));
    const points = at.points();
    expect(points).toHaveLength(3);
    await ok(restored(at));
    expect(at.files("target")).toEqual(at.files());
    await ok(restored(at, { POINT: points[1] ?? "" }));
    expect(at.files("target")).toEqual(captured);
  });

  it("refuse a full backup that does not contain the database", async () => {
    const at = await site();
    // As the guide writes it: --data-dir /var/lib/omendb, where upstream's tool finds the log and no data.
    const asWritten = await at.jobWith({ DATA_VIEW: "root" }, "backup.sh", "full");
    expect(asWritten.stderr).toContain(
      "the full backup does not contain 1 of the database's files, such as batch_1.parquet",
    );
    at.write("data/tables/nested.parquet", "x\n");
    const nested = await at.job("backup.sh", "full");
    expect(nested.stderr).toContain("such as tables/nested.parquet");
    expect(at.points()).toEqual([]);
  });

  it("refuse a bucket whose lock an administrator can lift, is too short, or is missing", async () => {
    const governance = await site({ mode: "GOVERNANCE", days: 45 });
    expect((await governance.job("backup.sh", "full")).stderr).toContain(
      "must be locked in COMPLIANCE mode, got GOVERNANCE",
    );
    expect(governance.points()).toEqual([]);
    const short = await site({ mode: "COMPLIANCE", days: 43 });
    expect((await short.job("backup.sh", "full")).stderr).toContain("must stay locked for 45 days");
    expect(short.points()).toEqual([]);
  });

  it("restore what was locked although somebody overwrote and deleted it, and refuse a damaged object", async () => {
    const at = await site();
    await ok(at.job("backup.sh", "full"));
    const env = { env: at.env };
    const base = ["aws", "s3api", "--region", "eu-west-1"];
    writeFileSync(join(at.dir, "junk"), "{}");
    for (const key of keys(at)) {
      const object = ["--bucket", at.env.BUCKET ?? "", "--key", key];
      await ok(
        run([...base, "put-object", ...object, "--checksum-algorithm", "SHA256", "--body", join(at.dir, "junk")], env),
      );
      await ok(run([...base, "delete-object", ...object], env));
    }
    const [manifest] = stored(at, `omendb/points/${at.points()[0]}.json`, ".json")
      .map((file) => JSON.parse(readFileSync(file, "utf8")))
      .filter((version) => version.LockMode);
    const refused = await run(
      [
        ...base,
        "delete-object",
        "--bucket",
        at.env.BUCKET ?? "",
        "--key",
        manifest.Key,
        "--version-id",
        manifest.VersionId,
        "--bypass-governance-retention",
      ],
      env,
    );
    expect(refused.stderr).toContain("AccessDenied");
    rmSync(join(at.dir, "scratch"), { recursive: true });
    await ok(restored(at));
    const good = at.files();
    expect(at.files("target")).toEqual(good);
    // Damage below the API: the checksum tells, and what is there stays there.
    for (const file of stored(at, keys(at).find((name) => name.endsWith("data/batch_1.parquet")) ?? ""))
      writeFileSync(file, "damaged");
    rmSync(join(at.dir, "scratch"), { recursive: true });
    const result = await restored(at);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("data/batch_1.parquet is damaged");
    expect(at.files("target")).toEqual(good);
  });

  it("go on where a switch was interrupted, and begin a new chain after it", async () => {
    const at = await site();
    await ok(at.job("backup.sh", "full"));
    const good = at.files();
    const live = { TARGET_DIR: at.env.DATA_ROOT ?? "" };
    expect((await at.jobWith(live, "restore.sh")).stderr).toContain("DATABASE_STOPPED must be yes");
    at.write("data/newer.parquet", "newer\n");
    // A restore that dies after it has moved the old data aside.
    const script = readFileSync(join(jobsPath(), "restore.sh"), "utf8");
    const cut = script.replace(/^mkdir -p "\$side\/stage\/wal"$/m, () => "kill -KILL $$");
    expect(cut).not.toBe(script);
    writeFileSync(join(at.dir, "restore-cut.sh"), cut);
    const died = await run(["bash", join(at.dir, "restore-cut.sh")], {
      env: { ...at.env, ...live, DATABASE_STOPPED: "yes" },
    });
    expect(died.code, died.stderr).toBe(137);
    expect(at.files()).toEqual({});
    await ok(at.jobWith({ ...live, DATABASE_STOPPED: "yes" }, "restore.sh"));
    expect(at.files()).toEqual(good);
    expect(at.files("root/data/.holdfast/aside")).toHaveProperty("newer.parquet");
    expect(existsSync(join(at.dir, "root/data/.holdfast/switching"))).toBe(false);
    // The restored data does not continue the chain that was begun before.
    const { stderr } = await ok(at.job("backup.sh", "incremental"));
    expect(stderr).toContain("the database was restored since chain");
  });

  it("name the variable that is missing or wrong", async () => {
    const at = await site();
    expect((await at.jobWith({ BUCKET: "" }, "backup.sh", "full")).stderr).toMatch(/error: BUCKET must be set\n$/);
    expect((await at.jobWith({ REQUIRED_LOCK_DAYS: "45d" }, "backup.sh", "full")).stderr).toContain(
      "REQUIRED_LOCK_DAYS must be a whole number, got '45d'",
    );
    expect((await at.jobWith({ BUCKET_REGION: "us-east-1" }, "backup.sh", "full")).stderr).toContain(
      "must be addressed in eu-west-1",
    );
  });
});

describe.concurrent("verify.sh and drill.sh", () => {
  async function serving(at: Site): Promise<{ env: Record<string, string>; stop: () => void }> {
    const [port, metricsPort, drillPort, drillMetrics] = await Promise.all([
      freePort(),
      freePort(),
      freePort(),
      freePort(),
    ]);
    const config = join(at.dir, "omendb.toml");
    writeFileSync(
      config,
      `[database]\ndata_dir = "${at.dir}/root/data"\n[http]\nport = ${port}\n[monitoring]\nprometheus_port = ${metricsPort}\n`,
    );
    const server = start(["omendb", "--config", config], { env: at.env });
    const env = {
      OMENDB_URL: `https://localhost:${port}`,
      METRICS_URL: `https://localhost:${metricsPort}/metrics`,
      OMENDB_CONFIG: config,
      DRILL_PORT: String(drillPort),
      DRILL_METRICS_PORT: String(drillMetrics),
    };
    for (let i = 0; i < 50 && (await at.jobWith(env, "health.sh")).code !== 0; i++);
    return { env, stop: server.kill };
  }

  it("prove a restore with the records the point was taken with, and fail when they differ", async () => {
    const at = await site();
    const { env, stop } = await serving(at);
    await ok(at.jobWith(env, "backup.sh", "full"));
    at.write("wal/wal_000001.log", "three\nfour\n");
    await ok(at.jobWith(env, "backup.sh", "incremental"));
    stop();
    const { stdout } = await ok(at.jobWith(env, "drill.sh"));
    const line = JSON.parse(stdout);
    expect(line).toMatchObject({ asset: "omendb/data", records: 4, verified: true });
    const series = await at.gateway.series();
    const labels = '{asset="omendb/data",instance="omendb/data",job="holdfast",role="drill"}';
    expect(series[`holdfast_drill_restore_seconds${labels}`]).toBe(line.restoreSeconds);
    expect(series[`holdfast_drill_age_seconds${labels}`]).toBe(line.ageSeconds);
    expect(series[`holdfast_drill_bytes${labels}`]).toBe(line.bytes);
    expect(existsSync(join(at.dir, "scratch/drill"))).toBe(false);

    const [differs, unhealthy, stub] = await Promise.all([
      at.jobWith({ ...env, OMENDB_DOUBLE_RECORDS: "3" }, "drill.sh"),
      freeDrill(at, { ...env, OMENDB_DOUBLE: "mute" }),
      // Upstream's restore leaves the incrementals out and says that it completed.
      freeDrill(at, { ...env, BACKUP_TOOL_DOUBLE: "stub" }),
    ]);
    expect(differs).toMatchObject({ code: 1, stdout: "" });
    expect(differs.stderr).toContain("restored 3 records, but point");
    expect(unhealthy).toMatchObject({ code: 1, stdout: "" });
    expect(unhealthy.stderr).toContain("has no omendb_ metric");
    expect(stub).toMatchObject({ code: 1, stdout: "" });
    expect(stub.stderr).toContain("restored 3 records, but point");
    // A point whose records nobody counted proves nothing.
    await ok(at.job("backup.sh", "incremental"));
    const uncounted = await at.jobWith(env, "drill.sh");
    expect(uncounted).toMatchObject({ code: 1, stdout: "" });
    expect(uncounted.stderr).toContain("does not say how many records it holds: nothing is verified");
  });

  async function freeDrill(at: Site, env: Record<string, string>) {
    const [port, metricsPort] = await Promise.all([freePort(), freePort()]);
    const scratch = join(at.dir, `scratch-${port}`);
    return at.jobWith(
      { ...env, SCRATCH_DIR: scratch, DRILL_PORT: String(port), DRILL_METRICS_PORT: String(metricsPort) },
      "drill.sh",
    );
  }

  it("verify the newest point and an older chain, and notice a damaged one", async () => {
    const at = await site();
    await ok(at.job("backup.sh", "full"));
    at.write("wal/wal_000001.log", "three\nfour\n");
    await ok(at.job("backup.sh", "incremental"));
    await ok(at.job("backup.sh", "full"));
    await ok(at.job("backup.sh", "full"));
    // Scratch keeps two chains, the bucket all three.
    const chains = keys(at, "omendb/chains/").map((key) => key.split("/")[2]);
    const local = readdirSync(join(at.dir, "scratch/chains")).filter((name) => name !== "current");
    expect(local).toEqual([...new Set(chains)].slice(1));
    expect(new Set(chains).size).toBe(3);
    const { stderr } = await ok(at.jobWith({ RANDOM_CHAIN: "0" }, "verify.sh"));
    expect(stderr).toContain("1 backups of chain");
    expect(stderr).toContain("2 backups of chain");
    const name =
      'holdfast_verified_timestamp_seconds{asset="omendb/data",instance="omendb/data",job="holdfast",role="verify"}';
    expect((await at.gateway.series())[name]).toBeGreaterThan(1e9);
    const key = keys(at).find((each) => each.endsWith("incremental_wal.json.gz")) ?? "";
    writeFileSync(stored(at, key)[0] ?? "", "damaged");
    expect(await at.jobWith({ RANDOM_CHAIN: "0" }, "verify.sh")).toMatchObject({ code: 1 });
  });

  it("do not take a point that is dated ahead of now for the newest", async () => {
    const at = await site();
    await ok(at.job("backup.sh", "full"));
    const [file = ""] = stored(at, `omendb/points/${at.points()[0]}.json`, ".json");
    const ahead = (text: string) => text.replace(/(points(?:%2F|\/)2\d)\d/, "$19");
    writeFileSync(file, ahead(readFileSync(file, "utf8")));
    renameSync(dirname(file), ahead(dirname(file)));
    expect((await at.job("verify.sh")).stderr).toContain("every restore point is dated ahead of now");
  });
});
