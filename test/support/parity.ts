import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { judge } from "../../policies/judge";
import { loadGraph } from "../../preview/offline";
import type { Assessment, Finding, Note } from "../../recovery";
import { type EngineResult, runEngine } from "./engine/run";

/** The repository. */
export const root = resolve(__dirname, "../..");

/** The day every parity test judges at. */
export const judgedOn = "2026-11-21";

/** What both engines must agree on. */
export interface Judged {
  assessments: Assessment[];
  findings: Finding[];
  notes: Note[];
}

/** A program and the stack to judge. */
export interface Subject {
  /** Folder of its Pulumi.yaml. */
  program: string;
  stack: string;
}

/** The judgement of the offline engine. */
export async function judgedOffline({ program, stack }: Subject): Promise<Judged> {
  const { graph } = await loadGraph({ program, stack });
  return plain(judge(graph, Date.parse(judgedOn) / 1_000));
}

/** The judgement of the pack inside the real Pulumi engine, at preview. */
export async function judgedByEngine({ program, stack }: Subject): Promise<Judged & { run: EngineResult }> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-parity-"));
  try {
    const out = join(folder, "judgement.json");
    const run = await runEngine({
      program,
      stack,
      config: {},
      configFile: join(program, `Pulumi.${stack}.yaml`),
      policyPack: join(root, "policies"),
      policyConfig: { holdfast: { asOf: judgedOn, out } },
      operation: "preview",
    });
    return { ...plain(JSON.parse(readFileSync(out, "utf8"))), run };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function plain({ assessments, findings, notes }: Judged): Judged {
  return JSON.parse(JSON.stringify({ assessments, findings, notes })) as Judged;
}
