import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { json } from "../../evidence";
import { judge } from "../../policies/judge";
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

const told = (stack: string) => JSON.stringify({ tool: { name: "holdfast", schemaVersion: 1 }, stack });

describe("what judged a deployment", () => {
  test("is the hash of the evidence's bytes, named from the program's folder", () => {
    const text = `${told("prod")}\n`;
    fileOf("evidence.json", text);
    const hash = createHash("sha256").update(text).digest("hex");
    expect(judgedBy({ stack: "prod", root: folder, file: "evidence.json" })).toBe(`sha256:${hash}`);
    fileOf("evidence.json", told("prod"));
    expect(judgedBy({ stack: "prod", root: folder, file: "evidence.json" })).not.toBe(`sha256:${hash}`);
  });

  test.each([[undefined], [""]])("is nothing where no evidence is named: %s", (file) => {
    vi.stubEnv("HOLDFAST_EVIDENCE", file);
    expect(judgedBy({ stack: "prod", root: folder })).toBe("not judged");
  });

  test.each([
    ["does not exist", "absent.json", undefined, "which does not exist"],
    ["is a folder", ".", undefined, "which cannot be read (EISDIR)"],
    ["is empty", "empty.json", "", "which is no evidence"],
    ["is another tool's", "other.json", '{"tool":{"name":"other"},"stack":"prod"}', "which is no evidence"],
    ["is no object", "null.json", "null", "which is no evidence"],
    ["names no stack", "nameless.json", '{"tool":{"name":"holdfast"}}', "which is no evidence"],
    ["is of another stack", "staging.json", told("staging"), "which judged stack staging"],
  ])("is never a file that %s", (_title, file, text, why) => {
    if (text !== undefined) fileOf(file, text);
    const judged = () => judgedBy({ stack: "prod", root: folder, file });
    expect(judged).toThrow(ConfigError);
    expect(judged).toThrow(
      [
        "The environment has 1 problem:",
        `  HOLDFAST_EVIDENCE   must name the evidence of stack prod, got "${file}", ${why}; npx holdfast preview --stack prod writes .holdfast/prod/evidence.json`,
      ].join("\n"),
    );
  });
});

describe("production", () => {
  const evidenceOf = ({ graph }: Loaded) =>
    json(judge(graph, asOf), { stack: "prod", program: ".", asOf, engine: "offline" });
  const load = () => loadGraph({ program: checkout, stack: "prod" });
  let before: Loaded;

  beforeAll(async () => {
    before = await load();
  });

  test("says that nothing judged it while nothing has", () => {
    expect(before.outputs.evidence).toBe("not judged");
  });

  test("names its evidence once there is some, which is the same whether it is named or not", async () => {
    const text = evidenceOf(before);
    vi.stubEnv("HOLDFAST_EVIDENCE", fileOf("prod.json", text));
    const after = await load();
    expect(after.outputs.evidence).toBe(`sha256:${createHash("sha256").update(text).digest("hex")}`);
    expect(evidenceOf(after)).toBe(text);
  });

  test("does not run where the evidence that is named is not there", async () => {
    vi.stubEnv("HOLDFAST_EVIDENCE", "absent.json");
    await expect(load()).rejects.toThrow("HOLDFAST_EVIDENCE   must name the evidence of stack prod");
  });
});
