import { add, type Bound, checked, compare, isBounded } from "../bound";
import { seconds } from "../duration";
import type { Path, Step, Term } from "../plan";
import { type Before, chainsInTurn } from "./turns";

/** The chain of steps that takes longest, in order; the steps it may have to wait for; and both together. */
export interface CriticalPath {
  steps: Step[];
  /** Steps of which each holds, once, something that a step of the chain needs. */
  waits: Step[];
  total: Bound;
}

/**
 * The longest chain of steps, up to the last of some of them or to the end. Where steps share what only one can use at a
 * time, every order is reckoned with in which nothing idle waits: while a step waits, another that shares something with
 * it runs, and each does so once. A step that waits for itself makes it unbounded, one that waits for no step of these
 * unknown.
 */
export function criticalPath(steps: readonly Step[], some: readonly Step[] = []): CriticalPath {
  const line = lineOf(steps);
  if (line !== undefined) {
    const last = some.length === 0 ? line.length : 1 + line.findLastIndex((step) => some.includes(step));
    return withTotal(last === line.length ? line : line.slice(0, last), []);
  }
  const named = placesByName(steps);
  const before = steps.map(({ after }) => placesOf(after, named));
  const order = inOrder(before);
  if (order === undefined) {
    const looped = steps.filter((_, place) => waitsForItself(place, before)).slice(0, 1);
    const unbounded = `step ${looped.map(({ name }) => name)} waits for itself`;
    return { steps: looped, waits: [], total: { unbounded } };
  }
  const lost = withoutOne(steps, named);
  if (lost !== undefined) return lost;
  const ends = steps.flatMap((step, place) => (some.length === 0 || some.includes(step) ? [place] : []));
  if (!steps.some(({ uses }) => uses !== undefined && uses.length > 0)) {
    return longestBy([withTotal(stepsAt(longestOf(steps, order, before, ends), steps), [])]);
  }
  const chains = chainsInTurn(steps, order, before, ends);
  // Too many to look at: all steps are taken to run one after the other.
  if (chains === undefined) {
    const others = steps.filter((step) => !some.includes(step));
    return withTotal([...some], others);
  }
  return longestBy(chains.map(({ chain, waits }) => withTotal(stepsAt(chain, steps), stepsAt(waits, steps))));
}

/** Most recoveries are steps that each take some time and run one after the other: in that order, without a search. */
function lineOf(steps: readonly Step[]): Step[] | undefined {
  const line: Step[] = [];
  for (let next = steps.find(({ after }) => after.length === 0); next !== undefined; next = following(next, steps)) {
    const { name, bound } = next;
    if (!isBounded(bound.value) || bound.value === 0 || line.some((one) => one.name === name)) return undefined;
    line.push(next);
  }
  return line.length === steps.length ? line : undefined;
}

/** The first step that waits for another and for nothing else. */
function following({ name }: Step, steps: readonly Step[]): Step | undefined {
  return steps.find(({ after }) => after.length === 1 && after[0] === name);
}

function longestBy(paths: readonly CriticalPath[]): CriticalPath {
  let longest = withTotal([], []);
  for (const one of paths) {
    // Steps that take no time are no path.
    const longer = longest.steps.length === 0 ? compare(one.total, longest.total) : compared(one, longest);
    if (longer > 0) longest = one;
  }
  return longest;
}

/** What comes of a step that waits for one that is not there. */
function withoutOne(steps: readonly Step[], named: ReadonlyMap<string, unknown>): CriticalPath | undefined {
  for (const step of steps) {
    const missing = step.after.find((name) => !named.has(name));
    if (missing === undefined) continue;
    const unknown = `step ${step.name} waits for ${missing}, which is no step of its path`;
    return { steps: [step], waits: [], total: { unknown } };
  }
  return undefined;
}

/** The larger total; of equal ones the chain with more steps of its own, then by name, whatever the order of the steps. */
function compared(a: CriticalPath, b: CriticalPath): number {
  const named = ({ steps }: CriticalPath) => steps.map(({ name }) => name).join(" ");
  return compare(a.total, b.total) || a.steps.length - b.steps.length || (named(a) < named(b) ? 1 : -1);
}

function withTotal(chain: Step[], waits: Step[]): CriticalPath {
  let total: Bound = seconds(0);
  for (const { bound } of chain) total = add(total, bound.value);
  for (const { bound } of waits) total = add(total, bound.value);
  return { steps: chain, waits, total };
}

function stepsAt(places: readonly number[], steps: readonly Step[]): Step[] {
  return places.flatMap((place) => steps[place] ?? []);
}

function placesByName(steps: readonly Step[]): Map<string, number[]> {
  const named = new Map<string, number[]>();
  for (const [place, { name }] of steps.entries()) {
    const alike = named.get(name);
    if (alike === undefined) named.set(name, [place]);
    else alike.push(place);
  }
  return named;
}

function placesOf(names: readonly string[], named: ReadonlyMap<string, number[]>): readonly number[] {
  const [first] = names;
  if (first === undefined || names.length === 1) return (first !== undefined && named.get(first)) || [];
  return [...new Set(names)].flatMap((name) => named.get(name) ?? []);
}

/** The longest chain to any of some ends, as places; in `order` each step follows those it waits for. */
function longestOf(
  steps: readonly Step[],
  order: readonly number[],
  before: Before,
  ends: readonly number[],
): number[] {
  const totals: Bound[] = [];
  const lengths: number[] = [];
  const earlier: number[] = [];
  const longest = (places: readonly number[]): number => {
    let found = none;
    for (const place of places) {
      const [total, most] = [totals[place], totals[found]];
      if (total === undefined) continue;
      // Of two without end the one with more steps says more of what is to be mended.
      const longer =
        most === undefined ||
        (compare(total, most) || (isBounded(total) ? 0 : (lengths[place] ?? 0) - (lengths[found] ?? 0))) > 0;
      if (longer) found = place;
    }
    return found;
  };
  for (const place of order) {
    const first = longest(before[place] ?? []);
    earlier[place] = first;
    lengths[place] = (lengths[first] ?? 0) + 1;
    totals[place] = add(totals[first] ?? seconds(0), steps[place]?.bound.value ?? seconds(0));
  }
  const chain: number[] = [];
  for (let place = longest(ends); place !== none; place = earlier[place] ?? none) chain.push(place);
  return chain.reverse();
}

/** The place of no step. */
const none = -1;

/** The places of all steps, each behind those it waits for; undefined where some wait for themselves. */
function inOrder(before: Before): number[] | undefined {
  const order: number[] = [];
  const isEntered: boolean[] = [];
  const isDone: boolean[] = [];
  const open: number[] = [];
  for (let start = 0; start < before.length; start++) {
    open.push(start);
    for (let place = start; open.length > 0; place = open[open.length - 1] ?? none) {
      const waiting: readonly number[] = isEntered[place] ? [] : (before[place] ?? []);
      isEntered[place] = true;
      for (const earlier of waiting) {
        if (isDone[earlier]) continue;
        if (isEntered[earlier]) return undefined;
        open.push(earlier);
      }
      if (open[open.length - 1] !== place) continue;
      open.pop();
      if (!isDone[place]) order.push(place);
      isDone[place] = true;
    }
  }
  return order;
}

function waitsForItself(place: number, before: Before): boolean {
  const found = new Set<number>();
  const open = [place];
  for (const one of open) {
    for (const earlier of before[one] ?? []) {
      if (found.has(earlier)) continue;
      found.add(earlier);
      open.push(earlier);
    }
  }
  return found.has(place);
}

/** Terms of a recovery until its steps begin: noticing and deciding. */
export function noticingTerms({ detect, decide }: Path): Term[] {
  return detect.concat(decide).map(sound);
}

/** Terms of a recovery from the first step on: the critical path and the way of clients there. */
export function actingTerms({ steps, redirect }: Path, critical = criticalPath(steps)): Term[] {
  return termsOf(critical).concat(redirect.map(sound));
}

function termsOf({ steps: chain, waits, total }: CriticalPath): Term[] {
  // Steps that wait for themselves, or for what is not there, have bounds, but no end.
  const endless = !isBounded(total) && [...chain, ...waits].every(({ bound }) => isBounded(bound.value));
  return [
    ...chain.map(({ bound }) => (endless ? { ...bound, value: total } : sound(bound))),
    ...waits.map(({ name, bound }) => ({ ...sound(bound), name: `${name}, which shares something with these` })),
  ];
}

function sound(term: Term): Term {
  const value = checked(term.value);
  return value === term.value ? term : { ...term, value };
}

/** Terms of a recovery, from the disruption to verified service. */
export function recoveryTerms(path: Path): Term[] {
  return [...noticingTerms(path), ...actingTerms(path)];
}

/** The steps that stop writes and those before them; all of a path that has none. */
export function stepsUntilWritesStop({ steps }: Path): Step[] {
  const counted = new Set(steps.filter(({ stopsWrites }) => stopsWrites));
  if (counted.size === 0) return steps;
  for (const { after } of counted) for (const one of steps) if (after.includes(one.name)) counted.add(one);
  return [...counted];
}

/** Terms from damage until nothing is written any more: noticing, deciding, and the last of the steps that stop writes. */
export function untilWritesStop(path: Path): Term[] {
  const stops = path.steps.filter(({ stopsWrites }) => stopsWrites);
  return [...noticingTerms(path), ...termsOf(criticalPath(path.steps, stops))];
}
