import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lossesOf } from "../../support/simulator/claim";
import { play } from "../../support/simulator/course";
import { decade } from "../../support/simulator/decade";
import { pairsOfSeries, restorable, singles, subjects, takings } from "../../support/simulator/drawn";
import { lossAt, moments } from "../../support/simulator/loss";
import { sceneAt } from "../../support/simulator/scene";
import { anything, claimOf, kubernetes, type Subject, worldOf } from "../../support/simulator/subject";
import { scenesOf, worstLoss } from "../../support/simulator/worst";

describe("what the loss of a region costs, played through", () => {
  it.each([
    ["1: daily 02:00 UTC, 30 minutes, 10 to transfer", "0 2 * * *", "Etc/UTC", 0, 1_800, 600, [88_800, 175_200]],
    ["2: the same in Europe/Berlin", "0 2 * * *", "Europe/Berlin", 0, 1_800, 600, [171_600, 258_000]],
    ["4: weekly in Europe/London", "0 1 * * 0", "Europe/London", 0, 21_600, 0, [1_227_600, 1_832_400]],
    ["6: hourly, up to an hour late", "0 * * * *", "Etc/UTC", 3_599, 1_200, 0, [8_399, 11_999]],
  ])("is what facts.md 11.6 reckons by hand: %s", (_, expression, timeZone, slack, run, transfer, lost) => {
    const role = "full" as const;
    const takings = [{ role, schedule: kubernetes(expression, timeZone), slack, run, overlap: "forbid" as const }];
    const world = worldOf({ ...anything, takings, transfer });
    expect(worstLoss(world, scenesOf(world, 3))).toEqual(lost);
  });

  it("is exactly the claim for one series, with and without a failed run", () => {
    fc.assert(
      fc.property(singles, (subject) => {
        const world = worldOf(subject);
        expect(worstLoss(world, scenesOf(world, 3))).toEqual(lossesOf(claimOf(subject, "region")));
      }),
      { numRuns: 30 },
    );
  });

  it("is never more than the claim for fulls and incrementals together", () => {
    fc.assert(
      fc.property(pairsOfSeries, (subject) => {
        const world = worldOf(subject);
        const [healthy, failed] = worstLoss(world, scenesOf(world, 3));
        const claim = lossesOf(claimOf(subject, "region"));
        expect(healthy).toBeLessThanOrEqual(claim[0]);
        expect(failed).toBeLessThanOrEqual(claim[1]);
      }),
      { numRuns: 10 },
    );
  });

  const quarters = fc.nat(4).map((quarter) => quarter / 4);
  const fate = fc.record({ late: quarters, takes: quarters, transfers: quarters });

  it("is never more than the claim in weeks where every run does as it likes", () => {
    fc.assert(
      fc.property(
        fc.oneof(singles, pairsOfSeries),
        fc.nat(9 * 365),
        fc.array(fate, { minLength: 1, maxLength: 9 }),
        fc.nat(11),
        (subject, day, fates, victim) => {
          const world = worldOf(subject);
          const scene = sceneAt(world, decade.from + day * 86_400, 12);
          fc.pre(scene !== undefined);
          const held = play(world, scene.dues, (due) => {
            const calendar = world.calendars[due.calendar];
            const part = fates[due.index % fates.length] ?? { late: 1, takes: 1, transfers: 1 };
            return {
              late: Math.floor(part.late * (calendar?.slack ?? 0)),
              takes: Math.floor(part.takes * (calendar?.run ?? 0)),
              transfers: Math.floor(part.transfers * (calendar?.transfer ?? 0)),
              fails: due === scene.tried[victim],
            };
          });
          const [, claim] = lossesOf(claimOf(subject, "region"));
          for (const moment of moments(held, scene.from, scene.to)) {
            expect(lossAt(world, held, moment)).toBeLessThanOrEqual(claim);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("what the loss of a region costs when points are deleted after a while", () => {
  it("is never more than the claim, and without limit when some day nothing is left to restore", () => {
    fc.assert(
      fc.property(restorable(subjects(takings("full").map((one) => [one]))), (subject: Subject) => {
        const world = worldOf(subject);
        const [healthy, failed] = worstLoss(world, scenesOf(world, 3));
        const claim = lossesOf(claimOf(subject, "region"));
        expect(healthy).toBeLessThanOrEqual(claim[0]);
        expect(failed).toBeLessThanOrEqual(claim[1]);
      }),
      { numRuns: 20 },
    );
  });

  it("is without limit for increments that no full is taken for", () => {
    const role = "incremental" as const;
    const takings = [{ role, schedule: kubernetes("0 2 * * *"), slack: 0, run: 600, overlap: "forbid" as const }];
    const subject: Subject = { ...anything, takings };
    const world = worldOf(subject);
    const scene = sceneAt(world, world.calendars[0]?.due[100] ?? 0, 3);
    const held = play(world, scene?.dues ?? [], () => ({ late: 0, takes: 0, transfers: 0, fails: false }));
    expect(held).toEqual([[]]);
    expect(lossesOf(claimOf(subject, "region"))).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });
});
