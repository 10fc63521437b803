import { type SpawnSyncOptions, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { aloneSync } from "./lock";

/** How a command ended: what it wrote, or why it could not run. */
export interface Said {
  ok: boolean;
  /** Both streams. */
  output: string;
  stdout: string;
  /** Last line of the output, for a message. */
  last: string;
}

/** Runs a command to its end. */
export function say(command: string, args: readonly string[], options: SpawnSyncOptions = {}): Said {
  const { status, stdout, stderr, error } = spawnSync(command, args, { ...options, encoding: "utf8" });
  const output = error ? error.message : `${stdout}${stderr}`;
  return {
    ok: status === 0,
    output,
    stdout: error ? "" : stdout.toString(),
    last: lastLine(output),
  };
}

/** The last line of what a command wrote, without the empty ones after it. */
export function lastLine(output: string): string {
  return output.trim().split("\n").at(-1)?.trim() ?? "";
}

/** Where to look for an executable. */
export interface Search {
  /** Folders as a PATH lists them. @default env `PATH` */
  folders?: string;
  /** Executables of the name that are not meant. @default none */
  except?: (file: string) => boolean;
}

/** The first executable of this name on the PATH, if any. */
export function findOnPath(name: string, { folders, except }: Search = {}): string | undefined {
  return (folders ?? process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => path.resolve(folder, name))
    .find((file) => isExecutable(file) && except?.(file) !== true);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Our part of the user's cache. */
export function cacheFolder(): string {
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "holdfast");
}

/**
 * The folder of this name in the user's cache, filled by `fill` where it is not there. Filled beside its place and then
 * renamed: one process fills while the others wait, and one that was ended in between never leaves half of it.
 */
export function cached(name: string, fill: (into: string) => void): string {
  const home = cacheFolder();
  const folder = path.join(home, name);
  if (fs.existsSync(folder)) return folder;
  return aloneSync(path.join(home, `${name}.lock`), () => {
    if (fs.existsSync(folder)) return folder;
    const draft = fs.mkdtempSync(path.join(home, "draft-"));
    try {
      fill(draft);
      fs.renameSync(draft, folder);
      return folder;
    } finally {
      fs.rmSync(draft, { recursive: true, force: true });
    }
  });
}

/** Runs apt-get with the rights that it needs: as root, else by sudo where it does not ask. */
export function aptGet(...args: string[]): Said {
  const root = process.getuid?.() === 0;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return root
    ? say("apt-get", args, { env })
    : say("sudo", ["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args]);
}

/**
 * Installs Debian packages, the lists of packages fetched anew where they do not help.
 * @throws Error with one line that names what is missing.
 */
export function install(what: string, ...packages: string[]): void {
  const args = ["install", "--yes", "--no-install-recommends", ...packages];
  if (aptGet(...args).ok) return;
  const lists = aptGet("update");
  const again = aptGet(...args);
  if (!again.ok)
    throw new Error(`${what} is missing, and apt-get cannot install it: ${(lists.ok ? again : lists).last}`);
}

/**
 * Takes a file out of a Debian package, which is not installed: that would start the server in it.
 * @param version what makes the command say its version.
 * @returns why it could not, if so.
 */
export function unpack(debian: string, file: string, into: string, version = "--version"): string | undefined {
  const folder = fs.mkdtempSync(path.join(into, "package-"));
  try {
    const download = () => say("apt-get", ["download", debian], { cwd: folder });
    let said = download();
    if (!said.ok) {
      aptGet("update");
      said = download();
    }
    const [archive] = fs.readdirSync(folder);
    if (!said.ok || archive === undefined) return `apt-get cannot download it: ${said.last}`;
    const unpacked = say("dpkg-deb", ["--extract", archive, "."], { cwd: folder });
    if (!unpacked.ok) return `dpkg-deb cannot unpack it: ${unpacked.last}`;
    const command = path.join(into, path.basename(file));
    fs.renameSync(path.join(folder, file), command);
    const works = say(command, [version]);
    return works.ok ? undefined : `Debian's does not run here: ${works.last}`;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
