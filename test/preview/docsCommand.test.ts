import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { docs } from "../../preview/docsCommand";

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "holdfast-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const generators = [{ file: "docs/rules.md", text: () => "# Rules\n" }];

function world() {
  const said = { stdout: "", stderr: "" };
  const out = (name: keyof typeof said) => ({
    write: (text: string) => {
      said[name] += text;
    },
  });
  return { said, stdin: Readable.from([]), stdout: out("stdout"), stderr: out("stderr"), now: () => 0 };
}

test("writes what differs and names it, then nothing more", async () => {
  const first = world();
  expect(await docs({ check: false }, root, first, generators)).toBe(0);
  expect(readFileSync(path.join(root, "docs/rules.md"), "utf8")).toBe("# Rules\n");
  expect(first.said.stdout).toBe("docs/rules.md\n");
  const second = world();
  await docs({ check: false }, root, second, generators);
  expect(second.said.stdout).toBe("");
});

test("--check names a missing and a stale file, with exit code 1, and writes nothing", async () => {
  const missing = world();
  expect(await docs({ check: true }, root, missing, generators)).toBe(1);
  expect(missing.said.stderr).toBe("docs/rules.md is not what the code says; run: npx holdfast docs\n");
  await docs({ check: false }, root, world(), generators);
  writeFileSync(path.join(root, "docs/rules.md"), "# Old\n");
  expect(await docs({ check: true }, root, world(), generators)).toBe(1);
  expect(readFileSync(path.join(root, "docs/rules.md"), "utf8")).toBe("# Old\n");
});

test("--check is content with fresh files", async () => {
  await docs({ check: false }, root, world(), generators);
  expect(await docs({ check: true }, root, world(), generators)).toBe(0);
});
