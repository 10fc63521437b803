import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";

const root = path.resolve(__dirname, "../..");

/** The root of the checkout, where the command line is started. */
export const checkout = root;

const made: string[] = [];

/** Writes a program into the checkout, where its imports resolve; `main` is its index.ts, more files by name. */
export function programOf(main: string, files: Record<string, string> = {}): string {
  // Ignored by git, and no package folder: what lies in node_modules counts as a package, loaded once.
  const home = path.join(root, ".holdfast", "tests");
  mkdirSync(home, { recursive: true });
  const folder = mkdtempSync(path.join(home, "program-"));
  made.push(folder);
  const all = { "Pulumi.yaml": "name: shop\nruntime: nodejs\n", "index.ts": main, ...files };
  for (const [name, text] of Object.entries(all)) writeFileSync(path.join(folder, name), text);
  return folder;
}

/** Removes every program that was written. */
export function removePrograms(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}
