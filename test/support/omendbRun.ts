import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { z } from "zod";
import type { ResourceGraph } from "../../policies/graph";
import { freePort } from "../../tools/freePorts";
import { metadataOf, objectsOf, Pods, type RunWith, stepsOf } from "./cronJob";
import { doublesPath, makeCertificate, type Pushgateway, type Running, start, startPushgateway } from "./doubles";
import type { JobRun } from "./runToDeadline";

/** The bucket of the restore points as the program declares it. */
export interface DeclaredBucket {
  name: string;
  region: string;
  lock: { mode: "COMPLIANCE" | "GOVERNANCE"; days: number };
}

/** The two sites of OmenDB as folders and processes: pods, a serving database each, and a Pushgateway. */
export interface OmendbRun {
  folder: string;
  bucket: DeclaredBucket;
  gateway: Pushgateway;
  /** Runs a declared backup at the primary. */
  backup(role: "full" | "incremental", runWith?: RunWith): Promise<JobRun>;
  /** Runs the declared steps of restore-in-secondary in their declared order, all or up to one; ends at a failure. */
  recover(runWith?: RunWith | ((step: string) => RunWith), upTo?: string): Promise<Map<string, JobRun>>;
  /** Writes a file of the primary's database: `write("data/a.parquet", "...")`. */
  write(file: string, content: string): void;
  /** Every file of a site's database, in base64, by path. */
  files(cluster: "primary" | "secondary"): Record<string, string>;
  /** Writes commands, each the text of a shell script, into a folder for the `PATH`; returns the folder. */
  commands(name: string, scripts: Readonly<Record<string, string>>): string;
  /** Command lines of what the jobs started, one each. */
  commandLines(): string[];
  /** Everything the jobs said. */
  said(): string;
  close(): void;
}

/** Values that must never be seen; the cluster's Secrets hold them. */
export const canaries = ["canary-password-of-the-jobs", "canary-hash-of-the-operator", "canary-private-key"] as const;

const recoveryPath = "restore-in-secondary";

/** Reads the bucket, its region and its lock from the graph. */
export function declaredBucket({ resources }: ResourceGraph): DeclaredBucket {
  const lock = resources.find(
    ({ type }) => type === "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  );
  const versioning = resources.find(({ type }) => type === "aws:s3/bucketVersioning:BucketVersioning");
  z.object({ versioningConfiguration: z.object({ status: z.literal("Enabled") }) }).parse(versioning?.props);
  const retention = z.object({ mode: z.enum(["COMPLIANCE", "GOVERNANCE"]), days: z.number() });
  const { bucket, rule } = z
    .object({ bucket: z.string(), rule: z.object({ defaultRetention: retention }) })
    .parse(lock?.props);
  return { name: bucket, region: z.string().parse(lock?.provider?.props.region), lock: rule.defaultRetention };
}

/**
 * Sets up both sites with a little data at the primary. What `everyRun` makes of the folder reaches every run; its
 * commands come after a recorder of command lines and before the doubles.
 */
export async function startOmendb(
  graph: ResourceGraph,
  everyRun: (folder: string) => RunWith = () => ({}),
): Promise<OmendbRun> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "holdfast-omendb-"));
  const runWith = everyRun(folder);
  const at = (file: string) => path.join(folder, file);
  const bucket = declaredBucket(graph);
  const gateway = await startPushgateway();
  const servers: Running[] = [];
  const runs: JobRun[] = [];
  const tls = makeCertificate(at("tls"));
  const authority = fs.readFileSync(path.join(tls, "ca.crt"), "utf8");

  const kubectl = at("kubectl");
  fs.mkdirSync(kubectl);
  fs.writeFileSync(path.join(kubectl, "state.json"), JSON.stringify({ objects: clusterState(graph, "secondary") }));

  const lines = at("command-lines");
  fs.writeFileSync(lines, "");
  const commands = (name: string, scripts: Readonly<Record<string, string>>) => {
    const into = at(`commands-${name}`);
    fs.mkdirSync(into, { recursive: true });
    for (const [file, script] of Object.entries(scripts)) {
      fs.writeFileSync(path.join(into, file), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    return into;
  };
  // Each notes its arguments and takes itself off the PATH, so that the next command of its name runs.
  const recorder = at("commands-recorder");
  const note = (file: string) =>
    `printf '%s\\n' "${file} $*" >>'${lines}'\nPATH=$(printf '%s' "$PATH" | sed 's,${recorder}:,,')\nexec ${file} "$@"`;
  const noted = ["aws", "backup_tool", "curl", "jq", "kubectl", "omendb", "openssl"];
  commands("recorder", Object.fromEntries(noted.map((file) => [file, note(file)])));

  const site = async (cluster: "primary" | "secondary") => {
    const [port, metricsPort] = [await freePort(), await freePort()];
    const addresses = {
      OMENDB_URL: `https://localhost:${port}`,
      METRICS_URL: `https://localhost:${metricsPort}/metrics`,
      PUSHGATEWAY_URL: gateway.url,
    };
    const pods = new Pods(graph, cluster, at(cluster), {
      ...runWith,
      replace: { ...addresses, ...runWith.replace },
      doubles: { KUBECTL_DOUBLE_DIR: kubectl, ...runWith.doubles },
      commands: [...(runWith.commands ?? []), doublesPath()],
      secrets: {
        "omendb-job-user": { curlrc: `user = "omendb-jobs:${canaries[0]}"\n` },
        "omendb-users": { "users.htpasswd": `operator:${canaries[1]}\n` },
        "omendb-tls": { "ca.crt": authority, "tls.key": canaries[2] },
        ...runWith.secrets,
      },
    });
    const data = pods.at("/var/lib/omendb/data");
    for (const each of [data, pods.at("/var/lib/omendb/wal")]) fs.mkdirSync(each, { recursive: true });
    // The declared configuration, but for the one port that no environment variable replaces.
    const config = at(`${cluster}.toml`);
    fs.writeFileSync(
      config,
      configOf(graph, cluster).replace(/^prometheus_port = .*$/m, `prometheus_port = ${metricsPort}`),
    );
    const server = start(["omendb", "--config", config], {
      env: { OMENDB_DATA_DIR: data, OMENDB_HTTP_PORT: String(port), OMENDB_TLS_DIR: tls },
    });
    servers.push(server);
    return {
      pods,
      run: async (job: string, more: RunWith = {}) => {
        const run = await pods.run(job, { ...more, commands: [recorder, ...(more.commands ?? [])] });
        runs.push(run);
        return run;
      },
    };
  };
  const primary = await site("primary");
  const secondary = await site("secondary");
  const roots = { primary: primary.pods.at("/var/lib/omendb"), secondary: secondary.pods.at("/var/lib/omendb") };

  const write = (file: string, content: string) => fs.writeFileSync(path.join(roots.primary, file), content);
  write("data/batch_1.parquet", "one\ntwo\n");
  write("wal/wal_000001.log", "three\n");
  return {
    folder,
    bucket,
    gateway,
    write,
    commands,
    backup: (role, more) => primary.run(backupJob(graph, role), more),
    recover: async (more, upTo) => {
      const done = new Map<string, JobRun>();
      for (const [step, job] of stepsOf(graph, "secondary", "omendb/data", recoveryPath)) {
        const result = await secondary.run(job, typeof more === "function" ? more(step) : more);
        done.set(step, result);
        if (result.code !== 0 || step === upTo) break;
      }
      return done;
    },
    files: (cluster) => filesOf(roots[cluster]),
    commandLines: () => fs.readFileSync(lines, "utf8").split("\n").slice(0, -1),
    said: () => runs.map(({ stdout, stderr }) => stdout + stderr).join(""),
    close: () => {
      for (const server of servers) server.kill();
      gateway.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Name of the CronJob of the primary that takes backups of this role. */
function backupJob(graph: ResourceGraph, role: string): string {
  const found = objectsOf(graph, "primary").find((each) => metadataOf(each).annotations["holdfast.dev/role"] === role);
  if (!found) throw new Error(`no CronJob of role ${role}`);
  return metadataOf(found).name;
}

function configOf(graph: ResourceGraph, cluster: string): string {
  const of = z.object({ data: z.object({ "omendb.toml": z.string() }) });
  const found = objectsOf(graph, cluster).flatMap(({ props }) => of.safeParse(props).data ?? []);
  if (!found[0]) throw new Error(`no ConfigMap of ${cluster} has omendb.toml`);
  return found[0].data["omendb.toml"];
}

/** What the cluster answers once the declared objects are in it: claims bound, nodes ready, no pod yet. */
function clusterState(graph: ResourceGraph, cluster: string): Record<string, object> {
  const state: Record<string, object> = {};
  for (const resource of objectsOf(graph, cluster)) {
    const kind = resource.type.slice(resource.type.lastIndexOf(":") + 1).toLowerCase();
    const bound = kind === "persistentvolumeclaim" ? { status: { phase: "Bound" } } : {};
    state[`${kind}/${metadataOf(resource).name}`] = { ...resource.props, ...bound };
  }
  for (const name of ["a", "b", "c"]) {
    state[`node/${name}`] = { metadata: { name }, status: { conditions: [{ type: "Ready", status: "True" }] } };
  }
  return state;
}

function filesOf(folder: string, below = ""): Record<string, string> {
  const entries = fs.readdirSync(path.join(folder, below), { withFileTypes: true });
  return Object.fromEntries(
    entries
      // The restore's own notes, and what it replaced.
      .filter(({ name }) => name !== ".holdfast")
      .flatMap((entry) => {
        const file = path.join(below, entry.name);
        return entry.isDirectory()
          ? Object.entries(filesOf(folder, file))
          : [[file, fs.readFileSync(path.join(folder, file)).toString("base64")] as const];
      }),
  );
}
