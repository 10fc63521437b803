import * as fs from "node:fs";
import * as path from "node:path";
import { runProgram, withFreshModules } from "../../../preview/program";

/** Runs the program in a folder as Pulumi's own runner does; each run of it starts afresh, as a new process would. */
export async function load(program: string): Promise<Record<string, unknown>> {
  return (await withFreshModules(() => runProgram(entryOf(program)))) as Record<string, unknown>;
}

function entryOf(program: string): string {
  const manifest = path.join(program, "package.json");
  const main = fs.existsSync(manifest) ? (JSON.parse(fs.readFileSync(manifest, "utf8")) as { main?: string }).main : "";
  return path.join(program, main || "index.ts");
}
