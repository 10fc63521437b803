import type { Assessment } from "../recovery/assess/assessment";
import { formatSeconds } from "../recovery/duration";
import type { Judgement } from "../recovery/finding";
import { formatLimit } from "../recovery/objective";
import { type Cause, causesOf, concerns, mandatory, notesOf, open, weight } from "./causes";
import { type Against, type ComparedLine, comparedHeadline, comparedParts, signs } from "./comparison";
import { calendar, fromNow, yearOf } from "./dates";
import { advice } from "./findingLines";
import { answerable, type Footnote, footnotesOf, marks, superscript } from "./footnotes";
import { derivations } from "./markdownDerivations";
import { code, folded, literal, narrowTable } from "./markdownText";
import type { Meta } from "./meta";
import { type WorkLine, workLines } from "./plannedWork";
import { nextDrill } from "./rehearsed";
import { inOrder, rowsOf } from "./rows";
import { context, explainCommand, judgedSentence, sizes } from "./terminal";
import { byText, count, listed, tally, worstLoss, worstTime } from "./words";

/** The report for a pull request and for auditors: the verdict, the findings, everything else folded. */
export function markdown(judgement: Judgement, meta: Meta): string {
  const { assessments } = judgement;
  const groups = rowsOf(judgement);
  const footnotes = footnotesOf(judgement, groups);
  const causes = causesOf(judgement.findings);
  const found = open(causes);
  const waived = causes.filter((cause) => cause.finding.waiver !== undefined);
  const compared = meta.against;
  const lines = [
    ...(compared === undefined ? [] : [`**${literal(comparedHeadline(compared).text)}**`, ""]),
    `**${verdictLine(judgement, causes, meta)}**`,
    "",
    [...context(meta), ...(meta.commit === undefined ? [] : [`commit ${meta.commit}`])]
      .concat(meta.judgedBy === undefined ? [] : [judgedSentence(meta.judgedBy)])
      .concat(compared === undefined ? [] : [`against ${compared.label}`])
      .map(literal)
      .join(" · "),
    "",
    ...(compared === undefined ? [] : comparedLoud(compared, meta.asOf)),
    ...found.flatMap((cause) => findingMarkdown(cause, meta.asOf)),
    ...(compared === undefined ? [] : comparedFolded(compared, meta.asOf)),
    ...folded(`Promises: ${tally(assessments) || "none"}`, promises(assessments, footnotes)),
    ...folded(count(footnotes.length, "assumption"), footnotes.map(assumptionLine)),
    ...folded(`${waived.length} waived`, waived.map(waiverLine)),
    ...folded(count(notesOf(judgement.notes).length, "note"), notesOf(judgement.notes).map(noteLine)),
    ...availability(workLines(judgement)),
    ...folded("Drills", drillLines(judgement)),
    ...derivations(judgement),
    ...closing(judgement, meta),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

/** The first thing to know, in one sentence. */
export function verdictLine({ assessments }: Judgement, causes: readonly Cause[], { stack }: Meta): string {
  const name = literal(stack);
  const stops = mandatory(causes).length;
  const advisory = open(causes).length - stops;
  const unkept = assessments.filter(({ verdict }) => verdict === "missed" || verdict === "cannot prove");
  const kept =
    assessments.length === 0
      ? "promises nothing yet"
      : `keeps ${assessments.length === 1 ? "its promise" : `all ${assessments.length} recovery promises`}`;
  const result =
    unkept.length === 0 ? kept : `does not keep ${unkept.length} of ${count(assessments.length, "recovery promise")}`;
  const counted = assessments.length === 0 ? "" : ` (${tally(assessments)})`;
  if (stops > 0) {
    const and = unkept.length === 0 ? "but " : "and ";
    return `✗ ${name} ${result}${counted}, ${and}${count(stops, "mandatory finding")} ${stops === 1 ? "stops" : "stop"} the deployment`;
  }
  return `${unkept.length === 0 ? "✓" : "!"} ${name} ${result}${counted}${advisory === 0 ? "" : `, with ${count(advisory, "advisory finding")}`}`;
}

/** What a reviewer has to see: what got worse, and what somebody decided. */
function comparedLoud(against: Against, asOf: number): string[] {
  if (against.isNew) return [];
  return comparedParts(against, asOf)
    .filter(({ loud }) => loud)
    .flatMap(({ title, lines }) => [`#### ${title}`, "", ...lines.map(comparedLine), ""]);
}

function comparedFolded(against: Against, asOf: number): string[] {
  if (against.isNew) return [];
  return comparedParts(against, asOf)
    .filter(({ loud }) => !loud)
    .flatMap(({ title, lines }) => folded(`${title}: ${lines.length}`, lines.map(comparedLine)));
}

function comparedLine({ tone, text }: ComparedLine): string {
  const said = literal(text);
  return `- ${signs[tone]} ${tone === "weaker" ? `**${said}**` : said}`;
}

function findingMarkdown(cause: Cause, asOf: number): string[] {
  const { finding, assets } = cause;
  const example = finding.counterexample;
  const sign = finding.level === "mandatory" ? "✗" : "!";
  return [
    `#### ${sign} ${literal(concerns(cause))}`,
    "",
    `${literal(finding.message)} (${literal(weight(cause))})`,
    "",
    ...(assets.length > 3 ? [`- assets: ${literal(assets.join(", "))}`] : []),
    ...(example?.events ?? []).map(
      ({ at, what }) => `- **${calendar(at, yearOf(asOf)).replace(/ {2,}/, " ")} UTC** ${literal(what)}`,
    ),
    ...(example ? [`- → **${literal(example.conclusion)}**`] : []),
    ...advice(cause).map(([label, text]) => `- ${label}: ${literal(text)}`),
    "",
  ];
}

function promises(assessments: readonly Assessment[], footnotes: Footnote[]): string[] {
  const assets = [...new Set(assessments.map((one) => one.asset))].sort(byText);
  const lines = assets.flatMap((asset) => {
    const own = inOrder(assessments.filter((one) => one.asset === asset));
    const rows = own.map((one): [string, string, string] => [
      `${one.disruption}<br>${one.verdict} ${marks(one, footnotes)}`.trimEnd(),
      `${worstLoss(one)}<br>target ${formatLimit(one.objective.rpo)}`,
      `${worstTime(one)}<br>target ${formatLimit(one.objective.rto)}`,
    ]);
    return [`**${literal(asset)}**`, "", ...narrowTable(["disruption", "RPO worst case", "RTO worst case"], rows), ""];
  });
  return lines.length === 0
    ? []
    : [...lines, "In brackets: with every run succeeding. Worst cases hold through one failed run."];
}

function assumptionLine(note: Footnote): string {
  const why = note.reason ? `: ${literal(note.reason)}` : "";
  return `- ${superscript(note.number)} ${code(note.id)} ${literal(note.claim)}${why} (${literal(answerable(note)) || "nobody answers for it"})`;
}

function waiverLine(cause: Cause): string {
  const waiver = cause.finding.waiver;
  const until = waiver ? ` Waived until ${waiver.expires} by ${waiver.owner}: ${waiver.reason} (${waiver.ticket})` : "";
  return `- ${literal(`${concerns(cause)} · ${cause.finding.message} (${cause.finding.rule}).${until}`)}`;
}

function availability(lines: readonly WorkLine[]): string[] {
  const short = lines.filter(({ fits }) => fits !== true).length;
  const sum = short === 0 ? "" : `: room is missing or unproven for ${short} of ${lines.length}`;
  const texts = lines.map(({ text, fits }) => `- ${fits === true ? "" : "! "}${literal(text)}`);
  return folded(`Planned work beside promises of availability${sum}`, texts);
}

function noteLine({ kind, message, assets }: { kind: string; message: string; assets: string[] }): string {
  const about = assets.filter((asset) => !message.includes(asset));
  return `- ${literal(`${kind}: ${message}${about.length === 0 ? "" : ` (${listed(about)})`}`)}`;
}

function drillLines(judgement: Judgement): string[] {
  const due = nextDrill(judgement);
  const drills = [...judgement.plan.register.drills].sort((a, b) => byText(b.date, a.date) || byText(a.id, b.id));
  return [
    ...drills.map(
      ({ asset, path, date, seconds, verified }) =>
        `- ${literal(`${date} ${asset} ${path}: took ${formatSeconds(seconds)}, ${verified ? "verified" : "NOT verified"}`)}`,
    ),
    ...(due ? [`- next due: ${literal(due.what)}, ${fromNow(due.days)}`] : []),
  ];
}

function closing(judgement: Judgement, meta: Meta): string[] {
  const command = explainCommand(judgement, meta);
  return [sizes(judgement) + (command === undefined ? "" : ` · why a number: ${code(command)}`)];
}
