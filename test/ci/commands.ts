import { readFileSync } from "node:fs";
import * as path from "node:path";
import { checkout, workflows } from "./workflow";

/** A command that a workflow runs or the guide tells a reader to run. */
export interface Told {
  where: string;
  /** Its words, without the redirections behind it. */
  words: string[];
  /** Its long options, without their values. */
  options: string[];
}

/** Every command of `npx <name>` in workflows and in the guide. */
export function told(name: string): Told[] {
  const guide = readFileSync(path.join(checkout, "docs/ci.md"), "utf8");
  const texts = [
    ...workflows().map(({ file, jobs }) => ({
      where: file,
      text: Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run = "" }) => run.split("\n"))),
    })),
    {
      where: "docs/ci.md",
      text: guide.split("\n").concat([...guide.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, code = ""]) => code)),
    },
  ];
  return texts.flatMap(({ where, text }) =>
    text
      .map((line) => line.trim())
      .filter((line) => line.startsWith(`npx ${name} `))
      .map((line) => {
        // `-C` only says in which folder.
        const words = (line.split(/ [|>#]/)[0] ?? "").replace(/ -C \S+/, "").split(/\s+/);
        return { where, words, options: words.flatMap((word) => /^--[a-z-]+/.exec(word)?.[0] ?? []) };
      }),
  );
}
