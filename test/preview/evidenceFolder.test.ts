import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkWritable, writeAll } from "../../preview/evidenceFolder";

let home = "";
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "holdfast-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test("makes the folder and leaves nothing else in it", () => {
  const folder = path.join(home, "a/b");
  writeAll(folder, { "one.txt": "1", "two.txt": "2" });
  expect(readdirSync(folder).sort()).toEqual(["one.txt", "two.txt"]);
  expect(readFileSync(path.join(folder, "two.txt"), "utf8")).toBe("2");
});

test("replaces its own files and keeps those of others", () => {
  writeFileSync(path.join(home, "one.txt"), "old");
  writeFileSync(path.join(home, "other.txt"), "other");
  writeAll(home, { "one.txt": "new" });
  expect(readFileSync(path.join(home, "one.txt"), "utf8")).toBe("new");
  expect(readFileSync(path.join(home, "other.txt"), "utf8")).toBe("other");
});

test("writes none of the files where one cannot be written", () => {
  mkdirSync(path.join(home, "two.txt"));
  expect(() => writeAll(home, { "one.txt": "1", "two.txt": "2" })).toThrow(/two\.txt is a folder; e\.g\. --out/);
  expect(readdirSync(home)).toEqual(["two.txt"]);
});

test("a folder below a file is refused before any work is done", () => {
  writeFileSync(path.join(home, "file"), "");
  expect(() => checkWritable(path.join(home, "file/a/b"))).toThrow(/^--out .* cannot be written: .*file is a file/);
  expect(() => checkWritable(path.join(home, "a/b"))).not.toThrow();
  expect(readdirSync(home)).toEqual(["file"]);
});

test("a file system that refuses folders is refused, and does not hang", () => {
  expect(() => writeAll("/proc/holdfast", { "one.txt": "1" })).toThrow(/^--out .* cannot be written: ENOENT/);
});
