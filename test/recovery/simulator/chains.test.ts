import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { longestChain, reachBack, seconds } from "../../../recovery";
import { type Due, dueWithin, type Fate } from "../../support/simulator/calendar";
import { secondsOf } from "../../support/simulator/claim";
import { play } from "../../support/simulator/course";
import { decade } from "../../support/simulator/decade";
import { pairsOfSeries, regulars, restorable, singles } from "../../support/simulator/drawn";
import { moments } from "../../support/simulator/loss";
import { happened } from "../../support/simulator/moment";
import type { Point } from "../../support/simulator/point";
import {
  anything,
  kubernetes,
  restorePointsOf,
  type Subject,
  type Taking,
  worldOf,
} from "../../support/simulator/subject";
import type { World } from "../../support/simulator/world";
import { chainScenesOf, largest, worstOf } from "../../support/simulator/worst";
import { asOf } from "../build";

/** Some weeks: one full succeeds, the next fails, the one after ends as late as it may; increments before the first ends are late. */
function longChains(world: World, first: number, late: readonly [number, number], takes: number): readonly Point[] {
  const [full, ...increments] = world.calendars;
  const [a = 0, b = 0, c = 0] = full?.due.slice(first, first + 3) ?? [];
  const based = a + late[0] + takes;
  const to = c + (full?.slack ?? 0) + (full?.run ?? 0);
  const dues = increments.map(({ slack }, place) => dueWithin(world.calendars, place + 1, a - slack, to));
  const [points = []] = play(world, [dueWithin(world.calendars, 0, a, c), ...dues], (due: Due): Fate => {
    if (due.calendar > 0) {
      const { slack, run } = world.calendars[due.calendar] ?? { slack: 0, run: 0 };
      return { late: due.at <= based ? slack : 0, takes: Math.min(1, run), transfers: 0, fails: false };
    }
    if (due.at === a) return { late: late[0], takes, transfers: 0, fails: false };
    return { late: late[1], takes: full?.run ?? 0, transfers: 0, fails: due.at === b };
  });
  return points;
}

/** The most incrementals that a chain gets, over many places in the ten years. */
function mostLinks(world: World): number {
  const [full] = world.calendars;
  const due = full?.due ?? [];
  const begin = due.findIndex((at) => at > decade.from);
  const size = Math.floor((due.findLastIndex((at) => at < decade.to) - begin - 3) / 40);
  const gaps = due.map((at, place) => (due[place + 2] ?? at) - at);
  const widest = gaps.indexOf(Math.max(...gaps.slice(begin, -3)), begin);
  const places = [widest, ...Array.from({ length: 40 }, (_, turn) => begin + turn * size)];
  let most = 0;
  for (const place of places) {
    for (const late of [0, full?.slack ?? 0]) {
      for (const takes of new Set([Math.min(1, full?.run ?? 0), full?.run ?? 0])) {
        for (const point of longChains(world, place, [late, full?.slack ?? 0], takes)) {
          most = Math.max(most, point.links);
        }
      }
    }
  }
  return most;
}

describe("the links of a chain, counted", () => {
  it.each([
    ["weekdays, weeks and clock changes", pairsOfSeries],
    ["even distances", regulars],
  ] as const)("are never more than the claim, for calendars of %s", (_, all) => {
    fc.assert(
      fc.property(all, (subject) => {
        const claim = secondsOf(longestChain(restorePointsOf(subject), asOf));
        expect(mostLinks(worldOf(subject))).toBeLessThanOrEqual(claim);
      }),
      { numRuns: 30 },
    );
  });

  const taking = (role: Taking["role"], expression: string, slack: number, run: number): Taking => ({
    role,
    schedule: kubernetes(expression),
    slack,
    run,
    overlap: "forbid",
  });

  it.each([
    ["runs that start on time", [taking("full", "0 2 * * *", 0, 3_600), taking("incremental", "0 * * * *", 0, 600)]],
    [
      "increments due before their base ends that start after it",
      [taking("full", "15 */12 * * *", 0, 2_760), taking("incremental", "0 * * * *", 1_800, 600)],
    ],
  ])("are as many as the claim for regular calendars: %s", (_, takings) => {
    const subject: Subject = { ...anything, takings };
    expect(secondsOf(longestChain(restorePointsOf(subject), asOf))).toBe(mostLinks(worldOf(subject)));
  });

  it("are never more than the claim when two calendars take increments", () => {
    const takings = [
      taking("full", "15 2 * * *", 0, 3_600),
      taking("incremental", "0 */6 * * *", 0, 600),
      taking("incremental", "30 * * * *", 0, 600),
    ];
    const subject: Subject = { ...anything, takings };
    expect(secondsOf(longestChain(restorePointsOf(subject), asOf))).toBeGreaterThanOrEqual(mostLinks(worldOf(subject)));
  });
});

function reachOf(subject: Subject): number {
  return secondsOf(reachBack(restorePointsOf(subject), seconds(subject.kept), asOf));
}

/** How long before its own run the base of a point was taken, at most. */
function oldestBase(subject: Subject): number {
  const world = worldOf(subject);
  const [, failed] = worstOf(world, chainScenesOf(world), ([points = []]) =>
    largest(points, (point) => point.start - point.root),
  );
  return failed;
}

describe("how far back points reach", () => {
  it("keeps the whole chain of every point taken within reach", () => {
    fc.assert(
      fc.property(restorable(pairsOfSeries), (subject) => {
        const reach = reachOf(subject);
        if (reach > 0) expect(reach + oldestBase(subject)).toBeLessThanOrEqual(subject.kept);
      }),
      { numRuns: 8 },
    );
  });

  it("leaves a point just beyond it without its base, for weekly fulls with hourly increments", () => {
    const subject: Subject = {
      ...anything,
      takings: [
        { role: "full", schedule: kubernetes("0 2 * * 0"), slack: 600, run: 4 * 3_600 - 600, overlap: "forbid" },
        { role: "incremental", schedule: kubernetes("0 * * * *"), slack: 0, run: 600, overlap: "forbid" },
      ],
    };
    const world = worldOf(subject);
    const first = (world.calendars[0]?.due ?? []).findIndex((at) => at > decade.from);
    const points = longChains(world, first, [0, 600], 1);
    const oldest = Math.max(...points.map((point) => point.start - point.root));
    expect(reachOf(subject) + oldest).toBe(subject.kept);
    expect(reachOf(subject) + 1 + oldest).toBeGreaterThan(subject.kept);
  });

  it.each([
    ["one series", singles, 8],
    ["fulls and incrementals", pairsOfSeries, 2],
  ] as const)("has a point to restore for every moment within it, for %s", (_, all, numRuns) => {
    fc.assert(
      fc.property(
        all,
        fc.oneof(fc.integer({ min: 1, max: 3_600 }), fc.integer({ min: 1, max: 30 * 86_400 })),
        (drawn, reach) => {
          const subject = { ...drawn, kept: drawn.kept - reachOf(drawn) + reach };
          expect(reachOf(subject)).toBe(reach);
          const world = worldOf(subject);
          const [, missing] = worstOf(world, chainScenesOf(world), (held, { from, to }) =>
            moments(held, from, to, [0, reach]).some(
              ({ instant, side }) =>
                instant + reach <= to &&
                [0, Math.floor(reach / 2), reach].some((age) => {
                  const now = { instant: instant + age, side };
                  return !held[0]?.some(
                    (point) =>
                      happened(point.captured, { instant, side }) &&
                      happened(point.usable, now) &&
                      now.instant - point.root <= subject.kept,
                  );
                }),
            )
              ? 1
              : 0,
          );
          expect(missing).toBe(0);
        },
      ),
      { numRuns },
    );
  });
});
