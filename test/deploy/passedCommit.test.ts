import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { passCommit, refusal, withCommit } from "../../tools/ci/passedCommit";
import { checkout } from "../ci/workflow";

const folder = mkdtempSync(path.join(tmpdir(), "holdfast-passed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const commit = "4fc09e4a1b2c3d4e5f60718293a4b5c6d7e8f901";
const candidate = { stack: "prod-omendb", commit };
const evidence = (change: object = {}) =>
  JSON.stringify({
    tool: { name: "holdfast", schemaVersion: 1 },
    stack: "prod-omendb",
    engine: "pulumi",
    commit,
    summary: { findings: { mandatory: 0, advisory: 2, waived: 1 } },
    ...change,
  });

describe("a commit is passed", () => {
  test("by evidence of the engine, about this stack and commit, without a mandatory finding", () => {
    expect(refusal(evidence(), candidate)).toBeUndefined();
  });

  test.each<[string, string, string, string]>([
    ["nothing", "", commit, "it is no evidence"],
    ["another tool's report", evidence({ tool: { name: "other" } }), commit, "it is no evidence"],
    ["null", "null", commit, "it is no evidence"],
    ["evidence of another stack", evidence({ stack: "staging" }), commit, "stack must be prod-omendb, got staging"],
    ["the offline preview alone", evidence({ engine: "offline" }), commit, "engine must be pulumi, got offline"],
    ["a state", evidence({ engine: "state" }), commit, "engine must be pulumi, got state"],
    [
      "evidence of another commit",
      evidence({ commit: "f".repeat(40) }),
      commit,
      `commit must be ${commit}, got ${"f".repeat(40)}`,
    ],
    [
      "evidence of files that differ from the commit",
      evidence({ commit: `${commit}-dirty` }),
      commit,
      `commit must be ${commit}, got ${commit}-dirty`,
    ],
    ["evidence without a commit", evidence({ commit: undefined }), commit, `commit must be ${commit}, got undefined`],
    [
      "a mandatory finding",
      evidence({ summary: { findings: { mandatory: 1 } } }),
      commit,
      "summary.findings.mandatory must be 0, got 1",
    ],
    [
      "evidence that does not count findings",
      evidence({ summary: {} }),
      commit,
      "summary.findings.mandatory must be 0, got undefined",
    ],
    [
      "evidence of a branch",
      evidence({ commit: "main" }),
      "main",
      "the commit must be a whole hash of 40 digits, got main",
    ],
  ])("not by %s", (_, text, hash, why) => {
    expect(refusal(text, { stack: "prod-omendb", commit: hash })).toBe(why);
  });
});

describe("the manifests", () => {
  const manifest = readFileSync(path.join(checkout, "deploy/operator/omendb.yaml"), "utf8");

  test("change in the commit and the evidence alone, comments stay", () => {
    const text = evidence();
    const changed = withCommit(manifest, text, candidate) ?? "";
    const before = parse(manifest);
    expect(parse(changed)).toEqual({
      ...before,
      metadata: {
        ...before.metadata,
        annotations: { "holdfast.dev/evidence": `sha256:${createHash("sha256").update(text).digest("hex")}` },
      },
      spec: { ...before.spec, commit },
    });
    const comments = (yaml: string) => yaml.split("\n").filter((line) => line.trim().startsWith("#"));
    expect(comments(changed)).toEqual(comments(manifest));
    expect(withCommit(changed, text, candidate)).toBe(changed);
  });

  test("keep a hash of digits as a text", () => {
    const digits = "1234567890".repeat(4);
    const changed = withCommit(manifest, evidence(), { ...candidate, commit: digits }) ?? "";
    expect(parse(changed).spec.commit).toBe(digits);
  });

  test("of other stacks are left alone", () => {
    expect(withCommit(manifest, evidence(), { ...candidate, stack: "prod-platform" })).toBeUndefined();
  });

  const place = (name: string, files: Record<string, string>) => {
    const at = path.join(folder, name);
    mkdirSync(at);
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(at, file), text);
    return at;
  };

  test.each([
    ["there is none", { "other.yaml": "kind: Stack\nspec: { stack: prod }\n" }, "got none"],
    ["there are two", { "a.yaml": manifest, "b.yaml": manifest }, /got \S+a\.yaml, \S+b\.yaml/],
  ])("are refused where %s of the stack", (name, files, why) => {
    const at = place(name.replaceAll(" ", "-"), { ...files, "evidence.json": evidence() });
    expect(() => passCommit(at, path.join(at, "evidence.json"), candidate)).toThrow(why);
    for (const [file, text] of Object.entries(files)) expect(readFileSync(path.join(at, file), "utf8")).toBe(text);
  });

  test("are not written before the gates have passed: by the command as the guide has it", () => {
    const at = path.join(folder, "checkout");
    cpSync(path.join(checkout, "deploy"), path.join(at, "deploy"), { recursive: true });
    const run = () => {
      const command = path.join(checkout, "tools/ci/passedCommit.ts");
      const args = ["--import", require.resolve("tsx"), command, "prod-omendb", commit];
      return spawnSync(process.execPath, args, { cwd: at, encoding: "utf8" });
    };
    const file = path.join(at, "deploy/operator/omendb.yaml");
    const refused = run();
    expect([refused.status, refused.stderr]).toEqual([
      1,
      ".holdfast/prod-omendb/evidence.json is missing: run holdfast preview --engine pulumi --stack prod-omendb first\n",
    ]);
    mkdirSync(path.join(at, ".holdfast/prod-omendb"), { recursive: true });
    writeFileSync(path.join(at, ".holdfast/prod-omendb/evidence.json"), evidence({ engine: "offline" }));
    expect(run()).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining("engine must be pulumi") });
    expect(readFileSync(file, "utf8")).toBe(manifest);
    writeFileSync(path.join(at, ".holdfast/prod-omendb/evidence.json"), evidence());
    expect(run()).toMatchObject({ status: 0, stdout: "deploy/operator/omendb.yaml\n", stderr: "" });
    expect(parse(readFileSync(file, "utf8")).spec.commit).toBe(commit);
  });
});
