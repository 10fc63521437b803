import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import type { Judgement } from "../recovery/finding";
import { type PlanFile, type PlanProblem, readPlanFile, writePlan } from "../recovery/plan/file";
import { BadInput } from "./badInput";
import { shown } from "./project";

/** Reads a plan from a file, YAML or JSON by what is in it; throws `BadInput` with every problem. */
export function loadPlan(file: string): PlanFile {
  const name = shown(file);
  const plan = readPlanFile(parse(textOf(file, name), name), name);
  if (!Array.isArray(plan)) return plan;
  throw new BadInput(describeProblems(name, plan));
}

/** Every problem of a file on a line of its own: where it is, and beside it what is wrong. */
export function describeProblems(file: string, problems: readonly PlanProblem[]): string {
  const widest = Math.max(0, ...problems.map(({ path }) => path.length).filter((length) => length <= 60));
  const lines = problems.map(({ path, problem }) => `  ${path.padEnd(widest)}   ${problem}`);
  return [`${file} has ${problems.length} problem${problems.length === 1 ? "" : "s"}:`, ...lines].join("\n");
}

/** A judged plan with what was found where it was read, so that `assess` gives the same verdicts, findings and notes. */
export function planJson({ plan, resources, problems }: Judgement): string {
  return `${JSON.stringify(writePlan(plan, { resources, problems }), undefined, 2)}\n`;
}

const readErrors: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "it may not be read",
};

function textOf(file: string, name: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new BadInput(`${name} cannot be read: ${readErrors[code] ?? code}; e.g. --plan .holdfast/prod/plan.json`);
  }
}

/** What `preview` wrote is JSON, which is read fast; YAML's reader also finds settings that are written twice, and names lines. */
function parse(text: string, name: string): unknown {
  const json = /^\s*\{/.test(text) ? parseJson(text) : undefined;
  const written = typeof json === "object" && json !== null && Object.hasOwn(json, "observed");
  return written ? json : parseYaml(text, name);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseYaml(text: string, name: string): unknown {
  try {
    const document = parseDocument(text, { merge: true, stringKeys: true });
    const [error] = [...document.errors, ...document.warnings];
    if (error === undefined) return document.toJS();
    const at = error.linePos?.[0];
    const said = error.message.split("\n")[0]?.replace(/ at line .*$/, "");
    throw new BadInput(`${name}${at ? `:${at.line}:${at.col}` : ""} is neither YAML nor JSON: ${said}`);
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(`${name} is neither YAML nor JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
