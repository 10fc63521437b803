import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { checkout } from "./workflow";

const lines = readFileSync(path.join(checkout, ".github/CODEOWNERS"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(/\s+/));

/** Files of the checkout that a pattern means: git reads `.gitignore`'s patterns, which are CODEOWNERS' own. */
function matches(pattern: string): string[] {
  const args = ["ls-files", "--cached", "--ignored", `--exclude=${pattern}`];
  const said = spawnSync("git", args, { cwd: checkout, encoding: "utf8" });
  return said.stdout.split("\n").filter(Boolean);
}

const owned = lines.flatMap(([pattern = ""]) => matches(pattern));

test.each(lines)("%s is a pattern of files that exist, with an owner", (pattern = "", ...owners) => {
  expect(matches(pattern)).not.toEqual([]);
  expect(owners).toEqual(["@example/recovery"]);
});

describe("nobody changes alone", () => {
  test.each([
    ["a promise", "systems/omendb/objectives.ts"],
    ["an assumption, a waiver or a drill", "registers/prod/omendb.yaml"],
    ["where things stand", "Pulumi.prod.yaml"],
    ["a rule", "policies/rules/rpo-is-met.ts"],
    ["a reader of resources", "policies/observe/index.ts"],
    ["a constant of the model", "recovery/facts/s3.ts"],
    ["how a schedule is reckoned", "recovery/schedule/gaps.ts"],
    ["the command that judges", "preview/judged.ts"],
    ["what CI may do", "bootstrap/deployPolicy.ts"],
    ["a workflow", ".github/workflows/deploy.yml"],
    ["who must be asked", ".github/CODEOWNERS"],
    ["what a workflow runs", "tools/ci/pullRequest.ts"],
    ["what the operator may deploy", "deploy/operator/admission.yaml"],
    ["what judges, by its version", "package-lock.json"],
  ])("%s: %s", (_, file) => {
    expect(owned).toContain(file);
  });
});

test("what is deployed by the promises of others stays everybody's", () => {
  expect(owned).not.toContain("systems/omendb/dashboard.ts");
});
