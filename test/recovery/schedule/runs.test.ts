import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gaps, next, parseCron, runs, zoneOf } from "../../../recovery/schedule";
import { civilDay, secondsPerDay } from "../../../recovery/schedule/civil";
import { matchesDay } from "../../../recovery/schedule/cron";
import { answer, at, every, schedules } from "./cases";

const iso = (instants: number[]) => instants.map((instant) => new Date(instant * 1000).toISOString().slice(0, 16));
const between = (expression: string, zone: string, from: string, to: string) =>
  iso(answer(runs(every(expression, zone), at(from), at(to))));

describe("around a change of the clocks the controller", () => {
  it("skips a run whose hour does not exist", () => {
    const found = between("0 2 * * *", "Europe/Berlin", "2026-03-28T00:00Z", "2026-03-31T00:00Z");
    expect(found).toEqual(["2026-03-28T01:00", "2026-03-30T00:00"]);
  });

  it("repeats a run whose hour happens twice", () => {
    const found = between("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-26T00:00Z");
    expect(found).toEqual(["2026-10-25T00:30", "2026-10-25T01:30"]);
  });

  it("loses the midnight after Lord Howe puts the clocks back, although it exists", () => {
    const found = between("0 0 * * *", "Australia/Lord_Howe", "2025-04-05T00:00Z", "2025-04-08T00:00Z");
    expect(found).toEqual(["2025-04-05T13:00", "2025-04-07T13:30"]);
  });

  it("skips a midnight that does not exist", () => {
    const found = between("0 0 * * *", "Africa/Cairo", "2025-04-23T12:00Z", "2025-04-26T00:00Z");
    expect(found).toEqual(["2025-04-23T22:00", "2025-04-25T21:00"]);
  });
});

describe("the runs of a schedule", () => {
  it("come after the start and before the end, neither included", () => {
    const found = between("0 * * * *", "Etc/UTC", "2026-01-01T00:00Z", "2026-01-01T03:00Z");
    expect(found).toEqual(["2026-01-01T01:00", "2026-01-01T02:00"]);
  });

  it("are on either kind of day when both day fields are restricted", () => {
    const found = between("0 0 1-2 * 1", "Etc/UTC", "2026-05-31T12:00Z", "2026-06-10T00:00Z");
    expect(found).toEqual(["2026-06-01T00:00", "2026-06-02T00:00", "2026-06-08T00:00"]);
  });

  it("skip the months without a 31st", () => {
    const found = between("0 2 31 * *", "Etc/UTC", "2026-01-01T00:00Z", "2026-06-01T00:00Z");
    expect(found).toEqual(["2026-01-31T02:00", "2026-03-31T02:00", "2026-05-31T02:00"]);
  });

  it("do not exist on 30 February", () => {
    expect(between("0 0 30 2 *", "Etc/UTC", "2026-01-01T00:00Z", "2046-01-01T00:00Z")).toEqual([]);
    expect(next(every("0 0 30 2 *"), at("2026-01-01T00:00Z"))).toBeUndefined();
    expect(next(every(", * * * *"), at("2026-01-01T00:00Z"))).toBeUndefined();
  });

  it("include one that the controller finds only once it is less than six years ahead", () => {
    const schedule = every("0 0 29 2 *");
    expect(next(schedule, at("2096-03-01T00:00Z"))).toBeUndefined();
    const found = between("0 0 29 2 *", "Etc/UTC", "2096-03-01T00:00Z", "2105-01-01T00:00Z");
    expect(found).toEqual(["2104-02-29T00:00"]);
  });

  it("end in a problem where the controller would find the same run again and again", () => {
    const schedule = every("51 3 1 * */2", "Pacific/Chatham");
    const read = { problem: expect.stringContaining("no run after 2031-04-05T14:06:00.000Z") };
    expect(runs(schedule, at("2031-01-01T00:00Z"), at("2032-01-01T00:00Z"))).toEqual(read);
    expect(gaps(schedule, { from: at("2031-01-01T00:00Z"), to: at("2032-01-01T00:00Z"), missed: 0 })).toEqual(read);
    expect(next(schedule, at("2031-04-05T14:06:00Z"))).toEqual(read);
  });

  it("are a problem when the expression and the zone are wrong, and both are named", () => {
    const read = runs(every("0 2 * * 7", "Mars/Olympus"), 0, 1);
    expect(read).toEqual({ problem: expect.stringMatching(/day of week.*timeZone/) });
    expect(next(every("0 2 * * 7"), 0)).toEqual({ problem: expect.stringContaining("day of week") });
  });
});

describe("for any schedule", () => {
  const start = fc.integer({ min: at("2024-01-01"), max: at("2034-01-01") });
  const length = fc.integer({ min: 1, max: 300 * secondsPerDay });

  it("the runs are those that next finds one after the other", () => {
    fc.assert(
      fc.property(schedules, start, length, (schedule, from, seconds) => {
        const found = answer(runs(schedule, from, from + seconds)).slice(0, 500);
        let last = from;
        for (const run of found) {
          expect(answer(next(schedule, last))).toBe(run);
          last = run;
        }
      }),
      { numRuns: 60 },
    );
  });

  it("every run matches its fields in local time, unless the clocks changed since the run before", () => {
    fc.assert(
      fc.property(schedules, start, length, (schedule, from, seconds) => {
        const cron = answer(parseCron(schedule.expression));
        const zone = answer(zoneOf(schedule.timeZone));
        let last = from;
        for (const run of answer(runs(schedule, from, from + seconds))) {
          const wall = run + zone.offsetAt(run);
          const day = civilDay(Math.floor(wall / secondsPerDay));
          const minute = Math.floor((wall % 3600) / 60);
          const hour = Math.floor((wall % secondsPerDay) / 3600);
          const asAsked =
            cron.minute.has(minute) && cron.hour.has(hour) && cron.month.has(day.month) && matchesDay(cron, day);
          if (!asAsked) expect(zone.transitions(last, run + 1)).not.toEqual([]);
          last = run;
        }
      }),
      { numRuns: 60 },
    );
  });
});
