import type { Assessment, Candidate } from "../recovery/assess/assessment";
import { formatBound, sum } from "../recovery/bound";
import { formatSeconds } from "../recovery/duration";
import type { Judgement } from "../recovery/finding";
import type { Term } from "../recovery/plan";
import { afterwards } from "./afterwards";
import { comparison } from "./derivation";
import { foundAt } from "./founded";
import { folded, literal, narrowTable } from "./markdownText";
import { partsOf } from "./members";
import { guards, lastDrill, silent } from "./rehearsed";
import { furtherTerms } from "./rests";
import { inOrder } from "./rows";
import { count, dropped, listed, otherWays } from "./words";

/** Characters that derivations may take in all: a comment on GitHub or GitLab holds 65,536 and refuses more. */
const roomForDerivations = 40_000;

/** The arithmetic of every promise, as far as a comment holds it; what is left out is counted. */
export function derivations(judgement: Judgement): string[] {
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
  const { own, others } = partsOf(one, plan.groups);
  const drill = lastDrill(plan.register.drills, one.asset, chosen);
  const alerts = guards(plan.alerts, one).map((alert) => `${alert.name} (${alert.guards})`);
  return [
    `Promised by ${literal(one.objective.owner)}: ${literal(one.objective.reason)}`,
    "",
    `Path: ${[own, ...others].map(literal).join(", with ")}`,
    "",
    ...(chosen ? halves(one, chosen) : []),
    ...(chosen?.window
      ? [
          `- restore points must reach back ${formatBound(chosen.window.needed)} and reach back ${formatBound(chosen.window.available)}`,
        ]
      : []),
    ...afterwards(one, plan).map((text) => `- after it: ${literal(text)}`),
    ...otherWays(one).map((text) => `- also possible: ${literal(text)}`),
    ...one.dropped.map((way) => `- dropped: ${literal(dropped(way))}`),
    `- guarded by: ${literal(listed(alerts)) || "no alert"}`,
    ...silent(plan.alerts, one).map(({ alert, why }) => `- not guarded by: ${literal(`${alert.name}: ${why}`)}`),
    `- last drill: ${drill ? `${drill.date}, ${formatSeconds(drill.seconds)}${drill.verified ? "" : ", NOT verified"}` : "none of this path"}`,
  ];
}

function halves({ objective }: Assessment, chosen: Candidate): string[] {
  const further = furtherTerms(chosen);
  return [
    ...termTable(`RPO ${comparison(chosen.rpo[1].total, objective.rpo)}`, chosen.rpo[1].terms),
    ...termTable(`RTO ${comparison(chosen.rto.total, objective.rto)}`, chosen.rto.terms),
    ...(further.length === 0 ? [] : termTable("Further numbers, not added up", further)),
  ];
}

function termTable(title: string, terms: readonly Term[]): string[] {
  const rows = terms.map((term): [string, string, string] => [
    formatBound(term.value),
    `${literal(term.name)}${term.part ? ` (${term.part} the damage)` : ""}<br>${term.grade}`,
    literal(foundAt(term)),
  ]);
  const parts = (["before", "after"] as const)
    .map((part) => ({ part, own: terms.filter((term) => term.part === part) }))
    .filter(({ own }) => own.length > 0)
    .map(({ part, own }) => `${formatBound(sum(own.map((term) => term.value)))} ${part} the damage`);
  return [
    `**${literal(title)}**${parts.length === 0 ? "" : ` (${parts.join(", ")})`}`,
    "",
    ...(rows.length === 0 ? [] : [...narrowTable(["", "what", "read from"], rows), ""]),
  ];
}
