import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gapOfChange, isProblem, next, runs, type Schedule } from "../../../recovery/schedule";
import { answer, at, every, expressions } from "./cases";

const hour = 3600;
const day = 24 * hour;
const year = { from: at("2026-01-01T00:00Z"), to: at("2027-01-01T00:00Z") };
const debian = (expression: string, timeZone: string): Schedule => ({ scheduler: "debian", expression, timeZone });

describe("the gap of the day of a change", () => {
  const cases: [was: Schedule, is: Schedule, hours: number][] = [
    [every("0 23 * * *"), every("0 1 * * *"), 26],
    [every("0 1 * * *"), every("0 23 * * *"), 46],
    [every("0 2 * * *"), every("0 2 * * *"), 24],
    [every("0 2 * * *"), every("0 2 * * 0"), 7 * 24],
    [every("0 2 * * 0"), every("0 2 * * *"), 7 * 24],
    [every("*/15 * * * *"), every("0 * * * *"), 1],
    [every("0 2 * * *", "Europe/Berlin"), every("0 1 * * *", "Europe/Berlin"), 70],
    [every("0 2 * * *", "Europe/Berlin"), every("0 2 * * *", "Etc/UTC"), 49],
    [every("0 2 * * *", "Europe/Berlin"), debian("0 2 * * *", "Europe/Berlin"), 47],
  ];
  for (const [was, is, hours] of cases) {
    const name = ({ scheduler, expression, timeZone }: Schedule) => `"${expression}" ${timeZone} (${scheduler})`;
    it(`from ${name(was)} to ${name(is)} is ${hours} h`, () =>
      expect(answer(gapOfChange(was, is, year)).seconds).toBe(hours * hour));
  }

  it("lies between the last old run, the old run that never starts, and the first new run", () => {
    expect(answer(gapOfChange(every("0 23 * * *"), every("0 1 * * *"), year))).toEqual({
      seconds: 26 * hour,
      lastRun: at("2026-01-01T23:00Z"),
      changedAt: at("2026-01-02T23:00Z") - 1,
      firstRun: at("2026-01-03T01:00Z"),
    });
  });

  it("may end after the window, but not start before it", () => {
    const short = { from: at("2026-01-01T22:00Z"), to: at("2026-01-02T12:00Z") };
    expect(answer(gapOfChange(every("0 23 * * *"), every("0 11 * * *"), short))).toEqual({
      seconds: 36 * hour,
      lastRun: at("2026-01-01T23:00Z"),
      changedAt: short.to - 1,
      firstRun: at("2026-01-03T11:00Z"),
    });
  });

  it("is a problem where either schedule cannot be read or has no run", () => {
    const says = (was: string, is: string) => {
      const found = gapOfChange(every(was), every(is), year);
      return isProblem(found) ? found.problem : "";
    };
    expect(says("x", "0 2 * * *")).toMatch(/^old schedule "x": must have five fields/);
    expect(says("0 2 * * *", "x")).toMatch(/^schedule "x": must have five fields/);
    expect(says("0 0 30 2 *", "0 2 * * *")).toBe(
      "old schedule must run after 2026-01-01 00:00 UTC and before 2027-01-01 00:00 UTC, got no run",
    );
    expect(says("0 2 * * *", "0 0 30 2 *")).toBe("new schedule must run after 2027-01-01 00:00 UTC, got no run");
  });

  it("of every minute to every minute, over ten years, is found", () => {
    const decade = { from: year.from, to: year.from + 3652 * day };
    expect(answer(gapOfChange(every("* * * * *"), every("* * * * *"), decade)).seconds).toBe(60);
  });
});

describe("for any two schedules", () => {
  const zones = fc.constantFrom("Etc/UTC", "Europe/Berlin", "Australia/Lord_Howe");
  const start = fc.constantFrom("2026-03-27", "2026-10-23", "2026-04-03", "2026-06-01").map((date) => at(date));

  it("no second at which to change has a longer gap, and one has it", () => {
    fc.assert(
      fc.property(expressions, expressions, zones, zones, start, (was, is, one, other, from) => {
        const to = from + 3 * day;
        const [old, replacement] = [every(was, one), every(is, other)];
        const oldRuns = answer(runs(old, from, to));
        const newRuns = answer(runs(replacement, from, to));
        const beyond = next(replacement, to - 1);
        fc.pre(oldRuns.length > 0 && typeof beyond === "number");
        let worst = 0;
        let last: number | undefined;
        let [oldAt, newAt] = [0, 0];
        for (let change = from + 1; change < to; change++) {
          if (oldRuns[oldAt] === change) last = oldRuns[oldAt++];
          while ((newRuns[newAt] ?? to) <= change) newAt++;
          if (last !== undefined) worst = Math.max(worst, (newRuns[newAt] ?? Number(beyond)) - last);
        }
        const found = answer(gapOfChange(old, replacement, { from, to }));
        expect(found.seconds).toBe(worst);
        expect(found.firstRun - found.lastRun).toBe(worst);
        expect(next(replacement, found.changedAt)).toBe(found.firstRun);
        expect(oldRuns.findLast((run) => run <= found.changedAt)).toBe(found.lastRun);
      }),
      { numRuns: 60 },
    );
  });
});
