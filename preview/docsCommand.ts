import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { type Generator, generators } from "./generators";
import type { World } from "./world";

/** Writes the generated documentation below a folder; with `check` only compares, and the exit code 1 says that a file differs. */
export async function docs(
  { check }: { check: boolean },
  root: string,
  world: World,
  all: readonly Generator[] = generators,
): Promise<number> {
  let stale = 0;
  for (const { file, text } of all) {
    const target = path.join(root, file);
    const made = await text(root);
    if (existsSync(target) && readFileSync(target, "utf8") === made) continue;
    stale++;
    if (check) {
      world.stderr.write(`${file} is not what the code says; run: npx holdfast docs\n`);
      continue;
    }
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, made);
    world.stdout.write(`${file}\n`);
  }
  return check && stale > 0 ? 1 : 0;
}
