import { type Bound, checked } from "../bound";
import { isCount, notCounted } from "../count";
import type { Shares } from "../plan";
import { sharesAway, sharesIn } from "./survive";

/** A part of a whole, not reduced: `{ of: 4, in: 7 }`. */
export interface Fraction {
  of: number;
  in: number;
}

/** What the loss of members does to objects whose shares are placed evenly, one on each of some members. */
export interface Placement {
  /** Objects that have lost a share. */
  degraded: Fraction;
  /** Objects that have too few left. */
  unreadable: Fraction;
  /** Why there is no such placement; all objects then count as lost. */
  problem?: string;
}

/**
 * Which part of all objects is degraded and which unreadable when `lost` of `members` are down, each object having
 * `total` shares on as many members of which `needed` suffice: counted over all placements (hypergeometric).
 */
export function placementOf(total: number, needed: number, members: number, lost: number): Placement {
  const all = choose(members, total);
  const isWhole = [total, needed, members, lost].every((count) => isCount(count));
  if (!isWhole || needed < 1 || needed > total || total > members || lost > members || !Number.isSafeInteger(all)) {
    return {
      degraded: { of: 1, in: 1 },
      unreadable: { of: 1, in: 1 },
      problem: `needed, total and members must be whole, rise and have at most 2^53 placements, and lost be of members, got ${needed}, ${total}, ${members}, ${lost}`,
    };
  }
  const hit = (count: number) => choose(lost, count) * choose(members - lost, total - count);
  let degraded = 0;
  let unreadable = 0;
  for (let count = Math.max(1, total - members + lost); count <= Math.min(lost, total); count++) {
    degraded += hit(count);
    if (count > total - needed) unreadable += hit(count);
  }
  return { degraded: { of: degraded, in: all }, unreadable: { of: unreadable, in: all } };
}

/** In how many ways some of a number of things can be chosen; 0 for more than there are, inexact beyond 2^53. */
function choose(things: number, some: number): number {
  if (some < 0 || some > things) return 0;
  const fewer = Math.min(some, things - some);
  let ways = 1;
  for (let place = 1; place <= fewer && ways <= Number.MAX_SAFE_INTEGER; place++) {
    ways = (ways * (things - fewer + place)) / place;
  }
  return ways;
}

/** How many more members may be lost at once, planned work included, before objects are unreadable; 0 for counts that are none. */
export function toleratedLosses(shares: Shares): number {
  const each = sharesIn(shares, "process") ?? shares.total;
  const more = Math.floor((shares.total - shares.needed - sharesAway(shares)) / each);
  return isCount(more) ? more : 0;
}

/** How long lost shares stay lost: the time to rebuild them, without end where no spare member is left to do it on. */
export function windowOfVulnerability(shares: Shares): Bound {
  const each = sharesIn(shares, "process") ?? shares.total;
  const needed = Math.ceil(shares.total / each);
  if (shares.members !== undefined) {
    const spare = shares.members - (shares.away ?? 0) - needed;
    if (!Number.isSafeInteger(spare)) return notCounted(spare);
    if (spare < 1) {
      return { unbounded: `${shares.members} members leave no spare to rebuild on: ${needed} must hold shares` };
    }
  }
  return checked(shares.rebuild?.value ?? { unknown: "nothing says how long lost shares take to rebuild" });
}
