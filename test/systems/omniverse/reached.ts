import * as fs from "node:fs";
import * as path from "node:path";
import { jobsPath } from "../../support/doubles";

/** A script of a job as text: its functions by name, and what runs when it is called. */
interface Script {
  functions: Map<string, string>;
  body: string;
  sources: string[];
}

function read(file: string): Script {
  const functions = new Map<string, string>();
  const body: string[] = [];
  let name: string | undefined;
  const text = fs.readFileSync(path.join(jobsPath("omniverse"), file), "utf8").replace(/^\s*#.*$/gm, "");
  // A message may tell to begin with a step, and jq and awk have words of their own, that are called as a function is.
  const code = text
    .replace(/\b(die|log) ".*$/gm, "$1")
    .replace(/'[^']*'/g, "''")
    .split("\n");
  for (const line of code) {
    const [, begun, whole] = /^(\w+)\(\) \{(.*)$/.exec(line) ?? [];
    if (begun !== undefined && whole) functions.set(begun, whole);
    else if (begun !== undefined) name = begun;
    else if (line === "}") name = undefined;
    else if (name === undefined) body.push(line);
    else functions.set(name, `${functions.get(name) ?? ""}\n${line}`);
  }
  const sources = body.flatMap((line) => /^source "\$(?:\{JOBS_DIR:-.*\}|JOBS_DIR)\/(\w+\.sh)"/.exec(line)?.[1] ?? []);
  return { functions, body: body.join("\n"), sources };
}

/** Of a script and of all that it sources. */
function whole(file: string, seen = new Set<string>()): Map<string, string> {
  if (seen.has(file) || !fs.existsSync(path.join(jobsPath("omniverse"), file))) return new Map();
  seen.add(file);
  const { functions, sources } = read(file);
  return new Map([...sources.flatMap((one) => [...whole(one, seen)]), ...functions]);
}

/** What is left of a script's body for these variables: of each `case` at its beginning of a line, the arm that fits. */
function taken(body: string, variables: Readonly<Record<string, string>>): string {
  return body.replace(/^case (.+) in\n([\s\S]*?)^esac$/gm, (_, subject: string, arms: string) => {
    const value = subject.replace(/\$(\w+)/g, (_all, name: string) => variables[name] ?? "");
    const all = [...arms.matchAll(/^ {2}(\S+)\)([\s\S]*?);;$/gm)];
    const fits = (pattern: string) =>
      pattern.split("|").some((one) => new RegExp(`^${one.replaceAll("*", ".*")}$`).test(value));
    return all.find(([, pattern = ""]) => fits(pattern))?.[2] ?? "";
  });
}

/** Functions that a job of this command and these variables may call, however deep. */
export function reached(script: string, variables: Readonly<Record<string, string>>): Set<string> {
  const functions = whole(script);
  const found = new Set<string>();
  const calls = (text: string, name: string) =>
    new RegExp(
      `(?:^|[;|&({!]|\\b(?:if|until|while|then|do|else|quickly|in_parallel|wait_until \\S+)) *(?:[A-Z_]+=\\S+ )*${name}\\b(?![(=])`,
      "m",
    ).test(text);
  const follow = (text: string): void => {
    for (const [name, inside] of functions) {
      if (found.has(name) || !calls(text, name)) continue;
      found.add(name);
      follow(inside);
    }
  };
  follow(taken(read(script).body, variables));
  return found;
}
