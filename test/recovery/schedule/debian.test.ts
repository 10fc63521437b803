import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gaps, isProblem, next, runs, type Schedule, worstGaps } from "../../../recovery/schedule";
import { parseDebianCron } from "../../../recovery/schedule/debianCron";
import { answer, at } from "./cases";
import golden from "./debian-vectors.json";
import { manyZones, minutesOf, windowIn } from "./minutes";

const hour = 3600;
const day = 24 * hour;
const asOf = at("2026-01-01T15:00Z");

function cron(expression: string, timeZone = "Europe/Berlin"): Schedule {
  return { scheduler: "debian", expression, timeZone };
}

const iso = (instants: readonly number[]) => instants.map((one) => new Date(one * 1000).toISOString().slice(0, 19));

describe("what the real cron did with a simulated clock", () => {
  for (const { schedule, timeZone, from, to, runs: real } of golden.vectors) {
    it(`runs "${schedule}" in ${timeZone} from ${from} to ${to}`, () => {
      const found = answer(runs(cron(schedule, timeZone), at(from), at(to)));
      expect(iso(found).map((one) => `${one}Z`)).toEqual(real);
    });
  }
});

describe("a fixed time", () => {
  it("that the clocks skip runs right after the change, and is not late the next day", () => {
    const found = answer(runs(cron("30 2 * * *"), at("2026-03-28T00:00Z"), at("2026-03-31T00:00Z")));
    expect(iso(found)).toEqual(["2026-03-28T01:30:00", "2026-03-29T01:00:00", "2026-03-30T00:30:00"]);
  });

  it("runs ten seconds apart where the change skips it several times", () => {
    const found = answer(runs(cron("0,20,40 2 * * *"), at("2026-03-29T00:00Z"), at("2026-03-30T00:00Z")));
    expect(iso(found)).toEqual(["2026-03-29T01:00:00", "2026-03-29T01:00:10", "2026-03-29T01:00:20"]);
  });

  it("that is skipped in every minute is made up for in ten minutes or so, never twice at an instant", () => {
    const found = answer(runs(cron("0-59 2 * * *"), at("2026-03-29T00:00Z"), at("2026-03-30T00:00Z")));
    expect(new Set(found).size).toBe(found.length);
    expect(iso(found.slice(0, 8))).toEqual([
      ...["00", "10", "20", "30", "40", "50"].map((second) => `2026-03-29T01:00:${second}`),
      "2026-03-29T01:01:00",
      "2026-03-29T01:01:10",
    ]);
    expect(found.at(-1)).toBeLessThan(at("2026-03-29T01:15Z"));
  });

  it("that happens twice runs the first time only", () => {
    const found = answer(runs(cron("30 2 * * *"), at("2026-10-24T12:00Z"), at("2026-10-26T12:00Z")));
    expect(iso(found)).toEqual(["2026-10-25T00:30:00", "2026-10-26T01:30:00"]);
  });

  it("is not made up for after a change of three hours", () => {
    const found = answer(runs(cron("0 3 * * *", "Antarctica/Casey"), at("2009-10-16T12:00Z"), at("2009-10-19T00:00Z")));
    expect(iso(found)).toEqual(["2009-10-16T19:00:00", "2009-10-18T16:00:00"]);
  });
});

describe("a time with a star in minute or hour", () => {
  it("is lost where the clocks skip it", () => {
    const found = answer(runs(cron("*/30 2 * * *"), at("2026-03-28T12:00Z"), at("2026-03-30T00:15Z")));
    expect(iso(found)).toEqual(["2026-03-30T00:00:00"]);
  });

  it("runs both times where it happens twice", () => {
    const found = answer(runs(cron("0 */2 * * *"), at("2026-10-24T23:00Z"), at("2026-10-25T04:00Z")));
    expect(iso(found)).toEqual(["2026-10-25T00:00:00", "2026-10-25T01:00:00", "2026-10-25T03:00:00"]);
  });
});

describe("the worst gap over ten years", () => {
  const figures: [expression: string, zone: string, maxHours: number[], minHours: number][] = [
    ["0 2 * * *", "Etc/UTC", [24, 48, 72], 24],
    ["0 2 * * *", "Europe/Berlin", [25, 49, 73], 23],
    ["0 2 * * *", "America/New_York", [25, 49, 73], 23],
    ["0 1 * * 0", "Europe/London", [169, 337, 505], 167],
    ["0 0 * * *", "Africa/Cairo", [25, 49, 73], 23],
    ["0 2 * * *", "Australia/Lord_Howe", [24.5, 48.5, 72.5], 23.5],
    ["0 */6 * * *", "Europe/Berlin", [7, 13, 19], 5],
    ["*/15 * * * *", "Europe/Berlin", [0.25, 0.5, 0.75], 0.25],
    ["*/15 2 * * *", "Europe/Berlin", [46.25, 46.5, 46.75], 0.25],
    ["0 0 1-7 * 1", "Etc/UTC", [168, 336, 504], 24],
    ["0 2 31 * *", "Etc/UTC", [61 * 24, 122 * 24, 182 * 24], 31 * 24],
  ];
  for (const [expression, zone, hours, min] of figures) {
    it(`of "${expression}" in ${zone} is ${hours.join(", ")} h, the shortest ${min} h`, () => {
      const found = answer(worstGaps(cron(expression, zone), asOf));
      expect(found.maxGapSeconds).toEqual(hours.map((span) => span * hour));
      expect(found.minGapSeconds).toBe(min * hour);
    });
  }

  it("of every minute of every day is found", () => {
    gaps(cron("* * * * *"), { from: asOf, to: asOf + 10, missed: 2 });
    const found = answer(gaps(cron("0-59 0-23 * * *"), { from: asOf, to: asOf + 3652 * day, missed: 2 }));
    expect(found.runs).toBeGreaterThan(5_200_000);
  });

  it("does not exist on 30 February", () => {
    expect(answer(worstGaps(cron("0 0 30 2 *"), asOf)).runs).toBe(0);
    expect(next(cron("0 0 30 2 *"), asOf)).toBeUndefined();
  });

  it("is found where 29 February must be a Monday", () => {
    expect(next(cron("0 0 */28 2 mon", "Etc/UTC"), at("2024-03-01T00:00Z"))).toBe(at("2027-02-01T00:00Z"));
  });
});

describe("an expression", () => {
  const all = (from: number, to: number, step = 1) =>
    Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, place) => from + place * step);
  const fields: [text: string, dayOfWeek: number[]][] = [
    ["*", all(0, 6)],
    ["7", [0]],
    ["0,7", [0]],
    ["5-7", [0, 5, 6]],
    ["1-7/2", [0, 1, 3, 5]],
    ["*/2", [0, 2, 4, 6]],
    ["*/7", [0]],
    ["sun", [0]],
    ["Mon-FRI", all(1, 5)],
    ["mon-fri/2", [1, 3, 5]],
  ];
  for (const [text, days] of fields) {
    it(`with "${text}" as its day of the week runs on ${days.length} of them`, () => {
      const read = answer(parseDebianCron(`0 0 * * ${text}`));
      expect([...read.dayOfWeek].sort((a, b) => a - b)).toEqual(days);
    });
  }

  const days: [expression: string, eitherDay: boolean][] = [
    ["0 0 1-7 * 1", true],
    ["0 0 * * 1", false],
    ["0 0 */2 * 1", false],
    ["0 0 *,5 * 1", false],
    ["0 0 1-31 * 1", true],
    ["0 0 1 * */2", false],
  ];
  for (const [expression, eitherDay] of days) {
    it(`"${expression}" runs on ${eitherDay ? "either kind of day" : "days that match both"}`, () =>
      expect(answer(parseDebianCron(expression)).eitherDay).toBe(eitherDay));
  }

  const wildcards: [expression: string, wildcard: boolean][] = [
    ["0 2 * * *", false],
    ["*/5 2 * * *", true],
    ["0 */2 * * *", true],
    ["0-59/5 2 * * *", false],
    ["@hourly", true],
    ["@daily", false],
  ];
  for (const [expression, wildcard] of wildcards) {
    it(`"${expression}" ${wildcard ? "follows the clock on the wall" : "is a fixed time"}`, () =>
      expect(answer(parseDebianCron(expression)).wildcard).toBe(wildcard));
  }

  const wrong: [expression: string, says: string][] = [
    ["@reboot", "@reboot has no clock time"],
    ["@Daily", "must be one of @yearly"],
    ["@every 1h", "must be one of @yearly"],
    ["", "must have five fields (minute, hour, day of month, month, day of week), got 0"],
    ["0 2 * *", "got 4; "],
    ["0 2 * * * root", "got 6; "],
    ["60 * * * *", 'minute must be 0 to 59, a range, or a range or "*" with a step above 0, got "60"; '],
    ["1/20 * * * *", 'got "1/20"'],
    ["*/0 * * * *", 'got "*/0"'],
    ["*-5 * * * *", 'got "*-5"'],
    ["5? * * * *", 'got "5?"'],
    ["1,,2 * * * *", 'got "" in "1,,2"'],
    ["0 24 * * *", "hour must be 0 to 23"],
    ["0 0 ? * *", "day of month must be 1 to 31"],
    ["0 0 * 13 *", "month must be 1 to 12 or jan to dec"],
    ["0 0 * * 8", "day of week must be 0 to 7 or sun to sat"],
    ["0 22-6 * * *", 'hour must not run backwards, got "22-6": cron would allow nothing by it; write "22-23,0-6"'],
    ["60 24 * * *", "; hour must be"],
  ];
  for (const [expression, says] of wrong) {
    it(`"${expression}" says: ${says}`, () => {
      const read = parseDebianCron(expression);
      expect(isProblem(read) && read.problem).toContain(says);
      expect(isProblem(read) && read.problem).toContain(`schedule "${expression}": `);
    });
  }

  it("and a zone that are both wrong are both named", () => {
    expect(next(cron("60 * * * *", "Mars/Olympus"), asOf)).toEqual({
      problem: expect.stringMatching(/minute.*timeZone/),
    });
    expect(next(cron("0 2 * * *", ""), asOf)).toEqual({ problem: expect.stringContaining("the zone of its machine") });
  });
});

/** A field as text, and what it means. */
interface Meaning {
  text: string;
  has(value: number): boolean;
}

function meaning(min: number, max: number): fc.Arbitrary<Meaning> {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const step = fc.integer({ min: 1, max: 12 });
  return fc.oneof(
    fc.constant({ text: "*", has: () => true }),
    value.map((one) => ({ text: `${one}`, has: (v: number) => v === one })),
    range.map(([a, b]) => ({ text: `${a}-${b}`, has: (v: number) => v >= a && v <= b })),
    step.map((n) => ({ text: `*/${n}`, has: (v: number) => (v - min) % n === 0 })),
    fc.tuple(range, step).map(([[a, b], n]) => ({
      text: `${a}-${b}/${n}`,
      has: (v: number) => v >= a && v <= b && (v - a) % n === 0,
    })),
    fc.tuple(value, value).map((list) => ({ text: list.join(","), has: (v: number) => list.includes(v) })),
  );
}

const every = { arbitrary: fc.constant<Meaning>({ text: "*", has: () => true }), weight: 4 };
const jobs = fc.record({
  minute: fc.oneof(meaning(0, 59), fc.constant<Meaning>({ text: "0,30", has: (v) => v % 30 === 0 })),
  hour: fc.oneof(meaning(0, 23), meaning(0, 3)),
  dayOfMonth: fc.oneof(every, { arbitrary: meaning(1, 31), weight: 1 }),
  month: fc.oneof(every, { arbitrary: meaning(1, 12), weight: 1 }),
  dayOfWeek: fc.oneof(every, { arbitrary: meaning(0, 6), weight: 1 }),
});
type Job = typeof jobs extends fc.Arbitrary<infer T> ? T : never;

function isDue(job: Job, wall: number): boolean {
  const time = new Date(wall * 1000);
  const byDate = job.dayOfMonth.has(time.getUTCDate());
  const byWeekday = job.dayOfWeek.has(time.getUTCDay());
  const both = [job.dayOfMonth, job.dayOfWeek].some(({ text }) => text.startsWith("*"));
  return (
    job.minute.has(time.getUTCMinutes()) &&
    job.hour.has(time.getUTCHours()) &&
    job.month.has(time.getUTCMonth() + 1) &&
    (both ? byDate && byWeekday : byDate || byWeekday)
  );
}

/** What cron(8) says, minute by minute; undefined where so much is made up for that it takes longer than a minute. */
function byTheManual(job: Job, zone: string, from: number, to: number): number[] | undefined {
  const wildcard = [job.minute, job.hour].some(({ text }) => text.startsWith("*"));
  const found: number[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  for (const { at: now, wall } of minutesOf(zone, from - day, to)) {
    const first = newest === Number.NEGATIVE_INFINITY || wildcard ? wall : newest + 60;
    const due: number[] = [];
    for (let minute = first; minute <= wall; minute += 60) if (isDue(job, minute)) due.push(now + due.length * 10);
    if (due.length > 6) return undefined;
    found.push(...due);
    newest = Math.max(newest, wall);
  }
  return found.filter((run) => run > from && run < to);
}

describe("for any job", () => {
  const place = fc.record({
    zone: fc.constantFrom(...manyZones),
    year: fc.integer({ min: 2024, max: 2034 }),
    pick: fc.integer({ min: 0, max: 300 }),
  });
  const schedule = (job: Job, zone: string) =>
    cron([job.minute, job.hour, job.dayOfMonth, job.month, job.dayOfWeek].map(({ text }) => text).join(" "), zone);

  it("the runs around a change of the clocks are those of the manual", () => {
    fc.assert(
      fc.property(jobs, place, (job, { zone, year, pick }) => {
        const { from, to } = windowIn(zone, year, pick, 4);
        const expected = byTheManual(job, zone, from, to);
        fc.pre(expected !== undefined);
        expect(answer(runs(schedule(job, zone), from, to))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("the runs are those that next finds one after the other, and batches of equal length are alike", () => {
    fc.assert(
      fc.property(jobs, place, (job, { zone, year, pick }) => {
        const { from, to } = windowIn(zone, year, pick, 60);
        let last = from;
        for (const run of answer(runs(schedule(job, zone), from, to)).slice(0, 300)) {
          expect(next(schedule(job, zone), last)).toBe(run);
          last = run;
        }
        const found = answer(runs(schedule(job, zone), from, to));
        const longest = Math.max(0, ...found.slice(1).map((run, index) => run - (found[index] ?? 0)));
        const reckoned = answer(gaps(schedule(job, zone), { from, to, missed: 0 }));
        expect({ runs: reckoned.runs, longest: reckoned.maxGapSeconds[0] ?? 0 }).toEqual({
          runs: found.length,
          longest,
        });
      }),
      { numRuns: 100 },
    );
  });
});
