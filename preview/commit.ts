import { execFile } from "node:child_process";

/** The commit a folder is at, with `-dirty` where files differ from it; undefined outside a repository. */
export function commitOf(folder: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const args = ["-C", folder, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"];
    execFile("git", args, { timeout: 5_000 }, (error, stdout) => resolve(error ? undefined : stdout.trim()));
  });
}
