import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import type { Against } from "../evidence";
import { judge, judgePlan } from "../policies/judge";
import { compareJudgements, type Side } from "../recovery/compare";
import type { Judgement, RuleLevel } from "../recovery/finding";
import { currentPlan, type PlanFile, readPlanFile } from "../recovery/plan/file";
import { BadInput } from "./badInput";
import { describe } from "./failure";
import { type Checkout, checkOut } from "./gitRef";
import { loadGraph } from "./offline";
import { describeProblems, loadPlan } from "./planFile";
import { withFreshModules } from "./program";
import { shown } from "./project";

/** What a program is compared with, judged as the program itself is: by the same rules, on the same day. */
export interface Base {
  label: string;
  commit?: string;
  /** There was no such stack. */
  isNew: boolean;
  side: Side;
}

/** The program whose base is asked for. */
export interface Subject {
  program: string;
  stack: string;
  /** Seconds since 1970. */
  asOf: number;
}

/** Compares a judgement with an evidence or plan file, or with the same program at a git ref. */
export async function comparedWith(against: string, subject: Subject, judgement: Judgement): Promise<Against> {
  const { side, ...base } = await baseOf(against, subject);
  const comparison = compareJudgements(side, judgement, subject.asOf);
  return { ...base, rulesCompared: side.rules !== undefined, comparison };
}

/** Reads a base: what is a file is taken for one, everything else for a git ref. */
export async function baseOf(against: string, subject: Subject): Promise<Base> {
  return existsSync(against) && statSync(against).isFile() ? fromFile(against, subject) : fromRef(against, subject);
}

function fromFile(file: string, { asOf }: Subject): Base {
  const name = shown(path.resolve(file));
  const evidence = evidenceIn(file);
  if (evidence === undefined) {
    return { label: name, isNew: false, side: sideOf(loadPlan(file), asOf) };
  }
  const { plan, rules, commit, stack, asOf: on } = evidence;
  if (plan === undefined || !Array.isArray(rules)) {
    throw new BadInput(
      `${name} holds no plan and no rules: it is the evidence of an older version; write it again with holdfast preview, or compare with a git ref, e.g. --against origin/main`,
    );
  }
  const read = readPlanFile(plan, name);
  if (Array.isArray(read)) throw new BadInput(describeProblems(name, read));
  const said = [typeof stack === "string" ? stack : "", typeof on === "string" ? `of ${on.slice(0, 10)}` : ""];
  return {
    label: `${name} (${said.filter((part) => part !== "").join(" ")})`,
    ...(typeof commit === "string" ? { commit } : {}),
    isNew: false,
    side: {
      ...sideOf(read, asOf),
      rules: rules.filter(isRule).map(({ name: rule, level }) => ({ name: rule, level })),
    },
  };
}

interface EvidenceFile {
  plan?: unknown;
  rules?: unknown;
  commit?: unknown;
  stack?: unknown;
  asOf?: unknown;
}

/** The evidence in a file; undefined where it is none, but a plan. */
function evidenceIn(file: string): EvidenceFile | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof value === "object" && value !== null && "assessments" in value ? (value as EvidenceFile) : undefined;
  } catch {
    return undefined;
  }
}

/** A plan as it stands on the day of the judgement, so that time passing is no change. */
function sideOf(file: PlanFile, asOf: number): Side {
  const { plan, problems } = currentPlan(file, asOf);
  const { rules: _, ...side } = judgePlan(
    { plan, problems: [...(file.observed?.problems ?? []), ...problems], asOf },
    0,
  );
  return side;
}

async function fromRef(ref: string, { program, stack, asOf }: Subject): Promise<Base> {
  const checkout = await checkOut(ref, program);
  const commit = checkout.commit.slice(0, 7);
  try {
    const side = await sideAt(checkout, stack, asOf);
    const nothing: Side = { plan: judge({ resources: [] }, asOf).plan, assessments: [], findings: [] };
    const base = { label: `${ref} (${commit})`, commit: checkout.commit };
    return { ...base, isNew: side === undefined, side: side ?? nothing };
  } catch (error) {
    const roots = [realpathSync(checkout.root), checkout.root];
    // A path from here may end with the whole one.
    const said = [...roots.map(shown), ...roots].reduce(
      (text, root) => text.replaceAll(`${root}${path.sep}`, ""),
      describe(error, false).replace(/\nRun it again with --debug.*$/s, ""),
    );
    throw new BadInput(`--against ${ref}: the program of ${commit} does not run: ${said}`);
  } finally {
    checkout.remove();
  }
}

/** Undefined where there was no such program, or no such stack of it, yet. */
async function sideAt({ root, folder }: Checkout, stack: string, asOf: number): Promise<Side | undefined> {
  if (!["yaml", "yml"].some((end) => existsSync(path.join(folder, `Pulumi.${end}`)))) return undefined;
  const loaded = await loadGraph({ program: folder, stack }).catch((error: unknown) => {
    if (isNoStack(error)) return undefined;
    throw error;
  });
  if (loaded === undefined) return undefined;
  const { rules: _, ...side } = judge(loaded.graph, asOf);
  const rules = await rulesAt(root);
  return { ...side, ...(rules === undefined ? {} : { rules }) };
}

function isNoStack(error: unknown): boolean {
  return error instanceof BadInput && error.message.startsWith("there is no stack ");
}

/** The rules of a base that keeps them beside its program, as this project does. */
async function rulesAt(root: string): Promise<RuleLevel[] | undefined> {
  const file = path.join(root, "policies", "rules.ts");
  if (!existsSync(file)) return undefined;
  const { rules } = await withFreshModules(async () => createRequire(file)(file) as { rules?: unknown });
  if (!Array.isArray(rules) || !rules.every(isRule)) return undefined;
  return rules.map(({ name, level }) => ({ name, level }));
}

function isRule(value: unknown): value is RuleLevel {
  if (typeof value !== "object" || value === null || !("name" in value) || !("level" in value)) return false;
  return typeof value.name === "string" && (value.level === "mandatory" || value.level === "advisory");
}
