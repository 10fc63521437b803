import { type Bound, compare, formatBound, isUnbounded } from "../recovery/bound";
import { type Comparison, type Outcome, type Standing, scheduleText, type Turn } from "../recovery/compare";
import { formatSeconds } from "../recovery/duration";
import { formatLimit } from "../recovery/objective";
import { type ChangeCause, changeCauses, changeText, findingTexts } from "./comparedChanges";
import { calendar, yearOf } from "./dates";
import { count, listed } from "./words";

/** What a judgement was compared with, and what came of it. */
export interface Against {
  /** What people call it: `main (4fc09e4)`, `evidence of 2026-11-20`. */
  label: string;
  commit?: string;
  /** The base has no such stack: nothing of this was there. */
  isNew: boolean;
  /** Whether the base names its rules; else they are not compared. */
  rulesCompared: boolean;
  comparison: Comparison;
}

/** How loud a line is: something is weaker, something is not the same, something is stronger. */
export type Tone = "weaker" | "other" | "stronger";

/** One thing that changed, in a sentence. */
export interface ComparedLine {
  tone: Tone;
  text: string;
}

/** Changes of one kind under a title; loud ones are never folded away. */
export interface ComparedPart {
  title: string;
  loud: boolean;
  lines: ComparedLine[];
}

/** The first thing to know of a change, in one sentence. */
export function comparedHeadline({ label, isNew, comparison }: Against): ComparedLine {
  if (isNew) return { tone: "other", text: `Everything here is new: ${label} has nothing of it` };
  const { outcomes, promises, protections, turns, findings } = comparison;
  // A verdict that changed says more than a number that did.
  const worse = outcomes
    .filter(({ direction }) => direction === "worse")
    .sort((a, b) => Number(b.before.verdict !== b.after.verdict) - Number(a.before.verdict !== a.after.verdict));
  const better = outcomes.filter(({ direction }) => direction === "better");
  const [less, weaker] = [promises, protections].map((all) =>
    changeCauses(all.filter(({ direction }) => direction === "weaker")),
  );
  const broken = turns.filter(({ breaks }) => breaks.length > 0);
  const parts = [
    ...some(
      worse,
      (one) => outcomeText(one, "worse"),
      (first) => `makes ${first.replace(": ", " worse: ")}`,
      "more promise",
    ),
    ...some(less ?? [], changeText, (first) => `promises less or trusts more: ${first}`, "more such change"),
    ...some(broken, turnName, (first) => `breaks a promise on its own day, by ${first}`, "more schedule"),
  ];
  if (parts.length > 0) return { tone: "weaker", text: `This change ${parts.join("; it ")}` };
  const [weakest] = weaker ?? [];
  if (weakest) {
    const [part = ""] = some(
      weaker ?? [],
      changeText,
      (first) => `weakens what keeps the promises: ${first}`,
      "more such change",
    );
    return { tone: "weaker", text: `This change ${part}` };
  }
  const [part] = some(
    better,
    (one) => outcomeText(one),
    (first) => `makes ${first.replace(": ", " better: ")}`,
    "more promise",
  );
  if (part !== undefined) return { tone: "stronger", text: `This change ${part}` };
  const changed = promises.length + protections.length + turns.length + findings.added.length + findings.gone.length;
  const nothing = "Nothing about recovery changed";
  return { tone: "other", text: changed === 0 ? nothing : "This change makes no promise worse" };
}

/** All that changed: what got worse and what is promised first, what only got better last. */
export function comparedParts({ comparison, rulesCompared }: Against, asOf: number): ComparedPart[] {
  const { outcomes, promises, protections, turns, findings } = comparison;
  const of = (direction: Outcome["direction"], tone: Tone) =>
    outcomes.filter((one) => one.direction === direction).map((one) => ({ tone, text: outcomeText(one) }));
  const parts: ComparedPart[] = [
    { title: "Worse", loud: true, lines: of("worse", "weaker") },
    {
      title: "What is promised, and what is taken on trust",
      loud: true,
      lines: changeCauses(promises).map(changeLine),
    },
    {
      title: "What keeps the promises: weaker",
      loud: true,
      lines: changeCauses(protections.filter(({ direction }) => direction === "weaker")).map(changeLine),
    },
    { title: "The day of the change", loud: true, lines: turns.map((turn) => turnLine(turn, asOf)) },
    { title: "Better", loud: false, lines: of("better", "stronger") },
    {
      title: "What keeps the promises: stronger, or neither",
      loud: false,
      lines: changeCauses(protections.filter(({ direction }) => direction !== "weaker")).map(changeLine),
    },
    {
      title: "Findings",
      loud: false,
      lines: [
        ...findingTexts("new", findings.added).map((text): ComparedLine => ({ tone: "weaker", text })),
        ...findingTexts("mended", findings.gone).map((text): ComparedLine => ({ tone: "stronger", text })),
      ],
    },
    {
      title: "Not compared",
      loud: false,
      lines: rulesCompared ? [] : [{ tone: "other", text: "the rules: the base does not name its own" }],
    },
  ];
  return parts.filter(({ lines }) => lines.length > 0);
}

/** The sign of a line. */
export const signs: Record<Tone, string> = { weaker: "✗", other: "≠", stronger: "✓" };

function some<T>(all: readonly T[], text: (one: T) => string, say: (first: string) => string, noun: string): string[] {
  const [first] = all;
  if (first === undefined) return [];
  return [`${say(text(first))}${all.length === 1 ? "" : ` (and ${count(all.length - 1, noun)})`}`];
}

function changeLine(change: ChangeCause): ComparedLine {
  return { tone: change.direction, text: changeText(change) };
}

/** An outcome in a line, all of it or only what is worse: `omendb/data · region: RPO 14m → 1h 14m, target under 15m`. */
export function outcomeText({ asset, disruption, before, after }: Outcome, told: "all" | "worse" = "all"): string {
  const figures = (["rpo", "rto"] as const).flatMap((half) => {
    const [was, now] = [boundOf(before[half]), boundOf(after[half])];
    const order = compare(now, was);
    if (told === "worse" ? order <= 0 : order === 0) return [];
    return [
      `${half.toUpperCase()} ${boundText(was)} → ${boundText(now)}, target ${formatLimit(after.objective[half])}`,
    ];
  });
  const verdict = before.verdict === after.verdict ? [] : [`${before.verdict} → ${after.verdict}`];
  return `${asset} · ${disruption}: ${[...figures, ...verdict].join("; ")}`;
}

const noWay = "no way back";

function boundOf(bound: Standing["rpo"]): Bound {
  return bound ?? { unbounded: noWay };
}

function boundText(bound: Bound): string {
  return isUnbounded(bound) && bound.unbounded === noWay ? noWay : formatBound(bound);
}

function turnName({ name, breaks }: Turn): string {
  return `${name}: ${broken(breaks)}`;
}

function turnLine(
  { name, before, after, gap, usual, lastRun, changedAt, firstRun, loss, breaks }: Turn,
  asOf: number,
): ComparedLine {
  const at = (instant: number) => `${calendar(instant, yearOf(asOf)).replace(/ {2,}/, " ")} UTC`;
  const head = `${name} from ${scheduleText(before)} to ${scheduleText(after)}`;
  const course = `changed at ${at(changedAt)} at worst, its last run is that of ${at(lastRun)} and its next that of ${at(firstRun)}`;
  const against = gap > usual ? `, longer than any other day's ${formatSeconds(usual)}` : "";
  const lost = loss === undefined ? "" : `; up to ${formatBound(loss)} of work can be lost then, every run succeeding`;
  const verdict =
    breaks.length === 0 ? "" : `, which breaks ${broken(breaks)}: start a run by hand when it is deployed`;
  return {
    tone: breaks.length > 0 ? "weaker" : "other",
    text: `${head}: ${formatSeconds(gap)} without a run${against} (${course})${lost}${verdict}`,
  };
}

function broken(breaks: Turn["breaks"]): string {
  return listed(breaks.map(({ disruption, limit }) => `RPO ${formatLimit(limit)} for ${disruption}`));
}
