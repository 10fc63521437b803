import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureActionlint } from "../../tools/actionlint";
import { findOnPath, install, say } from "../../tools/packages";
import { ensurePulumi } from "../../tools/pulumi";
import { told } from "../ci/commands";
import { checkout, expression, play, workflow, workflows } from "../ci/workflow";

const folder = mkdtempSync(path.join(tmpdir(), "holdfast-actionlint-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let actionlint = "";
beforeAll(() => {
  actionlint = ensureActionlint();
  // actionlint hands the commands of steps to it, and is silent about them without.
  if (findOnPath("shellcheck") === undefined) install("shellcheck", "shellcheck");
});

/** What actionlint says of the workflows, changed. */
function messages(change: (text: string, file: string) => string): string[] {
  const at = mkdtempSync(path.join(folder, "repository-"));
  const own = path.join(at, ".github/workflows");
  mkdirSync(path.join(at, ".git"));
  mkdirSync(own, { recursive: true });
  cpSync(path.join(checkout, ".github/workflows"), own, { recursive: true });
  for (const file of readdirSync(own)) {
    const text = readFileSync(path.join(own, file), "utf8");
    writeFileSync(path.join(own, file), change(text, file));
  }
  const said = say(actionlint, ["-format", "{{range .}}{{.Filepath}}: {{.Message}}\n{{end}}"], { cwd: at });
  return said.output.split("\n").filter(Boolean);
}

/**
 * actionlint knows the inputs of actions by version, and none by commit. Where it does not know the version yet, the
 * last one that it knows stands in: both have the inputs that are used here.
 */
function byVersion(text: string): string {
  const known: Record<string, string> = { "actions/checkout": "v6", "actions/setup-node": "v6" };
  return text.replace(/uses: (\S+)@[0-9a-f]{40} # (v\d+)\S*/g, (_, name: string, version: string) => {
    return `uses: ${name}@${known[name] ?? version}`;
  });
}

test("actionlint, with shellcheck, has nothing to say of any workflow", () => {
  expect(workflows().length).toBeGreaterThanOrEqual(5);
  expect(messages((text) => text)).toEqual([]);
});

test("every action takes the inputs that it is given", () => {
  expect(messages(byVersion)).toEqual([]);
});

describe("actionlint does look:", () => {
  const broken = (file: string, from: string, to: string) =>
    messages((text, name) => {
      if (name !== file) return byVersion(text);
      expect(text).toContain(from);
      return byVersion(text.replace(from, to));
    });

  test.each([
    ["a word that is none", "nightly.yml", "runs-on:", "run-on:", /unexpected key "run-on"/],
    [
      "a step that does not exist",
      "nightly.yml",
      "steps.drift.outcome",
      "steps.drifts.outcome",
      /property "drifts" is not defined/,
    ],
    [
      "an input that the action does not have",
      "nightly.yml",
      "role-to-assume:",
      "role:",
      /input "role" is not defined/,
    ],
    [
      "an input that the called workflow does not have",
      "deploy.yml",
      "stack: staging",
      "stacks: staging",
      /"stacks" is not defined/,
    ],
    [
      "a job that does not exist",
      "deploy.yml",
      "needs: staging",
      "needs: stagin",
      /needs job "stagin" which does not exist/,
    ],
    ["a schedule that never runs", "nightly.yml", "17 3 * * *", "17 25 * * *", /invalid CRON format/],
    ["a variable without quotes", "comment.yml", '"$RUNNER_TEMP/evidence"', "$RUNNER_TEMP/evidence", /SC2086/],
    [
      "a stranger's text in a command",
      "pull-request.yml",
      "run: npm test",
      `run: echo ${expression("github.head_ref")}`,
      /potentially untrusted/,
    ],
  ])("%s", (_, file, from, to, message) => {
    expect(broken(file, from, to).join("\n")).toMatch(message);
  });
});

test("the judgement that a push to main begins with lets production through", () => {
  const job = workflow("deploy.yml").jobs.judge ?? {};
  const { outcomes, output } = play(job, { folder, real: checkout, only: ["Preview"], env: { STACK: "prod" } });
  expect(outcomes.Preview).toBe("success");
  expect(output).toContain("Holdfast · prod · as of 2026-11-21");
  expect(output).toContain("0 findings");
});

test("every command of Pulumi in workflows and guide has the options that it is given", async () => {
  const { command, env } = await ensurePulumi();
  const helps = new Map<string, string>();
  const unknown = told("pulumi").flatMap(({ where, words, options }) => {
    const [, , ...rest] = words;
    const verbs = rest.slice(0, ["stack", "state"].includes(rest[0] ?? "") ? 2 : 1).join(" ");
    const help =
      helps.get(verbs) ?? say(command, [...verbs.split(" "), "--help"], { env: { ...process.env, ...env } }).output;
    helps.set(verbs, help);
    return options
      .filter((option) => !new RegExp(`${option}[ \\[=]`).test(help))
      .map((option) => `${where}: ${verbs} ${option}`);
  });
  expect(unknown).toEqual([]);
  expect([...helps.keys()].sort()).toEqual([
    "cancel",
    "destroy",
    "import",
    "login",
    "preview",
    "refresh",
    "stack export",
    "stack import",
    "stack init",
    "stack output",
    "state delete",
    "up",
    "version",
  ]);
});
