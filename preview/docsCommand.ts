import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { generators } from "./generators";
import type { World } from "./world";

/** Writes the generated documentation below a folder; with `check` only compares, and the exit code 1 says that a file differs. */
export function docs({ check }: { check: boolean }, root: string, world: World, all = generators): number {
  const stale = all
    .map(({ file, text }) => ({ file, path: path.join(root, file), text: text() }))
    .filter((one) => !existsSync(one.path) || readFileSync(one.path, "utf8") !== one.text);
  for (const one of stale) {
    if (check) {
      world.stderr.write(`${one.file} is not what the code says; run: npx holdfast docs\n`);
      continue;
    }
    mkdirSync(path.dirname(one.path), { recursive: true });
    writeFileSync(one.path, one.text);
    world.stdout.write(`${one.file}\n`);
  }
  return check && stale.length > 0 ? 1 : 0;
}
