import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sarif } from "../../evidence";
import { rules } from "../../policies/rules";
import { evidenceIn, stacksOf } from "../../tools/ci/evidence";
import { tellPullRequest } from "../../tools/ci/pullRequest";
import type { EndedRun } from "../../tools/ci/pulls";
import { broken, meta } from "../evidence/judgement";
import { type Pull, type SimulatedGithub, simulateGithub } from "./simulatedGithub";

const root = path.resolve(__dirname, "../..");
const sha = "4fc09e4a6f1d6c21c9f2a95ab0e63a3a5f2b4c77";
const run: EndedRun = {
  html_url: "https://github.example.com/example/shop/actions/runs/1",
  head_sha: sha,
  head_branch: "faster backups",
  head_repository: { full_name: "alice/shop", owner: { login: "alice" } },
};
const pull: Pull = {
  number: 7,
  state: "open",
  label: "alice:faster backups",
  head: { sha, repo: { full_name: "alice/shop" } },
};
const log = (stack: string) => sarif(broken(), { ...meta, stack }, { rules, positions: new Map() });

let github: SimulatedGithub;
let folder = "";
beforeEach(async () => {
  github = await simulateGithub();
  github.pulls.push(pull);
  folder = mkdtempSync(path.join(tmpdir(), "holdfast-ci-"));
  artifact("prod", { "evidence.md": "**✓ prod**", "evidence.sarif": log("prod") });
  artifact("staging", { "evidence.md": "**✗ staging**", "evidence.sarif": log("staging") });
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await github.stop();
});

function artifact(name: string, files: Record<string, string>): string {
  const at = path.join(folder, `evidence-${name}`);
  mkdirSync(at, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(at, file), text);
  return at;
}

const tell = (ended: EndedRun = run) => tellPullRequest(github.api, ended, folder, root);

test("a pull request of a fork gets its comment, and its findings at their lines", async () => {
  expect(await tell()).toEqual([
    "pull request 7: comment created",
    "code scanning, prod: uploaded",
    "code scanning, staging: uploaded",
  ]);
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.number).toBe(7);
  expect(github.comments[0]?.body).toContain("**✓ prod**");
  expect(github.sarifs.map(({ commit_sha, ref }) => [commit_sha, ref])).toEqual([
    [sha, "refs/pull/7/head"],
    [sha, "refs/pull/7/head"],
  ]);
  expect(gunzipSync(Buffer.from(github.sarifs[1]?.sarif ?? "", "base64")).toString()).toBe(log("staging"));
});

test("what the engine found is told where credentials were at hand", async () => {
  artifact("staging-engine", { "evidence.md": "**✓ staging, by the engine**", "evidence.sarif": log("staging") });
  await tell();
  expect(github.comments[0]?.body).toContain("In the Pulumi engine: ✓ staging, by the engine");
  expect(github.sarifs).toHaveLength(2);
});

test.each<[string, number]>([
  ["code scanning is not bought", 403],
  ["code scanning is not there", 404],
])("the comment does not depend on code scanning: %s", async (_, status) => {
  github.codeScanning = status;
  expect(await tell()).toEqual([
    "pull request 7: comment created",
    `code scanning, prod: POST /code-scanning/sarifs: ${status} Code scanning is not enabled`,
    `code scanning, staging: POST /code-scanning/sarifs: ${status} Code scanning is not enabled`,
  ]);
});

test("a log that code scanning cannot read is a failure", async () => {
  github.codeScanning = 422;
  await expect(tell()).rejects.toThrow("POST /code-scanning/sarifs: 422 Code scanning is not enabled");
});

describe("nobody is told when", () => {
  test.each<[string, Partial<Pull>]>([
    ["the pull request has moved on", { head: { ...pull.head, sha: "0".repeat(40) } }],
    ["it is closed", { state: "closed" }],
    ["another fork has a branch of that name and commit", { head: { sha, repo: { full_name: "alice/other" } } }],
    ["its fork is gone", { head: { sha, repo: null } }],
  ])("%s", async (_, change) => {
    github.pulls.splice(0, 1, { ...pull, ...change });
    expect(await tell()).toEqual([`no open pull request is at ${sha}: nobody to tell`]);
    expect(github.calls.filter((call) => !call.startsWith("GET"))).toEqual([]);
  });

  test("the run's own fork is gone", async () => {
    expect(await tell({ ...run, head_repository: null })).toEqual([
      `no open pull request is at ${sha}: nobody to tell`,
    ]);
  });
});

describe("what a run wrote is not believed:", () => {
  const spoilt = (change: (run: Record<string, unknown>, log: { runs: object[] }) => void) => {
    const written = JSON.parse(log("prod")) as { runs: Record<string, unknown>[] };
    change(written.runs[0] ?? {}, written);
    return JSON.stringify(written);
  };

  test.each<[string, string]>([
    ["another tool's findings", spoilt((one) => Object.assign(one, { tool: { driver: { name: "CodeQL" } } }))],
    ["another stack's findings", log("staging")],
    ["a second run beside ours", spoilt((one, all) => all.runs.push({ ...one, tool: { driver: { name: "CodeQL" } } }))],
    [
      "another tool's rules as an extension of ours",
      spoilt((one) => Object.assign(one.tool as object, { extensions: [{ name: "CodeQL" }] })),
    ],
    ["no JSON", "<sarif/>"],
    ["no runs", "{}"],
    ["more than code scanning takes", `${" ".repeat(10_000_001)}`],
  ])("%s", (_, text) => {
    const at = artifact("prod", { "evidence.sarif": text });
    expect(evidenceIn(at, "prod").sarif).toBeUndefined();
  });

  test("a link to a file of this machine", () => {
    const at = artifact("linked", {});
    writeFileSync(path.join(folder, "secret"), "canary-7431");
    symlinkSync(path.join(folder, "secret"), path.join(at, "evidence.md"));
    expect(evidenceIn(at, "linked")).toEqual({});
  });

  test("more text than anybody reads", () => {
    expect(evidenceIn(artifact("prod", { "evidence.md": "x".repeat(1_000_001) }), "prod").markdown).toBeUndefined();
    expect(evidenceIn(artifact("prod", { "evidence.md": "x".repeat(1_000_000) }), "prod").markdown).toHaveLength(1e6);
  });
});

test("the stacks are those of the checkout, production first", () => {
  expect(stacksOf(root)).toEqual(["prod", "staging"]);
});

test("the step of the workflow does all of it, from the event that GitHub writes to a file", async () => {
  const event = path.join(folder, "event.json");
  writeFileSync(event, JSON.stringify({ workflow_run: run }));
  const said = await new Promise<string>((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", "tools/ci/pullRequest.ts", folder], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        GITHUB_EVENT_PATH: event,
        GITHUB_API_URL: github.api.url,
        GITHUB_REPOSITORY: github.api.repository,
        GITHUB_TOKEN: github.api.token,
      },
    });
    let text = "";
    child.stdout.on("data", (data: Buffer) => {
      text += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      text += data.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => resolve(`${code} ${text}`));
  });
  expect(said).toBe(
    "0 pull request 7: comment created\ncode scanning, prod: uploaded\ncode scanning, staging: uploaded\n",
  );
});
