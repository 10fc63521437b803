import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tellBranch } from "../../tools/ci/branch";
import { bot } from "../../tools/ci/comment";
import { type Outcome, tellNight, troubleOf } from "../../tools/ci/nightly";
import { entry, type SimulatedGithub, simulateGithub } from "./simulatedGithub";

const run = "https://github.example.com/example/shop/actions/runs/1";
const well: Outcome = { drift: "success", deployed: "success", preview: "success" };

let github: SimulatedGithub;
let folder = "";
beforeEach(async () => {
  github = await simulateGithub();
  folder = mkdtempSync(path.join(tmpdir(), "holdfast-night-"));
  for (const stack of ["prod", "staging"]) writeFileSync(path.join(folder, `Pulumi.${stack}.yaml`), "");
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await github.stop();
});

function night(outcomes: Record<string, Outcome | undefined>): Promise<string[]> {
  for (const [stack, outcome] of Object.entries(outcomes)) {
    const at = path.join(folder, `nightly-${stack}`);
    mkdirSync(at, { recursive: true });
    rmSync(path.join(at, "outcome.json"), { force: true });
    if (outcome) writeFileSync(path.join(at, "outcome.json"), JSON.stringify(outcome));
  }
  return tellNight(github.api, folder, folder, run);
}

const open = () => github.issues.filter(({ state }) => state === "open").map(({ title }) => title);

test("a quiet night says nothing", async () => {
  expect(await night({ prod: well, staging: well })).toEqual(["prod: issue quiet", "staging: issue quiet"]);
  expect(github.issues).toEqual([]);
});

test("trouble is one issue for as long as it lasts", async () => {
  expect(await night({ prod: { ...well, drift: "failure" }, staging: well })).toContain("prod: issue opened");
  expect(await night({ prod: { ...well, deployed: "failure" } })).toContain("prod: issue updated");
  expect(open()).toEqual(["Nightly check of prod"]);
  expect(github.issues[0]?.body).toContain("the state breaks a promise");
  expect(github.issues[0]?.body).not.toContain("refresh");
  expect(await night({ prod: well })).toContain("prod: issue closed");
  expect(open()).toEqual([]);
});

test("each stack has an issue of its own", async () => {
  const drifted = { ...well, drift: "failure" };
  await night({ prod: drifted, staging: drifted });
  expect(open()).toEqual(["Nightly check of prod", "Nightly check of staging"]);
});

test("an issue of somebody else stays as it is, and so does a pull request with our marker", async () => {
  const body = "<!-- holdfast nightly prod -->\nmine";
  const pull = { ...entry(bot, body, 4), pull_request: {} };
  github.issues.push(entry("mallory", body, 3), pull);
  await night({ prod: { ...well, drift: "failure" }, staging: well });
  expect(github.issues.map((one) => one.body === body)).toEqual([true, true, false]);
});

describe("what is wrong is told in words:", () => {
  test.each<[string, Outcome, string[], string[]]>([
    ["drift", { ...well, drift: "failure" }, ["what is deployed is not what was deployed"], ["nobody knows"]],
    [
      "a state that breaks a promise",
      { ...well, deployed: "failure" },
      ["the state breaks a promise"],
      ["✗ prod misses one"],
    ],
    [
      "a promise that ran out",
      { ...well, preview: "failure" },
      ["at today's date", "✗ prod misses one"],
      ["nobody knows"],
    ],
    ["what was not checked", { ...well, drift: "skipped" }, ["nobody knows: drift was not checked (skipped)"], []],
    ["a night that ended early", {}, ["nobody knows: preview was not checked (no answer)"], []],
  ])("%s", (_, outcome, told, untold) => {
    const text = troubleOf(outcome, "✗ prod misses one", run) ?? "";
    for (const part of told) expect(text).toContain(part);
    for (const part of untold) expect(text).not.toContain(part);
    expect(text).toContain(`[The run](${run})`);
  });

  test("nothing, where every step succeeded", () => {
    expect(troubleOf(well, undefined, run)).toBeUndefined();
  });
});

test("a stack whose check left nothing behind is trouble, and no pass", async () => {
  await night({ staging: well });
  expect(open()).toEqual(["Nightly check of prod"]);
});

describe("the findings of a pushed commit", () => {
  const home = process.cwd();
  beforeEach(() => process.chdir(folder));
  afterEach(() => process.chdir(home));

  test("go to code scanning, for its branch", async () => {
    const log = JSON.stringify({
      runs: [{ tool: { driver: { name: "Holdfast" } }, automationDetails: { id: "holdfast/prod/" } }],
    });
    mkdirSync(".holdfast/prod", { recursive: true });
    writeFileSync(".holdfast/prod/evidence.sarif", log);
    expect(await tellBranch(github.api, "prod", "c".repeat(40), "refs/heads/main")).toEqual([
      "code scanning, prod: uploaded",
    ]);
    expect(github.sarifs[0]).toMatchObject({ commit_sha: "c".repeat(40), ref: "refs/heads/main" });
    expect(gunzipSync(Buffer.from(github.sarifs[0]?.sarif ?? "", "base64")).toString()).toBe(log);
  });

  test("that nobody wrote are a failure that says so", async () => {
    await expect(tellBranch(github.api, "prod", "c", "refs/heads/main")).rejects.toThrow(
      ".holdfast/prod/evidence.sarif is missing: run holdfast preview first",
    );
  });
});
