import type { Judgement } from "../recovery/finding";
import { type Cause, causesOf, mandatory, notesOf, open } from "./causes";
import { comparedHeadline, comparedParts, signs, type Tone } from "./comparison";
import { fromNow, isoDay } from "./dates";
import { findingLines } from "./findingLines";
import { answerable, type Footnote, footnotesOf, short, superscript } from "./footnotes";
import type { Look, Meta } from "./meta";
import { legend, overview } from "./overview";
import { type Paint, type Paints, paints, plain } from "./paint";
import { workLines } from "./plannedWork";
import { nextDrill } from "./rehearsed";
import { furthestFirst, rowsOf } from "./rows";
import { clean, displayWidth, hang, narrowest, proseWidth, wrap } from "./text";
import { count, listed } from "./words";

/** The report that `preview` prints. */
export function terminal(judgement: Judgement, meta: Meta, look: Look): string {
  const width = Math.max(look.width, narrowest);
  const paint = paints(look.colour);
  const groups = rowsOf(judgement);
  const footnotes = footnotesOf(judgement, groups);
  const causes = causesOf(judgement.findings);
  const body =
    groups.length === 0
      ? ["  No asset promises anything: there is no objective to judge."]
      : [
          ...trimEnd(overview(groups, footnotes, paint, width)),
          ...legend(groups, judgement.assessments, width).map(paint.faint),
        ];
  const blocks = [
    [headline(meta, paint)],
    [counts(judgement, meta, width), ...judgedLines(meta, width)],
    body,
    plannedWork(judgement, paint, width),
    ...comparedBlocks(meta, paint, width),
    ...causes.map((cause) => findingLines(cause, meta.asOf, paint, width)),
    noteLines(judgement, width),
    [...totals(judgement, causes, footnotes, paint, width), ...footnoteLines(footnotes, paint, width)],
    whereNext(judgement, meta, paint, width),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

/** What was judged, as of when, and whether a cloud was asked. */
export function context({ stack, program, asOf, engine }: Meta): string[] {
  return [stack, ...(program === "" || program === "." ? [] : [program]), `as of ${isoDay(asOf)}`, engines[engine]].map(
    clean,
  );
}

const engines: Record<Meta["engine"], string> = {
  offline: "offline (no cloud was asked)",
  pulumi: "Pulumi engine",
  state: "exported state (what is deployed)",
};

/** How much was judged. */
export function sizes({ resources, plan }: Judgement): string {
  const systems = new Set(plan.assets.map((asset) => asset.system)).size;
  const things: [number, string][] = [
    // A plan that somebody wrote counts none.
    ...(resources === 0 ? [] : [[resources, "resource"] as [number, string]]),
    [systems, "system"],
    [plan.assets.length, "asset"],
    [plan.protections.length, "protection"],
  ];
  return things.map(([howMany, noun]) => count(howMany, noun)).join(" · ");
}

/** The command that shows where a number comes from, for the promise furthest from being kept. */
export function explainCommand({ assessments }: Judgement, { stack, program, subject }: Meta): string | undefined {
  const worst = [...assessments].sort(furthestFirst)[0];
  if (worst === undefined || subject === "file") return undefined;
  const options = [
    ...(stack === "prod" ? [] : [`--stack ${stack}`]),
    ...(program === "" || program === "." ? [] : [`--program ${program}`]),
  ];
  return clean(["npx holdfast explain", worst.asset, worst.disruption, ...options].join(" "));
}

function headline(meta: Meta, paint: Paints): string {
  return [paint.title("Holdfast"), ...context(meta)].join(" · ");
}

function counts(judgement: Judgement, { seconds }: Meta, width: number): string {
  const text = `  ${sizes(judgement)}`;
  if (seconds === undefined) return text;
  const time = `${seconds.toFixed(1)} s`;
  return `${text}${" ".repeat(Math.max(3, proseWidth(width) - displayWidth(text) - time.length))}${time}`;
}

/** A state says what judged it before it was deployed. */
function judgedLines({ judgedBy }: Meta, width: number): string[] {
  if (judgedBy === undefined) return [];
  return hang("  ", `before it was deployed: ${judgedSentence(judgedBy)}`, proseWidth(width), 4);
}

/** By what a deployment was judged, for people. */
export function judgedSentence(judgedBy: string): string {
  return clean(judgedBy.startsWith("sha256:") ? `judged by evidence ${judgedBy}` : judgedBy);
}

function plannedWork(judgement: Judgement, paint: Paints, width: number): string[] {
  return workLines(judgement).flatMap(({ text, fits }) => {
    const lines = hang("  ", text, proseWidth(width), 4);
    return fits === true ? lines : lines.map(paint.warn);
  });
}

/** What changed, if it was compared with anything: the first thing to know, then each thing. */
function comparedBlocks({ against, asOf }: Meta, paint: Paints, width: number): string[][] {
  if (against === undefined) return [];
  const tones: Record<Tone, Paint> = { weaker: paint.bad, other: paint.warn, stronger: plain };
  const { tone, text } = comparedHeadline(against);
  const said = against.isNew ? text : `Against ${against.label}: ${text}`;
  const head = hang("  ", said, proseWidth(width), 4).map(tones[tone]);
  if (against.isNew) return [head];
  const parts = comparedParts(against, asOf).map(({ title, lines }) => [
    `  ${paint.title(title)}`,
    ...lines.flatMap((one) =>
      hang(`  ${signs[one.tone]} `, one.text, proseWidth(width)).map((line) => tones[one.tone](line)),
    ),
  ]);
  return [head, ...parts];
}

function noteLines({ notes }: Judgement, width: number): string[] {
  return notesOf(notes).flatMap(({ kind, message, assets }) => {
    const about = assets.filter((asset) => !message.includes(asset));
    return hang("  · ", `${kind}: ${message}${about.length === 0 ? "" : ` (${listed(about)})`}`, proseWidth(width));
  });
}

function totals(judgement: Judgement, causes: Cause[], footnotes: Footnote[], paint: Paints, width: number): string[] {
  const found = open(causes).length;
  const stops = mandatory(causes).length;
  const waived = causes.length - found;
  const due = nextDrill(judgement);
  const parts = [
    `${count(found, "finding")}${stops === 0 ? "" : `, ${stops} mandatory: not to be deployed`}`,
    ...(waived === 0 ? [] : [`${waived} waived`]),
    count(footnotes.length, "assumption"),
    `next drill due: ${due === undefined ? "none is on record" : `${due.what}, ${fromNow(due.days)}`}`,
  ];
  const [verdict = ""] = parts;
  const colour = stops > 0 ? paint.bad : found > 0 ? paint.warn : paint.title;
  return wrap(parts.join(" · "), proseWidth(width) - 2).map((line) =>
    line.startsWith(verdict) ? `  ${colour(verdict)}${line.slice(verdict.length)}` : `  ${line}`,
  );
}

/** One line each: the reason where there is room for it; the evidence holds all of it. */
function footnoteLines(footnotes: readonly Footnote[], paint: Paints, width: number): string[] {
  const room = proseWidth(width);
  const numbers = [...new Set(footnotes.map(({ number }) => number))];
  const widest = Math.max(0, ...numbers.map((number) => superscript(number).length));
  return numbers.flatMap((number) => {
    const [note, ...others] = footnotes.filter((one) => one.number === number);
    if (note === undefined) return [];
    const { drill: _, ...answering } = note;
    const who = answerable(answering);
    const lines = (why: string) =>
      hang(`  ${superscript(number).padEnd(widest)} `, `${note.claim}${why}${who === "" ? "" : ` (${who})`}`, room);
    const reasoned = note.reason && others.length === 0 ? lines(`: ${short(note.reason)}`) : [];
    return (reasoned.length === 1 ? reasoned : lines("")).map(paint.faint);
  });
}

function whereNext(judgement: Judgement, meta: Meta, paint: Paints, width: number): string[] {
  const out = meta.out ?? (meta.subject === "file" ? undefined : `.holdfast/${meta.stack}/`);
  if (out === undefined) return [];
  const evidence = `Evidence: ${clean(out)}`;
  const command = explainCommand(judgement, meta);
  if (command === undefined) return [`  ${evidence}`];
  const why = `Why a number: ${paint.title(command)}`;
  const together = `  ${evidence}   ${why}`;
  return displayWidth(together) <= width ? [together] : [`  ${evidence}`, `  ${why}`];
}

function trimEnd(lines: string[]): string[] {
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
