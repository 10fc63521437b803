import { type Paint, plain } from "./paint";
import { clean, displayWidth, pad, wrap } from "./text";

/** One column of a table. */
export interface Column {
  title: string;
  align: "left" | "right";
  /** Spaces before it. @default 2 */
  gap?: number;
  /** Narrowest width it may be squeezed to, its cells then wrapped; a column without it keeps its width. */
  least?: number;
}

/** One cell: its text, and how to paint it. */
export interface Cell {
  text: string;
  paint?: Paint;
  /** Takes the rest of its row, however wide its columns are. */
  spans?: boolean;
}

/** Lines of a table, titles first where there are any; undefined when it cannot be squeezed into `width` columns. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
  paintTitle: Paint = plain,
): string[] | undefined {
  const widths = squeeze(columns, naturalWidths(columns, rows), width);
  if (widths === undefined) return undefined;
  const titles = columns.map(({ title }) => ({ text: title, paint: paintTitle }));
  const all = titles.some(({ text }) => text !== "") ? [titles, ...rows] : rows;
  return all.flatMap((row) => rowLines(columns, widths, row, width));
}

function naturalWidths(columns: readonly Column[], rows: readonly (readonly Cell[])[]): number[] {
  return columns.map((column, index) =>
    Math.max(
      displayWidth(column.title),
      ...rows.map((row) => (row[index]?.spans ? 0 : displayWidth(clean(row[index]?.text ?? "")))),
    ),
  );
}

/** Takes what is too much, column by column, from the widest that can give. */
function squeeze(columns: readonly Column[], natural: readonly number[], width: number): number[] | undefined {
  let excess = natural.reduce((all, one, index) => all + one + gapBefore(columns, index), 0) - width;
  const squeezed = [...natural];
  for (; excess > 0; excess--) {
    const room = squeezed.map((now, index) => (now > (columns[index]?.least ?? now) ? now : 0));
    const widest = room.indexOf(Math.max(...room));
    if ((room[widest] ?? 0) === 0) return undefined;
    squeezed[widest] = (squeezed[widest] ?? 0) - 1;
  }
  return squeezed;
}

function rowLines(columns: readonly Column[], own: readonly number[], row: readonly Cell[], width: number): string[] {
  const widths = own.map((one, index) => (row[index]?.spans ? width - startOf(columns, own, index) : one));
  const cells = columns.map((_, index) => wrap(row[index]?.text ?? "", widths[index] ?? 0));
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) =>
    columns
      .map((column, index) => {
        if (index > 0 && row[index - 1]?.spans) return "";
        const text = cells[index]?.[at] ?? "";
        const blank = pad("", (widths[index] ?? 0) - displayWidth(text));
        const painted = text === "" ? "" : (row[index]?.paint ?? plain)(text);
        return `${pad("", gapBefore(columns, index))}${column.align === "right" ? blank + painted : painted + blank}`;
      })
      .join("")
      .trimEnd(),
  );
}

function startOf(columns: readonly Column[], widths: readonly number[], index: number): number {
  return widths.slice(0, index).reduce((all, one, at) => all + one + gapBefore(columns, at), gapBefore(columns, index));
}

function gapBefore(columns: readonly Column[], index: number): number {
  return index === 0 ? 0 : (columns[index]?.gap ?? 2);
}
