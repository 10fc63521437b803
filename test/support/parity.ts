import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { judge } from "../../policies/judge";
import { messageOf } from "../../policies/message";
import { loadGraph } from "../../preview/offline";
import { loadState } from "../../preview/stateFile";
import { stateGraph } from "../../preview/stateGraph";
import type { Assessment, Finding, Note } from "../../recovery";
import { type EngineResult, type EngineRun, runEngines } from "./engine/run";
import type { Behaviour } from "./provider/behaviour";

/** The repository. */
export const root = resolve(__dirname, "../..");

/** The day every parity test judges at. */
export const judgedOn = "2026-11-21";

const asOf = Date.parse(judgedOn) / 1_000;

/** The two ways in which providers check what they are given: they change nothing, or fill in defaults and names. */
export const modes: readonly NonNullable<Behaviour["check"]>[] = ["echo", "filled"];

/** What all engines must agree on. */
export interface Judged {
  assessments: Assessment[];
  findings: Finding[];
  notes: Note[];
}

/** A program and the stack to judge, and what the engine is told beside it. */
export interface Subject extends Partial<Pick<EngineRun, "config" | "provider" | "state">> {
  /** Folder of its Pulumi.yaml. */
  program: string;
  stack: string;
}

/** A violation as the engine reports it, without the description that it puts before the message. */
export interface Reported {
  rule: string;
  level: string;
  message: string;
}

/** The judgement of the offline engine. */
export async function judgedOffline({ program, stack }: Subject): Promise<Judged> {
  const { graph } = await loadGraph({ program, stack });
  return plain(judge(graph, asOf));
}

/** The judgement of a state, as `pulumi stack export` writes it: secrets encrypted. */
export async function judgedFromState(file: string): Promise<Judged> {
  const { graph } = stateGraph(await loadState(file, { stdin: process.stdin }));
  return plain(judge(graph, asOf));
}

/** The judgements of the pack inside the real Pulumi engine, at preview, one after the other in one process. */
export async function judgedByEngine(subjects: readonly Subject[]): Promise<(Judged & { run: EngineResult })[]> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-parity-"));
  const outOf = (index: number) => join(folder, `${index}.json`);
  try {
    const results = await runEngines(
      subjects.map(
        (subject, index): EngineRun => ({
          config: {},
          ...subject,
          configFile: join(subject.program, `Pulumi.${subject.stack}.yaml`),
          policyPack: join(root, "policies"),
          policyConfig: { holdfast: { asOf: judgedOn, out: outOf(index) } },
          operation: "preview",
        }),
      ),
    );
    return results.map((run, index) => ({ ...plain(JSON.parse(readFileSync(outOf(index), "utf8")) as Judged), run }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a judgement makes the engine report. */
export function reportedFor({ findings }: Judged): Reported[] {
  return findings
    .filter(({ waiver }) => waiver === undefined)
    .map((finding) => ({ rule: finding.rule, level: finding.level, message: messageOf(finding).trim() }))
    .sort(byText);
}

/** What the engine reported of the pack. */
export function reportedBy({ policyViolations }: EngineResult): Reported[] {
  return policyViolations
    .map(({ policy, level, message }) => ({
      rule: policy,
      level,
      message: message.split("\n").slice(1).join("\n").trim(),
    }))
    .sort(byText);
}

/**
 * The parity contract: two engines agree on every assessment, finding and note, as JSON. Where one may know more than
 * the other, and only about assets that it may decide on, what the one cannot prove the other may decide, either way;
 * it may also know more of the ways to recover that are not chosen. The answer says what breaks it.
 */
export function disagreements(less: Judged, more: Judged, mayDecide: (asset: string) => boolean): string[] {
  const about = ({ assets }: Finding) => assets.length > 0 && assets.every(mayDecide);
  const notesOf = ({ notes }: Judged) =>
    notes.map((note) => ({ ...note, assets: note.assets.filter((one) => !mayDecide(one)) }));
  const told = (one: Finding) => `${one.assets.join(", ")} ${one.rule}: ${one.message}`;
  return [
    ...without(less.findings, more.findings)
      .filter((one) => !(one.cannotProve && about(one)))
      .map((one) => `no longer found: ${told(one)}`),
    ...without(more.findings, less.findings)
      .filter((one) => one.cannotProve || !about(one))
      .map((one) => `found now: ${told(one)}`),
    ...without(less.assessments, more.assessments).flatMap((one) => {
      const other = more.assessments.find(
        ({ asset, disruption }) => asset === one.asset && disruption === one.disruption,
      );
      const decided =
        one.verdict === "cannot prove"
          ? other?.verdict !== one.verdict
          : JSON.stringify([one.verdict, one.chosen]) === JSON.stringify([other?.verdict, other?.chosen]);
      return other !== undefined && decided && mayDecide(one.asset)
        ? []
        : [`${one.asset} ${one.disruption}: ${one.verdict}, ${other?.verdict}`];
    }),
    ...(more.assessments.length === less.assessments.length ? [] : ["another number of assessments"]),
    ...without(notesOf(less), notesOf(more)).map(({ message }) => `no longer noted: ${message}`),
    ...without(notesOf(more), notesOf(less)).map(({ message }) => `noted now: ${message}`),
  ];
}

function without<T>(all: readonly T[], others: readonly T[]): T[] {
  const known = new Set(others.map((one) => JSON.stringify(one)));
  return all.filter((one) => !known.has(JSON.stringify(one)));
}

function byText(a: Reported, b: Reported): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

function plain({ assessments, findings, notes }: Judged): Judged {
  return JSON.parse(JSON.stringify({ assessments, findings, notes })) as Judged;
}
