import type { Assessment } from "../recovery/assess/assessment";
import { formatBound } from "../recovery/bound";
import { formatLimit } from "../recovery/objective";
import { type Footnote, marks } from "./footnotes";
import { shortPath } from "./members";
import type { Paints } from "./paint";
import type { SystemRows } from "./rows";
import { type Cell, type Column, table } from "./table";
import { proseWidth, wrap } from "./text";
import { healthyLoss, worstLoss, worstTime } from "./words";

/** Narrowest terminal that gets a table; below it, rows are stacked. */
const narrowestTable = 110;

const indent = "  ";

/** What separates loss and time where they share a line. */
const between = "    ";

/** Target against worst case, per system and disruption: a table, or stacked where the terminal is narrow. */
export function overview(groups: readonly SystemRows[], footnotes: Footnote[], paint: Paints, width: number): string[] {
  const wide = width >= narrowestTable ? wideTable(groups, footnotes, paint, width - indent.length) : undefined;
  return (
    wide?.map((line) => (line === "" ? "" : indent + line)) ?? stacked(groups, footnotes, paint, proseWidth(width))
  );
}

const system: Column = { title: "system", align: "left" };
const disruption: Column = { title: "disruption", align: "left" };
const bracket: Column = { title: "", align: "left", gap: 1 };
const path: Column = { title: "path", align: "left" };
const verdict: Column = { title: "verdict", align: "left" };
const target = (half: "RPO" | "RTO"): Column => ({ title: `${half} target`, align: "right" });
const worstCase: Column = { title: "worst case", align: "right" };

/** Systems in a column of their own; as headings where that would break lines; undefined where even those do not fit. */
function wideTable(
  groups: readonly SystemRows[],
  footnotes: Footnote[],
  paint: Paints,
  width: number,
): string[] | undefined {
  const bracketed = groups.some(({ rows }) => rows.some(({ chosen }) => chosen && healthyLoss(chosen)));
  const loss = [target("RPO"), worstCase, ...(bracketed ? [bracket] : [])];
  const time = [target("RTO"), worstCase];
  const cells = (one: Assessment, group: SystemRows) => rowCells(one, group, bracketed, footnotes, paint);
  const beside = groups.map((group) =>
    group.rows.map((one, index) => [
      { text: index === 0 ? group.system : "", paint: paint.title },
      { text: one.disruption },
      ...cells(one, group),
    ]),
  );
  const above = groups.map((group) => [
    [{ text: group.system, paint: paint.title, spans: true }],
    ...group.rows.map((one) => [{ text: indent + one.disruption }, ...cells(one, group)]),
  ]);
  return (
    table([system, disruption, ...loss, ...time, path, verdict], spaced(beside), width, paint.faint) ??
    table(
      [disruption, ...loss, ...time, { ...path, least: 10 }, { ...verdict, least: 12 }],
      spaced(above),
      width,
      paint.faint,
    )
  );
}

/** An empty row between groups. */
function spaced(groups: readonly Cell[][][]): Cell[][] {
  return groups.flatMap((rows, index) => (index === 0 ? rows : [[], ...rows]));
}

function rowCells(
  one: Assessment,
  group: SystemRows,
  bracketed: boolean,
  footnotes: Footnote[],
  paint: Paints,
): Cell[] {
  const healthy = one.chosen && healthyLoss(one.chosen);
  return [
    { text: formatLimit(one.objective.rpo) },
    worst(one, "rpo", one.chosen ? formatBound(one.chosen.rpo[1].total) : worstLoss(one), paint),
    ...(bracketed ? [{ text: healthy === undefined ? "" : `(${healthy})`, paint: paint.faint }] : []),
    { text: formatLimit(one.objective.rto) },
    worst(one, "rto", worstTime(one), paint),
    { text: pathOf(one, group) },
    verdictOf(one, footnotes, paint),
  ];
}

function stacked(groups: readonly SystemRows[], footnotes: Footnote[], paint: Paints, width: number): string[] {
  const halves = groups.flatMap(({ rows }) => rows.map((one) => numbers(one, paint)));
  const longestTime = Math.max(...halves.map(([, rto]) => rto.length));
  const room = width - 3 * indent.length - between.length - longestTime;
  const aligned = Math.max(0, ...halves.map(([rpo]) => rpo.length).filter((length) => length <= room));
  return groups.flatMap((group) => {
    const heads = group.rows.map((one) => [
      { text: one.disruption },
      verdictOf(one, footnotes, paint),
      { text: pathOf(one, group) },
    ]);
    const head: Column[] = [
      { title: "", align: "left" },
      { title: "", align: "left", least: 12 },
      { title: "", align: "left", least: 14 },
    ];
    const natural = heads.map((_, index) => table(head, padded(heads, index), width - 2 * indent.length) ?? []);
    return [
      `${indent}${paint.title(group.system)}`,
      ...group.rows.flatMap((one, index) => [
        ...(natural[index] ?? []).map((line) => `${indent.repeat(2)}${line}`),
        ...numberLines(one, aligned, paint, width),
      ]),
      "",
    ];
  });
}

/** The row at `index` alone, its cells as wide as the widest of all rows. */
function padded(rows: Cell[][], index: number): Cell[][] {
  const widest = (column: number) => Math.max(...rows.map((row) => row[column]?.text.length ?? 0));
  return [
    (rows[index] ?? []).map((cell, column) =>
      column < 2 ? { ...cell, text: cell.text.padEnd(widest(column)) } : cell,
    ),
  ];
}

function numbers(one: Assessment, paint: Paints): [string, string] {
  const rpo = worst(one, "rpo", worstLoss(one), paint);
  const rto = worst(one, "rto", worstTime(one), paint);
  return [
    `RPO ${rpo.text}, target ${formatLimit(one.objective.rpo)}`,
    `RTO ${rto.text}, target ${formatLimit(one.objective.rto)}`,
  ];
}

function numberLines(one: Assessment, aligned: number, paint: Paints, width: number): string[] {
  const [rpo, rto] = numbers(one, paint);
  const deep = indent.repeat(3);
  const together = rpo.padEnd(aligned) + between + rto;
  const lines = deep.length + together.length <= width ? [deep + together] : [deep + rpo, deep + rto];
  return lines.map(one.broken.length > 0 ? paint.verdict[one.verdict] : paint.faint);
}

/** A number that breaks its target carries a mark, since not every terminal has colours. */
function worst(one: Assessment, half: "rpo" | "rto", text: string, paint: Paints): Cell {
  if (!one.broken.includes(half)) return { text };
  const sign = one.verdict === "missed" ? "✗ " : one.chosen ? "? " : "";
  return { text: sign + text, paint: paint.verdict[one.verdict] };
}

function pathOf(one: Assessment, group: SystemRows): string {
  const asset = group.assets.length > 1 ? `${one.asset.replace(`${group.system}/`, "")}: ` : "";
  const window = one.broken.includes("window") ? ", ✗ points do not reach back far enough" : "";
  return `${asset}${shortPath(one, group.fitting)}${window}`;
}

function verdictOf(one: Assessment, footnotes: Footnote[], paint: Paints): Cell {
  return { text: `${one.verdict} ${marks(one, footnotes)}`.trimEnd(), paint: paint.verdict[one.verdict] };
}

/** How to read the overview. */
export function legend(groups: readonly SystemRows[], assessments: readonly Assessment[], width: number): string[] {
  const brackets = groups.some(({ rows }) => rows.some(({ chosen }) => chosen && healthyLoss(chosen)));
  const several = groups.some(({ assets }) => assets.length > 1);
  const text = [
    brackets ? "In brackets: with every run succeeding." : "",
    "Worst cases hold through one failed run.",
    several
      ? `Each row is the asset of its system that is furthest from its promise; ${assessments.length} were judged.`
      : "",
  ];
  return wrap(text.filter((part) => part !== "").join(" "), proseWidth(width) - indent.length).map(
    (line) => indent + line,
  );
}
