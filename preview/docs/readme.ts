import { readFileSync } from "node:fs";
import * as path from "node:path";
import { formatBound, formatLimit, type Judgement } from "../../recovery";
import { judgementOf, reportOf } from "./reports";

const asWritten = "examples/as-written/omendb";

/** The runbooks, literally; one that promises nothing is held to what production promises. */
const literally = [{ program: asWritten }, { program: "examples/as-written/omniverse", stack: "promised" }] as const;

/** `README.md` with its generated parts, those between `<!-- name -->` and `<!-- /name -->`, made anew. */
export async function readme(root: string): Promise<string> {
  const text = readFileSync(path.join(root, "README.md"), "utf8");
  const prod = await judgementOf(root, ".");
  const literal: Judgement["assessments"][number][] = [];
  for (const { program, ...at } of literally) {
    literal.push(...(await judgementOf(root, program, "stack" in at ? at.stack : undefined)).assessments);
  }
  const daily = await judgementOf(root, asWritten, "cadence");
  const parts: Record<string, string> = {
    objectives: objectives(prod),
    comparison: comparison(prod, literal),
    finding: fenced(datedFinding(reportOf(daily, asWritten, false))),
  };
  return Object.entries(parts).reduce((made, [name, part]) => replaced(made, name, part), text);
}

function replaced(text: string, name: string, part: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`README.md has no part between ${open} and ${close}`);
  return `${text.slice(0, start + open.length)}\n${part}\n${text.slice(end)}`;
}

function objectives({ assessments }: Judgement): string {
  const rows = assessments.map(({ asset, disruption, objective }) => {
    const promise = `${formatLimit(objective.rpo)} | ${formatLimit(objective.rto)} | ${objective.reason}`;
    return { asset, disruption, promise };
  });
  // Disruptions that one asset promises the same for are one row.
  const merged = rows.flatMap(({ asset, promise }, at) => {
    const alike = (other: (typeof rows)[number] | undefined) => other?.asset === asset && other.promise === promise;
    if (alike(rows[at - 1])) return [];
    const rest = rows.slice(at);
    const end = rest.findIndex((other) => !alike(other));
    const names = rest.slice(0, end < 0 ? undefined : end).map((one) => one.disruption);
    return [`| ${asset} | ${names.join(", ")} | ${promise} |`];
  });
  return ["| asset | disruption | RPO | RTO | why |", "|---|---|---|---|---|", ...merged].join("\n");
}

/** The assets that the examples have too, as they have them and as production does. */
function comparison(prod: Judgement, literal: Judgement["assessments"]): string {
  const assets = new Set(literal.map(({ asset }) => asset));
  const rows = prod.assessments.flatMap((ours) => {
    if (!assets.has(ours.asset)) return [];
    const theirs = literal.find(({ asset, disruption }) => asset === ours.asset && disruption === ours.disruption);
    const target = `${formatLimit(ours.objective.rpo)} / ${formatLimit(ours.objective.rto)}`;
    const written = theirs ? figures(theirs) : "nothing promised";
    return [`| ${ours.asset} | ${ours.disruption} | ${target} | ${written} | ${figures(ours)} |`];
  });
  const head = [
    "| asset | disruption | target RPO / RTO | as the runbook is written | here |",
    "|---|---|---|---|---|",
  ];
  return [...head, ...rows].join("\n");
}

function figures({ chosen, verdict }: Judgement["assessments"][number]): string {
  if (chosen === undefined) return `all / never: **${verdict}**`;
  return `${formatBound(chosen.rpo[1].total)} / ${formatBound(chosen.rto.total)}: **${verdict}**`;
}

/** The first loss that is told as a course of events. */
function datedFinding(report: string): string {
  const findings = report.split(/\n(?=✗ )/).slice(1);
  const found = findings.find((finding) => / UTC {2}/.test(finding) && finding.includes("rpo-is-met"));
  if (found === undefined) throw new Error(`no finding of ${asWritten} tells how data is lost`);
  return found.trimEnd();
}

function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}
