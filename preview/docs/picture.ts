import { stripVTControlCharacters } from "node:util";
import { judgementOf, reportOf } from "./reports";

const fontSize = 13;
const charWidth = 7.83;
const lineHeight = 18;
const margin = 16;

/** A terminal's code for a colour or weight. */
const styleCode = new RegExp(`${String.fromCharCode(27)}\\[(\\d+)m`);

/** Colours of picocolors' codes, on a dark ground. */
const colours: Record<string, string> = {
  "31": "#ff7b72",
  "32": "#7ee787",
  "33": "#e3b341",
  "34": "#79c0ff",
  "35": "#d2a8ff",
  "36": "#76e3ea",
  "90": "#8b949e",
};

/** `docs/preview.svg`: what `npm run preview` shows on a terminal. */
export async function picture(root: string): Promise<string> {
  const lines = reportOf(await judgementOf(root, "."), ".", true)
    .trimEnd()
    .split("\n");
  const columns = Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
  const width = Math.ceil(columns * charWidth) + 2 * margin;
  const height = lines.length * lineHeight + 2 * margin;
  const texts = lines.map((line, i) => textOf(line, margin + (i + 1) * lineHeight - 5)).filter((text) => text !== "");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Holdfast preview of production">`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${fontSize}" fill="#e6edf3" xml:space="preserve">`,
    ...texts,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** One line; each run of characters at its own place, so that columns stay in line in any font. */
function textOf(line: string, y: number): string {
  let column = 0;
  let style = "";
  const runs: string[] = [];
  // Splitting keeps the captured codes, at the odd places.
  for (const [place, part] of line.split(styleCode).entries()) {
    if (place % 2 === 1) {
      style = styleOf(part, style);
      continue;
    }
    for (const [, gap = "", word = ""] of part.matchAll(/( *)((?:[^ ]| (?! ))*)/g)) {
      column += gap.length;
      if (word.trim() !== "") {
        const x = (margin + column * charWidth).toFixed(1);
        runs.push(`<tspan x="${x}"${style}>${escaped(word)}</tspan>`);
      }
      column += word.length;
    }
  }
  return runs.length === 0 ? "" : `<text y="${y}">${runs.join("")}</text>`;
}

function styleOf(code: string, current: string): string {
  if (code === "1") return `${current} font-weight="bold"`;
  if (code === "2") return `${current} fill-opacity="0.65"`;
  if (code === "22") return current.replace(/ font-weight="bold"| fill-opacity="0.65"/g, "");
  const colour = colours[code];
  return colour === undefined ? current.replace(/ fill="[^"]*"/, "") : ` fill="${colour}"`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
