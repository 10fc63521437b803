import type { Bound } from "../bound";
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
}

/**
 * Which part of all objects is degraded and which unreadable when `lost` of `members` are down, each object having
 * `total` shares on as many members of which `needed` suffice: counted over all placements (hypergeometric).
 */
export function placementOf(total: number, needed: number, members: number, lost: number): Placement {
  const all = choose(members, total);
  const hit = (count: number) => choose(lost, count) * choose(members - lost, total - count);
  let degraded = 0;
  let unreadable = 0;
  for (let count = 1; count <= Math.min(lost, total); count++) {
    degraded += hit(count);
    if (count > total - needed) unreadable += hit(count);
  }
  return { degraded: { of: degraded, in: all }, unreadable: { of: unreadable, in: all } };
}

/** In how many ways some of a number of things can be chosen; 0 for more than there are. */
function choose(things: number, some: number): number {
  if (some < 0 || some > things) return 0;
  let ways = 1;
  for (let place = 1; place <= some; place++) ways = (ways * (things - some + place)) / place;
  return ways;
}

/** How many more members may be lost at once, planned work included, before objects are unreadable. */
export function toleratedLosses(shares: Shares): number {
  const each = sharesIn(shares, "process") ?? shares.total;
  return Math.floor((shares.total - shares.needed - sharesAway(shares)) / each);
}

/** How long lost shares stay lost: the time to rebuild them, without end where no spare member is left to do it on. */
export function windowOfVulnerability(shares: Shares): Bound {
  const each = sharesIn(shares, "process") ?? shares.total;
  const needed = Math.ceil(shares.total / each);
  if (shares.members !== undefined && shares.members - (shares.away ?? 0) - 1 < needed) {
    return { unbounded: `${shares.members} members leave no spare to rebuild on: ${needed} must hold shares` };
  }
  return shares.rebuild?.value ?? { unknown: "nothing says how long lost shares take to rebuild" };
}
