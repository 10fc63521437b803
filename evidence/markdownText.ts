import { clean } from "./text";

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;" };

/** Text as HTML shows it literally, in a table cell too. */
function escaped(text: string): string {
  return clean(text).replace(/[&<>|]/g, (character) => entities[character] ?? character);
}

/** Text as Markdown shows it literally: no markup, no HTML, and no person is notified by a name in it. */
export function literal(text: string): string {
  return escaped(text)
    .replace(/[\\`*_[\]~]/g, (character) => `\\${character}`)
    .replace(/^([-+]|\d+(?=[.)])|#{1,6})(?=[\s.)])/, "\u200b$1")
    .replace(/@(?=\w)/g, "@<!-- -->");
}

/** A name or a command in code type. */
export function code(text: string): string {
  return `\`${clean(text).replaceAll("`", "'")}\``;
}

/** A folded part; the blank lines make GitHub and GitLab read what is inside as Markdown. */
export function folded(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return ["<details>", `<summary>${escaped(title)}</summary>`, "", ...lines, "", "</details>", ""];
}

/** Lines of a table of three columns: more of them cannot be read on a phone. */
export function narrowTable(
  titles: readonly [string, string, string],
  rows: readonly (readonly [string, string, string])[],
): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)];
}
