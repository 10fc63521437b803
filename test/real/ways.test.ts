import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensurePulumi } from "../../tools/pulumi";
import { commandsThatUpdate } from "../support/engine/documented";
import { type EngineResult, runEngines } from "../support/engine/run";
import { done } from "../support/engine/sequence";
import { changedConfig, stackRuns } from "../support/engine/stacks";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-ways-test-"));
const root = path.resolve(__dirname, "../..");

/** Prod with incrementals every two hours, which breaks promises. */
const violating = changedConfig("prod", scratch, "violating", ({ backups }) => {
  backups.incremental = { schedule: "0 */2 * * *" };
});

/** Every line of the guides and workflows that runs `pulumi up`, with what a workflow's variables hold. */
const documented = commandsThatUpdate(root);
const env = { STACK: "prod", RUNNER_TEMP: scratch };
const run = stackRuns("prod", scratch);

describe("every documented way to `up` stops on a mandatory finding before anything is created", () => {
  const ways = [...new Set(documented.map(({ command }) => command))];
  let results: EngineResult[];
  let bare: EngineResult | undefined;

  beforeAll(async () => {
    await ensurePulumi();
    fs.writeFileSync(path.join(scratch, "pack.json"), JSON.stringify({ holdfast: { asOf: "2026-11-21" } }));
    const scripts = ways.map((script) => run({ operation: "up", script, env, configFile: violating }));
    const all = await runEngines([
      ...scripts,
      run({ operation: "bare-up", saves: "at the end", configFile: violating }),
    ]);
    results = all.slice(0, ways.length);
    bare = all.at(-1);
  });
  afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

  it("finds the ways in the README and the guides", () => {
    expect(documented.map(({ file }) => file)).toContain("README.md");
  });

  it.each(ways.map((way, index) => [way, index] as const))("%s", (_, index) => {
    const result = results[index];
    expect(result?.code).not.toBe(0);
    expect(result?.policyViolations.map(({ level }) => level)).toContain("mandatory");
    expect(result && done(result)).toEqual([]);
    expect(result?.resources).toEqual([]);
  });

  it("is not the way of a bare `Stack.up()`: it creates everything, and only then reports the findings", () => {
    expect(bare?.code).not.toBe(0);
    expect(bare?.policyViolations.map(({ level }) => level)).toContain("mandatory");
    expect(bare && done(bare).length).toBeGreaterThan(100);
    expect(bare?.calls.some(({ preview }) => preview)).toBe(false);
  });

  it("has the README warn of that", () => {
    expect(fs.readFileSync(path.join(root, "README.md"), "utf8")).toMatch(/`Stack\.up\(\)`[\s\S]{0,120}skip/);
  });
});
