import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { Readable } from "node:stream";
// What a command needs it loads when it runs, as Node with tsx does.
import "tsx/cjs";
import Ajv from "ajv/dist/2020";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ResourceGraph, UNKNOWN, type Value } from "../../policies/graph";
import { judge } from "../../policies/judge";
import { run } from "../../preview/main";
import { loadGraph } from "../../preview/offline";
import { loadState } from "../../preview/stateFile";
import { stateGraph } from "../../preview/stateGraph";
import { kindKey, secretKind } from "../../preview/wire";
import { asOf } from "../recovery/build";
import { checkout } from "./programs";

const home = path.join(checkout, ".holdfast", "tests");
mkdirSync(home, { recursive: true });
const folder = mkdtempSync(path.join(home, "state-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const schema = JSON.parse(readFileSync(path.join(checkout, "docs/schemas/evidence.schema.json"), "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: false }).compile(schema);

const canary = "canary-7f3a";
const nothing = { stdin: Readable.from([]) };

function fileOf(content: unknown, name = "state.json"): string {
  const file = path.join(folder, name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

/** A state as `pulumi stack export` prints it. */
function exported(resources: unknown[], more: Record<string, unknown> = {}): unknown {
  return { version: 3, deployment: { manifest: {}, resources, ...more } };
}

async function assess(file: string, ...more: string[]) {
  const said = { stdout: "", stderr: "" };
  const out = (name: keyof typeof said) => ({ write: (text: string) => (said[name] += text) });
  const code = await run(["assess", "--state", file, ...more], {
    stdin: Readable.from([]),
    stdout: out("stdout"),
    stderr: out("stderr"),
    now: () => asOf,
  });
  return { code, ...said };
}

/** The state that a deployment of a graph leaves behind; the engine encrypts what is secret, as what is unknown here. */
function deployed({ resources }: ResourceGraph): Record<string, unknown>[] {
  return resources.map((one) => {
    const custom = !one.type.startsWith("holdfast:") && one.type !== "pulumi:pulumi:Stack";
    return {
      urn: one.urn,
      type: one.type,
      custom,
      [custom ? "inputs" : "outputs"]: encrypted(one.props),
      ...(custom ? { outputs: { arn: "arn:aws:of:what:is:there", ...(encrypted(one.props) as object) } } : {}),
      ...(one.parent === undefined ? {} : { parent: one.parent }),
      ...(one.provider === undefined ? {} : { provider: `${one.provider.urn}::4fc09e4` }),
      dependencies: one.dependencies,
      propertyDependencies: { ...one.propertyDependencies, unset: null },
      ignoreChanges: one.ignoreChanges,
    };
  });
}

function encrypted(value: Value): unknown {
  if (value === UNKNOWN) return { [kindKey]: secretKind, ciphertext: "v1:abc" };
  if (Array.isArray(value)) return value.map(encrypted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, encrypted(part)]));
}

let prod: ResourceGraph;
beforeAll(async () => {
  prod = (await loadGraph({ program: checkout, stack: "prod" })).graph;
});

const stack = { urn: "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod", type: "pulumi:pulumi:Stack" };
const cron = "urn:pulumi:prod::shop::kubernetes:batch/v1:CronJob::dump";
const job = { urn: cron, type: "kubernetes:batch/v1:CronJob", custom: true };

async function graphOf(...resources: unknown[]) {
  return stateGraph(await loadState(fileOf(exported([stack, ...resources])), nothing));
}

async function propsOf(inputs: unknown, more: Record<string, unknown> = {}) {
  const { graph } = await graphOf({ ...job, inputs, ...more });
  return graph.resources.find(({ urn }) => urn === cron)?.props;
}

describe("a deployed program", () => {
  test("is judged as its preview was, word for word", async () => {
    const state = await loadState(fileOf(exported(deployed(prod))), nothing);
    const { graph, problems } = stateGraph(state);
    expect(state).toMatchObject({ stack: "prod", project: "holdfast" });
    expect(problems).toEqual([]);
    expect(graph.resources.map(({ urn }) => urn)).toEqual(prod.resources.map(({ urn }) => urn));
    const [before, after] = [judge(prod, asOf), judge(graph, asOf)];
    expect(before.assessments.length).toBeGreaterThan(5);
    expect(after).toEqual(before);
  });

  test("prints the report of its stack, names the file, and offers nothing that needs the program", async () => {
    const { code, stdout, stderr } = await assess(fileOf(exported(deployed(prod))));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^Holdfast · prod · \S+state\.json · as of 2026-11-21 · exported state \(what is deployed\)\n/,
    );
    expect(stdout).toMatch(/\n {2}\d+ resources · 4 systems · 17 assets/);
    expect(stdout).toContain("0 findings");
    expect(stdout).not.toMatch(/Evidence:|explain|no cloud was asked|undefined|NaN/);
  });

  test("is said to be judged by the evidence that its output names, or by none, and by nothing where it does not say", async () => {
    const hash = `sha256:${"4f".repeat(32)}`;
    const saying = (evidence: unknown) =>
      fileOf(
        exported(
          deployed(prod).map((one) =>
            one.type === "pulumi:pulumi:Stack" ? { ...one, outputs: { systems: ["omendb"], evidence } } : one,
          ),
        ),
      );
    const [terminal, markdown, machine] = await Promise.all(
      ["terminal", "markdown", "json"].map(async (format) => (await assess(saying(hash), "--format", format)).stdout),
    );
    expect(terminal).toMatch(new RegExp(`\n {2}before it was deployed: judged by evidence\\s+${hash}\n`));
    expect(markdown).toContain(` · judged by evidence ${hash}\n`);
    const evidence = JSON.parse(machine ?? "");
    expect(evidence.judgedBy).toBe(hash);
    validate(evidence);
    expect(validate.errors).toBeNull();
    for (const said of [
      "not judged",
      "not judged: the commit is not known",
      `not judged: files differ from commit ${"0a".repeat(20)}`,
    ])
      expect((await assess(saying(said))).stdout.replace(/\n {4}/g, " ")).toContain(
        `\n  before it was deployed: ${said}\n`,
      );
    for (const foreign of [undefined, canary, `${hash}${canary}`, { [kindKey]: secretKind, ciphertext: "v1:abc" }]) {
      const { stdout } = await assess(saying(foreign));
      expect(stdout).not.toMatch(/before it was deployed|canary/);
    }
  });

  test("breaks its promise in the state as in the program: exit code 1", async () => {
    const slower = deployed(prod).map((one) => {
      const inputs = one.inputs as { spec?: { schedule?: string } } | undefined;
      return String(one.urn).endsWith("backup-incremental-cron")
        ? { ...one, inputs: { ...inputs, spec: { ...inputs?.spec, schedule: "0 */2 * * *" } } }
        : one;
    });
    const { code, stdout } = await assess(fileOf(exported(slower)), "--format", "json");
    expect(code).toBe(1);
    const evidence = JSON.parse(stdout);
    expect(evidence).toMatchObject({ stack: "prod", engine: "state" });
    expect(evidence.findings.map(({ rule }: { rule: string }) => rule)).toContain("rpo-is-met");
  });
});

describe("a state is found", () => {
  test.each([
    ["in what pulumi stack export prints", exported([stack, job])],
    [
      "in one that names the features it makes use of",
      { version: 4, features: ["views"], deployment: { resources: [stack, job] } },
    ],
    [
      "in the checkpoint of a backend of files",
      { version: 3, checkpoint: { stack: "x", latest: { resources: [stack, job] } } },
    ],
  ])("%s", async (_, content) => {
    const { stack: name, project, resources } = await loadState(fileOf(content), nothing);
    expect([name, project, resources.length]).toEqual(["prod", "shop", 2]);
  });

  test("on standard input", async () => {
    const stdin = Readable.from([
      JSON.stringify(exported([stack])).slice(0, 9),
      JSON.stringify(exported([stack])).slice(9),
    ]);
    expect((await loadState("-", { stdin })).stack).toBe("prod");
  });
});

describe("what is in the graph", () => {
  test.each([
    ["replaced and waiting to be deleted", { delete: true }],
    ["only read", { external: true }],
    ["deleted and waiting to be made anew", { pendingReplacement: true }],
    ["shown for another resource", { viewOf: stack.urn }],
    ["an output of another stack", { type: "pulumi:pulumi:StackReference" }],
  ])("is nothing that is %s", async (_, more) => {
    const { graph } = await graphOf({ ...job, ...more });
    expect(graph.resources.map(({ urn }) => urn)).toEqual([stack.urn]);
  });

  test("is the resource that replaced one of the same name", async () => {
    const { graph } = await graphOf(
      { ...job, delete: true, inputs: { spec: "old" } },
      { ...job, inputs: { spec: "new" } },
      { ...job, delete: true, inputs: { spec: "older" } },
    );
    expect(graph.resources.map(({ props }) => props)).toEqual([{ spec: "new" }, {}]);
  });

  test("is what the program set, and nothing that the cloud added", async () => {
    expect(await propsOf({ spec: "set" }, { outputs: { spec: "set", status: "added" } })).toEqual({ spec: "set" });
  });

  test("is definite where the program ignores changes: the state holds what is in force", async () => {
    const { graph } = await graphOf({ ...job, inputs: { spec: "set" }, ignoreChanges: ["spec"] });
    expect(graph.resources.find(({ urn }) => urn === cron)).toMatchObject({
      props: { spec: "set" },
      ignoreChanges: [],
    });
  });

  test.each<[string, unknown, unknown]>([
    ["an encrypted secret is unknown", { [kindKey]: secretKind, ciphertext: "v1:abc" }, UNKNOWN],
    ["a secret in clear is its value", { [kindKey]: secretKind, plaintext: '{"a":["b"]}' }, { a: ["b"] }],
    [
      "a secret in clear within one is its value",
      { [kindKey]: secretKind, plaintext: `{"a":{"${kindKey}":"${secretKind}","plaintext":"1"}}` },
      { a: 1 },
    ],
    ["a secret that is no JSON is unknown", { [kindKey]: secretKind, plaintext: canary }, UNKNOWN],
    ["what was unknown when the run ended is unknown", "04da6b54-80e4-46f7-96ec-b56ff0331ba9", UNKNOWN],
    ["what the engine keeps for itself is left out", { __defaults: [], a: 1 }, { a: 1 }],
  ])("%s", async (_, spec, read) => {
    expect(await propsOf({ spec })).toEqual({ spec: read });
  });

  test("is each resource with its provider, and links only to what is there", async () => {
    const aws = { urn: "urn:pulumi:prod::shop::pulumi:providers:aws::eu", type: "pulumi:providers:aws", custom: true };
    const { graph } = await graphOf(
      { ...aws, inputs: { region: "eu-west-1" } },
      {
        ...job,
        provider: `${aws.urn}::an:id`,
        dependencies: [aws.urn, "gone", aws.urn],
        propertyDependencies: { spec: ["gone"], metadata: null },
      },
    );
    expect(graph.resources.find(({ urn }) => urn === cron)).toMatchObject({
      name: "dump",
      provider: { type: aws.type, name: "eu", urn: aws.urn, props: { region: "eu-west-1" } },
      dependencies: [aws.urn],
      propertyDependencies: {},
    });
  });
});

describe("what is in doubt is a mandatory finding that cannot be waived", () => {
  test.each([
    [
      "an operation that a run had begun",
      {},
      { pending_operations: [{ type: "creating", resource: job }] },
      "a run of Pulumi was interrupted while creating CronJob dump: run pulumi cancel, then pulumi refresh " +
        "--clear-pending-creates, and look whether it is there",
    ],
    [
      "a resource that is not made anew",
      { pendingReplacement: true },
      {},
      "CronJob dump was deleted and not made anew: run pulumi up to the end",
    ],
    [
      "a resource that never became ready",
      { initErrors: [`${canary} timed out`] },
      {},
      "CronJob dump was made but never became ready: mend it, then run pulumi up again",
    ],
  ])("%s", async (_, more, beside, message) => {
    const state = exported([...deployed(prod), { ...job, ...more }], beside);
    const { code, stdout } = await assess(fileOf(state), "--json");
    expect(code).toBe(1);
    expect(stdout).not.toContain(canary);
    expect(JSON.parse(stdout).findings).toMatchObject([
      { rule: "links-resolve", level: "mandatory", cannotProve: true, message, source: { resource: cron } },
    ]);
  });

  test("but not what was only read, nor what is going", async () => {
    const pending = [{ type: "reading", resource: job }];
    const { problems } = stateGraph(
      await loadState(
        fileOf(exported([stack, { ...job, delete: true, initErrors: ["x"] }], { pending_operations: pending })),
        nothing,
      ),
    );
    expect(problems).toEqual([]);
  });
});

describe("what is no state is refused in one message that repeats nothing of it", () => {
  test.each<[string, unknown, RegExp]>([
    ["an empty file", " \n", /state\.json is empty; --state takes an exported state, e\.g\. pulumi stack export/],
    ["no JSON", `{"${canary}": `, /state\.json is not JSON; --state takes an exported state/],
    ["a text", JSON.stringify(canary), /state\.json has no deployment: --state takes an exported state, e\.g\./],
    [
      "a plan",
      { assets: [canary] },
      /has no deployment: --state takes an exported state \(a plan is judged with --plan\)/,
    ],
    [
      "a format of the future",
      { version: 5, deployment: { [canary]: 1 } },
      /state\.json: version must be 3 or 4, got 5;/,
    ],
    ["a version that is none", { version: canary, deployment: {} }, /version must be 3 or 4, got none;/],
    ["an empty stack", exported([]), /state\.json holds no resource: nothing is deployed/],
    [
      "resources that are no list",
      { version: 3, deployment: { resources: { a: canary } } },
      /deployment\.resources must be a list;/,
    ],
    [
      "a resource that is none",
      exported([stack, { urn: canary }]),
      /deployment\.resources\[1\] is no resource with a urn and a type;/,
    ],
    ["inputs that are no map", exported([{ ...stack, inputs: [canary] }]), /deployment\.resources\[0\] is no resource/],
    [
      "an operation on nothing",
      exported([stack], { pending_operations: [{ type: canary }] }),
      /of pending operation 0 is no resource/,
    ],
    [
      "a stack without assets",
      exported([stack, { ...job, inputs: { a: canary } }]),
      /nothing was recognised: none of the 2 resources of stack prod in .*state\.json is an asset/,
    ],
  ])("%s", async (_, content, message) => {
    const { code, stdout, stderr } = await assess(fileOf(content));
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(canary);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("a file that is not there", async () => {
    const { code, stderr } = await assess(path.join(folder, "none.json"));
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/none\.json cannot be read: there is no such file; e\.g\. pulumi/),
    ]);
  });
});

describe("assess takes one file", () => {
  const said = async (...args: string[]) => {
    let stderr = "";
    const deaf = { write: () => undefined };
    const code = await run(["assess", ...args], {
      stdin: Readable.from([]),
      stdout: deaf,
      stderr: { write: (text) => (stderr += text) },
      now: () => asOf,
    });
    return [code, stderr];
  };

  test("and says so where there is none, or two", async () => {
    expect(await said()).toEqual([
      2,
      "assess takes a plan or a state, e.g. --plan .holdfast/prod/plan.json or --state state.json\n",
    ]);
    expect(await said("--plan", "a", "--state", "b")).toEqual([
      2,
      expect.stringMatching(/'--plan <file>' cannot be used with option '--state <file>'/),
    ]);
  });
});
