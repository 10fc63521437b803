/** One page of `docs/runbooks/<system>/`. */
export interface Page {
  /** `OmenDBDown.md`. */
  file: string;
  text: string;
}

/** A page from its blocks; says who wrote it, because an edit by hand would be lost. */
export function page(file: string, title: string, blocks: readonly string[]): Page {
  const from = "<!-- Generated: npx tsx systems/runbooks/write.ts -->";
  return { file, text: `${[`# ${title}`, from, ...blocks].join("\n\n")}\n` };
}

/** A numbered list; what follows the first line of an item stays inside it. */
export function steps(items: readonly string[]): string {
  return items.map((item, at) => `${at + 1}. ${inside(item, 3)}`).join("\n");
}

/** A bulleted list, likewise. */
export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${inside(item, 2)}`).join("\n");
}

function inside(item: string, indent: number): string {
  return item.replace(/\n(?=[^\n])/g, `\n${" ".repeat(indent)}`);
}

/** A table; cells must hold no line breaks. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
