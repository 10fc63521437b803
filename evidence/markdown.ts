import type { Assessment, Sum } from "../recovery/assess/assessment";
import { formatBound, sum } from "../recovery/bound";
import { formatSeconds } from "../recovery/duration";
import type { Judgement } from "../recovery/finding";
import { formatLimit } from "../recovery/objective";
import { type Cause, causesOf, concerns, mandatory, notesOf, open, weight } from "./causes";
import { calendar, fromNow, yearOf } from "./dates";
import { comparison } from "./derivation";
import { advice } from "./findingLines";
import { answerable, type Footnote, footnotesOf, marks, superscript } from "./footnotes";
import { code, folded, literal, narrowTable } from "./markdownText";
import type { Meta } from "./meta";
import { guards, lastDrill, nextDrill } from "./rehearsed";
import { inOrder, rowsOf } from "./rows";
import { context, explainCommand, sizes } from "./terminal";
import { byText, count, listed, loss, pathName, readFrom, tally, worstLoss, worstTime } from "./words";

/** Characters that derivations may take in all: a comment on GitHub or GitLab holds 65,536 and refuses more. */
const roomForDerivations = 40_000;

/** The report for a pull request and for auditors: the verdict, the findings, everything else folded. */
export function markdown(judgement: Judgement, meta: Meta): string {
  const { assessments } = judgement;
  const groups = rowsOf(assessments);
  const footnotes = footnotesOf(judgement, groups);
  const causes = causesOf(judgement.findings);
  const found = open(causes);
  const waived = causes.filter((cause) => cause.finding.waiver !== undefined);
  const lines = [
    `**${verdictLine(judgement, causes, meta)}**`,
    "",
    [...context(meta), ...(meta.commit === undefined ? [] : [`commit ${meta.commit}`])].map(literal).join(" · "),
    "",
    ...found.flatMap((cause) => findingMarkdown(cause, meta.asOf)),
    ...folded(`Promises: ${tally(assessments) || "none"}`, promises(assessments, footnotes)),
    ...folded(count(footnotes.length, "assumption"), footnotes.map(assumptionLine)),
    ...folded(`${waived.length} waived`, waived.map(waiverLine)),
    ...folded(count(notesOf(judgement.notes).length, "note"), notesOf(judgement.notes).map(noteLine)),
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

/** The arithmetic of every promise, as far as a comment holds it; what is left out is counted. */
function derivations(judgement: Judgement): string[] {
  const lines: string[] = [];
  let room = roomForDerivations;
  let left = 0;
  for (const one of inOrder(judgement.assessments)) {
    const own = folded(`${one.asset} · ${one.disruption} · ${one.verdict}`, derivationOf(one, judgement));
    room -= own.join("\n").length;
    if (room < 0) left++;
    else lines.push(...own);
  }
  if (left > 0) lines.push(`${count(left, "more derivation")} did not fit here: see the JSON evidence.`);
  return folded("Where the numbers come from", lines);
}

function derivationOf(one: Assessment, { plan }: Judgement): string[] {
  const { chosen } = one;
  const drill = lastDrill(plan.register.drills, one.asset, chosen);
  const alerts = guards(plan.alerts, one).map((alert) => `${alert.name} (${alert.guards})`);
  return [
    `Promised by ${literal(one.objective.owner)}: ${literal(one.objective.reason)}`,
    "",
    ...(chosen
      ? [
          `Path: ${literal(chosen.label)}`,
          "",
          ...half(`RPO ${comparison(chosen.rpo[1].total, one.objective.rpo)}`, chosen.rpo[1]),
          ...half(`RTO ${comparison(chosen.rto.total, one.objective.rto)}`, chosen.rto),
        ]
      : [`Path: ${pathName(one)}`, ""]),
    ...(chosen?.window
      ? [
          `- restore points must reach back ${formatBound(chosen.window.needed)} and reach back ${formatBound(chosen.window.available)}`,
        ]
      : []),
    ...one.others.map(
      (way) => `- also possible: ${literal(way.label)}, RPO ${loss(way)}, RTO ${formatBound(way.rto.total)}`,
    ),
    ...one.dropped.map(({ label, reason }) => `- dropped: ${literal(`${label}: ${reason}`)}`),
    `- guarded by: ${literal(listed(alerts)) || "no alert"}`,
    `- last drill: ${drill ? `${drill.date}, ${formatSeconds(drill.seconds)}${drill.verified ? "" : ", NOT verified"}` : "none of this path"}`,
  ];
}

function half(title: string, { terms }: Sum): string[] {
  const rows = terms.map((term): [string, string, string] => [
    formatBound(term.value),
    `${literal(term.name)}${term.part ? ` (${term.part} the damage)` : ""}<br>${term.grade}`,
    literal(readFrom(term.source)),
  ]);
  const parts = (["before", "after"] as const)
    .map((part) => ({ part, own: terms.filter((term) => term.part === part) }))
    .filter(({ own }) => own.length > 0)
    .map(({ part, own }) => `${formatBound(sum(own.map((term) => term.value)))} ${part} the damage`);
  return [
    `**${literal(title)}**${parts.length === 0 ? "" : ` (${parts.join(", ")})`}`,
    "",
    ...narrowTable(["", "what", "read from"], rows),
    "",
  ];
}

function closing(judgement: Judgement, meta: Meta): string[] {
  const command = explainCommand(judgement, meta);
  return [sizes(judgement) + (command === undefined ? "" : ` · why a number: ${code(command)}`)];
}
