import * as fs from "node:fs";
import * as path from "node:path";

/** The scripts of a system's jobs and those that all systems share, by file name, as its ConfigMap carries them. */
export function jobScripts(system: string): Record<string, string> {
  const files = [path.join(__dirname, "jobs"), path.join(__dirname, system, "jobs")].flatMap((folder) =>
    fs
      .readdirSync(folder)
      .filter((file) => file.endsWith(".sh"))
      .map((file): [string, string] => [file, fs.readFileSync(path.join(folder, file), "utf8")]),
  );
  return Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}
