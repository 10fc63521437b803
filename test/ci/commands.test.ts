import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { Readable } from "node:stream";
// What a command needs it loads when it runs, as Node with tsx does.
import "tsx/cjs";
import { expect, test } from "vitest";
import { run } from "../../preview/main";
import { told } from "./commands";
import { checkout } from "./workflow";

async function helpOf(command: string): Promise<string> {
  let help = "";
  const out = {
    write: (text: string) => {
      help += text;
    },
  };
  await run([command, "--help"], { stdin: Readable.from([]), stdout: out, stderr: out, now: () => 0 });
  return help;
}

const all = told("holdfast").filter(({ options }) => options.length > 0);

test.each(all.map(({ where, words, options }) => [where, words.slice(1).join(" "), words[2] ?? "", options] as const))(
  "%s: %s has the options that it is given",
  async (_, __, command, options) => {
    const help = await helpOf(command);
    expect(options.filter((option) => !new RegExp(`^ *${option} `, "m").test(help))).toEqual([]);
  },
);

test("these are commands of workflows and of the guide, with every option that pull requests need", () => {
  expect(new Set(all.map(({ where }) => where)).size).toBeGreaterThanOrEqual(5);
  expect([...new Set(all.flatMap(({ options }) => options))].sort()).toEqual([
    "--against",
    "--as-of",
    "--engine",
    "--stack",
    "--state",
  ]);
});

test("every page that the guide links to is there", () => {
  const guide = readFileSync(path.join(checkout, "docs/ci.md"), "utf8");
  const links = [...guide.matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, link = ""]) => link);
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((link) => !existsSync(path.join(checkout, "docs", link)))).toEqual([]);
});
