import { describe, expect, it } from "vitest";
import type { Schedule, Scheduler } from "../../../recovery";
import { against, cron, day, hour, losses, taken } from "../answers";
import { term } from "../build";

/** Worst losses over a region where a run takes no time: the gaps alone. */
const gaps = (schedule: Schedule) => losses(against("region", taken({ schedule, run: term("run", "0s") })));
const by = (scheduler: Scheduler, expression: string, timeZone = "Etc/UTC"): Schedule => ({
  scheduler,
  expression,
  timeZone,
});

describe("group 2: expressions", () => {
  it("of a day of the month and a weekday mean either: 1-7 and Mondays never leave more than a week", () => {
    expect(gaps(cron("0 0 1-7 * 1"))).toEqual([7 * day, 14 * day]);
  });

  it("for the 31st skip the short months: 61 d", () => {
    expect(gaps(cron("0 2 31 * *"))[0]).toBe(61 * day);
  });

  it("for 29 February leave 1,461 d, and 2,921 d across the year 2100", () => {
    expect(gaps(cron("0 0 29 2 *"))[0]).toBe(1_461 * day);
    const before2100 = Date.UTC(2095, 0, 1) / 1_000;
    const leap = taken({ schedule: cron("0 0 29 2 *"), run: term("run", "0s") });
    expect(losses(against("region", leap, {}, ["300h", "300h"], before2100))[0]).toBe(2_921 * day);
  });

  it("for weekdays leave a weekend: 72 h, an hour more where clocks go back on its Sunday", () => {
    expect(gaps(cron("0 2 * * 1-5"))[0]).toBe(72 * hour);
    expect(gaps(cron("0 2 * * 1-5", "Europe/Berlin"))[0]).toBe(73 * hour);
  });

  it("of one word mean what they stand for: @daily is midnight", () => {
    expect(gaps(cron("@daily"))).toEqual(gaps(cron("0 0 * * *")));
    expect(gaps(cron("@daily", "Africa/Cairo"))[0]).toBe(47 * hour);
  });

  it("with steps that do not divide an hour begin anew in each: */7 leaves 7 min, after a last gap of 4", () => {
    expect(gaps(cron("*/7 * * * *"))).toEqual([7 * 60, 14 * 60]);
    // A run of 5 minutes from minute 56 drops the one of minute 0: 11 min. Too many to walk, so the bound adds a gap and a run.
    const [long] = losses(against("region", taken({ schedule: cron("*/7 * * * *"), run: term("run", "5m") })));
    expect(long).toBeGreaterThanOrEqual((11 + 5) * 60);
    expect(long).toBeLessThanOrEqual((7 + 5 + 5) * 60);
  });

  it("of six fields are no expressions of a CronJob, and are those of Quartz and AWS", () => {
    expect(gaps(cron("0 0 2 * * *"))[0]).toHaveProperty("unknown");
    expect(gaps(by("quartz", "0 0 2 * * ?"))[0]).toBe(day);
    expect(gaps(by("aws", "cron(0 2 * * ? *)"))[0]).toBe(day);
    expect(gaps(by("aws", "0 2 * * *"))[0]).toHaveProperty("unknown");
  });

  it("of AWS need ? in one of the day fields", () => {
    expect(gaps(by("aws", "cron(0 2 * * * *)"))[0]).toHaveProperty("unknown");
  });

  it.each([
    ["aws", "cron(0 2 * * ? 2027)"],
    ["quartz", "0 0 2 * * ? 2027"],
    ["azure", '{"frequency":"Day","interval":1,"startTime":"2026-01-01T02:00:00Z","endTime":"2028-01-01T00:00:00Z"}'],
  ] as const)(
    "of %s that end with a year keep no promise, since nothing runs after it: %s",
    (scheduler, expression) => {
      const ended = against("region", taken({ schedule: by(scheduler, expression) }));
      expect(["missed", "cannot prove"]).toContain(ended.verdict);
    },
  );

  it.each<[Scheduler, string, number]>([
    // EventBridge Scheduler skips the spring Sunday, a recurrence of Azure keeps its 23 h and 25 h.
    ["aws", "cron(0 2 * * ? *)", 47],
    ["azure", '{"frequency":"Day","interval":1,"schedule":{"hours":[2],"minutes":[0]}}', 25],
  ])("of %s are UTC where no zone is given, and have the changes of one that is", (scheduler, expression, hours) => {
    expect(gaps(by(scheduler, expression))[0]).toBe(day);
    expect(gaps(by(scheduler, expression, "Europe/Berlin"))[0]).toBe(hours * hour);
    // A plan says UTC in so many words: whoever reads the resource knows that it is meant.
    expect(gaps(by(scheduler, expression, ""))[0]).toHaveProperty("unknown");
  });
});
