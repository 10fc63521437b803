import type { Sum } from "../recovery/assess/assessment";
import { type Bound, formatBound, isBounded, sum } from "../recovery/bound";
import { formatSeconds } from "../recovery/duration";
import { formatLimit, keeps, type Limit } from "../recovery/objective";
import type { Term } from "../recovery/plan";
import { foundAt, founded } from "./founded";
import type { Paints } from "./paint";
import { type Cell, type Column, table } from "./table";
import { longestWord } from "./text";
import { whyNot } from "./words";

const indent = "  ";

/** Narrowest report with the source on the line of its number; below it, the source is on the next. */
const narrowestLine = 110;

const value: Column = { title: "", align: "right" };
const name: Column = { title: "", align: "left", least: 18 };
const grade: Column = { title: "", align: "left", least: 10 };

/** Where a term stands in its row: with its source beside it, or on the line below. */
type Place = "beside" | "below";

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
  const result: Cell[][] = [
    [{ text: "───────", paint: paint.faint }],
    [
      { text: formatBound(total), paint: colour },
      { text: `${half} ${comparison(total, limit)}`, paint: colour, spans: true },
    ],
  ];
  if (healthy !== undefined && formatBound(healthy) !== formatBound(total)) {
    result.push([
      { text: formatBound(healthy), paint: paint.faint },
      { text: "with every run succeeding", paint: paint.faint, spans: true },
    ]);
  }
  const rowsAt = (place: Place) => [
    ...partsOf(terms).flatMap(({ part, own }) => [
      ...own.flatMap((term) => termCells(term, paint, place)),
      ...(part === undefined ? [] : [subtotal(part, own)]),
    ]),
    ...result,
  ];
  const lines = laidOut(rowsAt, width);
  return addsUp(total, terms)
    ? lines
    : [...lines, `${indent}The terms overlap, so the worst case is not their plain sum.`];
}

/** Numbers that are not added up, each with where it was read. */
export function numbers(terms: readonly Term[], paint: Paints, width: number): string[] {
  return laidOut((place) => terms.flatMap((term) => termCells(term, paint, place)), width);
}

/** Sources beside their numbers where there is room for every name in them, else below. */
function laidOut(rowsAt: (place: Place) => Cell[][], width: number): string[] {
  const room = width - indent.length;
  const beside = rowsAt("beside");
  const whole = (column: number) =>
    Math.max(0, ...beside.map((row) => (row[column - 1]?.spans ? 0 : longestWord(row[column]?.text ?? ""))));
  const columns: Column[] = [value, name, { ...grade, least: whole(2) }, { ...grade, least: whole(3) }];
  const lines = width < narrowestLine ? undefined : table(columns, beside, room);
  return (lines ?? table([value, name, grade], rowsAt("below"), room) ?? []).map((line) => indent + line);
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

function termCells(term: Term, paint: Paints, place: Place): Cell[][] {
  const why = whyNot(term.value);
  const bad = why === undefined ? {} : { paint: paint.bad };
  const number = { text: formatBound(term.value), ...bad };
  const what = { text: why === undefined ? term.name : `${term.name} (${why})` };
  const where = { text: foundAt(term), paint: paint.faint };
  const how = { text: founded(term), ...(term.grade === "assumed" ? { paint: paint.warn } : {}) };
  return place === "below"
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
