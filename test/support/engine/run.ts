import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ensurePulumi } from "../../../tools/pulumi";
import type { Behaviour, Call } from "../provider/server";

/** What the engine is asked to do; `up` previews first, with the pack, and stops there when that fails. */
export type Operation = "preview" | "up" | "refresh" | "destroy";

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
  /** A folder that keeps the stack from run to run. @default a temporary one, removed afterwards */
  state?: string;
  /** What the simulated provider does. */
  provider?: Behaviour;
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
}

/** The outcome of a run. */
export interface EngineResult {
  /** Exit code of the command line: 0 when it succeeded. */
  code: number;
  stdout: string;
  stderr: string;
  policyViolations: PolicyViolation[];
  /** Errors that the engine reported, without colour. */
  errors: string[];
  /** The exported deployment as text, secrets encrypted, after anything but a preview. */
  stateText?: string;
  /** The resources in it. */
  resources: StateResource[];
  /** What the simulated cloud was asked, in order. */
  calls: Call[];
  /** Milliseconds, the start of the process included. */
  took: number;
}

/** What the child process is handed. */
export interface ChildRequest extends Omit<EngineRun, "state"> {
  state: string;
}

/** What the child process hands back. */
export type ChildResult = Omit<EngineResult, "took">;

/** Runs the real engine with an inline program in a process of its own, so that every run loads the program afresh. */
export async function runEngine(run: EngineRun): Promise<EngineResult> {
  const pulumi = await ensurePulumi();
  const state = run.state ?? fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-engine-"));
  try {
    if (run.operation !== "up") return await runChild({ ...run, state }, pulumi.env);
    // `Stack.up()` skips the preview, so stack policies would speak only after everything exists.
    const preview = await runChild({ ...run, state, operation: "preview" }, pulumi.env);
    if (preview.code !== 0) return preview;
    const up = await runChild({ ...run, state }, pulumi.env);
    return { ...up, calls: [...preview.calls, ...up.calls], took: preview.took + up.took };
  } finally {
    if (run.state === undefined) fs.rmSync(state, { recursive: true, force: true });
  }
}

async function runChild(request: ChildRequest, extra: Record<string, string>): Promise<EngineResult> {
  const started = Date.now();
  fs.mkdirSync(path.join(request.state, "backend"), { recursive: true });
  const exchange = fs.mkdtempSync(path.join(request.state, "run-"));
  const answer = path.join(exchange, "result.json");
  fs.writeFileSync(path.join(exchange, "request.json"), JSON.stringify(request));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...extra,
    // No login, plugin or workspace of the user's takes part.
    PULUMI_HOME: path.join(request.state, "home"),
    PULUMI_BACKEND_URL: `file://${path.join(request.state, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "simulated",
    // The simulated provider is attached; the engine would download the real ones for what is in the state.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    NO_COLOR: "1",
  };
  // Vitest's own loaders have no business in the program's process.
  delete env.NODE_OPTIONS;
  const child = spawn(
    process.execPath,
    ["--require", require.resolve("tsx/cjs"), path.join(__dirname, "child.ts"), exchange],
    { env, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  child.stdout.on("data", (data: Buffer) => {
    said += data.toString();
  });
  child.stderr.on("data", (data: Buffer) => {
    said += data.toString();
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (!fs.existsSync(answer)) throw new Error(`the engine's process ended with ${status}: ${said.trim()}`);
  const result = JSON.parse(fs.readFileSync(answer, "utf8")) as ChildResult;
  fs.rmSync(exchange, { recursive: true, force: true });
  return { ...result, stderr: result.stderr + said, took: Date.now() - started };
}
