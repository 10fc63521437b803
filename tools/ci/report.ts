import { marker } from "./comment";
import type { Evidence } from "./evidence";

/** What was judged, in the order in which it is told. */
export interface Judged {
  /** Evidence by stack; the first is shown, the others are folded. */
  stacks: readonly { stack: string; evidence: Evidence }[];
  /** The same judgement inside the Pulumi engine, where credentials were at hand. */
  engine?: { stack: string; evidence: Evidence };
  /** Page of the run. */
  run: string;
  commit: string;
}

/** GitHub refuses more characters than this. */
export const longest = 65_536;

/** A comment on a pull request, its first line the verdict; shortened until GitHub takes it, with a link to the rest. */
export function report({ stacks, engine, run, commit }: Judged, limit = longest): string {
  const [first, ...others] = stacks.map(({ stack, evidence }) => sectionOf(stack, evidence.markdown, run));
  const inside = engine && sectionOf(engine.stack, engine.evidence.markdown, run);
  const tail = [
    ...(inside ? [`In the Pulumi engine: ${inside.verdict}`] : []),
    `[Run](${run}) of ${commit.slice(0, 12)}, by the code of this pull request: read what it changes in \`policies/\`, \`registers/\` and \`.github/\` as well.`,
  ].join("\n\n");
  const whole = (middle: readonly string[], head = first?.text ?? "") =>
    [`${marker}\n${head}`, ...middle, "---", tail].join("\n\n");
  const folded = whole(others.map(({ verdict, text }) => fold(verdict, text)));
  if (folded.length <= limit) return folded;
  const short = others.map(({ verdict }) => `${verdict} ([run](${run}))`);
  const room = limit - whole(short, "").length;
  return whole(short, cut(first?.text ?? "", room, `Shortened: [everything](${run}) is in the run's summary.`));
}

interface Section {
  verdict: string;
  text: string;
}

function sectionOf(stack: string, markdown: string | undefined, run: string): Section {
  const text = harmless(markdown?.trim() ?? "");
  if (text === "") {
    const verdict = `✗ ${stack}: nothing was judged, [the run](${run}) says why`;
    return { verdict, text: `**${verdict}**` };
  }
  return { verdict: verdictOf(stack, text), text };
}

/** The bold lines that a report begins with, as one that names its stack. */
export function verdictOf(stack: string, markdown: string): string {
  const said: string[] = [];
  for (const line of markdown.split("\n").filter((one) => one !== "")) {
    const bold = /^\*\*(.*)\*\*$/.exec(line)?.[1];
    if (bold === undefined) break;
    said.push(bold);
  }
  const verdict = said.join(" · ");
  return said.some((line) => line.includes(stack)) ? verdict : `${stack}: ${verdict || "a report without a verdict"}`;
}

/** Names nobody: a bot that does would send mail to whom a stranger chose. */
function harmless(text: string): string {
  return text.replace(/@(?=\w)/g, "@\u200b");
}

function fold(title: string, text: string): string {
  return `<details>\n<summary>${title}</summary>\n\n${text}\n\n</details>`;
}

/** The first lines of a text, with what they leave open closed, and a last line that says so. */
function cut(text: string, limit: number, because: string): string {
  if (text.length <= limit) return text;
  let lines = text.split("\n");
  for (;;) {
    const kept = [...lines, ...closing(lines), "", because].join("\n");
    if (kept.length <= limit || lines.length === 0) return kept;
    // Some of the longest lines are tables' rows; nothing is gained by finding the very last that fits.
    lines = lines.slice(0, Math.min(lines.length - 1, Math.floor((lines.length * limit) / kept.length)));
  }
}

function closing(lines: readonly string[]): string[] {
  const fences = lines.filter((line) => line.startsWith("```")).length;
  const opened = lines.filter((line) => line.trim() === "<details>").length;
  const closed = lines.filter((line) => line.trim() === "</details>").length;
  return [...(fences % 2 === 1 ? ["```"] : []), ...Array<string>(Math.max(0, opened - closed)).fill("\n</details>")];
}
