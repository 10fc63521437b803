import fc from "fast-check";
import type { Disruption, Plan } from "../../../recovery";
import { asset, cleanRoom, path, plan, redundancy } from "../../recovery/build";
import { alwaysLeaves, type Kind, type Spread } from "./shares";

/** Data in shares, and the loss of one domain. */
export interface Shared extends Spread {
  lost: Kind;
}

/** The plan of such data, which loses nothing while enough shares are left. */
export function sharedPlan({ total, needed, together, away, lost }: Shared): Plan {
  return plan({
    assets: [asset({ [lost satisfies Disruption]: ["1h", "1h"] })],
    protections: [redundancy({ survives: { total, needed, together, away } })],
    paths: [path({ protection: "storage", runsAt: cleanRoom })],
  });
}

const known = new Map<string, boolean>();

/** What is lost: nothing, or everything. */
export function sharedLoss(subject: Shared): number {
  const key = JSON.stringify(subject);
  const survives = known.get(key) ?? alwaysLeaves(subject, subject.lost);
  known.set(key, survives);
  return survives ? 0 : Number.POSITIVE_INFINITY;
}

const caps = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined });

/** Up to six shares; of a larger domain no fewer may be together than of a smaller one within it. */
export const shared: fc.Arbitrary<Shared> = fc
  .record({
    total: fc.integer({ min: 1, max: 6 }),
    part: fc.nat(5),
    caps: fc.tuple(caps, caps, caps, caps),
    away: fc.constantFrom(0, 0, 1, 2),
    lost: fc.constantFrom<Kind>("process", "node", "zone", "region"),
  })
  .map(({ total, part, caps: [process, node, zone, region], ...more }) => {
    const together: Spread["together"] = {};
    let least = 1;
    for (const [kind, cap] of [
      ["process", process],
      ["node", node],
      ["zone", zone],
      ["region", region],
    ] as const) {
      if (cap === undefined) continue;
      least = Math.min(total, Math.max(least, cap));
      together[kind] = least;
    }
    return { total, needed: 1 + (part % total), together, ...more };
  });
