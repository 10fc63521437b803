import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  jobsPath,
  makeBucket,
  makeCertificate,
  type Pushgateway,
  type RunResult,
  run,
  startPushgateway,
} from "../../../support/doubles";

/** A database, its scratch volume, a bucket and a Pushgateway for one test. */
export interface Site {
  dir: string;
  env: Record<string, string>;
  gateway: Pushgateway;
  /** Runs a job: `job("backup.sh", "full")`. */
  job(script: string, ...args: string[]): Promise<RunResult>;
  /** The same with more environment. */
  jobWith(env: Record<string, string>, script: string, ...args: string[]): Promise<RunResult>;
  /** Writes a file of the database: `write("data/a.parquet", "...")`. */
  write(path: string, content: string): void;
  /** Every file of the database below `root`, by path. */
  files(root?: string): Record<string, string>;
  /** Captures of the points in the bucket, oldest first. */
  points(): string[];
  /** The manifest of a point. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON as the script wrote it
  manifest(point: string): any;
  close(): void;
}

const BUCKET = "holdfast-omendb";

/** The stored version files of an object of the double's bucket. */
export function stored(site: Site, key: string, end = ".bin"): string[] {
  const folder = join(site.dir, "aws", BUCKET, "objects", encodeURIComponent(key));
  return readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name));
}

/** Keys of the double's bucket that start with `prefix`. */
export function keys(site: Site, prefix = ""): string[] {
  try {
    return readdirSync(join(site.dir, "aws", BUCKET, "objects"))
      .map(decodeURIComponent)
      .filter((key) => key.startsWith(prefix))
      .sort();
  } catch {
    return [];
  }
}

export async function makeSite(
  lock: { mode: "COMPLIANCE" | "GOVERNANCE"; days: number } = { mode: "COMPLIANCE", days: 45 },
): Promise<Site> {
  const dir = mkdtempSync(join(tmpdir(), "omendb-"));
  const at = (path: string) => join(dir, path);
  for (const path of ["root/data", "root/wal", "scratch", "run"]) mkdirSync(at(path), { recursive: true });
  writeFileSync(at("users.htpasswd"), "operator:$2y$05$abcdefghijklmnopqrstuv\n");
  makeBucket(at("aws"), BUCKET, { region: "eu-west-1", lock });
  makeCertificate(at("tls"));
  const gateway = await startPushgateway();
  const env = {
    BUCKET,
    PREFIX: "omendb",
    BUCKET_REGION: "eu-west-1",
    ASSET: "omendb/data",
    REQUIRED_LOCK_DAYS: "45",
    KEPT_DAYS: "30",
    PUSHGATEWAY_URL: gateway.url,
    SCRATCH_DIR: at("scratch"),
    DATA_ROOT: at("root"),
    RUN_DIR: at("run"),
    USERS_FILE: at("users.htpasswd"),
    OMENDB_CA: at("tls/ca.crt"),
    OMENDB_TLS_DIR: at("tls"),
    AWS_DOUBLE_DIR: at("aws"),
    KUBECTL_DOUBLE_DIR: at("kubectl"),
    POLL_SECONDS: "0.1",
  };
  const jobWith: Site["jobWith"] = (more, script, ...args) =>
    run([join(jobsPath(), script), ...args], { env: { ...env, ...more } });
  const files = (root = "root", below = ""): Record<string, string> =>
    Object.fromEntries(
      readdirSync(join(dir, root, below))
        .filter((name) => name !== ".holdfast")
        .flatMap((name) => {
          const path = join(below, name);
          const whole = join(dir, root, path);
          return statSync(whole).isDirectory()
            ? Object.entries(files(root, path))
            : [[path, readFileSync(whole).toString("base64")] as const];
        }),
    );
  const site: Site = {
    dir,
    env,
    gateway,
    job: (script, ...args) => jobWith({}, script, ...args),
    jobWith,
    write: (path, content) => {
      mkdirSync(join(dir, "root", path, ".."), { recursive: true });
      writeFileSync(join(dir, "root", path), content);
    },
    files,
    points: () => keys(site, "omendb/points/").map((key) => key.slice("omendb/points/".length, -".json".length)),
    manifest: (point) => JSON.parse(readFileSync(stored(site, `omendb/points/${point}.json`)[0] ?? "", "utf8")),
    close: () => {
      gateway.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  site.write("data/batch_1.parquet", "one\ntwo\n");
  site.write("wal/wal_000001.log", "three\n");
  return site;
}
