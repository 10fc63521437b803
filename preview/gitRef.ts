import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { distance } from "fastest-levenshtein";
import { BadInput } from "./badInput";

/** The files of a commit, written into a folder of their own. */
export interface Checkout {
  /** Root of the files. */
  root: string;
  /** The folder there that stands for the one that was asked for. */
  folder: string;
  /** The whole name of the commit. */
  commit: string;
  /** Removes the files. */
  remove(): void;
}

/**
 * Writes the files of a git ref of the repository around `folder`, beside the packages that are installed there; the
 * working tree, the index and the branches of the repository stay as they are.
 * @throws BadInput where there is no such ref, or no repository.
 */
export async function checkOut(ref: string, folder: string): Promise<Checkout> {
  const top = await git(folder, ["rev-parse", "--show-toplevel"]);
  if (top === undefined) throw noSuchFile(ref, "and this is no git repository");
  const commit = await git(folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  if (commit === undefined) throw noSuchFile(ref, await whyNoRef(ref, folder));
  const inside = (await git(folder, ["rev-parse", "--show-prefix"])) ?? "";
  const home = mkdtempSync(path.join(tmpdir(), "holdfast-base-"));
  const root = path.join(home, "files");
  const remove = () => rmSync(home, { recursive: true, force: true });
  try {
    // An index of its own; unlike an archive, a checkout leaves nothing out and runs the filters of large files.
    const index = { GIT_INDEX_FILE: path.join(home, "index") };
    await written(top, ["read-tree", commit], index);
    await written(top, ["checkout-index", "--all", `--prefix=${root}${path.sep}`], index);
    linkPackages(top, inside, root);
  } catch (error) {
    remove();
    throw error;
  }
  return { root, folder: path.join(root, inside), commit, remove };
}

/** Packages are those that are installed: a base that needs others says so when it is run. */
function linkPackages(top: string, inside: string, root: string): void {
  const names = inside.split("/").filter((part) => part !== "");
  for (let depth = 1; depth <= names.length; depth++) {
    const parts = [...names.slice(0, depth), "node_modules"];
    link(path.join(top, ...parts), path.join(root, ...parts));
  }
  // A repository may lie within a workspace that holds its packages.
  const nearest = ancestors(top).find((folder) => existsSync(path.join(folder, "node_modules")));
  if (nearest !== undefined) link(path.join(nearest, "node_modules"), path.join(root, "node_modules"));
}

function link(installed: string, linked: string): void {
  if (!existsSync(installed) || !existsSync(path.dirname(linked)) || existsSync(linked)) return;
  symlinkSync(installed, linked, "dir");
}

function ancestors(folder: string): string[] {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestors(above)];
}

async function whyNoRef(ref: string, folder: string): Promise<string> {
  if ((await git(folder, ["rev-parse", "--is-shallow-repository"])) === "true") {
    return "and the clone is shallow: fetch the base first, e.g. git fetch --unshallow, or fetch-depth: 0 of actions/checkout";
  }
  const refs = (await git(folder, ["for-each-ref", "--format=%(refname:short)"])) ?? "";
  const [near] = refs.split("\n").sort((a, b) => distance(ref, a) - distance(ref, b) || (a < b ? -1 : 1));
  const close = near !== undefined && near !== "" && distance(ref, near) <= Math.max(2, near.length / 3);
  return close ? `nor a git ref; did you mean ${near}?` : "nor a git ref";
}

function noSuchFile(against: string, why: string): BadInput {
  return new BadInput(
    `--against ${against}: there is no such file, ${why}; e.g. --against origin/main or --against .holdfast/prod/evidence.json`,
  );
}

function git(folder: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile("git", ["-C", folder, ...args], { timeout: 10_000 }, (error, stdout) =>
      resolve(error ? undefined : stdout.trim()),
    );
  });
}

function written(folder: string, args: readonly string[], env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { timeout: 120_000, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
    execFile("git", ["-C", folder, ...args], options, (error, _, stderr) => {
      if (error)
        reject(new BadInput(`--against: git ${args[0]} failed: ${stderr.trim().split("\n")[0] ?? error.message}`));
      else resolve();
    });
  });
}
