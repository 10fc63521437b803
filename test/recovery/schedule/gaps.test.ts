import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Gaps, gaps, next, runs, type Schedule, worstGaps } from "../../../recovery/schedule";
import { calendarOf } from "../../../recovery/schedule/calendar";
import { answer, at, every, schedules, zones } from "./cases";

const hour = 3600;
const day = 24 * hour;
const asOf = at("2026-01-01T15:00Z");

describe("the worst gap over ten years", () => {
  const figures: [expression: string, zone: string, maxHours: number, minHours?: number][] = [
    ["0 2 * * *", "Etc/UTC", 24, 24],
    ["0 2 * * *", "America/New_York", 47],
    ["0 2 * * *", "Europe/Berlin", 47, 1],
    ["0 1 * * *", "Europe/Berlin", 25, 23],
    ["30 1 * * *", "America/New_York", 24, 1],
    ["0 3 * * *", "America/New_York", 25],
    ["0 */6 * * *", "America/New_York", 7],
    ["0 1 * * 0", "America/New_York", 168, 1],
    ["0 2 * * 0", "America/New_York", 335],
    ["0 2 * * 0", "Europe/Berlin", 335],
    ["*/15 * * * *", "Europe/Berlin", 0.25],
    ["0 2 31 * *", "Etc/UTC", 61 * 24],
    ["0 0 1-7 * 1", "Etc/UTC", 168, 24],
    ["0 2 * * 1-5", "Etc/UTC", 72],
    ["0 0 29 2 *", "Etc/UTC", 1461 * 24],
    ["0 0 * * *", "Australia/Lord_Howe", 48.5],
    ["0 * * * *", "Australia/Lord_Howe", 1.5],
  ];
  for (const [expression, zone, max, min] of figures) {
    it(`of "${expression}" in ${zone} is ${max} h${min === undefined ? "" : `, the shortest ${min} h`}`, () => {
      const found = answer(worstGaps(every(expression, zone), asOf));
      expect(found.maxGapSeconds[0]).toBe(max * hour);
      if (min !== undefined) expect(found.minGapSeconds).toBe(min * hour);
    });
  }

  const missed: [expression: string, zone: string, hours: number[]][] = [
    ["0 1 * * *", "Europe/London", [47, 71, 95]],
    ["0 1 * * 0", "Europe/London", [335, 503, 671]],
    ["0 1 * * 0", "Europe/Berlin", [169, 337, 505]],
    ["0 0 * * *", "Africa/Cairo", [47, 71, 95]],
    ["0 2 * * *", "Australia/Lord_Howe", [48.5, 72.5, 96.5]],
  ];
  for (const [expression, zone, hours] of missed) {
    it(`of "${expression}" in ${zone} grows to ${hours.join(", ")} h with up to two missed runs`, () => {
      const found = answer(worstGaps(every(expression, zone), asOf));
      expect(found.maxGapSeconds).toEqual(hours.map((span) => span * hour));
    });
  }

  it("is the same object for any hour of the same UTC day", () => {
    expect(worstGaps(every("7 2 * * *"), asOf)).toBe(worstGaps(every("7 2 * * *"), asOf + 8 * hour));
    expect(worstGaps(every("7 2 * * *"), asOf)).not.toBe(worstGaps(every("7 2 * * *"), asOf + day));
  });

  it("counts from the UTC midnight of the day to the same date ten years on", () => {
    expect(answer(worstGaps(every("0 12 * * *"), asOf)).runs).toBe(3652);
  });

  it("is a problem when the schedule is one", () => {
    expect(worstGaps(every("0 2 * * *", "Mars/Olympus"), asOf)).toEqual({
      problem: expect.stringContaining("timeZone"),
    });
  });
});

describe("a window with too few runs", () => {
  it("has no span rather than one of zero", () => {
    const none = { runs: 0, maxGapSeconds: [], maxGapAfter: [], minGapSeconds: 0, minGapAfter: 0 };
    expect(worstGaps(every("0 0 30 2 *"), asOf)).toEqual(none);
    expect(answer(worstGaps(every("0 0 29 2 *"), asOf)).maxGapSeconds).toHaveLength(3);
  });
});

describe("the reasoning by days", () => {
  it("finds what a walk over every run finds", () => {
    const window = { missed: fc.integer({ min: 0, max: 5 }), from: fc.integer({ min: asOf, max: asOf + 3000 * day }) };
    const length = fc.integer({ min: day, max: 300 * day });
    fc.assert(
      fc.property(schedules, fc.record(window), length, (schedule, { missed, from }, seconds) => {
        const to = from + seconds;
        expect(gaps(schedule, { from, to, missed })).toEqual(fullWalk(schedule, from, to, missed));
      }),
      { numRuns: 100 },
    );
  });

  for (const zone of zones) {
    it(`finds it over ten years in ${zone}`, () => {
      for (const expression of ["*/45 * * * *", "0 8-18 * * 1-5", "0 */6 1-7 * 1", "30 1,2 * * 0"]) {
        const [from, to] = [asOf, asOf + 3652 * day];
        const found = gaps(every(expression, zone), { from, to, missed: 2 });
        expect(found).toEqual(fullWalk(every(expression, zone), from, to, 2));
      }
    });
  }
});

describe("for any schedule", () => {
  it("the span over more missed runs is longer, and at most the sum of its parts", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const { runs, maxGapSeconds: spans, minGapSeconds: min } = answer(worstGaps(schedule, asOf, 4));
        expect(spans).toHaveLength(Math.max(0, Math.min(5, runs - 1)));
        for (const [m, span] of spans.entries()) {
          expect(span).toBeGreaterThanOrEqual((spans[m - 1] ?? 0) + min);
          for (let part = 0; part < m; part++) {
            expect(span).toBeLessThanOrEqual((spans[part] ?? 0) + (spans[m - part - 1] ?? 0));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("the longest and the shortest gap start at a run and end at the next", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const found = answer(worstGaps(schedule, asOf));
        const after = found.maxGapAfter[0];
        if (after === undefined) return;
        const [end] = answer(runs(schedule, after, after + (found.maxGapSeconds[0] ?? 0) + 1));
        expect(end).toBe(after + (found.maxGapSeconds[0] ?? 0));
        expect(answer(next(schedule, found.minGapAfter))).toBe(found.minGapAfter + found.minGapSeconds);
      }),
      { numRuns: 60 },
    );
  });
});

/** Asks for one run after the other and compares all spans, with none of the reasoning. */
function fullWalk(schedule: Schedule, from: number, to: number, missed: number): Gaps {
  const walk: number[] = [];
  const calendar = answer(calendarOf(schedule));
  const after = (last: number) => answer(calendar.next(last));
  for (let run = after(from); run !== undefined && run < to; run = after(run)) {
    walk.push(run);
  }
  const spans = (m: number) =>
    walk.slice(m + 1).map((run, place) => ({ after: walk[place] ?? 0, seconds: run - (walk[place] ?? 0) }));
  const first = (m: number, better: (a: number, b: number) => boolean) =>
    spans(m).reduce((best, span) => (better(span.seconds, best.seconds) ? span : best));
  const reachable = Array.from({ length: missed + 1 }, (_, m) => m).filter((m) => walk.length > m + 1);
  const longest = reachable.map((m) => first(m, (a, b) => a > b));
  const shortest = walk.length > 1 ? first(0, (a, b) => a < b) : { seconds: 0, after: 0 };
  return {
    runs: walk.length,
    maxGapSeconds: longest.map(({ seconds }) => seconds),
    maxGapAfter: longest.map(({ after }) => after),
    minGapSeconds: shortest.seconds,
    minGapAfter: shortest.after,
  };
}
