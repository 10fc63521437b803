import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { goBuild } from "./go";
import { alone } from "./lock";
import { cacheFolder, findOnPath, lastLine } from "./packages";

/** A Pulumi command line at the version of `@pulumi/pulumi`. */
export interface Pulumi {
  /** What `PULUMI_HOME` has to be for `npx pulumi` to find the same command; a scratch home may be used instead. */
  home: string;
  /** Absolute path of the executable. */
  command: string;
  /** Variables to add to the environment: `PATH` (the command first), `PULUMI_HOME`, `PULUMI_SKIP_UPDATE_CHECK`. */
  env: Record<string, string>;
}

/** The SDK, the npm launcher and the command line must be of one version. */
export const pulumiVersion = (require("@pulumi/pulumi/package.json") as { version: string }).version;

const downloadStall = 20_000;
const executable = process.platform === "win32" ? "pulumi.exe" : "pulumi";

/** Our part of the user's cache; laid out as a `PULUMI_HOME`, so that the npm launcher finds the command in it. */
function cacheHome(): string {
  return path.join(cacheFolder(), "pulumi");
}

function commandIn(home: string): string {
  return path.join(home, "versions", pulumiVersion, "bin", executable);
}

/**
 * Finds the pinned Pulumi command line, or obtains it: from the PATH, from the npm launcher's folder, from our cache,
 * by the npm launcher's download, else by building it from source through the Go module proxy (some three minutes,
 * once). May be called by several processes at a time.
 * @throws Error with one line that names what is missing.
 */
export async function ensurePulumi(): Promise<Pulumi> {
  const ownHome = process.env.PULUMI_HOME || path.join(os.homedir(), ".pulumi");
  const onPath = findOnPath(executable, { except: isLauncher });
  if (onPath && versionOf(onPath) === pulumiVersion) return usable(onPath, ownHome);
  for (const home of [ownHome, cacheHome()]) {
    if (versionOf(commandIn(home)) === pulumiVersion) return usable(commandIn(home), home);
  }
  const home = cacheHome();
  return alone(path.join(home, `${pulumiVersion}.lock`), async () => {
    if (versionOf(commandIn(home)) !== pulumiVersion) {
      const refused = await download(home);
      if (refused !== undefined) build(home, refused);
    }
    return usable(commandIn(home), home);
  });
}

function usable(command: string, home: string): Pulumi {
  const folders = [path.dirname(command)];
  const shims = shimsFor(command);
  if (shims) folders.push(shims);
  folders.push(path.dirname(process.execPath), process.env.PATH ?? "");
  const env = { PATH: folders.join(path.delimiter), PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return { home, command, env };
}

/**
 * Without a Node language host the engine runs a pack through `pulumi-analyzer-policy-nodejs`, which the ordinary
 * installation no longer needs. The engine sets the working directory to the pack.
 */
function shimsFor(command: string): string | undefined {
  const host = "pulumi-language-nodejs";
  if (findOnPath(host, { folders: path.dirname(command) }) || findOnPath(host)) return undefined;
  const folder = path.join(cacheHome(), "shims");
  const shim = path.join(folder, "pulumi-analyzer-policy-nodejs");
  const text = [
    "#!/bin/sh",
    `runner=$(node -p 'require.resolve("@pulumi/pulumi/cmd/run-policy-pack")') || exit 1`,
    'exec node "$runner" "$@"',
    "",
  ].join("\n");
  if (!fs.existsSync(shim) || fs.readFileSync(shim, "utf8") !== text) {
    fs.mkdirSync(folder, { recursive: true });
    const draft = `${shim}.${process.pid}`;
    fs.writeFileSync(draft, text, { mode: 0o755 });
    fs.renameSync(draft, shim);
  }
  return folder;
}

/** The npm launcher's own download, given up when nothing arrives for a while. Returns why it failed. */
async function download(home: string): Promise<string | undefined> {
  fs.mkdirSync(home, { recursive: true });
  const scratch = fs.mkdtempSync(path.join(home, "download-"));
  try {
    const launcher = require.resolve("pulumi/run.js");
    const env = { ...process.env, PULUMI_HOME: scratch, TMPDIR: scratch, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const said = await run(process.execPath, [launcher, "version"], { cwd: scratch, env, watch: scratch });
    if (versionOf(commandIn(scratch)) !== pulumiVersion) return lastLine(said.output) || "the download failed";
    const target = path.join(home, "versions", pulumiVersion);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.rmSync(target, { recursive: true, force: true });
    fs.renameSync(path.join(scratch, "versions", pulumiVersion), target);
    return undefined;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

/** Builds the command line from its published source. Only the command: no language hosts, no providers. */
function build(home: string, refused: string): void {
  const source = "github.com/pulumi/pulumi";
  const scratch = fs.mkdtempSync(path.join(home, "build-"));
  try {
    const out = path.join(scratch, executable);
    const command = {
      name: `Pulumi ${pulumiVersion}`,
      main: `${source}/pkg/v3/cmd/pulumi`,
      modules: { [`${source}/pkg/v3`]: `v${pulumiVersion}`, [`${source}/sdk/v3`]: `v${pulumiVersion}` },
      replace: () => ({
        "github.com/atotto/clipboard": "github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e",
      }),
      variables: { [`${source}/sdk/v3/go/common/version.Version`]: `v${pulumiVersion}` },
    };
    goBuild(command, out, `it cannot be downloaded (${refused})`);
    fs.mkdirSync(path.dirname(commandIn(home)), { recursive: true });
    fs.renameSync(out, commandIn(home));
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

interface RunOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** A folder that must keep growing. */
  watch: string;
}

async function run(command: string, args: string[], options: RunOptions): Promise<{ code: number; output: string }> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let output = "";
  let lastSize = -1;
  let lastGrowth = Date.now();
  child.stdout.on("data", (data: Buffer) => {
    output = (output + data.toString()).slice(-20_000);
  });
  child.stderr.on("data", (data: Buffer) => {
    output = (output + data.toString()).slice(-20_000);
  });
  const end = () => {
    // The whole group: the launcher's shell has children of its own.
    if (child.pid === undefined) return;
    try {
      process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  const timer = setInterval(() => {
    const size = sizeOf(options.watch);
    if (size !== lastSize) {
      lastSize = size;
      lastGrowth = Date.now();
    } else if (Date.now() - lastGrowth > downloadStall) {
      output += `\ngave up when nothing had arrived for ${downloadStall / 1000} s`;
      end();
    }
  }, 1_000);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => resolve(status ?? 1));
    });
    return { code, output };
  } finally {
    clearInterval(timer);
  }
}

function versionOf(command: string): string | undefined {
  if (!fs.existsSync(command)) return undefined;
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_VERSION: pulumiVersion };
  // The npm launcher can be the `pulumi` on the PATH (npx puts it there); it must not start a download here.
  if (isLauncher(command)) return undefined;
  const said = spawnSync(command, ["version"], { encoding: "utf8", env, timeout: 20_000 });
  return said.status === 0 ? said.stdout.trim().replace(/^v/, "") : undefined;
}

function isLauncher(command: string): boolean {
  try {
    return fs.realpathSync(command).endsWith(path.join("pulumi", "run.js"));
  } catch {
    return false;
  }
}

function sizeOf(folder: string): number {
  let size = 0;
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    try {
      size += fs.statSync(path.join(folder, name)).size;
    } catch {
      // Renamed or removed meanwhile.
    }
  }
  return size;
}

if (require.main === module) {
  ensurePulumi().then(
    (pulumi) => process.stdout.write(`${pulumi.command}\n`),
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
