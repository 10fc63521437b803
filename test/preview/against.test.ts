import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Readable } from "node:stream";
// What a command needs it loads when it runs, as Node with tsx does.
import "tsx/cjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../preview/main";
import { asOf } from "../recovery/build";
import { checkout } from "./programs";

const home = path.join(checkout, ".holdfast", "tests");
mkdirSync(home, { recursive: true });
const folder = mkdtempSync(path.join(home, "against-"));
const program = path.join(folder, "deploy");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const objective = (rpo: string) => ({ rpo, rto: "2h", owner: "shop", reason: "agreed" });

/** A shop whose orders are dumped by a CronJob; no cloud SDK, which takes a second to import. */
function shop(rpo: string, schedule: string): string {
  const objectives = JSON.stringify({ region: objective(rpo), zone: objective("50h") });
  return `import * as pulumi from "@pulumi/pulumi";
class Thing extends pulumi.CustomResource {}
const cluster = new Thing("pulumi:providers:kubernetes", "eu", { context: "eu" });
new Thing("kubernetes:apps/v1:Deployment", "orders", {
  metadata: { name: "orders", annotations: { "holdfast.dev/asset": "shop/orders", "holdfast.dev/objectives": ${JSON.stringify(objectives)} } },
  spec: { replicas: 1, template: { spec: { containers: [] } } },
});
new Thing("kubernetes:batch/v1:CronJob", "dump", {
  metadata: { name: "dump", annotations: { "holdfast.dev/role": "full", "holdfast.dev/protects": "shop/orders", "holdfast.dev/copies-to": "shop-dumps" } },
  spec: { schedule: ${JSON.stringify(schedule)}, timeZone: "Etc/UTC", startingDeadlineSeconds: 60, concurrencyPolicy: "Forbid", jobTemplate: { spec: { activeDeadlineSeconds: 600, template: { spec: { containers: [{ name: "dump", env: [{ name: "BUCKET", value: "shop-dumps" }] }] } } } } },
});
new Thing("aws:s3/bucket:Bucket", "dumps", { bucket: "shop-dumps" });
`;
}

function git(...args: string[]): string {
  const who = ["-c", "user.name=shop", "-c", "user.email=shop@example.com", "-c", "init.defaultBranch=main"];
  return execFileSync("git", ["-C", folder, ...who, ...args], { encoding: "utf8" }).trim();
}

function written(files: Record<string, string>): void {
  mkdirSync(program, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
}

async function holdfast(...args: string[]) {
  const said = { stdout: "", stderr: "" };
  const out = (name: keyof typeof said) => ({ write: (text: string) => (said[name] += text) });
  const code = await run(args, {
    stdin: Readable.from([]),
    stdout: out("stdout"),
    stderr: out("stderr"),
    now: () => asOf,
  });
  return { code, ...said };
}

const preview = (...args: string[]) =>
  holdfast("preview", "--program", program, "--out", path.join(folder, "out"), ...args);

async function comparedWith(base: string, ...args: string[]) {
  const { stdout, stderr } = await preview("--against", base, "--format", "json", ...args);
  return { ...JSON.parse(stdout || "{}").comparison, stderr };
}

const names = (changes: { direction: string; what: string; name: string }[]) =>
  changes.map(({ direction, what, name }) => `${direction}: ${what} · ${name}`).sort();

let first = "";
beforeAll(async () => {
  written({ "deploy/Pulumi.yaml": "name: shop\nruntime: nodejs\n", "deploy/Pulumi.prod.yaml": "config: {}\n" });
  git("init", "--quiet");
  git("commit", "--quiet", "--allow-empty", "-m", "nothing yet");
  git("tag", "empty");
  written({ "deploy/index.ts": shop("50h", "0 2 * * *") });
  git("add", "deploy");
  git("commit", "--quiet", "-m", "dumps");
  first = git("rev-parse", "HEAD");
  git("tag", "good");
  await preview();
  writeFileSync(path.join(folder, "good.json"), readFileSync(path.join(folder, "out", "evidence.json")));
  writeFileSync(path.join(folder, "plan.json"), readFileSync(path.join(folder, "out", "plan.json")));
  written({ "deploy/index.ts": "throw new Error('half a change');\n" });
  git("commit", "--quiet", "-am", "broken");
  git("tag", "broken");
  written({ "deploy/index.ts": shop("60h", "0 2 * * 0"), "deploy/Pulumi.staging.yaml": "config: {}\n" });
});

const expected = {
  promises: ["weaker: RPO relaxed · shop/orders"],
  protections: ["weaker: schedule made rarer · dump"],
};

describe("a program is compared", () => {
  test.each([
    ["with a git ref", "good", () => `good (${first.slice(0, 7)})`],
    ["with a commit", "HEAD~1", () => `HEAD~1 (${first.slice(0, 7)})`],
    [
      "with an evidence file",
      path.join(folder, "good.json"),
      () => expect.stringMatching(/good\.json \(prod of 2026-11-21\)$/),
    ],
    ["with a plan file", path.join(folder, "plan.json"), () => expect.stringMatching(/plan\.json$/)],
  ])("%s", async (_, base, label) => {
    const { against, promises, protections, outcomes, turns } = await comparedWith(base);
    expect(against).toMatchObject({ label: label(), isNew: false });
    expect({ promises: names(promises), protections: names(protections) }).toEqual(expected);
    expect(outcomes.length + turns.length).toBeGreaterThan(0);
  });

  test("with itself, and nothing has changed, whatever the day and the commit are", async () => {
    await preview("--as-of", "2026-10-01");
    for (const base of [path.join(folder, "out", "evidence.json"), path.join(folder, "out", "plan.json")]) {
      const same = await comparedWith(base, "--as-of", "2026-12-01");
      expect(same).toMatchObject({
        outcomes: [],
        promises: [],
        protections: [],
        turns: [],
        findings: { added: [], gone: [] },
      });
    }
  });

  test("as the base would stand on the day of the judgement: what has ended does not count", async () => {
    const file = path.join(folder, "waived.json");
    const evidence = JSON.parse(readFileSync(path.join(folder, "good.json"), "utf8"));
    const said = { rule: "rpo-is-met", asset: "shop/orders", owner: "shop", reason: "soon", ticket: "OPS-1" };
    evidence.plan.register.waivers = [{ ...said, expires: "2026-12-01" }];
    writeFileSync(file, JSON.stringify(evidence));
    const waivers = async (...args: string[]) => names((await comparedWith(file, ...args)).promises);
    expect(await waivers("--as-of", "2026-11-30")).toContain("stronger: waiver removed · rpo-is-met of shop/orders");
    expect(await waivers("--as-of", "2026-12-02")).toEqual(expected.promises);
  });

  test("with its rules where the base names them", async () => {
    expect((await comparedWith(path.join(folder, "good.json"))).against.rulesCompared).toBe(true);
    expect((await comparedWith(path.join(folder, "plan.json"))).against.rulesCompared).toBe(false);
    const evidence = JSON.parse(readFileSync(path.join(folder, "good.json"), "utf8"));
    evidence.rules = [...evidence.rules, { name: "dumps-are-encrypted", level: "mandatory" }];
    writeFileSync(path.join(folder, "stricter.json"), JSON.stringify(evidence));
    const { promises } = await comparedWith(path.join(folder, "stricter.json"));
    expect(names(promises)).toContain("weaker: rule removed · dumps-are-encrypted");
  });

  test("with what has nothing of it: everything is new", async () => {
    const { stdout } = await preview("--against", "empty", "--format", "markdown");
    expect(stdout).toMatch(/^\*\*Everything here is new: empty \([0-9a-f]{7}\) has nothing of it\*\*\n/);
    expect((await comparedWith("good", "--stack", "staging")).against.isNew).toBe(true);
  });

  test("and the report comes first; the exit code is that of the judgement alone", async () => {
    const { code, stdout, stderr } = await preview("--against", "good");
    const alone = await preview();
    expect(stdout).toMatch(/^Holdfast · prod/);
    expect(stdout).toContain("✗ RPO relaxed · shop/orders · region: 50h → 60h");
    expect([code, stderr]).toEqual([alone.code, ""]);
  });

  test("and the repository stays as it was", async () => {
    const state = () => [
      git("status", "--porcelain"),
      git("stash", "list"),
      git("branch", "--all"),
      git("worktree", "list"),
    ];
    const before = [state(), readdirSync(tmpdir()).filter((name) => name.startsWith("holdfast-base-"))];
    await comparedWith("good");
    await comparedWith("broken");
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith("holdfast-base-"));
    expect([state(), left.filter((name) => !before[1]?.includes(name))]).toEqual([before[0], []]);
  });
});

describe("a base that cannot be read is refused in one message", () => {
  test.each<[string, string, RegExp]>([
    [
      "no file and no ref",
      "god",
      /^--against god: there is no such file, nor a git ref; did you mean good\?; e\.g\. --against origin\/main/,
    ],
    ["nothing near", "no/such/branch", /^--against no\/such\/branch: there is no such file, nor a git ref; e\.g\./],
    [
      "an option",
      "--upload-pack=x",
      /^option '--against <base>' argument missing|there is no such file, nor a git ref/,
    ],
    [
      "a program that does not run",
      "broken",
      /^--against broken: the program of [0-9a-f]{7} does not run: deploy\/index\.ts:\d+: half a change\n$/,
    ],
  ])("%s", async (_, base, message) => {
    const { code, stdout, stderr } = await preview(`--against=${base}`);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("evidence of an older version", async () => {
    const { plan: _, ...older } = JSON.parse(readFileSync(path.join(folder, "good.json"), "utf8"));
    writeFileSync(path.join(folder, "older.json"), JSON.stringify(older));
    const { code, stderr } = await preview("--against", path.join(folder, "older.json"));
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(
        /older\.json holds no plan and no rules: it is the evidence of an older version; write it again/,
      ),
    ]);
  });

  test("evidence whose plan was edited", async () => {
    const evidence = JSON.parse(readFileSync(path.join(folder, "good.json"), "utf8"));
    evidence.plan.assets[0].kind = 3;
    writeFileSync(path.join(folder, "edited.json"), JSON.stringify(evidence));
    const { code, stderr } = await preview("--against", path.join(folder, "edited.json"));
    expect([code, stderr]).toEqual([2, expect.stringMatching(/edited\.json has \d+ problems?:\n/)]);
  });

  test("a shallow clone", async () => {
    const clone = path.join(folder, "clone");
    execFileSync("git", ["clone", "--quiet", "--depth=1", `file://${folder}`, clone]);
    writeFileSync(path.join(clone, "deploy/index.ts"), shop("50h", "0 2 * * *"));
    const { code, stderr } = await holdfast(
      "preview",
      "--program",
      path.join(clone, "deploy"),
      "--out",
      path.join(folder, "out"),
      "--against",
      "HEAD~1",
    );
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(
        /there is no such file, and the clone is shallow: fetch the base first, e\.g\. git fetch --unshallow/,
      ),
    ]);
  });
});
