import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { freePort } from "../../../../tools/freePorts";
import { type Running, type RunResult, start } from "../../../support/doubles";
import { keys, makeSite, type Site, stored } from "./fixture";

const IMAGE = "registry.example/omendb/omendb:1.4.2";
const sites: Site[] = [];
const servers: Running[] = [];
/** What whoever starts a recovery says, so many hours ago. */
const incident = (hours = 0) => ({ INCIDENT: "INC-7", INCIDENT_WRITTEN: ago(hours) });
const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
afterAll(() => {
  for (const server of servers) server.kill();
  for (const site of sites) site.close();
});

interface Recovery {
  at: Site;
  env: Record<string, string>;
  step(name: string, env?: Record<string, string>): Promise<RunResult>;
  upgrade(name: string, env?: Record<string, string>): Promise<RunResult>;
  cluster(change?: (state: ClusterState) => void): ClusterState;
  calls(): string[];
}
interface ClusterState {
  // biome-ignore lint/suspicious/noExplicitAny: Kubernetes objects as they are on the wire
  objects: Record<string, any>;
  stuck?: boolean;
  down?: boolean;
  silent?: boolean;
  logs?: string[];
}

function clusterState(): ClusterState {
  const pod = (i: number) => ({ metadata: { name: `prod-omendb-${i}`, labels: { app: "omendb" } } });
  return {
    objects: {
      "deployment/prod-omendb": {
        metadata: { name: "prod-omendb" },
        spec: { replicas: 3, template: { spec: { containers: [{ name: "omendb", image: IMAGE }] } } },
      },
      "pod/prod-omendb-0": pod(0),
      "pod/prod-omendb-1": pod(1),
      "pod/prod-omendb-2": pod(2),
      "lease/prod-omendb": {
        metadata: { name: "prod-omendb" },
        spec: { holderIdentity: "prod-omendb-0", leaseDurationSeconds: 15 },
      },
      "endpointslice/prod-omendb-serving": {
        metadata: { name: "prod-omendb-serving" },
        endpoints: [{ addresses: ["10.0.0.1"] }],
      },
      "service/prod-omendb": { metadata: { name: "prod-omendb" } },
      "configmap/omendb-config": { metadata: { name: "omendb-config" } },
      "cronjob/omendb-full": { metadata: { name: "omendb-full" }, spec: { suspend: true } },
      "cronjob/omendb-incremental": { metadata: { name: "omendb-incremental" }, spec: { suspend: true } },
      "node/a": { metadata: { name: "a" }, status: { conditions: [{ type: "Ready", status: "True" }] } },
      "persistentvolumeclaim/data": { metadata: { name: "data" }, status: { phase: "Bound" } },
    },
  };
}

async function recovery(): Promise<Recovery> {
  const at = await makeSite();
  sites.push(at);
  const directory = join(at.dir, "kubectl");
  mkdirSync(directory);
  const stateFile = join(directory, "state.json");
  writeFileSync(stateFile, JSON.stringify(clusterState()));
  const [port, metricsPort] = [await freePort(), await freePort()];
  const config = join(at.dir, "omendb.toml");
  writeFileSync(config, `data_dir = "${at.dir}/root/data"\nport = ${port}\nprometheus_port = ${metricsPort}\n`);
  servers.push(start(["omendb", "--config", config], { env: at.env }));
  const env = {
    OMENDB_URL: `https://localhost:${port}`,
    METRICS_URL: `https://localhost:${metricsPort}/metrics`,
    STOP_TIMEOUT: "1s",
    START_TIMEOUT: "5s",
    IMAGE,
    CLAIMS: "data",
    INCIDENT_HOURS: "12",
    FULL_CRONJOB: "omendb-full",
    INCREMENTAL_CRONJOB: "omendb-incremental",
    HOSTED_ZONE_ID: "Z123",
    RECORD_NAME: "omendb.example.com",
    RECORD_VALUE: "omendb.eu-central-1.example.com",
  };
  for (let i = 0; i < 50 && (await at.jobWith(env, "health.sh")).code !== 0; i++);
  return {
    at,
    env,
    step: (name, more = {}) => at.jobWith({ ...env, ...more }, "recover.sh", name),
    upgrade: (name, more = {}) => at.jobWith({ ...env, ...more }, "upgrade.sh", name),
    cluster: (change) => {
      const state = JSON.parse(readFileSync(stateFile, "utf8")) as ClusterState;
      if (change) {
        change(state);
        writeFileSync(stateFile, JSON.stringify(state));
      }
      return state;
    },
    calls: () =>
      readFileSync(join(directory, "calls.jsonl"), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => (JSON.parse(line) as string[]).join(" ")),
  };
}
/** The file of the double that keeps a point's manifest, or what is known of it. */
const keyed = (site: Site, point: string, end: string) => stored(site, `omendb/points/${point}.json`, end)[0] ?? "";
async function steps(of: Recovery, ...names: string[]): Promise<void> {
  for (const name of names) {
    const { code, stderr } = await of.step(name);
    expect(code, `${name}: ${stderr}`).toBe(0);
  }
}

describe.concurrent("recover.sh", () => {
  it("stops, restores, starts and verifies, each step only after the one before it", async () => {
    const it = await recovery();
    expect((await it.at.jobWith(it.env, "backup.sh", "full")).code).toBe(0);
    const good = it.at.files();
    for (const name of ["find", "restore", "start", "verify", "dns", "resume"]) {
      const { code, stderr } = await it.step(name);
      expect(code).toBe(1);
      expect(stderr).toContain(`error: ${name} must come after `);
    }
    it.at.write("data/batch_1.parquet", "overwritten\n");
    await steps(it, "stop", "find");
    expect(it.cluster().objects["deployment/prod-omendb"].spec.replicas).toBe(0);
    it.cluster((state) => {
      state.objects["pod/prod-omendb-9"] = { metadata: { name: "prod-omendb-9" } };
    });
    expect((await it.step("restore")).stderr).toContain("pods of prod-omendb are running");
    it.cluster((state) => {
      delete state.objects["pod/prod-omendb-9"];
    });
    await steps(it, "restore", "start", "verify", "resume");
    expect(it.at.files()).toEqual(good);
    expect(it.cluster().objects["deployment/prod-omendb"].spec.replicas).toBe(3);
    expect(Object.keys(it.cluster().objects).some((id) => id.startsWith("job/omendb-full-recovery-"))).toBe(true);
    expect(it.cluster().objects["cronjob/omendb-full"].spec.suspend).toBe(false);
    expect(it.cluster().objects["cronjob/omendb-incremental"].spec.suspend).toBe(false);
    // The guide's `kubectl wait` fails while there is no pod yet.
    expect(it.calls().filter((call) => call.includes(" wait "))).toEqual([]);
    // A new recovery starts from nothing.
    await steps(it, "stop");
    expect((await it.step("dns")).stderr).toContain("dns must come after verify, which is not done");
  });

  it("does not count as stopped while a pod is left or somebody renews the lease", async () => {
    const it = await recovery();
    it.cluster((state) => {
      state.stuck = true;
    });
    expect((await it.step("stop")).stderr).toContain("pods of prod-omendb are still there after 1s: pod/prod-omendb-0");
    expect((await it.step("find")).stderr).toContain("find must come after stop or deploy");
    it.cluster((state) => {
      for (const id of Object.keys(state.objects)) if (id.startsWith("pod/")) delete state.objects[id];
    });
    expect((await it.step("stop")).stderr).toContain("the lease prod-omendb is still renewed after 1s");
  });

  it("moves to the other data centre, and moves DNS only after the data is verified", async () => {
    const it = await recovery();
    expect((await it.at.jobWith(it.env, "backup.sh", "full")).code).toBe(0);
    // The old site is another cluster, and it still answers.
    const old = join(it.at.dir, "old");
    mkdirSync(old);
    writeFileSync(join(old, "state.json"), JSON.stringify(clusterState()));
    writeFileSync(join(it.at.dir, "old.kubeconfig"), old);
    const kubeconfig = { OLD_SITE_KUBECONFIG: join(it.at.dir, "old.kubeconfig"), ...incident() };
    const activated = await it.step("activate", kubeconfig);
    expect(JSON.parse(activated.stdout), activated.stderr).toMatchObject({
      oldSite: "fenced",
      readyNodes: 1,
      newestPoint: it.at.points()[0],
    });
    expect(
      JSON.parse(readFileSync(join(old, "state.json"), "utf8")).objects["deployment/prod-omendb"].spec.replicas,
    ).toBe(0);
    expect((await it.step("deploy", { IMAGE: "other" })).stderr).toContain("must run other, got");
    await steps(it, "deploy", "find", "restore", "start");
    expect((await it.step("dns")).stderr).toContain("dns must come after verify");
    expect(existsSync(join(it.at.dir, "aws/route53.json"))).toBe(false);
    await steps(it, "verify", "dns", "resume");
    expect(JSON.parse(readFileSync(join(it.at.dir, "aws/route53.json"), "utf8")).records).toEqual({
      "Z123 omendb.example.com CNAME": {
        Name: "omendb.example.com",
        Type: "CNAME",
        TTL: 60,
        ResourceRecords: [{ Value: "omendb.eu-central-1.example.com" }],
      },
    });
    // One that does not answer is recorded, not assumed to be dead.
    writeFileSync(join(old, "state.json"), JSON.stringify({ ...clusterState(), down: true }));
    expect(JSON.parse((await it.step("activate", kubeconfig)).stdout)).toMatchObject({ oldSite: "unreachable" });
    expect((await it.step("activate", { CLAIMS: "data wal" })).stderr).toContain('"wal" not found');
  });

  it("goes back to the newest point before the damage that verifies, and says what is lost", async () => {
    const it = await recovery();
    const backup = async (...args: string[]) =>
      expect((await it.at.jobWith(it.env, "backup.sh", ...args)).code).toBe(0);
    await backup("full");
    const clean = it.at.files();
    it.at.write("wal/wal_000002.log", "four\n");
    await backup("incremental");
    // Times are compared in whole seconds.
    await new Promise((done) => setTimeout(done, 1100));
    const damage = { DAMAGE_TIME: new Date().toISOString(), ...incident() };
    await new Promise((done) => setTimeout(done, 1100));
    it.at.write("wal/wal_000002.log", "garbage\n");
    await backup("incremental");
    // The newest point before the damage is broken in the bucket, so the one before it is the newest clean one.
    const broken = keys(it.at).filter((key) => key.endsWith("incremental_wal.json.gz"))[0] ?? "";
    writeFileSync(stored(it.at, broken)[0] ?? "", "damaged");
    await steps(it, "stop-writes");
    const scope = await it.step("scope", damage);
    expect(JSON.parse(scope.stdout)).toMatchObject({
      suspectPoints: 1,
      newestPointBefore: it.at.points()[1],
      changedSince: { files: 1 },
    });
    const found = await it.step("find-clean", damage);
    expect(JSON.parse(found.stdout), found.stderr).toMatchObject({ point: it.at.points()[0] });
    await steps(it, "restore", "start");
    expect((await it.step("validate")).stderr).toContain("validate must come after replay");
    const replay = await it.step("replay");
    expect(JSON.parse(replay.stdout)).toMatchObject({
      replayed: false,
      lostFrom: it.at.manifest(it.at.points()[0] ?? "").capture,
    });
    expect(replay.stderr).toContain("nothing is replayed, there is no log archive");
    await steps(it, "validate", "resume");
    expect(it.at.files()).toEqual(clean);
  });

  it.each<[string, string, () => Record<string, string>, string]>([
    ["without the incident", "scope", () => ({ DAMAGE_TIME: ago(1) }), "must say INCIDENT and INCIDENT_WRITTEN"],
    ["of the last incident", "find-clean", () => ({ DAMAGE_TIME: ago(14), ...incident(13) }), "is of incident INC-7"],
    ["of the last incident", "find", () => ({ RESTORE_BEFORE: ago(14), ...incident(13) }), "more than 12 hours ago"],
    ["with a time to come", "stop", () => incident(-1), "INCIDENT_WRITTEN must not be in the future"],
    ["of damage to come", "scope", () => ({ DAMAGE_TIME: ago(-1), ...incident() }), "DAMAGE_TIME must be in the past"],
  ])("refuses what was said %s, at %s", async (_, name, said, says) => {
    const it = await recovery();
    if (name === "scope") await steps(it, "stop-writes");
    const { code, stderr } = await it.step(name, said());
    expect([code, stderr]).toEqual([1, expect.stringContaining(says) as string]);
    expect(it.cluster().objects["deployment/prod-omendb"].spec.replicas).toBe(name === "scope" ? 0 : 3);
  });

  it("finds in a clean room only what was written by the last moment that is trusted, whatever its name says", async () => {
    const it = await recovery();
    expect((await it.at.jobWith(it.env, "backup.sh", "full")).code).toBe(0);
    const [point = ""] = it.at.points();
    const before = new Date(Date.now() + 1_100).toISOString();
    const [version = "", body = ""] = [".json", ".bin"].map((end) => keyed(it.at, point, end));
    // A copy under a name between the two, that was written a minute after.
    const forged = `${point.slice(0, -4)}999Z`;
    const folder = join(it.at.dir, "aws/holdfast-omendb/objects", encodeURIComponent(`omendb/points/${forged}.json`));
    mkdirSync(folder);
    const LastModified = new Date(Date.now() + 60_000).toISOString();
    const known = { ...JSON.parse(readFileSync(version, "utf8")), Key: `omendb/points/${forged}.json`, LastModified };
    writeFileSync(join(folder, "forged.json"), JSON.stringify({ ...known, VersionId: "forged" }));
    writeFileSync(join(folder, "forged.bin"), readFileSync(body, "utf8").replaceAll(point, forged));
    await steps(it, "stop");
    const room = { CLEAN_ROOM: "yes", ...incident() };
    expect((await it.step("find", room)).stderr).toContain("RESTORE_BEFORE must be set");
    const found = await it.step("find", { ...room, RESTORE_BEFORE: before });
    expect(JSON.parse(found.stdout), found.stderr).toMatchObject({ point });
    expect((await it.step("find", { ...room, RESTORE_BEFORE: ago(1) })).stderr).toContain(
      "no point not later than, and",
    );
  });

  it("does not verify a database that lost records", async () => {
    const it = await recovery();
    expect((await it.at.jobWith(it.env, "backup.sh", "full")).code).toBe(0);
    await steps(it, "stop", "find", "restore", "start");
    it.at.write("wal/wal_000001.log", "");
    expect((await it.step("verify")).stderr).toContain("the database holds 2 records, the restored point at least 3");
    expect((await it.step("dns")).code).toBe(1);
    it.cluster((state) => {
      state.silent = true;
    });
    expect((await it.step("start")).stderr).toContain("no pod serves after 5s");
  });
});

describe.concurrent("upgrade.sh", () => {
  it("takes a point, rolls, checks, and goes back with the data when its format changed", async () => {
    const it = await recovery();
    const ok = async (name: string, env: Record<string, string> = {}) => {
      const { code, stderr } = await it.upgrade(name, env);
      expect(code, `${name}: ${stderr}`).toBe(0);
    };
    expect((await it.upgrade("roll", { NEW_IMAGE: "omendb:2" })).stderr).toContain("roll must come after backup");
    await ok("backup");
    const before = it.at.files();
    await ok("roll", { NEW_IMAGE: "omendb:2" });
    expect(it.cluster().objects["deployment/prod-omendb"].spec.template.spec.containers[0].image).toBe("omendb:2");
    await ok("rollout");
    await ok("health");
    it.at.write("data/batch_1.parquet", "a format the old version cannot read\n");
    expect((await it.upgrade("back")).stderr).toContain("FORMAT_CHANGED must be yes or no");
    await ok("back", { FORMAT_CHANGED: "yes" });
    expect(it.at.files()).toEqual(before);
    expect(it.cluster().objects["deployment/prod-omendb"].spec.template.spec.containers[0].image).toBe(IMAGE);
  });
});

describe.concurrent("the maintenance jobs", () => {
  it("rebuild the index, count errors, compare capacity and measure queries", async () => {
    const it = await recovery();
    const rebuilt = await it.at.jobWith(it.env, "index.sh", "rebuild");
    expect(
      rebuilt.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { records: 3, rebuilds: 0 },
      { records: 3, rebuilds: 1 },
    ]);
    it.cluster((state) => {
      state.logs = [
        ...Array.from({ length: 12 }, () => '{"level":"ERROR","message":"wal: checksum mismatch","duration":40}'),
        '{"level":"INFO","message":"auth refused","status":401}',
        "thread main panicked: ERROR",
      ];
    });
    expect(JSON.parse((await it.at.job("logs.sh")).stdout)).toMatchObject({
      lines: 14,
      refused: 1,
      authentication: 1,
      errors: [{ count: 12, message: "wal: checksum mismatch" }, { count: 1 }],
      durations: { count: 12, median: 40 },
    });
    const review = { EXPECTED_RECORDS: "100000000", BACKUPS_KEPT: "3" };
    const capacity = await it.at.jobWith({ ...it.env, ...review, LIMIT_PERCENT: "101" }, "capacity.sh");
    // The guide's own figures: 100,000,000 records need 3.12 GB, and with log and backups 9.61 GB.
    const { data, wal, backups } = JSON.parse(capacity.stdout).formulaExpected;
    expect([data, data + wal + backups]).toEqual([3_120_000_000, 9_609_600_000]);
    expect((await it.at.jobWith({ ...it.env, ...review, LIMIT_PERCENT: "0" }, "capacity.sh")).stderr).toContain(
      "volumes above 0%: data=",
    );
    const bench = await it.at.jobWith(
      { ...it.env, QUERY_PATH: "/admin/index-stats", QUERIES: "5", LIMIT_MS: "1000" },
      "benchmark.sh",
    );
    expect(JSON.parse(bench.stdout)).toMatchObject({ queries: 5 });
    expect((await it.at.jobWith({ ...it.env, METRICS_URL: "https://localhost:1/metrics" }, "health.sh")).code).toBe(1);
  });
});
