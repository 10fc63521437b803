import type { Copy, Group, Path, Protection, Series } from "../plan";

/** Lists of a plan are read in one order, whatever order they are written in, so that of equals the same is told. */
export function inOrder<T>(list: readonly T[], key: (one: T) => string): T[] {
  return [...list].sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    if (left !== right) return left < right ? -1 : 1;
    // Two of one name are told apart by all that they say.
    return JSON.stringify(a) <= JSON.stringify(b) ? -1 : 1;
  });
}

/** A protection with its series and copies in order. */
export function orderedProtection(one: Protection): Protection {
  if (one.kind === "archive") return one.copies.length < 2 ? one : { ...one, copies: inOrder(one.copies, byPlace) };
  if (one.kind !== "restore-points" || (one.copies.length < 2 && one.series.length < 2)) return one;
  return { ...one, series: inOrder(one.series, byName), copies: inOrder(one.copies, byPlace) };
}

/** A path with its steps in order. */
export function orderedPath(path: Path): Path {
  return path.steps.length < 2 ? path : { ...path, steps: inOrder(path.steps, byName) };
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
