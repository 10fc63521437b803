import type { Copy, Group, Path, Protection, Series } from "../plan";

/** Lists of a plan are read in one order, whatever order they are written in, so that of equals the same is told. */
export function inOrder<T extends object>(list: T[], key: (one: T) => string): T[] {
  const isInOrder = list.every((one, place) => {
    const before = list[place - 1];
    return before === undefined || key(before) < key(one);
  });
  if (isInOrder) return list;
  // Two of one name are told apart by all that they say.
  return list.slice().sort((a, b) => byText(key(a), key(b)) || byText(textOf(a), textOf(b)));
}

function byText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

const texts = new WeakMap<object, string>();

/** Written out once: a search for a fix puts the same parts of a plan in order thousands of times. */
function textOf(one: object): string {
  const text = texts.get(one) ?? JSON.stringify(one);
  texts.set(one, text);
  return text;
}

/** A protection with its series and copies in order. */
export function orderedProtection(one: Protection): Protection {
  if (one.kind !== "archive" && one.kind !== "restore-points") return one;
  const copies = inOrder(one.copies, byPlace);
  if (one.kind === "archive") return copies === one.copies ? one : { ...one, copies };
  const series = inOrder(one.series, byName);
  return copies === one.copies && series === one.series ? one : { ...one, series, copies };
}

/** A path with its steps in order. */
export function orderedPath(path: Path): Path {
  const steps = inOrder(path.steps, byName);
  return steps === path.steps ? path : { ...path, steps };
}

/** A group with its members in order. */
export function orderedGroup(group: Group): Group {
  return { ...group, members: inOrder(group.members, ({ asset }) => asset) };
}

function byName({ name }: Pick<Series, "name">): string {
  return name;
}

function byPlace({ source }: Copy): string {
  return source.resource;
}
