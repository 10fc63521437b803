import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../policies/graph";
import { BACKUP_PREFIX } from "../../../systems/omendb/jobWork";
import { Pods, stepsOf } from "../../support/cronJob";
import { declaredGraph } from "../../support/declaredGraph";
import { doublesPath, makeBucket, run } from "../../support/doubles";
import { canaries, type DeclaredBucket, declaredBucket, type OmendbRun, startOmendb } from "../../support/omendbRun";
import type { JobRun } from "../../support/runToDeadline";

let graph: ResourceGraph;
beforeAll(async () => {
  graph = await declaredGraph("prod");
});
const running: OmendbRun[] = [];
const awsFolder = (folder: string) => path.join(folder, "aws");
afterAll(() => {
  for (const each of running) each.close();
});

/** Both sites and the bucket, locked as declared unless said otherwise. */
async function sites(lock: Partial<DeclaredBucket["lock"]> = {}): Promise<OmendbRun> {
  const omendb = await startOmendb(graph, (folder) => ({ doubles: { AWS_DOUBLE_DIR: awsFolder(folder) } }));
  running.push(omendb);
  const { name, region, lock: declared } = omendb.bucket;
  makeBucket(awsFolder(omendb.folder), name, { region, lock: { ...declared, ...lock } });
  return omendb;
}

async function aws(at: OmendbRun, ...words: string[]): Promise<string> {
  const env = { AWS_DOUBLE_DIR: awsFolder(at.folder) };
  const { code, stdout, stderr } = await run(["aws", "--region", at.bucket.region, "s3api", ...words], { env });
  expect(code, stderr).toBe(0);
  return stdout;
}

/** Captures of the points in the bucket, oldest first, as the names of their manifests have them. */
async function points(at: OmendbRun): Promise<string[]> {
  const folder = `${BACKUP_PREFIX}/points/`;
  const listed = JSON.parse(await aws(at, "list-object-versions", "--bucket", at.bucket.name, "--prefix", folder)) as {
    Versions?: { Key: string }[];
  };
  return (listed.Versions ?? []).map(({ Key }) => path.basename(Key, ".json")).sort();
}

async function captured(at: OmendbRun, role: string): Promise<number | undefined> {
  const series = `{asset="omendb/data",instance="omendb/data",job="holdfast",role="${role}"}`;
  return (await at.gateway.series())[`holdfast_capture_timestamp_seconds${series}`];
}

/** `20261121T093916.123Z` in milliseconds. */
function timeOf(point: string): number {
  return Date.parse(point.replace(/^(....)(..)(..T..)(..)(.*)$/, "$1-$2-$3:$4:$5"));
}

function ok(result: JobRun | undefined): JobRun {
  expect(result?.code, result?.stderr).toBe(0);
  if (!result) throw new Error("it did not run");
  return result;
}

describe.concurrent("the backups that prod declares", () => {
  it("make restore points, each of which the declared recovery restores byte for byte in the other region", async () => {
    const at = await sites();
    const states = [at.files("primary")];
    ok(await at.backup("full"));
    at.write("data/batch_2.parquet", "four\u0000\n");
    at.write("wal/wal_000001.log", "three\nfive\n");
    states.push(at.files("primary"));
    ok(await at.backup("incremental"));
    at.write("wal/wal_000002.log", "six\n");
    states.push(at.files("primary"));
    ok(await at.backup("incremental"));

    const made = await points(at);
    expect(made).toHaveLength(3);
    for (const [index, point] of made.entries()) {
      const incident = {
        INCIDENT: "INC-7",
        INCIDENT_WRITTEN: new Date().toISOString(),
        RESTORE_BEFORE: new Date(timeOf(point)).toISOString(),
      };
      const steps = await at.recover({ configMaps: { "omendb-incident": incident } }, "restore");
      const { stdout } = ok(steps.get("restore"));
      expect(JSON.parse(stdout)).toMatchObject({ step: "restore", point });
      expect(at.files("secondary")).toEqual(states[index]);
    }
  });

  it("push as capture time when the copying began, not when the run ended", async () => {
    const at = await sites();
    const slow = at.commands("slow", { backup_tool: `'${doublesPath()}/backup_tool' "$@" || exit\nsleep 3` });
    const { started, ended } = ok(await at.backup("full", { commands: [slow] }));
    const [point = ""] = await points(at);
    expect(timeOf(point)).toBeGreaterThanOrEqual(started);
    expect(timeOf(point)).toBeLessThan(ended - 3000);
    expect(await captured(at, "full")).toBe(Math.floor(timeOf(point) / 1000));
  });

  it("count an idle database as captured: no changes found is a point, and is pushed", async () => {
    const at = await sites();
    ok(await at.backup("full"));
    const { stderr } = ok(await at.backup("incremental"));
    expect(stderr).toContain("No changes found since last backup");
    const made = await points(at);
    expect(made).toHaveLength(2);
    expect(await captured(at, "incremental")).toBe(Math.floor(timeOf(made[1] ?? "") / 1000));
  });

  it("fail where the lock is one that an administrator can lift", async () => {
    const at = await sites({ mode: "GOVERNANCE" });
    const { code, stderr } = await at.backup("full");
    expect(code).toBe(1);
    expect(stderr).toContain("must be locked in COMPLIANCE mode, got GOVERNANCE");
    expect(await points(at)).toEqual([]);
    expect(await captured(at, "full")).toBeUndefined();
  });

  it("fail where the lock is shorter than the one declared", async () => {
    const at = await sites({ days: declaredBucket(graph).lock.days - 2 });
    expect((await at.backup("full")).stderr).toContain(`must stay locked for ${at.bucket.lock.days} days`);
    expect(await points(at)).toEqual([]);
  });

  it("leave no point when the deadline ends them, and the next run brings what was captured", async () => {
    const at = await sites();
    ok(await at.backup("full"));
    at.write("wal/wal_000001.log", "three\nfour\n");
    const aws = `'${doublesPath()}/aws' "$@"`;
    // The last upload of a run is its manifest; this one never comes to an end.
    const hangs = at.commands("hangs", { aws: `case "$*" in *put-object*/points/*) sleep 600 ;; esac\nexec ${aws}` });
    const { code, started, ended } = await at.backup("incremental", { commands: [hangs], hurry: 30 });
    expect(code).toBeNull();
    expect(ended - started).toBeLessThan(10_000);
    expect(await points(at)).toHaveLength(1);
    expect(await captured(at, "incremental")).toBeUndefined();
    const good = at.files("primary");
    ok(await at.backup("incremental"));
    ok((await at.recover({}, "restore")).get("restore"));
    expect(at.files("secondary")).toEqual(good);
  });
});

describe("the recovery that prod declares", () => {
  let at: OmendbRun;
  let steps: Map<string, JobRun>;
  let good: Record<string, string>;
  beforeAll(async () => {
    at = await sites();
    ok(await at.backup("full"));
    at.write("wal/wal_000001.log", "three\nfour\n");
    ok(await at.backup("incremental"));
    good = at.files("primary");
    at.write("wal/wal_000001.log", "three\nfour\nlost with the region\n");
    steps = await at.recover();
  });

  it("brings the newest data back into service in the other region by its steps, in their order", () => {
    for (const result of steps.values()) ok(result);
    expect([...steps.keys()]).toEqual(["activate", "deploy", "find", "restore", "start", "verify", "dns", "resume"]);
    expect(at.files("secondary")).toEqual(good);
    expect(JSON.parse(steps.get("verify")?.stdout ?? "")).toMatchObject({ healthy: true, records: 4 });
    const asked = at.commandLines().filter((line) => /^(aws route53|kubectl)/.test(line));
    expect(asked.filter((line) => line.includes("scale")).at(-1)).toContain("deployment/prod-omendb --replicas=3");
    expect(asked.find((line) => line.includes("change-resource-record-sets"))).toContain(
      '"Name":"omendb.example.com","Type":"CNAME","TTL":60,"ResourceRecords":[{"Value":"omendb.eu-west-1.example.com"}]',
    );
    expect(asked.at(-1)).toContain("create job omendb-backup-full-recovery-");
  });

  it("shows no value of a Secret in any output or command line, and neither do the backups before it", () => {
    // The password is used all the same.
    expect(at.commandLines().filter((line) => line.startsWith("curl ") && line.includes("--config"))).not.toEqual([]);
    const seen = [at.said(), ...at.commandLines()].join("\n");
    expect(seen.length).toBeGreaterThan(10_000);
    for (const secret of canaries) expect(seen).not.toContain(secret);
  });
});

describe.concurrent("the runner of declared Jobs", () => {
  it("refuses what the graph does not declare", async () => {
    const at = await sites();
    await expect(at.backup("full", { replace: { NO_SUCH: "x" } })).rejects.toThrow("does not declare NO_SUCH");
    await expect(at.backup("full", { doubles: { BUCKET: "x" } })).rejects.toThrow("declares BUCKET");
    const pods = new Pods(graph, "primary", path.join(at.folder, "other"));
    await expect(pods.run("omendb-backup-full")).rejects.toThrow("omendb-job-user has no data before deployment");
    await expect(pods.run("omendb-backup")).rejects.toThrow("no CronJob omendb-backup in cluster primary");
    const without = { resources: graph.resources.filter(({ type }) => !type.endsWith(":ConfigMap")) };
    await expect(new Pods(without, "primary", path.join(at.folder, "bare")).run("omendb-backup-full")).rejects.toThrow(
      "ConfigMap omendb-jobs is not declared",
    );
  });

  it("notices a write to what the cluster mounts read-only", async () => {
    const at = await sites();
    const writes = at.commands("writes", { backup_tool: 'echo x >"$DATA_ROOT/data/batch_3.parquet"\nexit 1' });
    await expect(at.backup("full", { commands: [writes] })).rejects.toThrow(
      /wrote where it may only read: .*batch_3\.parquet/,
    );
  });

  it("refuses steps that no order satisfies", () => {
    const resources = graph.resources.filter(({ name }) => name !== "omendb-restore-in-secondary-find");
    expect(() => stepsOf({ resources }, "secondary", "omendb/data", "restore-in-secondary")).toThrow(
      "no order for the steps dns, restore, resume, start, verify",
    );
  });
});
