import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jointLoss } from "../../../recovery";
import { type SmallGroup, smallGroups, smallLoss, smallMembers, smallWorld } from "../../support/simulator/smallGroup";

/** What is claimed of a group, and what was played of it: with no failed run, and with one. */
function compared(group: SmallGroup, seed: number, starts: number): { claimed: number[]; played: number[] } {
  const joint = jointLoss(smallMembers(group));
  if (!Array.isArray(joint)) throw new Error("no loss is claimed");
  const aims = joint.map(({ loss, witness }) => ({ loss, moments: witness?.captured.map(({ at }) => at) ?? [] }));
  const [healthy, failed] = aims;
  if (healthy === undefined || failed === undefined) throw new Error("two losses are claimed");
  return {
    claimed: aims.map(({ loss }) => loss),
    played: smallLoss(smallWorld(group), seed, [healthy, failed], starts),
  };
}

/** What was played of generated groups; throws with the smallest one that loses more than is claimed. */
function reached(size: 1 | 2 | 3, groups: number, starts: number): number {
  let [seed, exact] = [0, 0];
  fc.assert(
    fc.property(smallGroups(size), (group) => {
      const { claimed, played } = compared(group, ++seed, starts);
      for (const [place, loss] of played.entries()) {
        expect(loss).toBeLessThanOrEqual(claimed[place] ?? 0);
        if (loss === claimed[place]) exact++;
      }
    }),
    { numRuns: groups, seed: 20_261_121 },
  );
  return exact / (2 * groups);
}

describe("assets that must fit, some of which a job carries on, played against an adversary", () => {
  it.each([
    [1, 300, 200, 0.95],
    [2, 200, 12, 0.3],
    [3, 40, 6, 0],
  ] as const)("never lose more than is claimed: %i of them, %i groups", (size, groups, starts, most) => {
    expect(reached(size, groups, starts)).toBeGreaterThanOrEqual(most);
  });
});
