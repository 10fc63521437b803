import { createRequire } from "node:module";
import * as path from "node:path";

/** Loads a program, TypeScript or not, and runs it as Pulumi does: an exported function is called and waited for. */
export async function runProgram(entry: string): Promise<unknown> {
  const require = createRequire(entry);
  // The command line is itself started through tsx; a second registration would compile everything twice.
  if (!(".ts" in require.extensions)) createRequire(__filename)("tsx/cjs");
  const exported: unknown = require(entry);
  return await (typeof exported === "function" ? exported() : exported);
}

/**
 * Forgets what was loaded meanwhile, so that the next program starts afresh, as each run of Pulumi is a new process.
 * Packages are kept: they are large, and hold no state of a program.
 */
export async function withFreshModules<T>(work: () => Promise<T>): Promise<T> {
  const { cache } = createRequire(__filename);
  const before = new Set(Object.keys(cache));
  try {
    return await work();
  } finally {
    const packages = `${path.sep}node_modules${path.sep}`;
    for (const file of Object.keys(cache)) {
      if (!before.has(file) && !file.includes(packages)) delete cache[file];
    }
  }
}
