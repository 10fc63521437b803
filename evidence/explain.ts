import type { Assessment } from "../recovery/assess/assessment";
import { compare, formatBound, isUnknown, sum } from "../recovery/bound";
import { formatSeconds } from "../recovery/duration";
import type { Judgement } from "../recovery/finding";
import { formatLimit } from "../recovery/objective";
import { daysBetween, startOfDay, yearOf } from "./dates";
import { derivation } from "./derivation";
import { answerable, footnoteOf } from "./footnotes";
import { InputError, unknownName } from "./inputError";
import type { Look } from "./meta";
import { type Paints, paints } from "./paint";
import { guards, lastDrill } from "./rehearsed";
import { labelled, story } from "./story";
import { clean, hang, narrowest, proseWidth } from "./text";
import { count, listed, loss, pathName, rank, readFrom } from "./words";

/** Where the numbers of an asset come from, for one disruption or for all; throws an `InputError` for an unknown one. */
export function explain(judgement: Judgement, asset: string, disruption: string | undefined, look: Look): string {
  const chosen = find(judgement, asset, disruption);
  const width = proseWidth(Math.max(look.width, narrowest));
  const paint = paints(look.colour);
  return `${chosen.map((one) => section(one, judgement, paint, width)).join("\n\n\n")}\n`;
}

function find({ plan, assessments }: Judgement, asset: string, disruption: string | undefined): Assessment[] {
  const promised = [...new Set(assessments.map((one) => one.asset))];
  const inSystem = promised.filter((id) => id.startsWith(`${asset}/`));
  if (inSystem.length > 0 && !promised.includes(asset)) {
    throw new InputError(`${asset} is a system; ask for one of its assets: ${listed(inSystem.sort())}`);
  }
  if (!promised.includes(asset)) {
    if (plan.assets.some((one) => one.id === asset))
      throw new InputError(`${asset} has no objective, so nothing was computed`);
    throw unknownName("an asset", asset, promised);
  }
  const own = assessments.filter((one) => one.asset === asset).sort((a, b) => rank(a.disruption) - rank(b.disruption));
  const found = disruption === undefined ? own : own.filter((one) => one.disruption === disruption);
  if (found.length > 0) return found;
  throw unknownName(
    `a disruption that ${asset} promises anything for`,
    disruption ?? "",
    own.map((one) => one.disruption),
  );
}

function section(one: Assessment, judgement: Judgement, paint: Paints, width: number): string {
  const { objective, chosen } = one;
  const blocks = [
    [
      `${paint.title(clean(one.asset))} · ${paint.title(one.disruption)} · ${paint.verdict[one.verdict](one.verdict)}`,
      ...labelled(
        [
          ["promise", `RPO ${formatLimit(objective.rpo)}, RTO ${formatLimit(objective.rto)}`],
          ["owner", objective.owner],
          ["reason", objective.reason],
          ["path", pathName(one)],
        ],
        "  ",
        width,
      ),
    ],
    ...(chosen
      ? [
          [
            paint.title("RPO: what can be lost"),
            ...derivation("RPO", chosen.rpo[1], chosen.rpo[0].total, objective.rpo, paint, width),
          ],
          [
            paint.title("RTO: until service is verified"),
            ...derivation("RTO", chosen.rto, undefined, objective.rto, paint, width),
          ],
          windowLines(one, paint),
        ]
      : []),
    broken(one, judgement.asOf, paint, width),
    titled(
      "Other ways that survive",
      one.others.map((way) => `${way.label}: RPO ${loss(way)}, RTO ${formatBound(way.rto.total)}`),
      paint,
      width,
    ),
    titled(
      "Dropped",
      one.dropped.map(({ label, reason }) => `${label}: ${reason}`),
      paint,
      width,
    ),
    titled(
      "Rests on",
      one.assumptions.map((id) => {
        const note = footnoteOf(id, judgement.plan.register);
        const who = answerable(note);
        return `${id} · ${note.claim}${note.reason ? `: ${note.reason}` : ""}${who === "" ? "" : ` (${who})`}`;
      }),
      paint,
      width,
    ),
    titled("Guarded by", alertLines(one, judgement), paint, width),
    titled("Rehearsed", drillLines(one, judgement), paint, width),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n");
}

function windowLines({ chosen }: Assessment, paint: Paints): string[] {
  const window = chosen?.window;
  if (window === undefined) return [];
  const enough =
    isUnknown(window.available) || isUnknown(window.needed)
      ? "cannot prove"
      : compare(window.needed, window.available) <= 0
        ? "enough"
        : "not enough";
  const colour = enough === "enough" ? paint.verdict.proven : paint.verdict.missed;
  return [
    paint.title("Window: how far back a clean restore point must reach"),
    `  needed ${formatBound(window.needed)}, available ${formatBound(window.available)}: ${colour(enough)}`,
  ];
}

function broken(one: Assessment, asOf: number, paint: Paints, width: number): string[] {
  const lines = (["rpo", "rto"] as const).flatMap((half) => brokenHalf(one, half, asOf, width));
  const parts: [string, string][] = one.fix
    ? [
        ["fix", one.fix.change],
        ["checked", one.fix.result],
      ]
    : [];
  if (lines.length + parts.length === 0) return [];
  return [paint.title("How it breaks"), ...lines, ...labelled(parts, "  ", width)];
}

function brokenHalf(one: Assessment, half: "rpo" | "rto", asOf: number, width: number): string[] {
  const counterexample = one.counterexamples[half];
  const binding = one.bindings[half];
  const lines = counterexample ? story(counterexample, yearOf(asOf), "  ", width) : [];
  if (binding === undefined) return lines;
  const { term, largest } = binding;
  const most = largest === undefined ? "no value of it alone would do" : `at most ${formatSeconds(largest)} would do`;
  const text = `${term.name} ${formatBound(term.value)} (${readFrom(term.source)}); ${most}`;
  return [...lines, ...labelled([["binding", text]], "  ", width)];
}

function alertLines(one: Assessment, { plan }: Judgement): string[] {
  const alerts = guards(plan.alerts, one);
  if (alerts.length === 0) return ["no alert"];
  return alerts.map((alert) => {
    const severity = isUnknown(alert.severity) ? "severity unknown" : alert.severity;
    const within = formatBound(sum(alert.detect.map((term) => term.value)));
    return `${alert.name} (${alert.guards}, ${severity}) notifies within ${within} · ${readFrom(alert.source)}`;
  });
}

function drillLines(one: Assessment, { plan, asOf }: Judgement): string[] {
  const drill = lastDrill(plan.register.drills, one.asset, one.chosen);
  const jobs = plan.rehearsals
    .filter((rehearsal) => rehearsal.asset === one.asset)
    .map(({ name, role, source }) => `by itself: ${name} (${role}) · ${readFrom(source)}`);
  const at = drill && startOfDay(drill.date);
  if (drill === undefined || at === undefined) return ["no drill of this path is on record", ...jobs];
  const age = count(daysBetween(at, asOf), "day");
  return [
    `${drill.date}, ${age} ago: took ${formatSeconds(drill.seconds)}, ${drill.verified ? "verified" : "NOT verified"} (${drill.id})`,
    ...jobs,
  ];
}

function titled(title: string, texts: readonly string[], paint: Paints, width: number): string[] {
  if (texts.length === 0) return [];
  return [paint.title(title), ...texts.flatMap((text) => hang("  ", text, width, 4))];
}
