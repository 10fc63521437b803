import * as fs from "node:fs";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { disruptions } from "../../recovery/objective";
import { type RegisterArgs, rateTerms, spanTerms, statementTerms } from "../../recovery/plan";
import { type ConfigProblem, problemsOf } from "./problems";
import { day, flag, oneOf, some, span, whole, words } from "./settings";

const assumption = z
  .strictObject({
    id: words("omendb-acknowledge"),
    term: oneOf(...spanTerms, ...rateTerms, ...statementTerms),
    assets: some(words("omendb/data"), '["omendb/data"]'),
    disruptions: some(oneOf(...disruptions), '["region"]').optional(),
    path: words("restore-in-secondary").optional(),
    value: span().optional(),
    bytesPerSecond: whole(1, 1e12, 50_000_000).optional(),
    owner: words("platform"),
    reason: words("nobody has measured it yet"),
    drill: words("omendb-drill"),
    expires: day(),
  })
  .superRefine(({ term, value, bytesPerSecond }, context) => {
    const needs = spanTerms.some((one) => one === term)
      ? "value"
      : rateTerms.some((one) => one === term)
        ? "bytesPerSecond"
        : undefined;
    if (needs === "value" && value === undefined) {
      context.addIssue({
        code: "custom",
        path: ["value"],
        message: `must be a duration such as "5m" where term is "${term}"`,
      });
    }
    if (needs === "bytesPerSecond" && bytesPerSecond === undefined) {
      context.addIssue({
        code: "custom",
        path: ["bytesPerSecond"],
        message: `must be a number where term is "${term}"`,
      });
    }
  });

const waiver = z.strictObject({
  rule: words("rpo-is-met"),
  asset: words("omendb/data"),
  disruption: oneOf(...disruptions).optional(),
  owner: words("platform"),
  reason: words("why it is accepted"),
  ticket: words("OPS-123"),
  expires: day(),
});

const drillRecord = z.strictObject({
  id: words("omendb-2026-11"),
  asset: words("omendb/data"),
  path: words("restore-in-secondary"),
  date: day(),
  took: span(),
  bytes: whole(0, Number.MAX_SAFE_INTEGER, 3_400_000_000),
  verified: flag(),
});

const registerFile = z.strictObject({
  assumptions: z.array(assumption).default([]),
  waivers: z.array(waiver).default([]),
  drills: z.array(drillRecord).default([]),
});

/** What register files say; sites come from the configuration. */
export type RegisterEntries = Omit<RegisterArgs, "sites">;

/** Reads register files (YAML or JSON) below `root`, in order; every problem at once. */
export function readRegister(
  root: string,
  files: readonly string[],
): { entries: RegisterEntries; problems: ConfigProblem[] } {
  const entries: RegisterEntries = { assumptions: [], waivers: [], drills: [] };
  const problems: ConfigProblem[] = [];
  for (const file of files) {
    const { value, problem } = load(root, file);
    if (problem !== undefined) {
      problems.push({ key: file, message: problem });
      continue;
    }
    const read = registerFile.safeParse(value);
    if (!read.success) {
      problems.push(
        ...problemsOf(
          registerFile,
          value,
          (keys) => `${file}: ${pathText(keys)}`,
          () => false,
        ),
      );
      continue;
    }
    entries.assumptions.push(...(read.data.assumptions as RegisterEntries["assumptions"]));
    entries.waivers.push(...(read.data.waivers as RegisterEntries["waivers"]));
    entries.drills.push(...read.data.drills);
  }
  return { entries, problems: [...problems, ...repeated(entries)] };
}

/** Prints a path into nested settings: `assumptions[3].expires`. */
export function pathText(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

function load(root: string, file: string): { value?: unknown; problem?: string } {
  let text: string;
  try {
    text = fs.readFileSync(path.resolve(root, file), "utf8");
  } catch {
    return { problem: "must be a file of the project, but cannot be read" };
  }
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) return { problem: `must be YAML or JSON: ${error.message.split("\n")[0]}` };
  return { value: document.toJS() ?? {} };
}

function repeated({ assumptions, drills }: RegisterEntries): ConfigProblem[] {
  const seen = new Set<string>();
  return [...assumptions, ...drills].flatMap(({ id }) => {
    const again = seen.has(id);
    seen.add(id);
    return again
      ? [{ key: `register entry ${id}`, message: "must have an id of its own, but two entries have this one" }]
      : [];
  });
}
