import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { ensurePulumi } from "../../tools/pulumi";
import { inAzure } from "../bootstrap/azure";
import { changed, program } from "../bootstrap/declared";
import type { EngineResult, EngineRun, Operation } from "../support/engine/run";
import { done, runSequence } from "../support/engine/sequence";
import { cloudIn } from "../support/provider/cloud";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-bootstrap-test-"));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

beforeAll(async () => {
  await ensurePulumi();
});

/** A stack's configuration file with the example's settings, changed. */
function configFile(name: string, changes: Parameters<typeof changed>[0]): string {
  const values = Object.entries(changed(changes)).map(([key, text]) => [key, JSON.parse(text) as unknown]);
  const file = path.join(scratch, `${name}.yaml`);
  const config = { "pulumi:disable-default-providers": ["*"], ...Object.fromEntries(values) };
  fs.writeFileSync(file, stringify({ config }, { version: "1.1" }));
  return file;
}

const own = configFile("main", { "stacks.prod.azure": inAzure });

/** Makes runs of the program that continue one stack. */
function runs(check: "echo" | "filled") {
  const common = { program, stack: "main", config: {}, configFile: own, state: path.join(scratch, check) };
  return (operation: Operation, more: Partial<EngineRun> = {}): EngineRun => ({
    ...common,
    operation,
    provider: { check },
    ...more,
  });
}

describe("the bootstrap through its life, with a provider that fills in", () => {
  const run = runs("filled");
  const steps = {
    up: run("up"),
    // One preview of everything is enough of it, and one of what is refused.
    same: run("bare-up"),
    refreshed: run("refresh"),
    settled: run("bare-up"),
    more: run("bare-up", {
      configFile: configFile("more", {
        "stacks.prod.azure": inAzure,
        "stacks.prod.clusters": ["prod-eu-central-1", "prod-eu-west-1", "prod-eu-north-1"],
      }),
    }),
    renamed: run("up", {
      configFile: configFile("renamed", { "stacks.prod.azure": inAzure, "state.bucket": "company-other-state" }),
    }),
    kept: run("destroy"),
    bare: run("bare-destroy"),
  };
  let results: Record<keyof typeof steps, EngineResult>;

  beforeAll(async () => {
    results = await runSequence(steps);
  });

  it("is created whole", () => {
    expect(results.up).toMatchObject({ code: 0, errors: [], warnings: [], pending: [] });
    expect(done(results.up)).toHaveLength(90);
  });

  it("does not change in a second `up`, nor after a refresh", () => {
    for (const result of [results.same, results.refreshed, results.settled])
      expect([result.code, result.errors, done(result)]).toEqual([0, [], []]);
  });

  it("keeps no secret in its state", () => {
    expect(results.settled.stateText).not.toContain("ciphertext");
    expect(results.settled.resources.length).toBeGreaterThan(60);
  });

  it("knows the clients of Azure once they exist", () => {
    const stack = results.up.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    const { variables = {} } = (stack?.outputs ?? {}) as { variables?: Record<string, Record<string, string>> };
    const ids = ["prod-preview", "prod"].map((environment) => variables[environment]?.AZURE_CLIENT_ID);
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => typeof id === "string" && id.length > 0)).toBe(true);
  });

  it("takes one more cluster as a change of that stack's policies alone", () => {
    expect(results.more.code).toBe(0);
    expect(done(results.more).sort()).toEqual(["update prod-deploy-policy", "update prod-preview-policy"]);
  });

  it("refuses to take a state bucket away for one of another name", () => {
    expect(results.renamed.code).not.toBe(0);
    expect(results.renamed.errors.join("\n")).toContain("protect");
    expect(done(results.renamed)).toEqual([]);
  });

  it("refuses to be destroyed before anything is deleted", () => {
    expect(results.kept.code).not.toBe(0);
    expect(done(results.kept)).toEqual([]);
  });

  it("keeps every bucket, key and bound even through a destruction that skips its preview", () => {
    expect(results.bare.code).not.toBe(0);
    const left = cloudIn(path.join(scratch, "filled"))
      .all()
      .filter(({ type }) => /^aws:(s3|kms|iam\/policy:)/.test(type));
    expect(left).toHaveLength(36);
  });
});

it("is created, and does not change in a second `up`, with a provider that fills in nothing", async () => {
  const run = runs("echo");
  const { up, same } = await runSequence({ up: run("up"), same: run("bare-up") });
  expect(up).toMatchObject({ code: 0, errors: [], warnings: [], pending: [] });
  expect([same.code, done(same)]).toEqual([0, []]);
});
