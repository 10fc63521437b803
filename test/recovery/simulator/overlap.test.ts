import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Schedule } from "../../../recovery/schedule";
import { lossesOf } from "../../support/simulator/claim";
import { dueOf, shortestGap } from "../../support/simulator/decade";
import { schedules, spans, subjects } from "../../support/simulator/drawn";
import { anything, claimOf, kubernetes, type Subject, worldOf } from "../../support/simulator/subject";
import { scenesOf, worstLoss } from "../../support/simulator/worst";

const even = fc.constantFrom("0 * * * *", "*/30 * * * *", "0 */2 * * *").map((expression) => kubernetes(expression));

/** Runs that may take up to three times the shortest gap, and start late by no more than it. */
const meeting = (schedules: fc.Arbitrary<Schedule>) =>
  subjects(
    fc
      .record({ schedule: schedules, slack: spans, part: fc.integer({ min: 5, max: 12 }) })
      .map(({ schedule, slack, part }) => {
        const gap = shortestGap(dueOf(schedule));
        const run = Math.ceil((part * gap) / 4);
        return [{ role: "full" as const, schedule, slack: Math.min(slack, gap - 1), run, overlap: "forbid" as const }];
      }),
  );

const hour = 3_600;

describe("runs that are still under way when the next is due", () => {
  it.each([
    ["at even distances", even],
    ["on irregular calendars", schedules],
  ] as const)("lose no more than the claim under Forbid, %s", (_, all) => {
    fc.assert(
      fc.property(meeting(all), (subject) => {
        const world = worldOf(subject);
        const [healthy, failed] = worstLoss(world, scenesOf(world, 3));
        const claim = lossesOf(claimOf(subject, "region"));
        expect(healthy).toBeLessThanOrEqual(claim[0]);
        expect(failed).toBeLessThanOrEqual(claim[1]);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["the second of each pair is never started", "0 2,3 * * *", 0, 1.25 * hour, 25.25 * hour],
    ["one that starts late makes the next too late to catch up", "0 * * * *", hour / 4, 1.25 * hour, 3.25 * hour],
    ["one that starts on time lets the next catch up", "0 * * * *", hour / 2, hour, 2.5 * hour],
  ])("lose what a calendar and a clock tell: %s", (_, expression, slack, run, lost) => {
    const takings = [
      { role: "full" as const, schedule: kubernetes(expression), slack, run, overlap: "forbid" as const },
    ];
    const subject: Subject = { ...anything, takings };
    const world = worldOf(subject);
    expect(worstLoss(world, scenesOf(world, 3))[0]).toBe(lost);
    expect(lossesOf(claimOf(subject, "region"))[0]).toBeGreaterThanOrEqual(lost);
  });
});
