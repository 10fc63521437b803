import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

/** Root of the checkout. */
export const checkout = path.resolve(__dirname, "../..");

/** A step, as far as tests look. */
export interface Step {
  name?: string;
  id?: string;
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
  "continue-on-error"?: unknown;
}

/** A job, as far as tests look. */
export interface Job {
  if?: string;
  uses?: string;
  needs?: string | string[];
  environment?: string;
  permissions?: Record<string, string>;
  env?: Record<string, string>;
  steps?: Step[];
  with?: Record<string, unknown>;
}

/** A workflow, as far as tests look. */
export interface Workflow {
  file: string;
  text: string;
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  concurrency?: { group: string; "cancel-in-progress"?: boolean };
  defaults?: { run?: { shell?: string } };
  jobs: Record<string, Job>;
}

/** Every workflow, by file name. */
export function workflows(): Workflow[] {
  const folder = path.join(checkout, ".github/workflows");
  return readdirSync(folder)
    .sort()
    .map((file) => {
      const text = readFileSync(path.join(folder, file), "utf8");
      return { ...(parse(text) as Omit<Workflow, "file" | "text">), file, text };
    });
}

/** One workflow. @throws Error when there is none of this name. */
export function workflow(file: string): Workflow {
  const found = workflows().find((one) => one.file === file);
  if (found === undefined) throw new Error(`.github/workflows/${file} is missing`);
  return found;
}

/** What running a job's commands came to. */
export interface Played {
  /** Steps by what became of them; those that are not run here count as successes. */
  outcomes: Record<string, "success" | "failure" | "skipped">;
  /** Each command that a double was asked to run, with its arguments. */
  commands: string[];
  output: string;
}

/** How to play a job. */
export interface Play {
  /** Folder for the doubles, and to work in. */
  folder: string;
  /** Works here instead, with the machine's own `npx`. */
  real?: string;
  /** Names of the steps to run. @default all */
  only?: readonly string[];
  env?: Record<string, string>;
  /** Commands that end with exit code 1, by a part of their text. */
  failing?: string;
}

/** Commands for which a double stands in, which notes what it is asked; all others are the machine's own. */
const doubled = ["npm", "npx", "aws", "az", "kubelogin"];

/** The day on which jobs are played. */
export const today = "2026-11-21";

/** An expression, as a workflow writes it. */
export function expression(text: string): string {
  return `\${{ ${text} }}`;
}

/**
 * Runs the `run` steps of a job through bash, as a runner does: in order, with the job's environment, nothing after a
 * failure but what asks for it. Actions are not run, and doubles that only note their arguments stand in for commands.
 */
export function play(job: Job, { folder, real, only, env = {}, failing }: Play): Played {
  const bin = mkdtempSync(path.join(folder, "doubles-"));
  const log = path.join(bin, "log");
  writeFileSync(log, "");
  for (const name of doubled.filter((one) => real === undefined || one !== "npx")) {
    const file = path.join(bin, name);
    const fails = failing === undefined ? "" : `case "$line" in *${JSON.stringify(failing)}*) exit 1;; esac\n`;
    writeFileSync(file, `#!/bin/bash\nline="${name} $*"\necho "$line" >> ${JSON.stringify(log)}\n${fails}`);
    chmodSync(file, 0o755);
  }
  writeFileSync(path.join(bin, "date"), `#!/bin/bash\necho ${today}\n`, { mode: 0o755 });
  const temp = path.join(bin, "temp");
  mkdirSync(temp);
  const files = { GITHUB_ENV: path.join(bin, "env"), GITHUB_STEP_SUMMARY: path.join(bin, "summary") };
  for (const file of Object.values(files)) writeFileSync(file, "");
  const outcomes: Played["outcomes"] = {};
  let output = "";
  let failed = false;
  for (const [at, step] of (job.steps ?? []).entries()) {
    const name = step.name ?? step.uses ?? `${at}`;
    const always = step.if?.includes("!cancelled()") ?? false;
    const needs = /steps\.(\w+)\.outcome == 'success'/.exec(step.if ?? "")?.[1];
    const needed = needs === undefined || outcomes[nameOf(job, needs)] === "success";
    if ((failed && !always) || !needed) {
      outcomes[name] = "skipped";
      continue;
    }
    if (step.run === undefined || (only !== undefined && !only.includes(name))) {
      outcomes[name] = "success";
      continue;
    }
    const said = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run], {
      cwd: real ?? folder,
      encoding: "utf8",
      env: {
        HOME: process.env.HOME,
        PATH: `${bin}:${path.dirname(process.execPath)}:${process.env.PATH}`,
        RUNNER_TEMP: temp,
        GITHUB_RUN_ID: "1",
        GITHUB_RUN_ATTEMPT: "1",
        ...files,
        ...plain({ ...job.env, ...step.env }),
        ...env,
        ...written(files.GITHUB_ENV),
      },
    });
    output += `${said.stdout}${said.stderr}`;
    outcomes[name] = said.status === 0 ? "success" : "failure";
    failed ||= said.status !== 0;
  }
  return { outcomes, commands: readFileSync(log, "utf8").split("\n").filter(Boolean), output };
}

function nameOf(job: Job, id: string): string {
  return job.steps?.find((step) => step.id === id)?.name ?? "";
}

/** Values that are no expressions: those a test gives itself. */
function plain(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => !value.includes("${{")));
}

function written(file: string): Record<string, string> {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}
