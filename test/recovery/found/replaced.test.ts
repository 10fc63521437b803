import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatBound } from "../../../recovery";
import { spanOfReplaced } from "../../../recovery/loss/replaced";
import { against, cron, taken } from "../answers";
import { term } from "../build";

/** The most that lies between a run that ended and the next that must, found by trying every lateness of every run. */
function tried(ticks: readonly number[], slack: number, run: number): number {
  const gapAfter = (at: number) => (ticks[at + 1] ?? Number.POSITIVE_INFINITY) - (ticks[at] ?? 0);
  const furthest = (at: number, late: number): number => {
    let found = at;
    for (let next = 0; next <= slack; next++) {
      if (late + Math.max(1, run) > gapAfter(at) + next) found = Math.max(found, furthest(at + 1, next));
    }
    return found;
  };
  return ticks.reduce((most, tick, place) => {
    if (place + 1 >= ticks.length) return most;
    const ends = Array.from({ length: slack + 1 }, (_, late) => furthest(place + 1, late));
    return Math.max(most, (ticks[Math.max(...ends)] ?? 0) - tick);
  }, 0);
}

const daily = (expression: string, slack: string, run: string) =>
  taken({ schedule: cron(expression), overlap: "replace", startSlack: term("slack", slack), run: term("run", run) });
const lost = (...schedule: Parameters<typeof daily>) => {
  const { chosen } = against("region", daily(...schedule));
  return chosen?.rpo.map(({ total }) => formatBound(total));
};

describe("runs that replace each other", () => {
  it("of 25 h on weekdays end on Fridays only: 168 h and the run, 336 h and the run with one failed", () => {
    expect(lost("0 2 * * 1-5", "0s", "25h")).toEqual(["8d 1h", "15d 1h"]);
  });

  it("of 23 h, each day and up to 2 h late, end on the second day: whom the first meets is less late. 48 h + 2 h + 23 h", () => {
    expect(lost("0 2 * * *", "2h", "23h")).toEqual(["3d 1h", "5d 1h"]);
    expect(lost("0 2 * * *", "1h", "23h")).toEqual(["48h", "3d"]);
  });

  it("longer than every gap never end", () => {
    expect(lost("0 2 * * *", "0s", "25h")?.[0]).toMatch(/^unbounded/);
  });

  it("end where trying every lateness of each says that they must", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 2, maxLength: 6 }),
        fc.nat(4),
        fc.nat(8),
        (gaps, slack, run) => {
          // A gap that no run outlasts, again and again, so that each ends before the calendar does.
          const ticks = [0];
          for (const gap of [...gaps, 20, ...gaps, 20, ...gaps, 20]) ticks.push((ticks.at(-1) ?? 0) + gap);
          expect(spanOfReplaced(ticks, slack, run, 0)).toBe(tried(ticks.slice(0, -1), slack, run));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("have no bound once the calendar goes on without a gap in which one ends", () => {
    expect(
      spanOfReplaced([0, 10, 11, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35], 0, 5, 0),
    ).toBeUndefined();
  });
});
