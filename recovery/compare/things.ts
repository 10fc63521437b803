import { type Disruption, disruptions } from "../objective";
import { type Aspect, type Aspects, elsewhere } from "./aspects";
import type { Change, Direction, Noun } from "./comparison";
import { keyOf } from "./keys";

/** How things of one kind are told apart and compared. */
export interface Kind<T> {
  noun: Noun;
  /** What two states of one thing have in common. */
  id(one: T): string;
  /** What people call it. */
  name(one: T): string;
  asset?(one: T): string | undefined;
  /** The disruption that an entry is about; entries of several disruptions that change alike are told once. */
  disruption?(one: T): Disruption | undefined;
  /** What it means that there is one more; one less is the reverse. */
  added: Direction | ((one: T) => Direction);
  /** What is told of one that came or went. */
  text(one: T): string;
  aspects: Aspects<T>;
  /** What changed within two states of one thing. */
  parts?(before: T, after: T): Change[];
}

/** What changed between two lists of things of one kind. */
export function changesOf<T>(kind: Kind<T>, before: readonly T[], after: readonly T[]): Change[] {
  const { pairs, gone, added } = matched(kind, before, after);
  const meant = (one: T) => (typeof kind.added === "function" ? kind.added(one) : kind.added);
  return together([
    ...gone.map((one) => ({
      ...headOf(kind, one),
      direction: reversed(meant(one)),
      what: `${kind.noun} removed`,
      before: kind.text(one),
    })),
    ...added.map((one) => ({
      ...headOf(kind, one),
      direction: meant(one),
      what: `${kind.noun} added`,
      after: kind.text(one),
    })),
    ...pairs.flatMap(([old, now]) => [...aspectChanges(kind, old, now), ...(kind.parts?.(old, now) ?? [])]),
  ]);
}

/** What a change means when it is undone. */
export function reversed(direction: Direction): Direction {
  if (direction === "other") return direction;
  return direction === "weaker" ? "stronger" : "weaker";
}

/** Changes in the order of reports, those that differ in their disruption only told once. */
export function together(changes: readonly Change[]): Change[] {
  const groups = new Map<string, Change>();
  for (const change of changes) {
    const { disruptions: struck, ...rest } = change;
    const key = JSON.stringify([rest, struck === undefined]);
    const all = [...(groups.get(key)?.disruptions ?? []), ...(struck ?? [])];
    groups.set(
      key,
      all.length === 0 ? change : { ...change, disruptions: disruptions.filter((one) => all.includes(one)) },
    );
  }
  return [...groups.values()];
}

function headOf<T>(kind: Kind<T>, one: T): Pick<Change, "noun" | "name" | "asset" | "disruptions"> {
  const [asset, disruption] = [kind.asset?.(one), kind.disruption?.(one)];
  return {
    noun: kind.noun,
    name: kind.name(one),
    ...(asset === undefined ? {} : { asset }),
    ...(disruption === undefined ? {} : { disruptions: [disruption] }),
  };
}

function aspectChanges<T>(kind: Kind<T>, old: T, now: T): Change[] {
  return changesWithin(kind, kind.aspects, now, old, now);
}

/** What changed in a part of a thing that has aspects of its own: the lock of a copy. */
export function changesWithin<T, P>(kind: Kind<T>, aspects: Aspects<P>, whole: T, old: P, now: P): Change[] {
  // The record names every field of the type, once.
  const each = Object.entries(aspects) as [keyof P & string, Aspect<unknown> | typeof elsewhere][];
  return each.flatMap(([field, aspect]) => {
    if (aspect === elsewhere || keyOf(old[field]) === keyOf(now[field])) return [];
    const [before, after] = [aspect.text(old[field]), aspect.text(now[field])];
    const direction = aspect.order(old[field], now[field]);
    const change: Change = { ...headOf(kind, whole), direction, what: `${aspect.called} ${aspect.verbs[direction]}` };
    if (before !== undefined) change.before = before;
    if (after !== undefined) change.after = after;
    return [change];
  });
}

interface Matched<T> {
  pairs: [T, T][];
  gone: T[];
  added: T[];
}

/** Of several with one identity those that are equal are one; the others are paired in a fixed order. */
function matched<T>({ id }: Kind<T>, before: readonly T[], after: readonly T[]): Matched<T> {
  const [old, now] = [byId(before, id), byId(after, id)];
  const result: Matched<T> = { pairs: [], gone: [], added: [] };
  for (const key of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [left, right] = withoutEquals(old.get(key) ?? [], now.get(key) ?? []);
    const both = Math.min(left.length, right.length);
    for (let place = 0; place < both; place++) result.pairs.push([left[place] as T, right[place] as T]);
    result.gone.push(...left.slice(both));
    result.added.push(...right.slice(both));
  }
  return result;
}

function byId<T>(list: readonly T[], id: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) groups.set(id(one), [...(groups.get(id(one)) ?? []), one]);
  return groups;
}

function withoutEquals<T>(before: readonly T[], after: readonly T[]): [T[], T[]] {
  const left = new Map([...before].map((one, place) => [place, { one, key: keyOf(one) }]));
  const right: { one: T; key: string }[] = [];
  for (const one of after) {
    const key = keyOf(one);
    const equal = [...left].find(([, other]) => other.key === key)?.[0];
    if (equal === undefined) right.push({ one, key });
    else left.delete(equal);
  }
  const inOrder = (list: Iterable<{ one: T; key: string }>) =>
    [...list].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ one }) => one);
  return [inOrder(left.values()), inOrder(right)];
}
