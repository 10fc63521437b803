import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isProblem, next, runs, type Schedule, worstGaps } from "../../../recovery/schedule";
import { calendarOf } from "../../../recovery/schedule/calendar";
import { asked, byTheMinute } from "./asked";
import { itObeysTheLaws } from "./calendarLaws";
import { answer, at } from "./cases";
import { manyZones, windowIn } from "./minutes";

const hour = 3600;
const day = 24 * hour;
const asOf = at("2026-01-01T15:00Z");

function aws(expression: string, timeZone = "Etc/UTC"): Schedule {
  return { scheduler: "aws", expression, timeZone };
}

const iso = (instants: readonly number[]) => instants.map((one) => new Date(one * 1000).toISOString().slice(0, 16));
const between = (schedule: Schedule, from: string, to: string) => iso(answer(runs(schedule, at(from), at(to))));

describe("an expression of the documentation", () => {
  const examples: [expression: string, means: string, from: string, to: string, starts: string[]][] = [
    ["0 10 * * ? *", "10:00 every day", "2026-01-01", "2026-01-03", ["2026-01-01T10:00", "2026-01-02T10:00"]],
    ["15 12 * * ? *", "12:15 every day", "2026-01-01", "2026-01-02", ["2026-01-01T12:15"]],
    ["0 18 ? * MON-FRI *", "18:00 on weekdays", "2026-01-02", "2026-01-06", ["2026-01-02T18:00", "2026-01-05T18:00"]],
    ["0 8 1 * ? *", "08:00 on the first", "2026-01-02", "2026-03-02", ["2026-02-01T08:00", "2026-03-01T08:00"]],
    [
      "0/15 * * * ? *",
      "every 15 minutes",
      "2026-01-01T00:01Z",
      "2026-01-01T00:31Z",
      ["2026-01-01T00:15", "2026-01-01T00:30"],
    ],
    [
      "0/5 8-17 ? * MON-FRI *",
      "office hours",
      "2026-01-02T17:46Z",
      "2026-01-05T08:01Z",
      ["2026-01-02T17:50", "2026-01-02T17:55", "2026-01-05T08:00"],
    ],
    [
      "1/10 2 * * ? *",
      "minutes 1, 11 and so on",
      "2026-01-01T02:30Z",
      "2026-01-01T03:30Z",
      ["2026-01-01T02:31", "2026-01-01T02:41", "2026-01-01T02:51"],
    ],
    [
      "15 10 ? * 6L 2022-2023",
      "the last Friday, until 2023",
      "2023-11-01",
      "2026-01-01",
      ["2023-11-24T10:15", "2023-12-29T10:15"],
    ],
    [
      "0 2 3W * ? *",
      "the weekday nearest to the third",
      "2026-01-01",
      "2026-05-15",
      ["2026-01-02T02:00", "2026-02-03T02:00", "2026-03-03T02:00", "2026-04-03T02:00", "2026-05-04T02:00"],
    ],
    ["0 2 ? * 3#2 *", "the second Tuesday", "2026-01-01", "2026-03-01", ["2026-01-13T02:00", "2026-02-10T02:00"]],
    ["0 2 L * ? *", "the last day", "2026-01-15", "2026-03-15", ["2026-01-31T02:00", "2026-02-28T02:00"]],
    ["0 2 ? * L *", "the last day of the week", "2026-01-01", "2026-01-12", ["2026-01-03T02:00", "2026-01-10T02:00"]],
    [
      "0/30 23-0 ? * MON *",
      "hours across midnight",
      "2026-01-04T12:00Z",
      "2026-01-07",
      ["2026-01-05T00:00", "2026-01-05T00:30", "2026-01-05T23:00", "2026-01-05T23:30"],
    ],
    ["0 5 ? * * *", "what AWS Backup takes when none is given", "2026-01-01", "2026-01-02", ["2026-01-01T05:00"]],
    ["0 21 LW * ? *", "the last working day", "2026-01-01", "2026-03-01", ["2026-01-30T21:00", "2026-02-27T21:00"]],
    [
      "0 2 l-3 jan,Feb ? *",
      "three days before the last",
      "2026-01-01",
      "2027-01-01",
      ["2026-01-28T02:00", "2026-02-25T02:00"],
    ],
  ];
  for (const [expression, means, from, to, starts] of examples) {
    it(`"cron(${expression})" is ${means}`, () =>
      expect(between(aws(`cron(${expression})`), from, to)).toEqual(starts));
  }
});

describe("around a change of the clocks", () => {
  const daily = aws("cron(30 2 * * ? *)", "America/Los_Angeles");

  it("a run that does not exist is skipped, as EventBridge Scheduler's example says", () => {
    expect(between(daily, "2026-03-07T00:00Z", "2026-03-10T00:00Z")).toEqual(["2026-03-07T10:30", "2026-03-09T09:30"]);
  });

  it("a run that happens twice starts once, before the shift", () => {
    const found = between(aws("cron(30 1 * * ? *)", "America/Los_Angeles"), "2026-10-31T12:00Z", "2026-11-03T00:00Z");
    expect(found).toEqual(["2026-11-01T08:30", "2026-11-02T09:30"]);
  });

  it("an hourly run pauses through the repeated hour", () => {
    const found = between(aws("cron(0 * * * ? *)", "Europe/Berlin"), "2026-10-24T23:30Z", "2026-10-25T02:30Z");
    expect(found).toEqual(["2026-10-25T00:00", "2026-10-25T02:00"]);
  });

  it("a rate of one day stays 24 hours", () => {
    const found = answer(worstGaps(aws("rate(1 day)", "Europe/Berlin"), asOf));
    expect([found.maxGapSeconds[0], found.minGapSeconds]).toEqual([day, day]);
  });
});

describe("the worst gap over ten years", () => {
  const figures: [expression: string, zone: string, maxHours: number[], minHours: number][] = [
    ["cron(0 2 * * ? *)", "Etc/UTC", [24, 48, 72], 24],
    ["cron(0 2 * * ? *)", "Europe/Berlin", [47, 71, 95], 24],
    ["cron(0 3 * * ? *)", "Europe/Berlin", [25, 49, 73], 23],
    ["cron(0 1 ? * SUN *)", "Europe/London", [335, 503, 671], 168],
    ["cron(0/15 * * * ? *)", "Europe/Berlin", [1.25, 1.5, 1.75], 0.25],
    ["cron(* * * * ? *)", "Australia/Lord_Howe", [31 / 60, 32 / 60, 33 / 60], 1 / 60],
    ["cron(0 2 31 * ? *)", "Etc/UTC", [61 * 24, 122 * 24, 182 * 24], 31 * 24],
    ["rate(12 hours)", "Etc/UTC", [12, 24, 36], 12],
    ["rate(1 minute)", "Etc/UTC", [1 / 60, 2 / 60, 3 / 60], 1 / 60],
    ["rate(30 days)", "Etc/UTC", [720, 1440, 2160], 720],
  ];
  for (const [expression, zone, hours, min] of figures) {
    it(`of "${expression}" in ${zone} is ${hours.join(", ")} h, the shortest ${min} h`, () => {
      const found = answer(worstGaps(aws(expression, zone), asOf));
      expect(found.maxGapSeconds).toEqual(hours.map((span) => Math.round(span * hour)));
      expect(found.minGapSeconds).toBe(Math.round(min * hour));
    });
  }

  it("is found day by day, not run by run, even for every minute of them", () => {
    for (const schedule of [aws("cron(* * * * ? *)", "Europe/Berlin"), aws("rate(1 minute)")]) {
      expect([...answer(calendarOf(schedule)).batches(asOf, asOf + 3652 * day)].length).toBeLessThan(10_000);
    }
  });
});

describe("a schedule that never comes due", () => {
  const never = ["cron(0 2 31 2 ? *)", "cron(0 2 30 FEB ? *)", "cron(0 2 31W 4,6 ? *)", "cron(0 2 * * ? 1970-2025)"];
  for (const expression of never) {
    it(`"${expression}" has no next run and no gap`, () => {
      expect(next(aws(expression), asOf)).toBeUndefined();
      const none = { runs: 0, maxGapSeconds: [], maxGapAfter: [], minGapSeconds: 0, minGapAfter: 0 };
      expect(worstGaps(aws(expression), asOf)).toEqual(none);
    });
  }

  it("has none either where the clocks skip its only time", () => {
    expect(next(aws("cron(30 2 29 3 ? 2026)", "Europe/Berlin"), asOf)).toBeUndefined();
  });

  it("is told from one that comes due after 40 years", () => {
    expect(next(aws("cron(0 2 ? 2 1#5 *)"), at("2088-03-01T00:00Z"))).toBe(at("2128-02-29T02:00Z"));
  });
});

describe("a rate", () => {
  it("counts from the epoch, because its real start is not known", () => {
    expect(next(aws("rate(7 hours)"), 0)).toBe(7 * hour);
    expect(next(aws("rate(7 hours)"), 7 * hour)).toBe(14 * hour);
    expect(answer(runs(aws("rate(5 minutes)"), 299, 901))).toEqual([300, 600, 900]);
  });

  const wrong = [
    "rate(1 hours)",
    "rate(5 hour)",
    "rate(0 hours)",
    "rate(-1 hours)",
    "rate(1.5 hours)",
    "rate(2 weeks)",
    "rate()",
    "rate(12 hours",
    "rate(01 hour)",
  ];
  for (const expression of wrong) {
    it(`"${expression}" is a problem`, () => {
      const read = runs(aws(expression), 0, 1);
      expect(isProblem(read) && read.problem).toBe(
        `schedule "${expression}": must be rate(value unit) with a whole number above 0 and minutes, hours or days, singular after 1; for example "rate(1 hour)" or "rate(5 minutes)"`,
      );
    });
  }
});

describe("an expression that cannot be read", () => {
  const cases: [expression: string, says: string][] = [
    [
      "0 2 * * ? *",
      'must be cron(...) with six fields or rate(value unit), such as "rate(12 hours)"; for example "cron(0 2 * * ? *)" is 02:00 every day',
    ],
    ["at(2026-11-20T13:00:00)", "must be cron(...)"],
    ["", "must be cron(...)"],
    ["cron(0 2 * * ? *) ", "must be cron(...)"],
    ["cron(0 2 * * ?)", "must have six fields (minute, hour, day of month, month, day of week, year), got 5; "],
    ["cron()", "got 0; "],
    ["cron(0 0 2 * * ? *)", "got 7; "],
    [
      "cron(0 2 * * * *)",
      'day of month or day of week must be "?", and only one of them, got "*" and "*"; "*" and "?" is every day',
    ],
    ["cron(0 2 ? * ? *)", 'got "?" and "?"'],
    ["cron(60 2 * * ? *)", 'minute must be 0 to 59, a range or a step of 1 to 59, got "60"; "0,30" is twice an hour'],
    ["cron(0 24 * * ? *)", 'hour must be 0 to 23, a range or a step of 1 to 23, got "24"; '],
    ["cron(0 ? * * ? *)", 'hour must be 0 to 23, a range or a step of 1 to 23, got "?"'],
    ["cron(0 0/24 * * ? *)", 'got "0/24"'],
    ["cron(0 2, * * ? *)", 'got "" in "2,"'],
    ["cron(0/0 2 * * ? *)", 'got "0/0"'],
    ["cron(*-5 2 * * ? *)", 'got "*-5"'],
    ["cron(0 2 32 * ? *)", 'day of month must be 1 to 31, a range or a step of 1 to 31, got "32"; '],
    ["cron(0 2 32W * ? *)", 'got "32W"'],
    ["cron(0 2 1,L * ? *)", 'got "L" in "1,L"'],
    ["cron(0 2 L-31 * ? *)", 'got "L-31"'],
    [
      "cron(0 2 * 13 ? *)",
      'month must be 1 to 12 or JAN to DEC, a range or a step of 1 to 12 after numbers, got "13"; ',
    ],
    ["cron(0 2 * JAN/3 ? *)", 'got "JAN/3"'],
    ["cron(0 2 ? * MON-5 *)", 'got "MON-5"'],
    [
      "cron(0 2 ? * 0 *)",
      'day of week must be 1 to 7 or SUN to SAT, a range or a step of 1 to 7 after numbers, got "0"; "1" is Sunday',
    ],
    ["cron(0 2 ? * 8 *)", 'got "8"'],
    ["cron(0 2 ? * 3#1,6#3 *)", 'got "3#1" in "3#1,6#3"'],
    ["cron(0 2 ? * 3#6 *)", 'got "3#6"'],
    ["cron(0 2 ? * MONDAY *)", 'got "MONDAY"'],
    ["cron(0 2 * * ? 1969)", 'year must be 1970 to 2199, a range or a step of 1 to 2199, got "1969"; '],
    ["cron(0 2 * * ? 2030-2026)", 'got "2030-2026"'],
  ];
  for (const [expression, says] of cases) {
    it(`"${expression}" says: ${says}`, () => {
      const read = next(aws(expression), asOf);
      expect(isProblem(read) && read.problem).toContain(says);
      expect(isProblem(read) && read.problem).toContain(`schedule "${expression}": `);
    });
  }

  it("names every field that is wrong, and the zone", () => {
    expect(next(aws("cron(60 24 * 13 ? 1)", "Mars/Olympus"), asOf)).toEqual({
      problem: expect.stringMatching(/minute.*hour.*month.*year.*timeZone/),
    });
    expect(next(aws("rate(1 hour)", ""), asOf)).toEqual({ problem: expect.stringContaining('"Etc/UTC" where none') });
  });
});

describe("for any schedule", () => {
  const schedules = fc
    .tuple(asked, fc.constantFrom(...manyZones))
    .map(([{ fields }, zone]) => aws(`cron(${fields.join(" ")})`, zone));
  const place = fc.record({ year: fc.integer({ min: 2025, max: 2027 }), pick: fc.integer({ min: 0, max: 300 }) });

  it("the runs are the minutes that it asks for, each local time once", () => {
    fc.assert(
      fc.property(asked, fc.constantFrom(...manyZones), place, (what, zone, { year, pick }) => {
        const { from, to } = windowIn(zone, year, pick, 6);
        const found = answer(runs(aws(`cron(${what.fields.join(" ")})`, zone), from, to));
        expect(found).toEqual(byTheMinute(what, zone, from, to, "first"));
      }),
      { numRuns: 250 },
    );
  });

  it("the days of months are those that it asks for, far from any change of the clocks", () => {
    fc.assert(
      fc.property(asked, fc.integer({ min: 2024, max: 2034 }), (what, year) => {
        const [, , ofMonth, month, ofWeek, years] = what.fields;
        const schedule = aws(`cron(0 12 ${ofMonth} ${month} ${ofWeek} ${years})`);
        const noons = Array.from({ length: 400 }, (_, place) => at(`${year}-01-01T12:00Z`) + place * day);
        const due = noons.filter((noon) => {
          const date = new Date(noon * 1000);
          return what.day(date) && what.month(date.getUTCMonth() + 1) && what.year(date.getUTCFullYear());
        });
        expect(answer(runs(schedule, at(`${year}-01-01`), at(`${year}-01-01`) + 400 * day))).toEqual(due);
      }),
      { numRuns: 150 },
    );
  });

  itObeysTheLaws(schedules);
});

describe("for any rate", () => {
  const units = fc.constantFrom("minutes", "hours", "days");
  itObeysTheLaws(
    fc.tuple(fc.integer({ min: 2, max: 90 }), units).map(([count, unit]) => aws(`rate(${count} ${unit})`)),
  );
});
