import stringWidth from "string-width";

/** Narrowest terminal that is served. */
export const narrowest = 80;

/** Columns beyond which prose is hard to read, however wide the terminal is. */
const widestProse = 132;

/** Control, direction and line-breaking characters: a resource name must not be able to redraw the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/g;

/** Spans that a line break would make hard to read: `RPO 8m 10s (5m 10s)`, `0 1 * * 0`, `Sat  3 Oct 02:00`, `· region`. */
const unbreakable = [
  /(?:(?:RPO|RTO|under|within) )*\d+[dhm](?: \d+[hms])+(?![a-z])(?: \(\d[\dhms ]*\))?/g,
  /(?:RPO|RTO|under|within)(?: under)? \d+[dhms]/g,
  /(?<!\S)["`]?[\d*][\d*/,-]*(?: [\d*/,A-Z-]+){4}(?![\w*])/g,
  /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) {1,2}\d{1,2} [A-Z][a-z]{2}(?: \d{4})? \d\d:\d\d/g,
  /(?:^| )· \S+/g,
  /in \d+ days?/g,
  /facts? [a-z][\w-]*\.[\w-]+/g,
];

/** Text without characters that would move the cursor, on one line. */
export function clean(text: string): string {
  return text.replace(unprintable, " ");
}

/** Columns that a text takes on a terminal. */
export function displayWidth(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text);
}

/** Columns available for prose in a terminal. */
export function proseWidth(width: number): number {
  return Math.min(Math.max(width, narrowest), widestProse);
}

/** Pads to a display width. */
export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const fill = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "left" ? text + fill : fill + text;
}

/** Breaks a text into lines of at most `width` columns, between words where it can; never returns zero lines. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of glue(clean(text)).split(" ")) {
    const longer: string = line === undefined ? word : `${line} ${word}`;
    if (displayWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== undefined && line.trim() !== "") lines.push(line);
    const pieces = chop(word, width);
    // Spaces at a break belong to neither line.
    line = word === "" ? undefined : pieces.pop();
    lines.push(...pieces.filter((piece) => piece !== ""));
  }
  lines.push(line ?? "");
  return lines.map((part) => part.replaceAll("\u00a0", " ").trimEnd());
}

/** Columns of the longest part of a text that a wrap would keep on one line. */
export function longestWord(text: string): number {
  return Math.max(...glue(clean(text)).split(" ").map(displayWidth));
}

/** A paragraph whose first line starts with `first`; its other lines are indented, below the text unless told. */
export function hang(first: string, text: string, width: number, indent = displayWidth(first)): string[] {
  const room = Math.max(20, width - Math.max(indent, displayWidth(first)));
  return wrap(text, room).map((line, index) => `${index === 0 ? first : " ".repeat(indent)}${line}`.trimEnd());
}

/** Two texts on one line, the second at the right edge; the second gets a line of its own where both do not fit. */
export function spread(left: string, right: string, width: number, indent: string): string[] {
  const gap = width - displayWidth(left) - displayWidth(right);
  return gap >= 3 ? [`${left}${" ".repeat(gap)}${right}`] : [left, `${indent}${right}`];
}

function glue(text: string): string {
  return unbreakable.reduce(
    (glued, pattern) =>
      glued.replace(pattern, (span) => span.trimStart().replaceAll(" ", "\u00a0").padStart(span.length)),
    text,
  );
}

function chop(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const character of word) {
    if (displayWidth(piece + character) > width && piece !== "") {
      pieces.push(piece);
      piece = "";
    }
    piece += character;
  }
  return [...pieces, piece];
}
