import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gaps, isProblem, next, openEnd, runs, type Schedule, worstGaps, zoneOf } from "../../../recovery/schedule";
import { ianaOfWindows, windowsZones } from "../../../recovery/schedule/windowsZones";
import { Zone } from "../../../recovery/schedule/zone";
import { answer, at } from "./cases";
import { manyZones, minutesOf, windowIn } from "./minutes";

const hour = 3600;
const day = 24 * hour;
const asOf = at("2026-01-01T15:00Z");
const names = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

function azure(expression: string | object, timeZone = "Europe/Berlin"): Schedule {
  const text = typeof expression === "string" ? expression : JSON.stringify(expression);
  return { scheduler: "azure", expression: text, timeZone };
}

const iso = (instants: readonly number[]) => instants.map((one) => new Date(one * 1000).toISOString().slice(0, 16));
const between = (expression: string | object, zone: string, from: string, to: string) =>
  iso(answer(runs(azure(expression, zone), at(from), at(to))));
const daily = (hours: number[], minutes: number[]) => ({ frequency: "Day", interval: 1, schedule: { hours, minutes } });
const problemOf = (expression: string | object, zone = "Europe/Berlin") => {
  const read = next(azure(expression, zone), asOf);
  return isProblem(read) ? read.problem : `no problem: ${read}`;
};

describe("the tables of Microsoft for Central Time in 2019", () => {
  const rows: [time: [hour: number, minute: number], from: string, to: string, utc: string[]][] = [
    [[1, 30], "2019-03-09T00:00Z", "2019-03-12T00:00Z", ["2019-03-09T07:30", "2019-03-10T07:30", "2019-03-11T06:30"]],
    [[2, 30], "2019-03-09T00:00Z", "2019-03-12T00:00Z", ["2019-03-09T08:30", "2019-03-10T08:30", "2019-03-11T07:30"]],
    [[1, 30], "2019-11-02T00:00Z", "2019-11-05T00:00Z", ["2019-11-02T06:30", "2019-11-03T06:30", "2019-11-04T07:30"]],
    [[2, 30], "2019-11-02T00:00Z", "2019-11-05T00:00Z", ["2019-11-02T07:30", "2019-11-03T08:30", "2019-11-04T08:30"]],
  ];
  for (const [[h, m], from, to, utc] of rows) {
    it(`run ${h}:${m} from ${from} at ${utc.join(", ")}`, () =>
      expect(between(daily([h], [m]), "America/Chicago", from, to)).toEqual(utc));
  }
});

describe("the examples of Data Factory", () => {
  const start = { startTime: "2026-01-01T09:15:00" };
  const month = (schedule: object) => ({ frequency: "Month", ...start, schedule });
  const examples: [what: string, recurrence: object, runs: string[]][] = [
    [
      "hours alone take their minute from the start",
      { frequency: "Day", ...start, schedule: { hours: [5, 17] } },
      ["2026-01-01T17:15", "2026-01-02T05:15", "2026-01-02T17:15"],
    ],
    [
      "weekdays alone take their time from the start",
      { frequency: "Week", ...start, schedule: { weekDays: ["tuesday", "Thursday"] } },
      ["2026-01-01T09:15", "2026-01-06T09:15", "2026-01-08T09:15"],
    ],
    [
      "a day is a number or a list",
      month({ monthDays: 28 }),
      ["2026-01-28T09:15", "2026-02-28T09:15", "2026-03-28T09:15"],
    ],
    ["-1 is the last day", month({ monthDays: [-1] }), ["2026-01-31T09:15", "2026-02-28T09:15", "2026-03-31T09:15"]],
    [
      "the first and the last day",
      month({ monthDays: [1, -1] }),
      ["2026-01-01T09:15", "2026-01-31T09:15", "2026-02-01T09:15"],
    ],
    [
      "months without day 31 have no run",
      month({ monthDays: [31] }),
      ["2026-01-31T09:15", "2026-03-31T09:15", "2026-05-31T09:15"],
    ],
    [
      "the first Friday",
      month({ monthlyOccurrences: [{ day: "Friday", occurrence: 1 }] }),
      ["2026-01-02T09:15", "2026-02-06T09:15", "2026-03-06T09:15"],
    ],
    [
      "the third Friday from the end",
      month({ monthlyOccurrences: [{ day: "friday", occurrence: -3 }] }),
      ["2026-01-16T09:15", "2026-02-13T09:15", "2026-03-13T09:15"],
    ],
    [
      "the fifth Friday, where there is one",
      month({ monthlyOccurrences: [{ day: "Friday", occurrence: 5 }] }),
      ["2026-01-30T09:15", "2026-05-29T09:15", "2026-07-31T09:15"],
    ],
    [
      "every Sunday of the month",
      month({ monthlyOccurrences: [{ day: "Sunday" }] }),
      ["2026-01-04T09:15", "2026-01-11T09:15", "2026-01-18T09:15"],
    ],
    [
      "every two days from the start",
      { frequency: "Day", interval: 2, ...start },
      ["2026-01-01T09:15", "2026-01-03T09:15", "2026-01-05T09:15"],
    ],
    [
      "every three weeks",
      { frequency: "week", interval: 3, ...start },
      ["2026-01-01T09:15", "2026-01-22T09:15", "2026-02-12T09:15"],
    ],
    [
      "every half year",
      { frequency: "Month", interval: 6, ...start },
      ["2026-01-01T09:15", "2026-07-01T09:15", "2027-01-01T09:15"],
    ],
    [
      "every hour from the start",
      { frequency: "Hour", interval: 1, ...start },
      ["2026-01-01T09:15", "2026-01-01T10:15", "2026-01-01T11:15"],
    ],
    [
      "every 45 minutes",
      { frequency: "Minute", interval: 45, ...start },
      ["2026-01-01T09:15", "2026-01-01T10:00", "2026-01-01T10:45"],
    ],
  ];
  for (const [what, recurrence, first] of examples) {
    it(what, () => {
      const found = between(recurrence, "Etc/UTC", "2025-06-01T00:00Z", "2027-06-01T00:00Z");
      expect(found.slice(0, 3)).toEqual(first);
    });
  }
});

describe("around a change of the clocks", () => {
  it("hours and minutes count elapsed time", () => {
    const found = between(
      { frequency: "Hour", interval: 12, startTime: "2026-03-28T02:00:00" },
      "Europe/Berlin",
      "2026-03-28T00:00Z",
      "2026-03-30T00:00Z",
    );
    expect(found).toEqual(["2026-03-28T01:00", "2026-03-28T13:00", "2026-03-29T01:00", "2026-03-29T13:00"]);
  });

  it("a run that is put off to the time of another is one run with it, and runs are in order", () => {
    const found = between(daily([2, 3], [0, 30]), "Europe/Berlin", "2026-03-29T00:00Z", "2026-03-29T06:00Z");
    expect(found).toEqual(["2026-03-29T01:00", "2026-03-29T01:30"]);
  });

  it("a start that the clocks skip is an hour later on that day only", () => {
    const found = between(
      { frequency: "Day", startTime: "2026-03-29T02:30:00" },
      "Europe/Berlin",
      "2026-03-28T00:00Z",
      "2026-03-31T00:00Z",
    );
    expect(found).toEqual(["2026-03-29T01:30", "2026-03-30T00:30"]);
  });

  const starts: [what: string, startTime: string, first: string][] = [
    ["that the clocks skip is the instant it would have had", "2026-03-29T02:30:00", "2026-03-29T01:30"],
    ["that happens twice is the first of the two", "2026-10-25T02:30:00", "2026-10-25T00:30"],
    ["after the clocks went back has the new offset", "2026-10-25T03:00:00", "2026-10-25T02:00"],
  ];
  for (const [what, startTime, first] of starts) {
    it(`a start ${what}`, () => {
      const found = between(
        { frequency: "Hour", startTime },
        "Europe/Berlin",
        "2026-01-01T00:00Z",
        "2026-11-01T00:00Z",
      );
      expect(found[0]).toBe(first);
    });
  }

  it("a day of Azure Backup has 24 hours", () => {
    const found = between("R/2026-03-28T02:00:00+01:00/P1D", "Europe/Berlin", "2026-03-28T00:00Z", "2026-03-30T12:00Z");
    expect(found).toEqual(["2026-03-28T01:00", "2026-03-29T01:00", "2026-03-30T01:00"]);
  });
});

describe("the worst gap over ten years", () => {
  const figures: [expression: string | object, zone: string, maxHours: number[], minHours: number][] = [
    [daily([2], [0]), "Etc/UTC", [24, 48, 72], 24],
    [daily([2], [0]), "Europe/Berlin", [25, 49, 73], 23],
    [daily([2], [30]), "Australia/Lord_Howe", [24.5, 48.5, 72.5], 23.5],
    [{ frequency: "Hour", interval: 6, startTime: "2020-01-01T00:00:00" }, "Europe/Berlin", [6, 12, 18], 6],
    ["R/2020-01-01T02:00:00+00:00/P1D", "Europe/Berlin", [24, 48, 72], 24],
    ["R/2020-01-01T02:00:00.0000000+02:00/PT4H", "Etc/UTC", [4, 8, 12], 4],
    ["R/2020-01-05T02:00Z/P1W", "Etc/UTC", [168, 336, 504], 168],
    ['["R/2020-01-06T02:00Z/P1W","R/2020-01-09T02:00Z/P1W"]', "Etc/UTC", [96, 168, 264], 72],
  ];
  for (const [expression, zone, hours, min] of figures) {
    it(`of ${JSON.stringify(expression)} in ${zone} is ${hours.join(", ")} h, the shortest ${min} h`, () => {
      const found = answer(worstGaps(azure(expression, zone), asOf));
      expect(found.maxGapSeconds).toEqual(hours.map((span) => span * hour));
      expect(found.minGapSeconds).toBe(min * hour);
    });
  }

  it("of every minute is found, by the clock or by elapsed time", () => {
    const all = (count: number) => Array.from({ length: count }, (_, place) => place);
    const dense = [daily(all(24), all(60)), { frequency: "Minute", startTime: "2026-01-01T00:00:00" }];
    for (const recurrence of dense) {
      gaps(azure(recurrence), { from: asOf, to: asOf + day, missed: 2 });
      const found = answer(gaps(azure(recurrence), { from: asOf, to: asOf + 3652 * day, missed: 2 }));
      expect(found.runs).toBeGreaterThan(5_200_000);
    }
  });
});

describe("the start and the end", () => {
  const ends = { frequency: "Day", startTime: "2026-01-05T02:00:00", endTime: "2026-01-08T02:00:00" };

  it("no run comes before the one, and none from the other on", () => {
    expect(between(ends, "Etc/UTC", "2026-01-01T00:00Z", "2026-01-08T02:00Z")).toEqual([
      "2026-01-05T02:00",
      "2026-01-06T02:00",
      "2026-01-07T02:00",
    ]);
    expect(next(azure(ends, "Etc/UTC"), at("2020-01-01T00:00Z"))).toBe(at("2026-01-05T02:00Z"));
  });

  it("after its end nothing runs, so nothing bounds the gap: it says when that is", () => {
    const ended = azure(ends, "Etc/UTC");
    expect(next(ended, at("2026-01-07T02:00Z"))).toBeUndefined();
    expect(worstGaps(ended, at("2026-01-01T00:00Z"))).toMatchObject({ runs: 3, maxGapSeconds: [day, 2 * day] });
    expect(openEnd(ended, at("2026-01-05T00:00Z"))).toBe(
      "it ends with the run of 2026-01-07 02:00 UTC: after that nothing runs, so no gap is bounded; let it go on without an end",
    );
    expect(openEnd(ended, at("2026-02-01T00:00Z"))).toContain("it does not run within ten years");
  });
});

describe("a recurrence that cannot be read", () => {
  const start = { startTime: "2026-01-01T02:00:00" };
  const wrong: [expression: string | object, says: string][] = [
    ["", 'must be the JSON of a recurrence or a repeating interval, got ""'],
    ["0 2 * * *", 'got "0 2 * * *"'],
    ["{", "must be JSON, got {"],
    ["[1]", "must be an array of repeating intervals"],
    [{ ...start }, "frequency must be Second, Minute, Hour, Day, Week, Month, got nothing"],
    [{ frequency: "Year", ...start }, 'got "Year"'],
    [{ frequency: "Day", interval: 0, ...start }, "interval must be a whole number from 1 to 9999999, got 0"],
    [{ frequency: "Day", interval: 1e7, ...start }, "interval must be a whole number from 1 to 9999999, got 10000000"],
    [
      { frequency: "Day", interval: 1, startTime: {} },
      'startTime must be a time such as "2026-01-01T02:00:00", got {}',
    ],
    [{ frequency: "Day", interval: 1, ...start, endTime: [] }, "endTime must be a time"],
    [{ frequency: "Day", interval: 1, ...start, timeZone: 5 }, "timeZone must be the name of a zone, got 5"],
    [{ frequency: "Day", interval: 1.5, ...start }, "got 1.5"],
    [
      { frequency: "Day", startTime: "tomorrow" },
      'startTime must be a time such as "2026-01-01T02:00:00", got "tomorrow"',
    ],
    [{ frequency: "Day", startTime: "2026-02-30T02:00:00" }, "startTime must be a time"],
    [{ frequency: "Day", startTime: 1 }, "startTime must be a time"],
    [
      { frequency: "Day", starttime: "x" },
      "starttime is no setting of a recurrence; allowed: frequency, interval, startTime",
    ],
    [{ frequency: "Day", ...start, schedule: [2] }, "schedule must be an object"],
    [{ frequency: "Day", ...start, schedule: { hour: [2] } }, "schedule.hour is no setting"],
    [daily([24], [0]), "schedule.hours must be 0 to 23, got [24]"],
    [daily([], [0]), "schedule.hours must be 0 to 23, got []"],
    [daily([2], [60]), "schedule.minutes must be 0 to 59"],
    [{ frequency: "Week", ...start, schedule: { weekDays: ["Sonntag"] } }, "schedule.weekDays must be names of days"],
    [{ frequency: "Month", ...start, schedule: { monthDays: [0] } }, "schedule.monthDays must be 1 to 31"],
    [
      { frequency: "Month", ...start, schedule: { monthlyOccurrences: [{ day: "Friday", occurrence: 6 }] } },
      "schedule.monthlyOccurrences must be",
    ],
    [{ frequency: "Day" }, "startTime must be set, or both schedule.hours and schedule.minutes"],
    [{ frequency: "Day", schedule: { hours: [2] } }, "startTime must be set, or both"],
    [{ frequency: "Day", ...start, schedule: { minutes: [0] } }, "schedule.hours must be set with schedule.minutes"],
    [
      { frequency: "Day", interval: 2, schedule: { hours: [2], minutes: [0] } },
      "startTime must be set with interval 2",
    ],
    [{ frequency: "Minute", interval: 15 }, 'startTime must be set with frequency "Minute"'],
    [{ frequency: "Hour", ...start, schedule: { minutes: [0] } }, 'schedule must be left out with frequency "Hour"'],
    [{ frequency: "Week", schedule: { hours: [2], minutes: [0] } }, "startTime or schedule.weekDays must be set"],
    [
      { frequency: "Day", ...start, schedule: { weekDays: ["Sunday"] } },
      'schedule.weekDays must be left out with frequency "Day"',
    ],
    [{ frequency: "Week", ...start, schedule: { monthDays: [1] } }, "schedule.monthDays must be left out"],
    [
      { frequency: "Week", interval: 2, ...start, schedule: { weekDays: ["Sunday"] } },
      "Microsoft does not say on which day a week starts",
    ],
    [
      { frequency: "Month", ...start, schedule: { monthDays: [1], monthlyOccurrences: [{ day: "Friday" }] } },
      "monthDays or monthlyOccurrences, not both",
    ],
    [{ frequency: "Month", startTime: "2026-01-31T02:00:00" }, "schedule.monthDays must be set for a start on day 31"],
    [{ frequency: "Month", schedule: { hours: [2], minutes: [0] } }, "schedule.monthlyOccurrences must be set"],
    [
      { frequency: "Day", startTime: "2026-01-01T02:00:00Z" },
      "startTime must have no offset in the zone Europe/Berlin",
    ],
    ["R/2026-01-01T02:00:00Z/P1M", "a period of weeks, days, hours or minutes"],
    ["R/2026-01-01T02:00:00Z/P0D", "a period of weeks, days, hours or minutes"],
    ["R/2026-01-01/P1D", "must be R/, a start and a period"],
    ["R5/2026-01-01T02:00:00Z/P1D", "repeating interval"],
  ];
  for (const [expression, says] of wrong) {
    it(`${typeof expression === "string" ? `"${expression}"` : JSON.stringify(expression)} says: ${says}`, () =>
      expect(problemOf(expression)).toContain(says));
  }

  it("names everything that is wrong, the zone too", () => {
    const read = problemOf(
      { frequency: "Dai", interval: -1, startTime: "x", schedule: { hours: [99] } },
      "Mars/Olympus",
    );
    for (const part of ["frequency", "interval", "startTime", "schedule.hours", "timeZone"])
      expect(read).toContain(part);
  });
});

describe("the time zone", () => {
  it("of Windows is answered with the IANA zone to write", () => {
    expect(problemOf(daily([2], [0]), "W. Europe Standard Time")).toBe(
      'timeZone must be a name of the IANA time zone database, got "W. Europe Standard Time" of Windows; write "Europe/Berlin"',
    );
  });

  it("may be named in the recurrence too, if it is the same", () => {
    const named = { ...daily([2], [0]), timeZone: "W. Europe Standard Time" };
    expect(between(named, "Europe/Vienna", "2026-01-01T00:00Z", "2026-01-02T00:00Z")).toEqual(["2026-01-01T01:00"]);
    expect(problemOf(named, "Europe/London")).toContain(
      'timeZone "W. Europe Standard Time" is Europe/Berlin, but the schedule is read in Europe/London',
    );
    expect(problemOf({ ...named, timeZone: "Nowhere Time" })).toContain('got "Nowhere Time"');
  });

  it("may be left to a start with Z only where it is UTC", () => {
    const start = { frequency: "Day", startTime: "2026-01-01T02:00:00Z" };
    expect(between(start, "Etc/UTC", "2026-01-01T00:00Z", "2026-01-02T00:00Z")).toEqual(["2026-01-01T02:00"]);
  });

  it("is known to node for every name of Windows", () => {
    expect(Object.keys(windowsZones)).toHaveLength(139);
    for (const name of Object.keys(windowsZones)) expect(zoneOf(ianaOfWindows(name) ?? "")).toBeInstanceOf(Zone);
    expect(ianaOfWindows("toString")).toBeUndefined();
  });
});

/** A recurrence that needs no start to be understood in more than one way. */
const recurrences = fc
  .record({
    frequency: fc.constantFrom("Day", "Week", "Month"),
    interval: fc.constantFrom(1, 1, 1, 2, 3),
    start: fc.integer({ min: at("2023-06-01") / 60, max: at("2024-01-01") / 60 }),
    hours: fc.option(
      fc.uniqueArray(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 23 })), {
        minLength: 1,
        maxLength: 4,
      }),
    ),
    minutes: fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 3 })),
    weekDays: fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 })),
    days: fc.oneof(
      fc.record({
        monthDays: fc.uniqueArray(fc.constantFrom(1, 2, 15, 28, 29, 30, 31, -1, -2, -31), { minLength: 1 }),
      }),
      fc.record({
        monthlyOccurrences: fc.array(
          fc.record({ day: fc.constantFrom(...names), occurrence: fc.constantFrom(1, 2, 5, -1, -2, -5, undefined) }),
          { minLength: 1, maxLength: 3 },
        ),
      }),
    ),
  })
  .map(({ frequency, interval, start, hours, minutes, weekDays, days }) => ({
    frequency,
    interval,
    startTime: new Date(start * 60_000).toISOString().slice(0, 19),
    schedule: {
      ...(hours ? { hours } : {}),
      ...(hours && minutes ? { minutes } : {}),
      ...(frequency === "Week" && weekDays
        ? { weekDays: (interval === 1 ? weekDays : weekDays.filter((one) => one > 0)).map((one) => names[one] ?? "") }
        : {}),
      ...(frequency === "Month" ? days : {}),
    } as {
      hours?: number[];
      minutes?: number[];
      weekDays?: string[];
      monthDays?: number[];
      monthlyOccurrences?: { day: string; occurrence?: number }[];
    },
  }))
  .filter(({ schedule, interval, startTime }) => {
    const sunday = new Date(`${startTime}Z`).getUTCDay() === 0;
    return schedule.weekDays === undefined ? true : schedule.weekDays.length > 0 && (interval === 1 || !sunday);
  });
type Recurrence = typeof recurrences extends fc.Arbitrary<infer T> ? T : never;

/** Whether a local date has runs, counted out on the calendar. */
function hasRuns({ frequency, interval, startTime, schedule }: Recurrence, date: Date): boolean {
  const start = new Date(`${startTime.slice(0, 10)}T00:00:00Z`);
  const days = Math.round((date.getTime() - start.getTime()) / 86_400_000);
  if (frequency === "Day") return days % interval === 0;
  if (frequency === "Week") {
    const weekday = names[date.getUTCDay()] ?? "";
    const monday = (of: Date) => of.getTime() - ((of.getUTCDay() + 6) % 7) * 86_400_000;
    const weeks = Math.round((monday(date) - monday(start)) / (7 * 86_400_000));
    return weeks % interval === 0 && (schedule.weekDays ?? [names[start.getUTCDay()]]).includes(weekday);
  }
  const months = (date.getUTCFullYear() - start.getUTCFullYear()) * 12 + date.getUTCMonth() - start.getUTCMonth();
  if (months % interval !== 0) return false;
  const dates: Date[] = [];
  for (
    let d = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
    d.getUTCMonth() === date.getUTCMonth();
  ) {
    dates.push(d);
    d = new Date(d.getTime() + 86_400_000);
  }
  const isDate = (one: Date | undefined) => one?.getTime() === date.getTime();
  if (schedule.monthDays) return schedule.monthDays.some((n) => isDate(n > 0 ? dates[n - 1] : dates.at(n)));
  return (schedule.monthlyOccurrences ?? []).some(({ day: name, occurrence }) => {
    const like = dates.filter((one) => names[one.getUTCDay()] === name);
    if (occurrence === undefined) return like.some(isDate);
    return isDate(occurrence > 0 ? like[occurrence - 1] : like.at(occurrence));
  });
}

/** The local times asked for, each at the first minute that shows it; a skipped one as long after the last minute before it. */
function byTheClock(recurrence: Recurrence, zone: string, from: number, to: number): number[] {
  const shown = new Map<number, number>();
  const minutes = [...minutesOf(zone, from - 2 * day, to + 2 * day)];
  for (const { at: now, wall } of minutes) if (!shown.has(wall)) shown.set(wall, now);
  const { startTime, schedule } = recurrence;
  const found = new Set<number>();
  for (let date = Math.floor(from / day) * day - day; date <= to + day; date += day) {
    if (!hasRuns(recurrence, new Date(date * 1000))) continue;
    for (const h of schedule.hours ?? [Number(startTime.slice(11, 13))]) {
      for (const m of schedule.minutes ?? [Number(startTime.slice(14, 16))]) {
        const wall = date + h * hour + m * 60;
        const before = minutes.findLast((one) => one.wall < wall && wall - one.wall <= 2 * hour);
        found.add(shown.get(wall) ?? (before ? before.at + wall - before.wall : Number.NaN));
      }
    }
  }
  return [...found].filter((run) => run > from && run < to).sort((a, b) => a - b);
}

describe("for any recurrence of days, weeks or months", () => {
  const place = fc.record({
    zone: fc.constantFrom(...manyZones),
    year: fc.integer({ min: 2025, max: 2034 }),
    pick: fc.integer({ min: 0, max: 300 }),
  });

  it("the runs around a change of the clocks are those counted out minute by minute", () => {
    fc.assert(
      fc.property(recurrences, place, (recurrence, { zone, year, pick }) => {
        const { from, to } = windowIn(zone, year, pick, 6);
        expect(answer(runs(azure(recurrence, zone), from, to))).toEqual(byTheClock(recurrence, zone, from, to));
      }),
      { numRuns: 200 },
    );
  });

  it("the runs are those that next finds one after the other, and batches of equal length are alike", () => {
    fc.assert(
      fc.property(recurrences, place, (recurrence, { zone, year, pick }) => {
        const { from, to } = windowIn(zone, year, pick, 60);
        const found = answer(runs(azure(recurrence, zone), from, to));
        let last = from;
        for (const run of found.slice(0, 200)) {
          expect(next(azure(recurrence, zone), last)).toBe(run);
          last = run;
        }
        const longest = Math.max(0, ...found.slice(1).map((run, index) => run - (found[index] ?? 0)));
        const reckoned = answer(gaps(azure(recurrence, zone), { from, to, missed: 0 }));
        expect({ runs: reckoned.runs, longest: reckoned.maxGapSeconds[0] ?? 0 }).toEqual({
          runs: found.length,
          longest,
        });
      }),
      { numRuns: 100 },
    );
  });
});

describe("for any repeating intervals", () => {
  it("the runs are the start and its multiples, each instant once", () => {
    const interval = fc.record({
      start: fc.integer({ min: at("2025-01-01"), max: at("2026-06-01") }).map((one) => one - (one % 60)),
      hours: fc.integer({ min: 1, max: 48 }),
    });
    fc.assert(
      fc.property(fc.array(interval, { minLength: 1, maxLength: 3 }), (intervals) => {
        const text = intervals.map(({ start, hours }) => `R/${new Date(start * 1000).toISOString()}/PT${hours}H`);
        const [from, to] = [at("2026-01-01"), at("2026-01-15")];
        const all = new Set<number>();
        for (const { start, hours } of intervals) {
          for (let run = start; run < to; run += hours * hour) if (run > from) all.add(run);
        }
        const found = answer(runs(azure(JSON.stringify(text), "Etc/UTC"), from, to));
        expect(found).toEqual([...all].sort((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });
});
