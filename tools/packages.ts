import { type SpawnSyncOptions, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** How a command ended: what it wrote, or why it could not run. */
export interface Said {
  ok: boolean;
  /** Both streams. */
  output: string;
  /** Last line of the output, for a message. */
  last: string;
}

/** Runs a command to its end. */
export function say(command: string, args: readonly string[], options: SpawnSyncOptions = {}): Said {
  const { status, stdout, stderr, error } = spawnSync(command, args, { ...options, encoding: "utf8" });
  const output = error ? error.message : `${stdout}${stderr}`;
  return { ok: status === 0, output, last: output.trim().split("\n").at(-1)?.trim() ?? "" };
}

/** The executable of this name on the PATH, if any. */
export function findOnPath(name: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => path.resolve(folder, name))
    .find((file) => {
      try {
        fs.accessSync(file, fs.constants.X_OK);
        return fs.statSync(file).isFile();
      } catch {
        return false;
      }
    });
}

/**
 * The folder of this name in the user's cache, filled by `fill` where it is not there. Filled beside its place and then
 * renamed: two processes, or one that was ended in between, never leave half of it.
 */
export function cached(name: string, fill: (into: string) => void): string {
  const home = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "holdfast");
  const folder = path.join(home, name);
  if (fs.existsSync(folder)) return folder;
  fs.mkdirSync(home, { recursive: true });
  const draft = fs.mkdtempSync(path.join(home, "draft-"));
  try {
    fill(draft);
    if (!fs.existsSync(folder)) fs.renameSync(draft, folder);
  } catch (error) {
    // Another process was faster.
    if (!fs.existsSync(folder)) throw error;
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
  return folder;
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
