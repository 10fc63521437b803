import { day } from "../../../evidence/dates";
import {
  type Assessment,
  assess,
  type Bound,
  duration,
  isBounded,
  isUnknown,
  type Plan,
  type Setting,
  seconds,
  sum,
  type Term,
} from "../../../recovery";
import { asOf, source } from "../../recovery/build";

/** A section of docs/model.md: its code blocks and tables, line by line as the model reckons them. */
export interface Section {
  heading: string;
  blocks(): string[][];
  /** Figures that its prose may name beside those of its blocks. */
  figures?: (string | number)[];
}

/** A bound in hours, minutes and seconds, never in days: `191h`, `48h 40m`, `90s`. */
export function hours(value: Bound): string {
  if (!isBounded(value)) return isUnknown(value) ? "unknown" : "unbounded";
  const parts = [
    [Math.floor(value / 3_600), "h"],
    [Math.floor((value % 3_600) / 60), "m"],
    [value % 60, "s"],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
  return told.length === 0 ? "0s" : told.join(" ");
}

/** A bound in days, where it is at least one, and hours: `44d 4h`. */
export function days(value: Bound): string {
  if (!isBounded(value) || value < day) return hours(value);
  const rest = value % day;
  return `${Math.floor(value / day)}d${rest > 0 ? ` ${hours(seconds(rest))}` : ""}`;
}

/** A bound in seconds: `1,430`. */
export function plain(value: Bound): string {
  return isBounded(value) ? value.toLocaleString("en-US") : hours(value);
}

/** A span written down, in hours. */
export const h = (text: string): string => hours(duration(text));

/** A sum written out: `24h + 30m = 24h 30m`. */
export function added(values: readonly Bound[], write: (value: Bound) => string = hours): string {
  return `${values.map(write).join(" + ")} = ${write(sum(values))}`;
}

/** The values of terms. */
export const valuesOf = (terms: readonly Term[]): Bound[] => terms.map(({ value }) => value);

/** A sum of terms in seconds: `50 + 300 = 350 s`. */
export const inSeconds = (terms: readonly Term[]): string => `${added(valuesOf(terms), plain)} s`;

/** What terms come to. */
export const total = (terms: readonly Term[]): Bound => sum(valuesOf(terms));

/** A number in seconds; throws for one without a bound. */
export function finite(value: Bound | undefined): number {
  if (value === undefined || !isBounded(value)) throw new Error(`not a number of seconds: ${JSON.stringify(value)}`);
  return value;
}

/** The way that was chosen, which there must be. */
export function chosen({ chosen, dropped }: Assessment): NonNullable<Assessment["chosen"]> {
  if (chosen === undefined) throw new Error(dropped.map(({ reason }) => reason).join("; "));
  return chosen;
}

/** Both sums of a loss, a line each. */
export function lossLines(assessment: Assessment): string[] {
  const [healthy, failed] = chosen(assessment).rpo.map(({ terms }) => added(valuesOf(terms)));
  return [`every run   ${healthy}`, `one failed  ${failed}`];
}

/** What the model says of the first promise about an asset. */
export function about(id: string, plan: Plan): Assessment {
  const found = assess(plan, asOf).find(({ asset }) => asset === id);
  if (found === undefined) throw new Error(`nothing is promised of ${id}`);
  return found;
}

/** A setting of a span that was read somewhere. */
export const setting = (text: string): Setting => ({ value: duration(text), source: source(text) });

/** Lines of which the cells of each column begin below each other. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [place, cell] of row.entries()) widths[place] = Math.max(widths[place] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, place) => (place === row.length - 1 ? cell : cell.padEnd(widths[place] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

/** One block of several, an empty line between them. */
export const joined = (...blocks: string[][]): string[] =>
  blocks.flatMap((lines, place) => (place === 0 ? lines : ["", ...lines]));

/** A table of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)];
}
