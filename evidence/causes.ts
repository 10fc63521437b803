import type { Finding, Note } from "../recovery/finding";
import type { Disruption } from "../recovery/objective";
import { disruptions } from "../recovery/objective";
import { byText, count, listed, rank } from "./words";

/** Findings with one cause, told once: the first of them, and every asset and disruption it concerns. */
export interface Cause {
  finding: Finding;
  assets: string[];
  disruptions: Disruption[];
}

/** Findings grouped by cause; those that stop a deployment first, waived ones last. */
export function causesOf(findings: readonly Finding[]): Cause[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([
      finding.rule,
      finding.level,
      finding.source.resource,
      finding.source.property,
      finding.message,
      finding.also,
      finding.fix?.change,
      finding.waiver?.ticket,
    ]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap(causeOf).sort(compareCauses);
}

/** Findings that count: not waived. */
export function open(causes: readonly Cause[]): Cause[] {
  return causes.filter((cause) => cause.finding.waiver === undefined);
}

/** Findings that stop a deployment. */
export function mandatory(causes: readonly Cause[]): Cause[] {
  return open(causes).filter((cause) => cause.finding.level === "mandatory");
}

/** What a cause concerns, on one line: `omendb/data · zone, region`; long lists of assets are counted. */
export function concerns({ finding, assets, disruptions: struck }: Cause): string {
  const things = assets.length === 0 ? [finding.source.name] : assets;
  const first = things.length > 3 ? `${things[0]} and ${count(things.length - 1, "more asset")}` : listed(things);
  return struck.length === 0 ? first : `${first} · ${struck.join(", ")}`;
}

/** The rule and how much it weighs: `rpo-is-met · mandatory`. */
export function weight({ finding }: Cause): string {
  const parts = [
    finding.rule,
    finding.waiver ? "waived" : finding.level,
    ...(finding.cannotProve ? ["cannot prove"] : []),
  ];
  return parts.join(" · ");
}

/** Notes with the same words told once, without those that footnotes tell already. */
export function notesOf(notes: readonly Note[]): Note[] {
  const groups = new Map<string, Note>();
  for (const note of notes) {
    if (note.kind === "assumption" || note.kind === "undrilled") continue;
    const key = `${note.kind}\n${note.message}`;
    const assets = [...(groups.get(key)?.assets ?? []), ...note.assets];
    groups.set(key, { ...note, assets: [...new Set(assets)].sort(byText) });
  }
  return [...groups.values()].sort(
    (a, b) => byText(a.kind, b.kind) || byText(a.assets[0] ?? "", b.assets[0] ?? "") || byText(a.message, b.message),
  );
}

function causeOf(findings: Finding[]): Cause[] {
  const finding = [...findings].sort(compareFindings)[0];
  if (finding === undefined) return [];
  const struck = new Set(findings.map((one) => one.disruption));
  return [
    {
      finding,
      assets: [...new Set(findings.flatMap((one) => one.assets))].sort(byText),
      disruptions: disruptions.filter((one) => struck.has(one)),
    },
  ];
}

function compareFindings(a: Finding, b: Finding): number {
  return rank(a.disruption) - rank(b.disruption) || byText(a.assets[0] ?? "", b.assets[0] ?? "");
}

function compareCauses(a: Cause, b: Cause): number {
  const order = ({ finding }: Cause) =>
    (finding.waiver ? 4 : finding.level === "mandatory" ? 0 : 2) + (finding.cannotProve ? 1 : 0);
  return (
    order(a) - order(b) ||
    // A broken promise comes before what else is wrong: it says what a disruption costs.
    Number(a.disruptions.length === 0) - Number(b.disruptions.length === 0) ||
    byText(a.assets[0] ?? "", b.assets[0] ?? "") ||
    rank(a.disruptions[0]) - rank(b.disruptions[0]) ||
    byText(a.finding.rule, b.finding.rule) ||
    byText(a.finding.message, b.finding.message)
  );
}
