import { type Bound, compare, isBounded, sum } from "../bound";
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
 * and each does so once. A step that waits for itself makes it unbounded.
 */
export function criticalPath(steps: readonly Step[], last?: Step): CriticalPath {
  const looped = loopOf(steps);
  if (looped !== undefined) {
    return { steps: [looped], waits: [], total: { unbounded: `step ${looped.name} waits for itself` } };
  }
  const shared = steps.some(({ uses }) => uses !== undefined && uses.length > 0);
  const chains = shared ? chainsOf(steps, last) : [longestOf(steps, last)];
  if (chains === undefined)
    return withTotal(
      last ? [last] : [],
      steps.filter((step) => step !== last),
    );
  return chains
    .map((chain) => withTotal(chain, shared ? competitors(chain, steps) : []))
    .reduce(
      (longest, one) => {
        // Steps that take no time are no path.
        const longer = longest.steps.length === 0 ? compare(one.total, longest.total) : order(one, longest);
        return longer > 0 ? one : longest;
      },
      withTotal([], []),
    );
}

/** The larger total; of equal ones the chain with more steps of its own, then by name, whatever the order of the steps. */
function order(a: CriticalPath, b: CriticalPath): number {
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

/** The longest chain up to a step, or to any. */
function longestOf(steps: readonly Step[], last: Step | undefined): Step[] {
  const done = new Map<Step, Chain>();
  return longest((last ? [last] : steps).map((step) => chainTo(step, steps, done))).chain;
}

/** Each step ends once, so the longest chain up to it is found once. */
function chainTo(step: Step, steps: readonly Step[], done: Map<Step, Chain>): Chain {
  const known = done.get(step);
  if (known) return known;
  const before = longest(stepsBefore(steps, step).map((one) => chainTo(one, steps, done)));
  const answer = { chain: [...before.chain, step], total: sum([before.total, step.bound.value]) };
  done.set(step, answer);
  return answer;
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
function chainsOf(steps: readonly Step[], last: Step | undefined): Step[][] | undefined {
  const found: Step[][] = [];
  const extend = (chain: Step[]): boolean => {
    const [first] = chain;
    const before = first ? stepsBefore(steps, first) : [];
    if (before.length > 0) return before.every((step) => extend([step, ...chain]));
    found.push(chain);
    return found.length <= mostChains;
  };
  return (last ? [last] : steps).every((step) => extend([step])) ? found : undefined;
}

/** Steps outside a chain that share something with one of its steps and may run beside it. */
function competitors(chain: readonly Step[], steps: readonly Step[]): Step[] {
  return steps.filter(
    (other) =>
      !chain.includes(other) &&
      chain.some(
        (step) =>
          shares(step, other) && !ancestors(steps, step).includes(other) && !ancestors(steps, other).includes(step),
      ),
  );
}

function shares({ uses = [] }: Step, other: Step): boolean {
  return uses.some((one) => other.uses?.includes(one));
}

function stepsBefore(steps: readonly Step[], { after }: Step): Step[] {
  return steps.filter(({ name }) => after.includes(name));
}

/** A step that waits for itself, if any: one of those left when every step without open ones before it is taken away. */
function loopOf(steps: readonly Step[]): Step | undefined {
  let open = steps;
  for (;;) {
    const waiting = open.filter(({ after }) => after.some((name) => open.some((other) => other.name === name)));
    if (waiting.length === open.length) break;
    open = waiting;
  }
  return open.find((step) => ancestors(steps, step).includes(step));
}

/** Every step that must have ended before a step begins; itself among them where it waits for itself. */
function ancestors(steps: readonly Step[], step: Step): Step[] {
  const found = new Set<Step>();
  const add = (one: Step) => {
    for (const before of stepsBefore(steps, one)) {
      if (found.has(before)) continue;
      found.add(before);
      add(before);
    }
  };
  add(step);
  return [...found];
}

/** Terms of a recovery until its steps begin: noticing and deciding. */
export function noticingTerms({ detect, decide }: Path): Term[] {
  return [...detect, ...decide];
}

/** Terms of a recovery from the first step on: the critical path and the way of clients there. */
export function actingTerms({ steps, redirect }: Path): Term[] {
  return [...termsOf(criticalPath(steps), steps), ...redirect];
}

function termsOf({ steps: chain, waits, total }: CriticalPath, steps: readonly Step[]): Term[] {
  const looped = typeof total !== "number" && steps.every((step) => typeof step.bound.value === "number");
  return [
    ...chain.map((step) => (looped ? { ...step.bound, value: total } : step.bound)),
    ...waits.map(({ name, bound }) => ({ ...bound, name: `${name}, which shares something with these` })),
  ];
}

/** Terms of a recovery, from the disruption to verified service. */
export function recoveryTerms(path: Path): Term[] {
  return [...noticingTerms(path), ...actingTerms(path)];
}

/** Terms from damage until nothing is written any more: noticing, deciding, and the step that stops writes. */
export function untilWritesStop(path: Path): Term[] {
  const stop = path.steps.find((step) => step.stopsWrites);
  return [...noticingTerms(path), ...termsOf(criticalPath(path.steps, stop), path.steps)];
}
