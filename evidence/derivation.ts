import type { Sum } from "../recovery/assess/assessment";
import { type Bound, formatBound, isBounded, sum } from "../recovery/bound";
import { formatSeconds } from "../recovery/duration";
import { formatLimit, keeps, type Limit } from "../recovery/objective";
import type { Term } from "../recovery/plan";
import type { Paints } from "./paint";
import { type Cell, type Column, table } from "./table";
import { readFrom, whyNot } from "./words";

const indent = "  ";

/** Narrowest report with the source on the line of its number; below it, the source is on the next. */
const narrowestLine = 110;

const value: Column = { title: "", align: "right" };
const name: Column = { title: "", align: "left", least: 18 };
const source: Column = { title: "", align: "left", least: 24 };
const grade: Column = { title: "", align: "left", least: 10 };

/** One half of a promise, term by term: the numbers, where each was read, their total, and the target. */
export function derivation(
  half: string,
  { total, terms }: Sum,
  healthy: Bound | undefined,
  limit: Limit,
  paint: Paints,
  width: number,
): string[] {
  const answer = keeps(total, limit);
  const colour =
    answer === "yes" ? paint.verdict.proven : answer === "no" ? paint.verdict.missed : paint.verdict["cannot prove"];
  const rows: Cell[][] = [
    ...partsOf(terms).flatMap(({ part, own }) => [
      ...own.flatMap((term) => termCells(term, paint, width)),
      ...(part === undefined ? [] : [subtotal(part, own)]),
    ]),
    [{ text: "───────", paint: paint.faint }],
    [
      { text: formatBound(total), paint: colour },
      { text: `${half} ${comparison(total, limit)}`, paint: colour, spans: true },
    ],
  ];
  if (healthy !== undefined && formatBound(healthy) !== formatBound(total)) {
    rows.push([
      { text: formatBound(healthy), paint: paint.faint },
      { text: "with every run succeeding", paint: paint.faint, spans: true },
    ]);
  }
  const columns = width < narrowestLine ? [value, name, grade] : [value, name, source, grade];
  const lines = table(columns, rows, width - indent.length) ?? [];
  if (!addsUp(total, terms)) lines.push("The terms overlap, so the worst case is not their plain sum.");
  return lines.map((line) => indent + line);
}

/** How a worst case compares with its target: `keeps under 15m, with 6m 50s to spare`. */
export function comparison(total: Bound, limit: Limit): string {
  const target = `target ${formatLimit(limit)}`;
  if (!isBounded(total))
    return `${keeps(total, limit) === "no" ? "misses" : "cannot prove"} ${target}: ${whyNot(total)}`;
  const spare = limit.seconds - total;
  if (keeps(total, limit) === "no")
    return `misses ${target}${spare < 0 ? ` by ${formatSeconds(-spare)}` : ", which it only equals"}`;
  return `keeps ${target}${spare === 0 ? ", exactly" : `, ${formatSeconds(spare)} to spare`}`;
}

function termCells(term: Term, paint: Paints, width: number): Cell[][] {
  const why = whyNot(term.value);
  const bad = why === undefined ? {} : { paint: paint.bad };
  const founded = term.assumption === undefined ? term.grade : `${term.grade}: ${term.assumption}`;
  const number = { text: formatBound(term.value), ...bad };
  const what = { text: why === undefined ? term.name : `${term.name} (${why})` };
  const where = { text: readFrom(term.source), paint: paint.faint };
  const how = { text: founded, ...(term.grade === "assumed" ? { paint: paint.warn } : {}) };
  return width < narrowestLine
    ? [
        [number, what, how],
        [{ text: "" }, { ...where, spans: true }],
      ]
    : [[number, what, where, how]];
}

function partsOf(terms: readonly Term[]): { part: Term["part"]; own: Term[] }[] {
  const parts = [undefined, "before", "after"] as const;
  return parts
    .map((part) => ({ part, own: terms.filter((term) => term.part === part) }))
    .filter(({ own }) => own.length > 0);
}

function subtotal(part: "before" | "after", own: readonly Term[]): Cell[] {
  const what = `written ${part} the damage, and lost`;
  return [{ text: `= ${formatBound(sum(own.map((term) => term.value)))}` }, { text: what, spans: true }];
}

function addsUp(total: Bound, terms: readonly Term[]): boolean {
  return !isBounded(total) || total === sum(terms.map((term) => term.value));
}
