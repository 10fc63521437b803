import type { Assessment } from "../recovery/assess/assessment";
import { compare, formatBound, isUnknown } from "../recovery/bound";
import type { Judgement } from "../recovery/finding";
import { formatLimit } from "../recovery/objective";
import { afterwards } from "./afterwards";
import { breakLines, worstMoment } from "./breaks";
import { yearOf } from "./dates";
import { derivation, numbers } from "./derivation";
import { answerable, footnoteOf } from "./footnotes";
import { alertTexts, drillTexts } from "./guarded";
import { InputError, unknownName } from "./inputError";
import { partsOf } from "./members";
import type { Look } from "./meta";
import { type Paints, paints } from "./paint";
import { furtherTerms } from "./rests";
import { labelled, story } from "./story";
import { clean, hang, narrowest, proseWidth } from "./text";
import { dropped, listed, otherWays, rank } from "./words";

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
  const { own, others } = partsOf(one, judgement.plan.groups);
  const worst = worstMoment(one);
  const blocks = [
    [
      `${paint.title(clean(one.asset))} · ${paint.title(one.disruption)} · ${paint.verdict[one.verdict](one.verdict)}`,
      ...labelled(
        [
          ["promise", `RPO ${formatLimit(objective.rpo)}, RTO ${formatLimit(objective.rto)}`],
          ["owner", objective.owner],
          ["reason", objective.reason],
          ["path", own],
          ...others.map((other): [string, string] => ["with", other]),
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
    under("Its worst moment", worst ? story(worst, yearOf(judgement.asOf), "  ", width) : [], paint),
    under("How it breaks", breakLines(one, judgement.asOf, width), paint),
    titled("After it", afterwards(one, judgement.plan), paint, width),
    titled("Other ways that survive", otherWays(one), paint, width),
    titled("Dropped", one.dropped.map(dropped), paint, width),
    under("Rests on", restsLines(one, judgement, paint, width), paint),
    titled("Guarded by", alertTexts(one, judgement), paint, width),
    titled("Rehearsed", drillTexts(one, judgement), paint, width),
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

function restsLines(one: Assessment, { plan }: Judgement, paint: Paints, width: number): string[] {
  const entries = one.assumptions.map((id) => {
    const note = footnoteOf(id, plan.register);
    const who = answerable(note);
    return `${id} · ${note.claim}${note.reason ? `: ${note.reason}` : ""}${who === "" ? "" : ` (${who})`}`;
  });
  const further = one.chosen ? furtherTerms(one.chosen) : [];
  return [
    ...entries.flatMap((text) => hang("  ", text, width, 4)),
    ...(further.length === 0 ? [] : [paint.faint("  further numbers, not added up:")]),
    ...numbers(further, paint, width),
  ];
}

function titled(title: string, texts: readonly string[], paint: Paints, width: number): string[] {
  return under(
    title,
    texts.flatMap((text) => hang("  ", text, width, 4)),
    paint,
  );
}

function under(title: string, lines: readonly string[], paint: Paints): string[] {
  return lines.length === 0 ? [] : [paint.title(title), ...lines];
}
