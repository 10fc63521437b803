import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isProblem, next, runs, type Schedule, worstGaps } from "../../../recovery/schedule";
import { calendarOf } from "../../../recovery/schedule/calendar";
import { quartzResumesAt } from "../../../recovery/schedule/quartzGap";
import { asked, byTheMinute } from "./asked";
import { itObeysTheLaws } from "./calendarLaws";
import { answer, at } from "./cases";
import { manyZones, windowIn } from "./minutes";
import golden from "./quartz-vectors.json";

const hour = 3600;
const day = 24 * hour;
const asOf = at("2026-01-01T15:00Z");

function quartz(expression: string, timeZone = "Etc/UTC"): Schedule {
  return { scheduler: "quartz", expression, timeZone };
}

const iso = (instants: readonly number[]) => instants.map((one) => new Date(one * 1000).toISOString().slice(0, 19));

describe("what Quartz itself did", () => {
  for (const { expression, timeZone, from, to, runs: real } of golden.vectors) {
    it(`runs "${expression}" in ${timeZone} from ${from} to ${to}`, () => {
      const found = answer(runs(quartz(expression, timeZone), at(from), at(to)));
      expect(
        iso(found)
          .map((one) => `${one}Z`)
          .join(" "),
      ).toBe(real);
    });
  }
});

describe("an expression of the tutorial", () => {
  const examples: [expression: string, means: string, after: string, starts: string][] = [
    ["0 0 12 * * ?", "12:00 every day", "2026-01-01T12:00Z", "2026-01-02T12:00:00"],
    ["0 15 10 ? * *", "10:15 every day", "2026-01-01T12:00Z", "2026-01-02T10:15:00"],
    ["0 15 10 * * ? 2005", "10:15 every day of 2005", "2005-12-30T12:00Z", "2005-12-31T10:15:00"],
    ["0 * 14 * * ?", "every minute from 14:00 to 14:59", "2026-01-01T14:59Z", "2026-01-02T14:00:00"],
    ["0 0/5 14,18 * * ?", "every five minutes of two hours", "2026-01-01T14:55Z", "2026-01-01T18:00:00"],
    ["0 10,44 14 ? 3 WED", "twice on Wednesdays in March", "2026-01-01T00:00Z", "2026-03-04T14:10:00"],
    ["0 15 10 15 * ?", "10:15 on the 15th", "2026-01-16T00:00Z", "2026-02-15T10:15:00"],
    ["0 15 10 ? * 6#3", "10:15 on the third Friday", "2026-01-01T00:00Z", "2026-01-16T10:15:00"],
    ["0 11 11 11 11 ?", "11:11 on every 11 November", "2026-01-01T00:00Z", "2026-11-11T11:11:00"],
    ["53 30 9 * * ?", "09:30:53, as Databricks writes it", "2026-01-01T00:00Z", "2026-01-01T09:30:53"],
  ];
  for (const [expression, means, after, starts] of examples) {
    it(`"${expression}" is ${means}`, () =>
      expect(iso([answer(next(quartz(expression), at(after))) ?? 0])).toEqual([starts]));
  }

  it("means the same with commas, spaces and letters written otherwise", () => {
    const found = runs(quartz(" 0  0 2 ? jan mon,FRI *"), asOf, asOf + 30 * day);
    expect(found).toEqual(runs(quartz("0 0 2 ? 1 2,6"), asOf, asOf + 30 * day));
  });
});

describe("around a change of the clocks", () => {
  it("an hourly job pauses for two hours when the clocks go back", () => {
    const found = answer(
      runs(quartz("0 0 * * * ?", "Europe/Berlin"), at("2026-10-24T22:30Z"), at("2026-10-25T02:30Z")),
    );
    expect(iso(found)).toEqual(["2026-10-24T23:00:00", "2026-10-25T01:00:00", "2026-10-25T02:00:00"]);
  });

  it("an hourly job in Greenland misses the day after the clocks went forward at its end", () => {
    const found = answer(worstGaps(quartz("0 0 * * * ?", "America/Nuuk"), asOf));
    expect(found.maxGapSeconds[0]).toBe(25 * hour);
  });

  it("a search that crosses midnight into what is skipped goes on right after it", () => {
    const midnight = at("2026-03-29T00:00Z");
    const all = (length: number) => Array.from({ length }, (_, value) => value);
    const clock = { years: [2026], months: [3], day: { kind: "daysOfMonth", days: all(32) }, seconds: [0] } as const;
    const skipped = { start: midnight + day - 900, end: midnight + day + 900 };
    const resumes = quartzResumesAt({ ...clock, hours: all(24), minutes: [10] }, skipped, skipped.start - 900, true);
    expect(resumes).toBe(midnight + day + 2400);
  });

  it("a search without end is a problem, and one that starts after it finds the next run", () => {
    const schedule = quartz("0 30 2 LW * ?", "Asia/Jerusalem");
    const problem = {
      problem:
        'schedule must not ask for a nearest weekday at a time that Asia/Jerusalem skips: on 2024-03-29 Quartz would search without end and start no further run; set the time zone to "Etc/UTC"',
    };
    expect(next(schedule, at("2024-02-29T01:00Z"))).toEqual(problem);
    expect(runs(schedule, at("2024-01-01T00:00Z"), at("2025-01-01T00:00Z"))).toEqual(problem);
    expect(iso(answer(runs(schedule, at("2024-01-01T00:00Z"), at("2024-03-29T00:00Z"))))).toHaveLength(2);
    expect(iso([answer(next(schedule, at("2024-03-29T00:00Z"))) ?? 0])).toEqual(["2024-04-29T23:30:00"]);
    expect(
      answer(runs(quartz("0 30 2,3 LW * ?", "Asia/Jerusalem"), at("2024-03-01T00:00Z"), at("2024-04-01T00:00Z"))),
    ).toEqual([at("2024-03-29T00:30Z")]);
  });
});

describe("the worst gap over ten years", () => {
  const figures: [expression: string, zone: string, maxHours: number[], minHours: number][] = [
    ["0 0 2 * * ?", "Etc/UTC", [24, 48, 72], 24],
    ["0 0 2 * * ?", "Europe/Berlin", [47, 71, 95], 24],
    ["0 30 1 * * ?", "Europe/London", [47, 71, 95], 24],
    ["0 0 3 * * ?", "Europe/Berlin", [25, 49, 73], 23],
    ["0 0 * * * ?", "Europe/Berlin", [2, 3, 4], 1],
    ["0 0 2 ? * MON-FRI", "Etc/UTC", [72, 96, 120], 24],
    ["0 0 2 L * ?", "Etc/UTC", [744, 1488, 2208], 672],
  ];
  for (const [expression, zone, hours, min] of figures) {
    it(`of "${expression}" in ${zone} is ${hours.join(", ")} h, the shortest ${min} h`, () => {
      const found = answer(worstGaps(quartz(expression, zone), asOf));
      expect(found.maxGapSeconds).toEqual(hours.map((span) => span * hour));
      expect(found.minGapSeconds).toBe(min * hour);
    });
  }

  it("is found day by day, not run by run, even for every minute of them", () => {
    const calendar = answer(calendarOf(quartz("0 * * * * ?", "Europe/Berlin")));
    expect([...calendar.batches(asOf, asOf + 3652 * day)].length).toBeLessThan(10_000);
  });

  it("does not exist where nothing ever comes due", () => {
    for (const expression of ["0 0 2 31 2 ?", "0 0 2 30W 2 ?", "0 0 2 * * ? 2025"]) {
      expect(answer(worstGaps(quartz(expression), asOf)).runs).toBe(0);
      expect(next(quartz(expression), asOf)).toBeUndefined();
    }
  });
});

describe("an expression that cannot be read", () => {
  const cases: [expression: string, says: string][] = [
    [
      "0 2 * * *",
      'must have six or seven fields (second, minute, hour, day of month, month, day of week, and if wanted year), got 5; for example "0 0 2 * * ?" is 02:00 every day',
    ],
    ["", "got 0; "],
    ["0 0 2 * * ? * *", "got 8; "],
    ["60 0 2 * * ?", 'second must be 0 to 59, a range or a step of 1 to 59, got "60"; "0" is the full minute'],
    ["0 0 2 * * *", 'day of month or day of week must be "?", and only one of them, got "*" and "*"'],
    ["0 0 2 1 * MON", 'got "1" and "MON"'],
    ["0 0 2 ?,1 * ?", 'got "?" in "?,1"'],
    ["0 0 2 L,15 * ?", 'got "L" in "L,15"'],
    ["0 0 2 1W,15W * ?", 'got "1W" in "1W,15W"'],
    ["0 0 2 1-5W * ?", 'got "1-5W"'],
    [
      "0 0 2 ? * MON-FRI/2",
      'day of week must be 1 to 7 or SUN to SAT, a range or a step of 1 to 7 after numbers, got "MON-FRI/2"',
    ],
    // CronExpression of Quartz 2.3.2 takes no range from a name to a number, or the other way round.
    ["0 0 2 ? * MON-5", "day of week must be 1 to 7 or SUN to SAT, a range"],
    ["0 0 2 ? * 2-FRI", 'got "2-FRI"'],
    ["0 0 2 * 4-AUG,12 ?", 'got "4-AUG" in "4-AUG,12"'],
    ["0 0 2 ? * 2L,3L", 'got "2L" in "2L,3L"'],
    ["0 0/60 * * * ?", 'got "0/60"'],
    ["0 0 2 * 0 ?", "month must be 1 to 12 or JAN to DEC"],
    ["0 0 2 * * ? 2200", "year must be 1970 to 2199"],
  ];
  for (const [expression, says] of cases) {
    it(`"${expression}" says: ${says}`, () => {
      const read = next(quartz(expression), asOf);
      expect(isProblem(read) && read.problem).toContain(says);
      expect(isProblem(read) && read.problem).toContain(`schedule "${expression}": `);
    });
  }

  it("is named beside a zone that is wrong", () => {
    expect(next(quartz("0 2 * * *", "Mars/Olympus"), asOf)).toEqual({
      problem: expect.stringMatching(/fields.*timeZone/),
    });
    expect(next(quartz("0 0 2 * * ?", ""), asOf)).toEqual({ problem: expect.stringContaining("timezone_id") });
  });
});

describe("for any schedule", () => {
  const written = ({ fields }: { fields: readonly string[] }, second: number) => `${second} ${fields.join(" ")}`;
  // In these zones the search of Quartz passes over more than does not exist; the golden vectors hold what.
  const odd = ["America/Nuuk", "Antarctica/Troll", "Australia/Lord_Howe", "Pacific/Chatham"];
  const plain = manyZones.filter((zone) => !odd.includes(zone));
  const place = fc.record({ year: fc.integer({ min: 2025, max: 2027 }), pick: fc.integer({ min: 0, max: 300 }) });

  it("the runs are the minutes that it asks for, the second of two where there are two", () => {
    fc.assert(
      fc.property(
        asked,
        fc.constantFrom(0, 59),
        fc.constantFrom(...plain),
        place,
        (what, second, zone, { year, pick }) => {
          const { from, to } = windowIn(zone, year, pick, 6);
          const found = runs(quartz(written(what, second), zone), from, to);
          if (isProblem(found)) {
            // Only a nearest weekday can be without its run.
            expect(what.fields[2]).toMatch(/W$/);
            return;
          }
          const expected = byTheMinute(what, zone, from - second, to - second, "second");
          expect(found).toEqual(expected.map((minute) => minute + second));
        },
      ),
      { numRuns: 250 },
    );
  });

  it("nothing runs at a minute that it does not ask for, in whatever zone", () => {
    fc.assert(
      fc.property(asked, fc.constantFrom(...odd), place, (what, zone, { year, pick }) => {
        const { from, to } = windowIn(zone, year, pick, 6);
        const found = runs(quartz(written(what, 0), zone), from, to);
        fc.pre(!isProblem(found));
        const due = new Set(byTheMinute(what, zone, from, to, "second"));
        expect(answer(found).filter((run) => !due.has(run))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  itObeysTheLaws(
    fc
      .tuple(asked, fc.constantFrom(0, 59), fc.constantFrom(...plain, ...odd))
      .map(([what, second, zone]) => quartz(written(what, second), zone)),
  );
});
