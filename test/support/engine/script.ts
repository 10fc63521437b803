import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** Shell text and where it runs. */
export interface Script {
  text: string;
  /** The program's folder; the workspace gets links to everything in it but the stacks' own files. */
  program: string;
  /** Arguments that attach a pulumi command to the inline program. */
  attached: string[];
  /** The workspace. */
  cwd: string;
  env: Record<string, string>;
}

type Listener = ((text: string) => void) | undefined;

/** Runs shell text as a continuous integration does it, and fails as the Automation API does when it fails. */
export async function runScript(script: Script, onOutput: Listener, onError: Listener): Promise<unknown> {
  linkProgram(script.program, script.cwd);
  const PATH = `${shims(script)}${path.delimiter}${process.env.PATH}`;
  const child = spawn("bash", ["-e", "-o", "pipefail", "-c", script.text], {
    cwd: script.cwd,
    env: { ...process.env, ...script.env, PATH },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (data: Buffer) => onOutput?.(data.toString()));
  child.stderr.on("data", (data: Buffer) => onError?.(data.toString()));
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
  if (code === 0) return { stdout: "", stderr: "", code };
  throw Object.assign(new Error(`exit code ${code}`), { commandResult: {} });
}

function linkProgram(program: string, workspace: string): void {
  for (const name of fs.readdirSync(program)) {
    const link = path.join(workspace, name);
    if (/^Pulumi\..*yaml$|^\.(git|holdfast)$/.test(name) || fs.existsSync(link)) continue;
    fs.symlinkSync(path.join(program, name), link);
  }
}

/** `pulumi` runs the inline program, since there may be no language host; `npx pulumi` is that one. */
function shims({ attached, cwd }: Script): string {
  const folder = path.join(path.dirname(cwd), "shims");
  fs.mkdirSync(folder, { recursive: true });
  const shim = (name: string, lines: string[]) =>
    fs.writeFileSync(path.join(folder, name), ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
  const others = `PATH=$(printf %s "$PATH" | sed 's|^[^:]*:||')`;
  const quoted = attached.map((arg) => `'${arg}'`).join(" ");
  shim("pulumi", [
    others,
    'case "$1" in',
    `up | preview | refresh | destroy) verb=$1; shift; exec pulumi "$verb" ${quoted} "$@" ;;`,
    '*) exec pulumi "$@" ;;',
    "esac",
  ]);
  shim("npx", [`if [ "$1" = pulumi ]; then shift; exec pulumi "$@"; fi`, others, 'exec npx "$@"']);
  return folder;
}
