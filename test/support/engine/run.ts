import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ensurePulumi } from "../../../tools/pulumi";
import type { Behaviour, Call, Moment } from "../provider/behaviour";
import { youngSpace } from "./youngSpace";

/**
 * What the engine is asked to do. The names without `bare` are what a person types: `pulumi up` and `pulumi destroy`
 * preview first, with the pack. `bare-up` and `bare-destroy` are `Stack.up()` and `Stack.destroy()` of the Automation
 * API, which skip the preview. `refresh-clear` also forgets creations that were interrupted; `export` only reads.
 */
export type Operation =
  | "preview"
  | "up"
  | "bare-up"
  | "refresh"
  | "refresh-clear"
  | "destroy"
  | "bare-destroy"
  | "cancel"
  | "export";

/** A run of the real Pulumi engine against the simulated provider. */
export interface EngineRun {
  /** Absolute path of a folder with a program: `main` of its package.json, else index.ts. */
  program: string;
  /** Stack name. */
  stack: string;
  /** Stack configuration as `pulumi config set` takes it; a key without a namespace belongs to the project. */
  config: Record<string, { value: string; secret?: boolean }>;
  /**
   * Absolute path of a Pulumi.<stack>.yaml, which `config` is added to. Its encrypted values are left out: only who
   * has the key can read them.
   */
  configFile?: string;
  /** Absolute path of the policy pack; none when left out. */
  policyPack?: string;
  /** What `--policy-pack-config` names: settings by policy name. */
  policyConfig?: object;
  operation: Operation;
  /**
   * Shell text that runs instead of the one command, in a copy of the program's folder where `pulumi` and
   * `npx pulumi` are the real command, attached to the program and to the simulated provider. `operation` then only
   * says what to read afterwards.
   */
  script?: string;
  /** A folder that keeps the stack and its cloud from run to run. @default a temporary one, removed afterwards */
  state?: string;
  /**
   * When the engine saves the state. After each step is what a person's engine does, and what a run that is killed needs;
   * it takes as the square of the number of resources, some 50 s for 700. @default "after each step"
   */
  saves?: "after each step" | "at the end";
  /** Environment variables that the program finds. */
  env?: Record<string, string>;
  /** What the simulated provider does. */
  provider?: Behaviour;
  /**
   * Everything, the program and the engine, is killed at this call: when the cloud has done it and nobody was told, or
   * `before` it does anything.
   */
  killAt?: Moment & { before?: boolean };
  /** Destroys protected resources too. @default false */
  unprotect?: boolean;
}

/** A violation as the engine reports it. */
export interface PolicyViolation {
  policy: string;
  /** The engine calls an advisory violation a warning. */
  level: "advisory" | "mandatory";
  /** Without colour; the policy's description is its first line. */
  message: string;
  urn?: string;
}

/** A resource in an exported stack. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  protect?: boolean;
  parent?: string;
  /** What went wrong while it was created, of one that exists all the same. */
  initErrors?: string[];
}

/** The outcome of a run. */
export interface EngineResult {
  /** Exit code of the command line: 0 when it succeeded. */
  code: number;
  /** Whether the run was killed, as `killAt` asked. */
  killed: boolean;
  stdout: string;
  stderr: string;
  policyViolations: PolicyViolation[];
  /** Errors that the engine reported, without colour. */
  errors: string[];
  /** Warnings of the same kind. */
  warnings: string[];
  /** Every event of the engine's but those for debugging, one JSON text a line. */
  eventLog: string;
  /** The exported deployment as text, secrets encrypted, after anything but a preview. */
  stateText?: string;
  /** The resources in it. */
  resources: StateResource[];
  /** URNs of what was being done when a run ended. */
  pending: string[];
  /** What the simulated cloud was asked, in order. */
  calls: Call[];
  /** Milliseconds. */
  took: number;
}

/** A run as the child process is handed it. */
export type ChildRun = EngineRun & { state: string };

/** Runs the real engine once. */
export async function runEngine(run: EngineRun): Promise<EngineResult> {
  const [result] = await runEngines([run]);
  if (result === undefined) throw new Error("the engine's process answered nothing");
  return result;
}

/**
 * Runs the real engine several times, one after the other, in a process of its own that starts once: programs are
 * inline and loaded afresh for every run. Runs with the same `state` continue one stack.
 */
export async function runEngines(runs: EngineRun[]): Promise<EngineResult[]> {
  const pulumi = await ensurePulumi();
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-engine-"));
  const kept = runs.map((run, index): ChildRun => ({ ...run, state: run.state ?? path.join(scratch, String(index)) }));
  const results: EngineResult[] = [];
  try {
    // A killed run takes the process with it, so the rest need another one.
    while (results.length < runs.length) {
      results.push(...(await runChild(kept.slice(results.length), path.join(scratch, "exchange"), pulumi.env)));
    }
    return results;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

async function runChild(runs: ChildRun[], exchange: string, extra: Record<string, string>): Promise<EngineResult[]> {
  fs.rmSync(exchange, { recursive: true, force: true });
  fs.mkdirSync(exchange, { recursive: true });
  fs.writeFileSync(path.join(exchange, "runs.json"), JSON.stringify(runs));
  const env: NodeJS.ProcessEnv = { ...process.env, ...extra, NO_COLOR: "1" };
  // Vitest's own loaders have no business in the program's process.
  delete env.NODE_OPTIONS;
  const child = spawn(
    process.execPath,
    [youngSpace, "--require", require.resolve("tsx/cjs"), path.join(__dirname, "child.ts"), exchange],
    // Its own process group, which `killAt` kills as a whole. It ends when its input does, so it never outlives us.
    { env, stdio: ["pipe", "pipe", "pipe"], detached: true },
  );
  let said = "";
  const listen = (data: Buffer) => {
    said += data.toString();
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const answers = runs.map((_, index) => path.join(exchange, `${index}.json`)).filter((file) => fs.existsSync(file));
  const results = answers.map((file) => JSON.parse(fs.readFileSync(file, "utf8")) as EngineResult);
  const last = results.at(-1);
  if (last === undefined || (results.length < runs.length && !last.killed)) {
    throw new Error(`the engine's process ended with ${status}: ${said.trim()}`);
  }
  last.stderr += said;
  return results;
}
