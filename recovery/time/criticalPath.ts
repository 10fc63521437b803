import { type Bound, checked, compare, isBounded, sum } from "../bound";
import { seconds } from "../duration";
import type { Path, Step, Term } from "../plan";

/** The chain of steps that takes longest, in order; the steps it may have to wait for; and both together. */
export interface CriticalPath {
  steps: Step[];
  /** Steps of which each holds, once, something that a step of the chain needs. */
  waits: Step[];
  total: Bound;
}

/** Most chains that are looked at one by one; beyond them all steps are taken to run one after the other. */
const mostChains = 10_000;

/**
 * The longest chain of steps, up to one of them or to the end. Where steps share what only one can use at a time, every
 * order is reckoned with in which nothing idle waits: while a step waits, another that shares something with it runs,
 * and each does so once. A step that waits for itself makes it unbounded, one that waits for no step of these unknown.
 */
export function criticalPath(steps: readonly Step[], last?: Step): CriticalPath {
  if (steps.length === 1 && steps[0]?.after.length === 0) return longestBy(steps.map((step) => withTotal([step], [])));
  const before = stepsBefore(steps);
  const { order, left } = inOrder(steps, before);
  const looped = left.find((step) => waitsForItself(step, before));
  if (looped !== undefined) {
    return { steps: [looped], waits: [], total: { unbounded: `step ${looped.name} waits for itself` } };
  }
  const lost = withoutOne(steps);
  if (lost !== undefined) return lost;
  const shared = steps.some(({ uses }) => uses !== undefined && uses.length > 0);
  const chains = shared ? chainsOf(steps, before, last) : [longestOf(steps, order, before, last)];
  if (chains === undefined)
    return withTotal(
      last ? [last] : [],
      steps.filter((step) => step !== last),
    );
  const rivals = shared ? rivalsOf(steps, order, before) : [];
  return longestBy(chains.map((chain) => withTotal(chain, competitors(chain, rivals))));
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
function withoutOne(steps: readonly Step[]): CriticalPath | undefined {
  const names = new Set(steps.map(({ name }) => name));
  for (const step of steps) {
    const missing = step.after.find((name) => !names.has(name));
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
  return { steps: chain, waits, total: sum([...chain, ...waits].map(({ bound }) => bound.value)) };
}

/** A chain of steps with its total. */
interface Chain {
  chain: Step[];
  total: Bound;
}

const noChain: Chain = { chain: [], total: seconds(0) };

/** Of each step those that it waits for. */
type Before = ReadonlyMap<Step, readonly Step[]>;

function stepsBefore(steps: readonly Step[]): Before {
  const named = new Map<string, Step[]>();
  for (const step of steps) {
    const alike = named.get(step.name);
    if (alike === undefined) named.set(step.name, [step]);
    else alike.push(step);
  }
  return new Map(steps.map((step) => [step, [...new Set(step.after)].flatMap((name) => named.get(name) ?? [])]));
}

/** The longest chain up to a step, or to any; in `order` each step follows those it waits for. */
function longestOf(steps: readonly Step[], order: readonly Step[], before: Before, last: Step | undefined): Step[] {
  const done = new Map<Step, Chain>();
  const known = (some: readonly Step[]) => longest(some.flatMap((step) => done.get(step) ?? []));
  for (const step of order) {
    const { chain, total } = known(before.get(step) ?? []);
    done.set(step, { chain: [...chain, step], total: sum([total, step.bound.value]) });
  }
  return known(last ? [last] : steps).chain;
}

function longest(chains: readonly Chain[]): Chain {
  let found = noChain;
  for (const one of chains) {
    // Of two without end the one with more steps says more of what is to be mended.
    const longer =
      compare(one.total, found.total) || (isBounded(one.total) ? 0 : one.chain.length - found.chain.length);
    if (found === noChain || longer > 0) found = one;
  }
  return found;
}

/** Every chain that ends with a step, or with any; undefined for too many. */
function chainsOf(steps: readonly Step[], before: Before, last: Step | undefined): Step[][] | undefined {
  const found: Step[][] = [];
  const open: Step[][] = (last ? [last] : steps).map((step) => [step]);
  for (let chain = open.pop(); chain !== undefined; chain = open.pop()) {
    const [first] = chain;
    const earlier = (first && before.get(first)) ?? [];
    for (const step of earlier) open.push([step, ...chain]);
    if (earlier.length === 0 && found.push(chain) > mostChains) return undefined;
  }
  return found;
}

/** A step with those that share something with it and may run beside it. */
type Rivals = readonly [step: Step, rivals: readonly Step[]];

/** Steps outside a chain that share something with one of its steps and may run beside it. */
function competitors(chain: readonly Step[], all: readonly Rivals[]): Step[] {
  return all.flatMap(([step, rivals]) =>
    rivals.some((one) => chain.includes(one)) && !chain.includes(step) ? [step] : [],
  );
}

function rivalsOf(steps: readonly Step[], order: readonly Step[], before: Before): Rivals[] {
  const ancestors = new Map<Step, ReadonlySet<Step>>();
  for (const step of order) {
    const earlier = before.get(step) ?? [];
    ancestors.set(step, new Set(earlier.flatMap((one) => [one, ...(ancestors.get(one) ?? [])])));
  }
  const apart = (a: Step, b: Step) => a !== b && !ancestors.get(a)?.has(b) && !ancestors.get(b)?.has(a);
  const rivals = steps.map((step): Rivals => [step, steps.filter((one) => shares(step, one) && apart(step, one))]);
  return rivals.filter(([, some]) => some.length > 0);
}

function shares({ uses = [] }: Step, other: Step): boolean {
  return uses.some((one) => other.uses?.includes(one));
}

/** The steps, each behind those it waits for; and those left that wait for themselves, or for such. */
function inOrder(steps: readonly Step[], before: Before): { order: Step[]; left: readonly Step[] } {
  const order = new Set<Step>();
  let left = steps;
  for (;;) {
    const open = left.filter((step) => {
      const isReady = (before.get(step) ?? []).every((one) => order.has(one));
      if (isReady) order.add(step);
      return !isReady;
    });
    if (open.length === left.length) return { order: [...order], left };
    left = open;
  }
}

function waitsForItself(step: Step, before: Before): boolean {
  const found = new Set<Step>();
  const open = [step];
  for (const one of open) {
    for (const earlier of before.get(one) ?? []) {
      if (found.has(earlier)) continue;
      found.add(earlier);
      open.push(earlier);
    }
  }
  return found.has(step);
}

/** Terms of a recovery until its steps begin: noticing and deciding. */
export function noticingTerms({ detect, decide }: Path): Term[] {
  return [...detect, ...decide].map(sound);
}

/** Terms of a recovery from the first step on: the critical path and the way of clients there. */
export function actingTerms({ steps, redirect }: Path, critical = criticalPath(steps)): Term[] {
  return [...termsOf(critical), ...redirect.map(sound)];
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

/** Terms from damage until nothing is written any more: noticing, deciding, and the step that stops writes. */
export function untilWritesStop(path: Path): Term[] {
  const stop = path.steps.find((step) => step.stopsWrites);
  return [...noticingTerms(path), ...termsOf(criticalPath(path.steps, stop))];
}
