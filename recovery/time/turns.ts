import { add, type Bound, compare } from "../bound";
import { seconds } from "../duration";
import type { Step } from "../plan";

/** Of each step, by its place, the places of those that it waits for. */
export type Before = readonly (readonly number[])[];

/** A chain of steps, and those outside it that may be in its way, as places. */
export interface Turns {
  chain: number[];
  waits: number[];
}

/** Most chains that are kept beside the first to each step; beyond them all steps count one after the other. */
export const mostKept = 1_000;

/**
 * The chains to some ends of which one takes longest, each with the steps that share something with it and may run
 * beside it; undefined for too many. In `order` each step follows those it waits for.
 */
export function chainsInTurn(
  steps: readonly Step[],
  order: readonly number[],
  before: Before,
  ends: readonly number[],
): Turns[] | undefined {
  const ahead = aheadOf(order, before);
  const behind = behindOf(
    order,
    before,
    steps.map((_, place) => bit(place)),
  );
  const rivals = rivalsOf(steps, ahead, behind);
  const within = ends.reduce((all, end) => all | bit(end) | (ahead[end] ?? 0n), 0n);
  const counted = order.filter((place) => (within & bit(place)) !== 0n);
  const adds = steps.map((_, place) => {
    const some = rivals[place] ?? 0n;
    return some === 0n ? 0n : some | bit(place);
  });
  const later = behindOf(counted, before, adds);
  const spans = new Map<bigint, Bound>();
  const spanOf = (some: bigint): Bound => {
    const span = spans.get(some) ?? placesIn(some).reduce((all, place) => add(all, spanOfStep(steps[place])), zero);
    spans.set(some, span);
    return span;
  };
  const extended = (earlier: Chain | undefined, place: number): Chain => {
    const open = (earlier?.open ?? 0n) | (adds[place] ?? 0n);
    // What no later step adds again is counted for good.
    const settled = open & ~(later[place] ?? 0n);
    const alone = adds[place] === 0n ? spanOfStep(steps[place]) : zero;
    return {
      place,
      earlier,
      length: (earlier?.length ?? 0) + 1,
      total: add(add(earlier?.total ?? zero, alone), spanOf(settled)),
      open: open & ~settled,
    };
  };
  const found: Chain[][] = [];
  let room = mostKept;
  for (const place of counted) {
    const earlier = (before[place] ?? []).flatMap((one) => found[one] ?? []);
    const chains: (Chain | undefined)[] = earlier.length === 0 ? [undefined] : earlier;
    const kept = longestOf(
      chains.map((one) => extended(one, place)),
      steps,
    );
    room -= kept.length - 1;
    if (room < 0) return undefined;
    found[place] = kept;
  }
  return ends.flatMap((end) => found[end] ?? []).map((chain) => turnsOf(placesOf(chain), rivals));
}

/** A chain up to a step: what it takes so far, and the steps that count for it once and that a later step may add too. */
interface Chain {
  place: number;
  earlier: Chain | undefined;
  length: number;
  total: Bound;
  open: bigint;
}

const zero: Bound = seconds(0);

function spanOfStep(step: Step | undefined): Bound {
  return step?.bound.value ?? zero;
}

/** Without those that take no longer than another, however they go on. */
function longestOf(chains: readonly Chain[], steps: readonly Step[]): Chain[] {
  let kept: Chain[] = [];
  for (const chain of chains) {
    if (kept.some((one) => covers(one, chain, steps))) continue;
    kept = kept.filter((one) => !covers(chain, one, steps));
    kept.push(chain);
  }
  return kept;
}

function covers(one: Chain, other: Chain, steps: readonly Step[]): boolean {
  if ((one.open | other.open) !== one.open) return false;
  const order = compare(one.total, other.total);
  if (order !== 0 || one.open !== other.open) return order >= 0;
  // Of equal ones the same is told whatever the order of the steps.
  if (one.length !== other.length) return one.length > other.length;
  const named = (chain: Chain) => placesOf(chain).map((place) => steps[place]?.name);
  return named(one).join(" ") <= named(other).join(" ");
}

function placesOf(chain: Chain): number[] {
  const places: number[] = [];
  for (let one: Chain | undefined = chain; one !== undefined; one = one.earlier) places.push(one.place);
  return places.reverse();
}

function turnsOf(chain: number[], rivals: readonly bigint[]): Turns {
  const own = chain.reduce((all, place) => all | bit(place), 0n);
  const some = chain.reduce((all, place) => all | (rivals[place] ?? 0n), 0n);
  return { chain, waits: placesIn(some & ~own) };
}

/** Of each step all that it waits for, near or far. */
function aheadOf(order: readonly number[], before: Before): bigint[] {
  const ahead: bigint[] = before.map(() => 0n);
  for (const place of order) {
    for (const one of before[place] ?? []) ahead[place] = (ahead[place] ?? 0n) | bit(one) | (ahead[one] ?? 0n);
  }
  return ahead;
}

/** Of each step what those that wait for it, near or far, bring with them. */
function behindOf(order: readonly number[], before: Before, brought: readonly bigint[]): bigint[] {
  const behind: bigint[] = before.map(() => 0n);
  for (const place of order.toReversed()) {
    const all = (brought[place] ?? 0n) | (behind[place] ?? 0n);
    for (const one of before[place] ?? []) behind[one] = (behind[one] ?? 0n) | all;
  }
  return behind;
}

/** Of each step those that share something with it and may run beside it. */
function rivalsOf(steps: readonly Step[], ahead: readonly bigint[], behind: readonly bigint[]): bigint[] {
  const users = new Map<string, bigint>();
  for (const [place, { uses = [] }] of steps.entries()) {
    for (const one of uses) users.set(one, (users.get(one) ?? 0n) | bit(place));
  }
  return steps.map(({ uses = [] }, place) => {
    const sharing = uses.reduce((all, one) => all | (users.get(one) ?? 0n), 0n);
    return sharing & ~(bit(place) | (ahead[place] ?? 0n) | (behind[place] ?? 0n));
  });
}

function bit(place: number): bigint {
  return 1n << BigInt(place);
}

function placesIn(some: bigint): number[] {
  if (some === 0n) return [];
  const text = some.toString(2);
  const places: number[] = [];
  for (let place = 0; place < text.length; place++) if (text[text.length - 1 - place] === "1") places.push(place);
  return places;
}
