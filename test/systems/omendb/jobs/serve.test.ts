import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../../../tools/freePorts";
import {
  jobsPath,
  type KubeApi,
  makeCertificate,
  type Running,
  run,
  start,
  startKubeApi,
} from "../../../support/doubles";

const LEASE = "/apis/coordination.k8s.io/v1/namespaces/omendb-prod/leases/prod-omendb";
const SLICE = "/apis/discovery.k8s.io/v1/namespaces/omendb-prod/endpointslices/prod-omendb-serving";
/** A busy machine may stand still for seconds: a holder that does so for two thirds of them is rightly killed. */
const SECONDS = 6;

interface Write {
  pid: number;
  pod: string;
  at: number;
  what: "start" | "write" | "stop";
}
interface Pod {
  name: string;
  ip: string;
  port: number;
  run: Running;
  probe(kind: "live" | "ready"): Promise<number>;
}
interface Cluster {
  dir: string;
  api: KubeApi;
  pod(index: number, env?: Record<string, string>): Promise<Pod>;
  writes(): Write[];
  holder(): Promise<string>;
  endpoints(): Promise<string[]>;
}

let tls = "";
const root = mkdtempSync(join(tmpdir(), "omendb-serve-"));
const apis: KubeApi[] = [];
const pods: Running[] = [];
beforeAll(() => {
  tls = makeCertificate(join(root, "tls"));
});
afterAll(async () => {
  for (const pod of pods) pod.signal("SIGKILL");
  // Databases are in process groups of their own, and write until their watchdogs have seen the end.
  for (const api of apis) api.stop();
  await rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function cluster(startDeadline = "5s", duration = SECONDS): Promise<Cluster> {
  const dir = mkdtempSync(join(root, "cluster-"));
  for (const path of ["root/data", "root/wal"]) mkdirSync(join(dir, path), { recursive: true });
  writeFileSync(join(dir, "token"), "a-token");
  const api = await startKubeApi(2);
  apis.push(api);
  await api.put(LEASE, {
    kind: "Lease",
    metadata: { name: "prod-omendb", annotations: { "holdfast.dev/start-deadline": startDeadline } },
    spec: { leaseDurationSeconds: duration },
  });
  await api.put(SLICE, {
    kind: "EndpointSlice",
    metadata: { name: "prod-omendb-serving" },
    addressType: "IPv4",
    endpoints: [],
  });
  const writes = join(dir, "writes");
  writeFileSync(writes, "");
  return {
    dir,
    api,
    pod: async (index, env = {}) => {
      const [port, metricsPort] = [await freePort(), await freePort()];
      const name = `prod-omendb-${index}`;
      const here = join(dir, `pod-${index}-${port}`);
      mkdirSync(here);
      const config = join(here, "omendb.toml");
      writeFileSync(config, `data_dir = "${dir}/root/data"\nport = ${port}\nprometheus_port = ${metricsPort}\n`);
      const all = {
        POD_NAME: name,
        POD_IP: `10.0.0.${index + 1}`,
        NAMESPACE: "omendb-prod",
        KUBE_API: `http://127.0.0.1:${api.ports[index]}`,
        TOKEN_FILE: join(dir, "token"),
        RUN_DIR: here,
        OMENDB_CONFIG: config,
        OMENDB_URL: `https://localhost:${port}`,
        METRICS_URL: `https://localhost:${metricsPort}/metrics`,
        OMENDB_CA: join(tls, "ca.crt"),
        OMENDB_TLS_DIR: tls,
        OMENDB_DOUBLE_WRITES: writes,
        STOP_SECONDS: "2",
        ...env,
      };
      const running = start([join(jobsPath(), "serve.sh")], { env: all });
      pods.push(running);
      return {
        name,
        ip: all.POD_IP,
        port,
        run: running,
        probe: async (kind) => (await run([join(jobsPath(), "probe.sh"), kind], { env: all })).code,
      };
    },
    writes: () =>
      readFileSync(writes, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Write),
    holder: async () => (await api.state()).objects[LEASE].spec.holderIdentity ?? "",
    endpoints: async () =>
      (await api.state()).objects[SLICE].endpoints.flatMap((endpoint: { addresses: string[] }) => endpoint.addresses),
  };
}
async function until(what: string, test: () => Promise<boolean> | boolean, seconds = 45): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await test())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
const serves = (at: Cluster, pod: Pod) =>
  until(`${pod.name} serves`, async () => (await at.endpoints()).join() === pod.ip).catch((error) => {
    throw new Error(`${error.message}\n${pod.run.log()}`);
  });
/** First and last sign of life of each database that ran. */
function lives(writes: Write[]): { pod: string; from: number; to: number }[] {
  const seen = new Map<number, { pod: string; from: number; to: number }>();
  for (const { pid, pod, at } of writes) seen.set(pid, { pod, from: seen.get(pid)?.from ?? at, to: at });
  return [...seen.values()];
}
function expectNeverTwo(at: Cluster): void {
  const sorted = lives(at.writes()).sort((a, b) => a.from - b.from);
  expect(sorted.length).toBeGreaterThan(1);
  for (const [i, life] of sorted.entries()) {
    const next = sorted[i + 1];
    if (next) expect(next.from, JSON.stringify(sorted)).toBeGreaterThan(life.to);
  }
}

describe.concurrent("serve.sh", () => {
  it("lets one pod serve, the other stand by, and both answer their probes", async () => {
    const at = await cluster();
    const [first, second] = [await at.pod(0), await at.pod(1)];
    await until("an endpoint", async () => (await at.endpoints()).length === 1);
    const { objects } = await at.api.state();
    // The Pulumi program's declaration stays as it was.
    expect(objects[LEASE].spec.leaseDurationSeconds).toBe(SECONDS);
    expect(objects[LEASE].metadata.annotations["holdfast.dev/start-deadline"]).toBe("5s");
    expect(objects[LEASE].spec.leaseTransitions).toBe(1);
    await until(
      "both ready",
      async () => (await Promise.all([first.probe("ready"), second.probe("ready")])).join() === "0,0",
    );
    expect([await first.probe("live"), await second.probe("live")]).toEqual([0, 0]);
    expect(new Set(at.writes().map((write) => write.pid)).size).toBe(1);
  });

  it("hands over at once when its holder is told to stop", async () => {
    const at = await cluster();
    const first = await at.pod(0);
    await serves(at, first);
    const second = await at.pod(1);
    await until("the second stands by", () => second.run.log().includes("standing by"));
    const before = Date.now();
    first.run.signal("SIGTERM");
    expect((await first.run.ended).code).toBe(0);
    await serves(at, second);
    expect(Date.now() - before).toBeLessThan(SECONDS * 1000 + 2000);
    expect(first.run.log()).toContain("released the lease");
    expectNeverTwo(at);
  });

  it("kills the database of an elector that was killed, before another starts", async () => {
    const at = await cluster();
    const first = await at.pod(0);
    await serves(at, first);
    const second = await at.pod(1);
    first.run.signal("SIGKILL");
    const killed = Number(process.hrtime.bigint() / 1_000_000n);
    await serves(at, second);
    expectNeverTwo(at);
    const dead = lives(at.writes()).find((life) => life.pod === first.name);
    expect((dead?.to ?? 0) - killed).toBeLessThan(1000);
  });

  it("kills the database of a holder that is cut off, before another starts", async () => {
    const at = await cluster();
    const first = await at.pod(0);
    await serves(at, first);
    const second = await at.pod(1);
    await until("the second stands by", () => second.run.log().includes("standing by"));
    await at.api.cut("hang", at.api.ports[0]);
    expect((await first.run.ended).code).toBe(1);
    expect(first.run.log()).toContain("fenced:");
    await serves(at, second);
    expectNeverTwo(at);
  });

  it("kills the database even while the elector itself is frozen", async () => {
    const at = await cluster();
    const first = await at.pod(0);
    await serves(at, first);
    const second = await at.pod(1);
    await until("the second stands by", () => second.run.log().includes("standing by"));
    first.run.signal("SIGSTOP");
    await serves(at, second);
    expectNeverTwo(at);
    first.run.signal("SIGCONT");
    expect((await first.run.ended).code).toBe(1);
    expect(await at.holder()).toBe(second.name);
  });

  it("stops everywhere when the API hangs, and starts once when it is back", async () => {
    const at = await cluster();
    const first = await at.pod(0);
    await serves(at, first);
    const second = await at.pod(1);
    await at.api.cut("hang");
    expect((await first.run.ended).code).toBe(1);
    const quiet = at.writes().length;
    await new Promise((done) => setTimeout(done, 500));
    expect(at.writes().length).toBe(quiet);
    // A standby that cannot reach the API is idle and healthy.
    expect(await second.probe("live")).toBe(0);
    await at.api.cut("ok");
    await serves(at, second);
    expectNeverTwo(at);
  });

  it("does not count a renewal whose answer was lost", async () => {
    const at = await cluster();
    const first = await at.pod(0);
    await serves(at, first);
    const second = await at.pod(1);
    await at.api.cut("late", at.api.ports[0]);
    expect((await first.run.ended).code).toBe(1);
    await serves(at, second);
    expectNeverTwo(at);
  });

  it("gives up a database that is not ready by the start deadline, and releases the lease", async () => {
    const at = await cluster("2s");
    const first = await at.pod(0, { OMENDB_DOUBLE: "unready" });
    await until("it starts", () => at.writes().length > 0);
    await until("it is not ready", async () => (await first.probe("ready")) === 1);
    expect(await first.probe("live")).toBe(0);
    expect((await first.run.ended).code).toBe(1);
    expect(first.run.log()).toContain("the database was not ready within 2s");
    expect(await at.holder()).toBe("");
    expect(await at.endpoints()).toEqual([]);
    const { pid } = at.writes()[0] ?? { pid: 0 };
    expect(() => process.kill(pid, 0)).toThrow();
  });

  it("keeps renewing while the database starts longer than the lease lasts", async () => {
    const at = await cluster("40s", 15);
    const first = await at.pod(0, { OMENDB_DOUBLE_START_MS: "16000" });
    await until("it starts", () => at.writes().length > 0);
    const second = await at.pod(1);
    await serves(at, first);
    expect(second.run.log()).not.toContain("holds the lease");
  });

  it("ends with the code of the database and releases the lease", async () => {
    const at = await cluster();
    const first = await at.pod(0, { OMENDB_DOUBLE: "exit" });
    expect((await first.run.ended).code).toBe(7);
    expect(await at.holder()).toBe("");
  });

  it("kills a database that does not stop in time", async () => {
    const at = await cluster();
    const first = await at.pod(0, { OMENDB_DOUBLE: "deaf", STOP_SECONDS: "1" });
    await serves(at, first);
    first.run.signal("SIGTERM");
    expect((await first.run.ended).code).toBe(0);
    expect(first.run.log()).toContain("the database did not stop within 1s");
    expect(await at.holder()).toBe("");
    expect(await at.endpoints()).toEqual([]);
  });

  it("does not take a lease that nobody declared or that makes no sense", async () => {
    const at = await cluster("soon");
    const first = await at.pod(0);
    await until("it says so", () => first.run.log().includes("must be like 45s, got 'soon'"));
    expect(await first.probe("ready")).toBe(0);
    expect(await at.holder()).toBe("");
    first.run.signal("SIGTERM");
    expect((await first.run.ended).code).toBe(0);
  });

  it("has a watchdog that hears a word whole, however late its second half comes", async () => {
    const { stdout } = await run([
      "bash",
      "-c",
      `source <(sed -n '/^watchdog()/,/^}/p; /^pause()/p; /^strike()/p' "$JOBS_DIR/serve.sh")
      exec {never}<> <(:)
      sleep 60 & database=$!
      exec {dog}> >(watchdog)
      read -r up _ </proc/uptime
      deadline=$((10#\${up/./} + 200))
      printf '%s' "\${deadline:0:3}" >&"$dog"; sleep 0.5
      printf '%s %d\n' "\${deadline:3}" "$database" >&"$dog"; sleep 0.5
      kill -0 "$database" && echo "lives until then"
      sleep 2
      kill -0 "$database" || echo "and no longer"`,
    ]);
    expect(stdout).toBe("lives until then\nand no longer\n");
  });

  it("keeps the token out of arguments and logs", async () => {
    const at = await cluster();
    writeFileSync(join(at.dir, "token"), "canary-secret");
    const first = await at.pod(0);
    await at.api.cut("hang", at.api.ports[0]);
    await until("a call hangs", async () => {
      const { stdout } = await run(["bash", "-c", "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '; true"]);
      expect(stdout).not.toContain("canary-secret");
      return stdout.includes(`127.0.0.1:${at.api.ports[0]}${LEASE}`);
    });
    expect(first.run.log()).not.toContain("canary-secret");
    first.run.signal("SIGTERM");
    await first.run.ended;
  });
});
