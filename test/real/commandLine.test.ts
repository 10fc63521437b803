import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensurePulumi } from "../../tools/pulumi";
import { checkout, programOf, removePrograms } from "../preview/programs";
import { pulumiHome } from "../support/engine/home";
import { changedConfig } from "../support/engine/stacks";
import { type SimulatedProvider, startSimulatedProvider } from "../support/provider/server";

const day = "2026-11-21";
const state = mkdtempSync(join(tmpdir(), "holdfast-command-line-"));
let provider: SimulatedProvider;
let env: NodeJS.ProcessEnv;
let pulumi: string;

interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

/** Not synchronous: the simulated provider answers from this process. */
function holdfast(...args: string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const command = [join(checkout, "preview/bin.js"), ...args];
    execFile(process.execPath, command, { cwd: checkout, env, maxBuffer: 2 ** 30 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, stdout, stderr }),
    );
  });
}

let projects = 0;

/** A project of its own name, whose stack exists. */
function project(main: string, files: Record<string, string> = {}): string {
  const folder = programOf(main, { "Pulumi.yaml": `name: shop-${projects++}\nruntime: nodejs\n`, ...files });
  execFileSync(pulumi, ["stack", "init", "prod", "--non-interactive", "--no-select"], {
    cwd: folder,
    env,
    stdio: "pipe",
  });
  return relative(checkout, folder);
}

const previewed = (program: string, ...more: string[]) =>
  holdfast("preview", "--program", program, "--as-of", day, "--out", join(state, "evidence"), ...more);

const unprotected = `
import * as kubernetes from "@pulumi/kubernetes";
const hour = { rpo: "1h", rto: "1h", owner: "shop", reason: "orders" };
new kubernetes.apps.v1.Deployment("db", {
  metadata: {
    name: "db",
    annotations: { "holdfast.dev/asset": "shop/orders", "holdfast.dev/objectives": JSON.stringify({ region: hour }) },
  },
  spec: { selector: {}, template: { spec: { containers: [{ name: "db" }] } } },
});
`;

/** Nothing in it breaks a promise. */
const sound = `
import * as pulumi from "@pulumi/pulumi";
const database = { id: "shop/orders", kind: "database", objectives: {} };
class Database extends pulumi.ComponentResource {
  constructor() {
    super("shop:index:Database", "orders");
    this.registerOutputs({ asset: database });
  }
}
new Database();
`;

beforeAll(async () => {
  ({ command: pulumi } = await ensurePulumi());
  provider = await startSimulatedProvider({ behaviour: {}, folder: state, calls: [] });
  env = {
    ...process.env,
    PULUMI_DEBUG_PROVIDERS: provider.debugProviders,
    PULUMI_HOME: pulumiHome(state),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "simulated",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    NODE_OPTIONS: undefined,
  };
});

afterAll(() => {
  provider.close();
  removePrograms();
  rmSync(state, { recursive: true, force: true });
});

/** What an engine has no say in; the commit is that of the checkout. */
function evidenceOf({ stdout }: Answer): object {
  const { engine: _, commit: __, ...evidence } = JSON.parse(stdout) as { engine: string; commit?: string };
  return evidence;
}

describe("holdfast preview --engine pulumi, against a simulated provider", () => {
  // One system of it: parity.test.ts compares the whole of it.
  it("passes this project's own OmenDB in production, with the evidence of the offline preview", async () => {
    const config = changedConfig("prod", state, "omendb", () => undefined);
    const program = project("", {
      "Pulumi.yaml": `name: holdfast\nruntime: nodejs\nmain: ${join(checkout, "index.ts")}\n`,
      "Pulumi.prod.yaml": readFileSync(config, "utf8"),
    });
    const offline = await previewed(program, "--format", "json");
    const engine = await previewed(program, "--format", "json", "--engine", "pulumi");
    expect(engine).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(engine.stdout)).toMatchObject({ engine: "pulumi", findings: [] });
    expect(evidenceOf(engine)).toEqual(evidenceOf(offline));
    expect(readFileSync(join(state, "evidence", "evidence.json"), "utf8")).toBe(engine.stdout);
  });

  it("ends with exit code 1 for a mandatory finding, as the offline preview does", async () => {
    const program = project(unprotected);
    const offline = await previewed(program, "--format", "json");
    const engine = await previewed(program, "--format", "json", "--engine", "pulumi");
    expect([engine.code, offline.code, engine.stderr]).toEqual([1, 1, ""]);
    expect(evidenceOf(engine)).toEqual(evidenceOf(offline));
  });

  it.each<[string, () => string, RegExp]>([
    [
      "a stack that the backend does not have",
      () => relative(checkout, programOf(unprotected, { "Pulumi.yaml": "name: new\nruntime: nodejs\n" })),
      /^pulumi preview of stack prod failed: .*no stack named 'prod' found/,
    ],
    [
      "a program that throws, with its own line",
      () => project('throw new RangeError("no room");\n'),
      /index\.ts:1: RangeError: no room\n/,
    ],
    [
      "a resource that the engine cannot make, though the pack finds nothing else",
      () => project(`${sound}\nnew pulumi.CustomResource("elsewhere:index:Thing", "thing");\n`),
      /^pulumi preview of stack prod failed: .*elsewhere/,
    ],
  ])("ends with exit code 2 and the reason: %s", async (_what, program, reason) => {
    const answer = await previewed(program(), "--engine", "pulumi");
    expect(answer).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(reason) });
    expect(answer.stderr).not.toMatch(/^\s+at /m);
  });

  it("selects no stack: what the user's own commands are about stays what it was", () => {
    expect(existsSync(join(state, "home", "workspaces"))).toBe(false);
  });
});
