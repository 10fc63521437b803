import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lossesOf, secondsOf } from "../../support/simulator/claim";
import { pairsOfSeries, singles } from "../../support/simulator/drawn";
import { type Damage, moments } from "../../support/simulator/loss";
import { later } from "../../support/simulator/moment";
import { newestPoint } from "../../support/simulator/newest";
import { claimOf, type Subject, worldOf } from "../../support/simulator/subject";
import { chainScenesOf, largest, scenesOf, worstDamage, worstOf } from "../../support/simulator/worst";

/** Noticed at once, when it must be, and decided at last; writes stopped at once or at last. */
function damagesOf({ detect, decide, stop }: Subject): Damage[] {
  const decided = [...new Set([0, detect, detect + decide])];
  return decided.flatMap((span) => [...new Set([0, stop])].map((stopped) => ({ decided: span, stopped })));
}

function playedThrough(subject: Subject): [healthy: number, failed: number] {
  const world = worldOf(subject);
  return worstDamage(world, scenesOf(world, 3), damagesOf(subject));
}

const only = (capture: Subject["capture"]) => singles.map((subject) => ({ ...subject, capture }));

const captures = [
  ["at the start of its run", "start"],
  ["at the end of its run", "end"],
  ["of something that changes under it", "fuzzy"],
] as const;

describe("what damage costs that is noticed later, played through", () => {
  it.each(captures)("is never more than the claim for a capture %s", (_, capture) => {
    fc.assert(
      fc.property(only(capture), (subject) => {
        const [healthy, failed] = playedThrough(subject);
        const claim = lossesOf(claimOf(subject, "corruption"));
        expect(healthy).toBeLessThanOrEqual(claim[0]);
        expect(failed).toBeLessThanOrEqual(claim[1]);
      }),
      { numRuns: 8 },
    );
  });

  it.each(captures)("reaches the claim for a capture %s", (_, capture) => {
    fc.assert(
      fc.property(only(capture), (subject) => {
        const [healthy, failed] = playedThrough(subject);
        const claim = lossesOf(claimOf(subject, "corruption"));
        expect(healthy).toBeGreaterThanOrEqual(claim[0]);
        expect(failed).toBeGreaterThanOrEqual(claim[1]);
      }),
      { numRuns: 8 },
    );
  });

  it("is never more than the claim for fulls and incrementals together", () => {
    fc.assert(
      fc.property(pairsOfSeries, (subject) => {
        const [healthy, failed] = playedThrough(subject);
        const claim = lossesOf(claimOf(subject, "compromise"));
        expect(healthy).toBeLessThanOrEqual(claim[0]);
        expect(failed).toBeLessThanOrEqual(claim[1]);
      }),
      { numRuns: 4 },
    );
  });
});

/** The age of the base of the newest clean point when its restore ends, at most. */
function oldestNeeded(subject: Subject): number {
  const world = worldOf(subject);
  const late: Damage = { decided: subject.detect + subject.decide, stopped: subject.stop };
  const [, failed] = worstOf(world, chainScenesOf(world), ([points = [], ...rest], { from, to }) =>
    largest(moments([points, ...rest], from, to, [0, late.decided]), (moment) => {
      const search = { now: later(moment, late.decided), clean: moment };
      const clean = newestPoint(points, Number.POSITIVE_INFINITY, search);
      const restored = moment.instant + late.decided + late.stopped + subject.restore;
      return clean === undefined ? 0 : restored - clean.root;
    }),
  );
  return failed;
}

describe("the window back to the newest clean point", () => {
  it.each([
    ["one series", singles, 10],
    ["fulls and incrementals", pairsOfSeries, 2],
  ] as const)("suffices for %s whenever the claim says so, at its very edge too", (_, all, numRuns) => {
    fc.assert(
      fc.property(all, fc.nat(2), (subject, more) => {
        const wide = claimOf(subject, "corruption").window;
        const lost = subject.kept - secondsOf(wide?.available ?? 0);
        const kept = secondsOf(wide?.needed ?? 0) + lost + more;
        const { needed, available } = claimOf({ ...subject, kept }, "corruption").window ?? { needed: 0, available: 0 };
        expect(needed).toBe(secondsOf(available) - more);
        expect(oldestNeeded(subject)).toBeLessThanOrEqual(kept);
      }),
      { numRuns },
    );
  });

  it("asks one series to keep its points for just as long as that takes", () => {
    fc.assert(
      fc.property(only("start"), (subject) => {
        const { needed, available } = claimOf(subject, "corruption").window ?? { needed: 0, available: 0 };
        expect(secondsOf(needed) + subject.kept - secondsOf(available)).toBe(oldestNeeded(subject));
      }),
      { numRuns: 10 },
    );
  });
});
