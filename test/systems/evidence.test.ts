import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { json } from "../../evidence";
import { judge } from "../../policies/judge";
import { commitOf } from "../../preview/commit";
import { type Loaded, loadGraph } from "../../preview/offline";
import { ConfigError } from "../../systems/config";
import { judgedBy } from "../../systems/evidence";

const checkout = path.resolve(__dirname, "../..");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-evidence-"));
const asOf = Date.UTC(2026, 10, 21) / 1000;

afterEach(() => vi.unstubAllEnvs());
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, text: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

const git = (...args: string[]) =>
  execFileSync("git", ["-C", folder, "-c", "user.name=one", "-c", "user.email=one@example.com", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
let commit = "";

/** Makes the folder a repository with one file in one commit. */
beforeAll(() => {
  git("init");
  fileOf("program.ts", "one");
  git("add", "program.ts");
  git("commit", "--message", "one");
  commit = git("rev-parse", "HEAD");
});

const told = (changes: object = {}) =>
  JSON.stringify({
    tool: { name: "holdfast", schemaVersion: 1 },
    stack: "prod",
    commit,
    summary: { findings: { mandatory: 0, advisory: 1, waived: 0 } },
    ...changes,
  });

describe("what judged a deployment", () => {
  const judged = (file: string) => judgedBy({ stack: "prod", root: folder, file });

  test("is the hash of the evidence's bytes, named from the program's folder", () => {
    const text = `${told()}\n`;
    fileOf("evidence.json", text);
    const hash = createHash("sha256").update(text).digest("hex");
    expect(judged("evidence.json")).toBe(`sha256:${hash}`);
    fileOf("evidence.json", told());
    expect(judged("evidence.json")).toMatch(/^sha256:/);
    expect(judged("evidence.json")).not.toBe(`sha256:${hash}`);
  });

  test.each([[undefined], [""]])("is nothing where no evidence is named: %s", (file) => {
    vi.stubEnv("HOLDFAST_EVIDENCE", file);
    expect(judgedBy({ stack: "prod", root: folder })).toBe("not judged");
  });

  test("is nobody where evidence names no commit, or the program is in none", () => {
    fileOf("evidence.json", told({ commit: undefined }));
    expect(judged("evidence.json")).toBe("not judged: the commit is not known");
    const outside = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-outside-"));
    const file = fileOf("evidence.json", told());
    expect(judgedBy({ stack: "prod", root: outside, file })).toBe("not judged: the commit is not known");
    fs.rmSync(outside, { recursive: true });
  });

  test("is nobody where files differ from the commit: they may differ from what was judged", () => {
    fileOf("program.ts", "two");
    fileOf("evidence.json", told({ commit: `${commit}-dirty` }));
    const said = judged("evidence.json");
    fileOf("program.ts", "one");
    expect(said).toBe(`not judged: files differ from commit ${commit}`);
  });

  const other = "0123456789abcdef0123456789abcdef01234567";
  test.each<[string, string, (() => string) | undefined, string]>([
    ["does not exist", "absent.json", undefined, "which does not exist"],
    ["is a folder", ".", undefined, "which cannot be read (EISDIR)"],
    ["is empty", "empty.json", () => "", "which is no evidence"],
    ["is another tool's", "other.json", () => told({ tool: { name: "other" } }), "which is no evidence"],
    ["is no object", "null.json", () => "null", "which is no evidence"],
    ["names no stack", "nameless.json", () => told({ stack: undefined }), "which is no evidence"],
    ["counts no findings", "countless.json", () => told({ summary: {} }), "which is no evidence"],
    ["is of another stack", "staging.json", () => told({ stack: "staging" }), "which judged stack staging"],
    [
      "found what must not be deployed",
      "missed.json",
      () => told({ summary: { findings: { mandatory: 2 } } }),
      "which has mandatory findings: 2",
    ],
    [
      "is of another commit",
      "older.json",
      () => told({ commit: other }),
      `which judged commit ${other}, and this is COMMIT`,
    ],
  ])("is never a file that %s", (_title, file, text, why) => {
    if (text !== undefined) fileOf(file, text());
    expect(() => judged(file)).toThrow(ConfigError);
    expect(() => judged(file)).toThrow(
      [
        "The environment has 1 problem:",
        `  HOLDFAST_EVIDENCE   must name the evidence of stack prod, got "${file}", ${why.replace("COMMIT", commit)}; where it is not set, npx holdfast preview --stack prod writes .holdfast/prod/evidence.json`,
      ].join("\n"),
    );
  });
});

describe("production", () => {
  let at: string | undefined;
  const evidenceOf = ({ graph }: Loaded) => {
    const meta = { stack: "prod", program: ".", asOf, engine: "offline" } as const;
    return json(judge(graph, asOf), at === undefined ? meta : { ...meta, commit: at });
  };
  const load = () => loadGraph({ program: checkout, stack: "prod" });
  let before: Loaded;

  beforeAll(async () => {
    before = await load();
    at = await commitOf(checkout);
  });

  test("says that nothing judged it while nothing has", () => {
    expect(before.outputs.evidence).toBe("not judged");
  });

  test("names its evidence once there is some, which is the same whether it is named or not", async () => {
    const text = evidenceOf(before);
    vi.stubEnv("HOLDFAST_EVIDENCE", fileOf("prod.json", text));
    const after = await load();
    // Only a whole commit can be named; a checkout with changes is none.
    const hash = `sha256:${createHash("sha256").update(text).digest("hex")}`;
    expect(after.outputs.evidence).toEqual(
      /^[0-9a-f]{40}$/.test(at ?? "") ? hash : expect.stringMatching(/^not judged: /),
    );
    expect(evidenceOf(after)).toBe(text);
  });

  test("does not run where the evidence that is named is not there", async () => {
    vi.stubEnv("HOLDFAST_EVIDENCE", "absent.json");
    await expect(load()).rejects.toThrow("HOLDFAST_EVIDENCE   must name the evidence of stack prod");
  });
});
