import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { jobScripts } from "../../../systems/jobScripts";

/** Doubles that jobs call hundreds of times; they read nothing from standard input. */
const HOSTED = ["aws", "kubectl", "pulumi"];
let doubles: string | undefined;

/** The folder of the doubles, to be first on `PATH`; those that are called often run within one process. */
export function doublesPath(): string {
  if (doubles !== undefined) return doubles;
  const folder = mkdtempSync(join(tmpdir(), "doubles-"));
  chmodSync(folder, 0o755);
  for (const name of readdirSync(__dirname))
    symlinkSync(join(__dirname, HOSTED.includes(name) ? "host.sh" : name), join(folder, name));
  symlinkSync(__dirname, join(folder, "own"));
  const host = spawn(process.execPath, [join(__dirname, "host.js"), folder], { stdio: ["pipe", "ignore", "inherit"] });
  host.unref();
  process.on("exit", () => {
    host.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  doubles = folder;
  return folder;
}

const folders = new Map<string, string>();

/** A folder with the jobs of a system and what all systems share, as its ConfigMap is mounted. */
export function jobsPath(system = "omendb"): string {
  const known = folders.get(system);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), `${system}-jobs-`));
  for (const [file, text] of Object.entries(jobScripts(system)))
    writeFileSync(join(folder, file), text, { mode: 0o755 });
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  folders.set(system, folder);
  return folder;
}

/** What a command is run with. */
export interface RunOptions {
  /** Environment; only `PATH` and `HOME` are inherited, the doubles come first on `PATH`. */
  env?: Record<string, string>;
  /** Working directory. @default process.cwd() */
  cwd?: string;
  /** The command and its children are killed after this many milliseconds. @default 30000 */
  timeoutMs?: number;
}

/** How a command ended. */
export interface RunResult {
  /** Exit code; 128 + n when signal n ended it, as a shell says it. */
  code: number;
  stdout: string;
  stderr: string;
}

/** A command that is still running. */
export interface Running {
  readonly pid: number;
  /** Resolves when it has ended. */
  readonly ended: Promise<RunResult>;
  /** What it has written to stderr so far. */
  log(): string;
  /** Sends a signal to the command alone, not to its children. */
  signal(name: NodeJS.Signals): void;
  /** Kills the command and all of its process group, if any is left. */
  kill(): void;
}

const SIGNALS: Record<string, number> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** Starts a command with the doubles first on `PATH`. */
export function start(command: readonly string[], options: RunOptions = {}): Running {
  const [file, ...args] = command;
  if (file === undefined) throw new Error("command must not be empty");
  const child: ChildProcess = spawn(file, args, {
    cwd: options.cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      JOBS_DIR: jobsPath(),
      HOME: process.env.HOME ?? "/",
      ...options.env,
      PATH: [doublesPath(), options.env?.PATH ?? process.env.PATH ?? ""].join(delimiter),
    },
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<RunResult>((done, failed) => {
    child.on("error", failed);
    child.on("close", (code, signal) => done({ code: code ?? 128 + (SIGNALS[signal ?? ""] ?? 0), stdout, stderr }));
    // A child it left behind may hold the pipes open: what it wrote itself has arrived after a second.
    child.on("exit", () =>
      setTimeout(() => [child.stdout, child.stderr].forEach((pipe) => void pipe?.destroy()), 1000),
    );
  });
  const pid = child.pid ?? 0;
  return {
    pid,
    ended,
    log: () => stderr,
    signal: (name) => void child.kill(name),
    kill: () => {
      try {
        process.kill(-pid, "SIGKILL");
      } catch {
        // Nothing is left of it.
      }
    },
  };
}

/** Runs a command to its end with the doubles first on `PATH`. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const running = start(command, options);
  const timer = setTimeout(running.kill, options.timeoutMs ?? 30_000);
  try {
    return await running.ended;
  } finally {
    clearTimeout(timer);
  }
}

/** A bucket of the `aws` double. */
export interface BucketOptions {
  region: string;
  /** @default true */
  versioning?: boolean;
  /** Default retention of new versions. */
  lock?: { mode: "COMPLIANCE" | "GOVERNANCE"; days: number };
}

/** Creates a bucket below `dir` (`AWS_DOUBLE_DIR`). */
export function makeBucket(dir: string, name: string, options: BucketOptions): void {
  mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, name, "bucket.json"), JSON.stringify({ versioning: true, ...options }));
}

/** Writes `tls.crt`, `tls.key` and `ca.crt` for some names into `dir`; returns `dir`. */
export function makeCertificate(dir: string, names: readonly string[] = ["localhost"]): string {
  mkdirSync(dir, { recursive: true });
  const at = (name: string) => join(dir, name);
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
      ...[
        "-subj",
        "/CN=localhost",
        "-addext",
        `subjectAltName=${names.map((one) => `DNS:${one}`).join()},IP:127.0.0.1`,
      ],
      ...["-keyout", at("tls.key"), "-out", at("tls.crt")],
    ],
    { stdio: "ignore" },
  );
  execFileSync("cp", [at("tls.crt"), at("ca.crt")]);
  return dir;
}

async function startDouble<T>(name: string, args: string[]): Promise<{ said: T; stop: () => void }> {
  const child = spawn(join(__dirname, name), args, { stdio: ["ignore", "pipe", "inherit"] });
  const said = await new Promise<T>((done, failed) => {
    child.on("error", failed);
    child.stdout.once("data", (chunk) => done(JSON.parse(String(chunk)) as T));
  });
  return { said, stop: () => void child.kill("SIGKILL") };
}

/** A running Pushgateway double. */
export interface Pushgateway {
  url: string;
  /** Value of each series, the key being the series as Prometheus writes it. */
  series(): Promise<Record<string, number>>;
  stop(): void;
}

/** Starts a Pushgateway double. */
export async function startPushgateway(): Promise<Pushgateway> {
  const { said, stop } = await startDouble<{ port: number }>("pushgateway", []);
  const url = `http://127.0.0.1:${said.port}`;
  const series = async () => {
    const lines = (await (await fetch(`${url}/metrics`)).text()).split("\n").filter((line) => line !== "");
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]),
    );
  };
  return { url, series, stop };
}

/** What the Kubernetes API double holds and has been asked to write. */
export interface KubeApiState {
  // biome-ignore lint/suspicious/noExplicitAny: Kubernetes objects as they are on the wire
  objects: Record<string, any>;
  writes: { at: number; path: string; holder?: string; endpoints?: unknown[] }[];
}

/** A running Kubernetes API double; each port is one pod's way to it. */
export interface KubeApi {
  ports: number[];
  put(path: string, object: Record<string, unknown>): Promise<void>;
  /** Cuts one port, or all, off. */
  cut(mode: "ok" | "hang" | "refuse" | "late", port?: number): Promise<void>;
  state(): Promise<KubeApiState>;
  stop(): void;
}

/** Starts a Kubernetes API double with one port for each of `clients`, and one more for the test itself. */
export async function startKubeApi(clients: number): Promise<KubeApi> {
  const { said, stop } = await startDouble<{ ports: number[] }>("kube-api", [String(clients + 1)]);
  const own = `http://127.0.0.1:${said.ports[clients]}/double`;
  const order = async (body: unknown) => void (await fetch(own, { method: "POST", body: JSON.stringify(body) }));
  return {
    ports: said.ports.slice(0, clients),
    put: (path, object) => order({ path, object }),
    cut: (mode, port) => order(port === undefined ? { mode } : { mode, port }),
    state: async () => (await (await fetch(own)).json()) as KubeApiState,
    stop,
  };
}
