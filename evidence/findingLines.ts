import { type Cause, concerns, weight } from "./causes";
import { yearOf } from "./dates";
import type { Paints } from "./paint";
import { labelled, story } from "./story";
import { displayWidth, proseWidth, spread, wrap } from "./text";
import { readFrom } from "./words";

const indent = "    ";

/** One finding as a terminal shows it: the promise broken, how it breaks on a calendar, and what would mend it. */
export function findingLines(cause: Cause, asOf: number, paint: Paints, columns: number): string[] {
  const { finding } = cause;
  const width = proseWidth(columns);
  const lines = headLines(cause, paint, width);
  const all: [string, string][] = cause.assets.length > 3 ? [["assets", cause.assets.join(", ")]] : [];
  if (finding.waiver) {
    const { owner, expires, reason, ticket } = finding.waiver;
    return [
      ...lines,
      ...labelled([...all, ["waived", `until ${expires} by ${owner}: ${reason} (${ticket})`]], indent, width),
    ];
  }
  if (finding.counterexample) lines.push("", ...story(finding.counterexample, yearOf(asOf), indent, width));
  if (finding.counterexample) lines.push("");
  return [...lines, ...labelled([...all, ...advice(cause)], indent, width)];
}

/** Where it is, what decides it, and the change that mends it. */
export function advice({ finding }: Cause): [string, string][] {
  const parts: [string, string][] = [];
  // A binding that names the resource already says where.
  if (!finding.binding?.includes(finding.source.name)) parts.push(["at", readFrom(finding.source)]);
  if (finding.binding !== undefined) parts.push(["binding", finding.binding]);
  for (const sentence of finding.also ?? []) parts.push(["also", sentence]);
  if (finding.fix) parts.push(["fix", finding.fix.change], ["checked", finding.fix.result]);
  else if (finding.remediation) parts.push(["to mend", finding.remediation]);
  return parts;
}

function headLines(cause: Cause, paint: Paints, width: number): string[] {
  const { finding } = cause;
  const sign = finding.waiver ? "–" : finding.level === "mandatory" ? "✗" : "!";
  const colour = finding.waiver ? paint.faint : finding.level === "mandatory" ? paint.bad : paint.warn;
  const tag = weight(cause);
  const lines = wrap(`${concerns(cause)} · ${finding.message}`, width - 2);
  const last = lines.pop() ?? "";
  const [end = "", ...own] = spread(`${sign} ${last}`, tag, width, "  ");
  const painted = [...lines, end.slice(2)].map((line, index) => {
    const text = index === lines.length ? line.slice(0, last.length) : line;
    const rest = index === lines.length ? line.slice(last.length) : "";
    return `${index === 0 ? colour(sign) : " "} ${colour(text)}${paint.faint(rest)}`;
  });
  return [...painted, ...own.map(paint.faint)].map((line) => (displayWidth(line) === 0 ? "" : line));
}
