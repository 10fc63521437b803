import type { World } from "./world";

/** Where, from `from` to `to`, the longest spans over one gap and over two start: for each calendar and for all together. */
export function worstStarts({ calendars }: World, from: number, to: number): number[] {
  const lists = calendars.map(({ due }) => due).filter((due) => due.length > 0);
  const all = lists.length > 1 ? [...lists, together(lists)] : lists;
  const starts = all.flatMap((due) => [1, 2].map((gaps) => startOfLongest(due, gaps, from, to)));
  return [...new Set(starts.filter((start) => start !== undefined))];
}

const merged = new Map<readonly number[], Map<readonly number[], readonly number[]>>();

/** The instants of several calendars in order, each once. */
function together(lists: readonly (readonly number[])[]): readonly number[] {
  const [first = [], second = [], ...rest] = lists;
  const known = merged.get(first) ?? new Map<readonly number[], readonly number[]>();
  merged.set(first, known);
  const both = known.get(second) ?? [...new Set([...first, ...second])].sort((a, b) => a - b);
  known.set(second, both);
  return rest.length === 0 ? both : together([both, ...rest]);
}

const longest = new Map<readonly number[], Map<string, number | undefined>>();

function startOfLongest(due: readonly number[], gaps: number, from: number, to: number): number | undefined {
  const known = longest.get(due) ?? new Map<string, number | undefined>();
  longest.set(due, known);
  const key = `${gaps} ${from} ${to}`;
  if (!known.has(key)) known.set(key, searchLongest(due, gaps, from, to));
  return known.get(key);
}

function searchLongest(due: readonly number[], gaps: number, from: number, to: number): number | undefined {
  let [most, at] = [0, undefined as number | undefined];
  for (let place = 0; place + gaps < due.length; place++) {
    const start = due[place] ?? 0;
    const end = due[place + gaps] ?? 0;
    if (start > from && end < to && end - start > most) [most, at] = [end - start, start];
  }
  return at;
}

const shortest = new Map<readonly number[], number | undefined>();

/** Where, from `from` on, the shortest gap starts: runs meet there first. */
export function shortestStart(due: readonly number[], from: number): number | undefined {
  if (!shortest.has(due)) shortest.set(due, searchShortest(due, from));
  return shortest.get(due);
}

function searchShortest(due: readonly number[], from: number): number | undefined {
  let [least, at] = [Number.POSITIVE_INFINITY, undefined as number | undefined];
  for (let place = 0; place + 1 < due.length; place++) {
    const start = due[place] ?? 0;
    const gap = (due[place + 1] ?? 0) - start;
    if (start > from && gap < least) [least, at] = [gap, start];
  }
  return at;
}
