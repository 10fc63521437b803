import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const folder = join(__dirname, "../../docs/runbooks");
const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"));

/** Every block of commands of a page, those inside lists as well. */
function commandsOf(file: string): string[] {
  const blocks = readFileSync(join(folder, file), "utf8").matchAll(/^( *)```sh\n(.*?)^\1```/gms);
  return [...blocks].map(([, indent = "", block = ""]) => block.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
}

describe("commands of the runbook pages", () => {
  test("are there on most pages", () => {
    expect(pages.filter((file) => commandsOf(file).length > 0).length).toBeGreaterThan(pages.length / 2);
  });

  test.each(pages)("of %s can be pasted: what is to be filled in opens no file", (file) => {
    for (const block of commandsOf(file)) {
      execFileSync("bash", ["-n"], { input: block, stdio: ["pipe", "pipe", "pipe"] });
      // Outside quotes < and > redirect.
      const unquoted = block.replaceAll(/\\.|'[^']*'|"(?:\\.|[^"\\])*"|#.*/g, "");
      expect(unquoted.match(/<[a-z][^<>|;&]*>/g) ?? []).toEqual([]);
    }
  });
});
