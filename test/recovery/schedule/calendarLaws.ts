import fc from "fast-check";
import { expect, it } from "vitest";
import { gaps, isProblem, next, runs, type Schedule } from "../../../recovery/schedule";
import { calendarOf } from "../../../recovery/schedule/calendar";
import { answer } from "./cases";
import { windowIn } from "./minutes";

const windows = fc.record({
  year: fc.integer({ min: 2024, max: 2034 }),
  pick: fc.integer({ min: 0, max: 300 }),
  days: fc.integer({ min: 1, max: 60 }),
});

/** Holds a calendar to what every calendar promises, on windows around changes of the clocks. */
export function itObeysTheLaws(schedules: fc.Arbitrary<Schedule>): void {
  const law = (title: string, holds: (schedule: Schedule, from: number, to: number, found: number[]) => void) =>
    it(title, () => {
      fc.assert(
        fc.property(schedules, windows, (schedule, { year, pick, days }) => {
          const { from, to } = windowIn(schedule.timeZone, year, pick, days);
          const found = runs(schedule, from, to);
          fc.pre(!isProblem(found));
          holds(schedule, from, to, answer(found));
        }),
        { numRuns: 60 },
      );
    });

  law("its runs rise within the window, and next finds each after the one before", (schedule, from, to, found) => {
    let last = from;
    for (const run of found.slice(0, 200)) {
      expect(run).toBeGreaterThan(last);
      expect(next(schedule, last)).toBe(run);
      last = run;
    }
    if (found.length <= 200) expect(answer(next(schedule, last)) ?? to).toBeGreaterThanOrEqual(to);
    expect(found.at(-1) ?? from).toBeLessThan(to);
  });

  law("a window has the runs of its parts", (schedule, from, to, found) => {
    for (const share of [0.3, 0.5, 0.51]) {
      const middle = found[Math.floor(found.length * share)] ?? Math.floor((from + to) / 2);
      const parts = [...answer(runs(schedule, from, middle)), ...answer(runs(schedule, middle - 1, to))];
      expect(parts).toEqual(found);
    }
  });

  law("batches of equal length have equal offsets", (schedule, from, to) => {
    const known = new Map<number, readonly number[]>();
    for (const batch of answer(calendarOf(schedule)).batches(from, to)) {
      const { offsets } = answer(batch);
      expect(offsets).toEqual(known.get(offsets.length) ?? offsets);
      known.set(offsets.length, offsets);
    }
  });

  law("its gaps are those between its runs", (schedule, from, to, found) => {
    const between = found.slice(1).map((run, place) => run - (found[place] ?? 0));
    const reckoned = answer(gaps(schedule, { from, to, missed: 1 }));
    const overTwo = found.slice(2).map((run, place) => run - (found[place] ?? 0));
    expect(reckoned.runs).toBe(found.length);
    expect(reckoned.maxGapSeconds).toEqual(
      [between, overTwo].filter(({ length }) => length > 0).map((all) => Math.max(...all)),
    );
    expect(reckoned.minGapSeconds).toBe(between.length > 0 ? Math.min(...between) : 0);
  });
}
