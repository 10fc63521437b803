import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assess } from "../../../recovery";
import type { Schedule } from "../../../recovery/schedule";
import { dueWithin, runsOf } from "../../support/simulator/calendar";
import { lossesOf } from "../../support/simulator/claim";
import { dueOf, shortestGap } from "../../support/simulator/decade";
import { schedules, spans, subjects } from "../../support/simulator/drawn";
import { anything, claimOf, kubernetes, planOf, type Subject, worldOf } from "../../support/simulator/subject";
import { scenesOf, worstLoss } from "../../support/simulator/worst";
import { asOf } from "../build";

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
    ["at even distances", even],
    ["on irregular calendars", schedules],
  ] as const)("are told as a course that the controller plays, %s", (_, all) => {
    let told = 0;
    fc.assert(
      fc.property(meeting(all), (drawn) => {
        const takings = drawn.takings.map((one) => ({ ...one, slack: 0 }));
        const subject: Subject = { ...drawn, takings, capture: "start", kept: 20 * 366 * 86_400 };
        const [first] = assess(planOf(subject, "region"), asOf);
        const events = first?.counterexamples.rpo?.events ?? [];
        const starts = events.filter(({ what }) => what.includes(" starts")).map(({ at }) => at);
        const [from = 0, , last = 0] = starts;
        const [calendar] = worldOf(subject).calendars;
        // Calendars of too many runs are not walked, and have no dates.
        if (calendar === undefined || calendar.due.length > 100_000) return;
        const fate = { late: 0, takes: calendar.run, transfers: calendar.transfer, fails: false };
        const runs = runsOf(calendar, dueWithin([calendar], 0, from, last), () => fate);
        expect(runs.map(({ start }) => start)).toEqual(starts);
        expect(runs.at(-1)?.usable).toBe(events.at(-1)?.at);
        told++;
      }),
      { numRuns: 60 },
    );
    expect(told).toBeGreaterThan(10);
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
