import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isProblem, next, runs, type Schedule, worstGaps } from "../../../recovery/schedule";
import { asked, byTheMinute } from "./asked";
import { itObeysTheLaws } from "./calendarLaws";
import { answer, at } from "./cases";
import { windowIn } from "./minutes";

const hour = 3600;
const day = 24 * hour;
const asOf = at("2026-01-01T15:00Z");
const intervals = [1, 2, 3, 4, 6, 8, 12, 24];

function dlm(expression: string | object, timeZone = "UTC"): Schedule {
  return {
    scheduler: "dlm",
    expression: typeof expression === "string" ? expression : JSON.stringify(expression),
    timeZone,
  };
}

const iso = (instants: readonly number[]) => instants.map((one) => new Date(one * 1000).toISOString().slice(0, 16));

describe("a create rule", () => {
  const rules: [rule: object, starts: string[]][] = [
    [{ interval: 12, intervalUnit: "HOURS", times: ["03:00"] }, ["2026-01-01T03:00", "2026-01-01T15:00"]],
    [{ interval: 24, intervalUnit: "HOURS", times: "23:45" }, ["2026-01-01T23:45"]],
    [{ interval: 8, times: ["23:30"] }, ["2026-01-01T07:30", "2026-01-01T15:30", "2026-01-01T23:30"]],
    [{ interval: 12 }, ["2026-01-01T12:00"]],
    [{ interval: 12, times: null, cronExpression: null, location: "CLOUD" }, ["2026-01-01T12:00"]],
    [{ cronExpression: "cron(0 5,17 * * ? *)", scripts: [] }, ["2026-01-01T05:00", "2026-01-01T17:00"]],
  ];
  for (const [rule, starts] of rules) {
    it(`${JSON.stringify(rule)} starts at ${starts.map((one) => one.slice(11)).join(" and ")}`, () => {
      expect(iso(answer(runs(dlm(rule), at("2026-01-01T00:00Z"), at("2026-01-02T00:00Z"))))).toEqual(starts);
    });
  }

  it("has its interval as its only gap", () => {
    for (const interval of intervals) {
      const found = answer(worstGaps(dlm({ interval, intervalUnit: "HOURS", times: ["09:15"] }), asOf));
      expect([found.maxGapSeconds[0], found.minGapSeconds]).toEqual([interval * hour, interval * hour]);
    }
  });

  const wrong: [rule: string, says: string][] = [
    [
      '{"interval":5,"intervalUnit":"HOURS","times":["03:00"]}',
      'interval must be 1, 2, 3, 4, 6, 8, 12 or 24, got 5; for example {"interval":12,"intervalUnit":"HOURS","times":["03:00"]}',
    ],
    ['{"interval":"12"}', 'got "12"'],
    ["{}", "interval must be 1, 2, 3, 4, 6, 8, 12 or 24, got nothing"],
    ['{"interval":1,"intervalUnit":"DAYS"}', 'intervalUnit must be "HOURS", got "DAYS"'],
    ['{"interval":1,"times":["3:00"]}', 'times must be one time of day in UTC, such as ["03:00"], got ["3:00"]'],
    ['{"interval":1,"times":["03:00","15:00"]}', 'got ["03:00","15:00"]'],
    ['{"interval":1,"times":["24:00"]}', 'got ["24:00"]'],
    ['{"interval":1,"times":[]}', "got []"],
    ['{"interval":1,"times":[3]}', "got [3]"],
    [
      '{"interval":1,"every":2}',
      'a field must be one of cronExpression, interval, intervalUnit, times, location, scripts, got "every"',
    ],
    ['{"cronExpression":"cron(0 5 * * ? *)","interval":12}', "interval must not be set beside cronExpression, got 12"],
    [
      '{"cronExpression":"rate(1 hour)"}',
      'cronExpression must be cron(...), such as "cron(0 3 * * ? *)", got "rate(1 hour)"',
    ],
    ['{"cronExpression":5}', "cronExpression must be a text, got 5"],
    ["[12]", 'must be "cron(...)" such as "cron(0 3 * * ? *)", or a create rule as JSON'],
    ["null", "or a create rule as JSON"],
    ["rate(12 hours)", "or a create rule as JSON"],
    ["", "or a create rule as JSON"],
  ];
  for (const [rule, says] of wrong) {
    it(`${rule} says: ${says}`, () => {
      const read = next(dlm(rule), asOf);
      expect(isProblem(read) && read.problem).toContain(says);
      expect(isProblem(read) && read.problem).toContain(`schedule ${rule}: `);
    });
  }

  it("names all that is wrong with it, and the zone", () => {
    expect(next(dlm('{"interval":5,"times":[],"intervalUnit":"DAYS","every":1}', "Europe/Berlin"), asOf)).toEqual({
      problem: expect.stringMatching(
        /every.*interval .*intervalUnit .*times .*timeZone must be "Etc\/UTC", got "Europe\/Berlin"/,
      ),
    });
  });
});

describe("a cron expression", () => {
  it("is AWS's, in UTC", () => {
    const found = answer(runs(dlm("cron(0 2 ? * 6L *)", "Etc/UTC"), at("2026-01-01T00:00Z"), at("2026-03-01T00:00Z")));
    expect(iso(found)).toEqual(["2026-01-30T02:00", "2026-02-27T02:00"]);
  });

  it("may start a run every hour, and not more often", () => {
    expect(answer(worstGaps(dlm("cron(59 * * * ? *)"), asOf)).maxGapSeconds[0]).toBe(hour);
    for (const [minutes, gap] of [
      ["0/30", "30m"],
      ["0,59", "1m"],
      ["*", "1m"],
    ]) {
      const expression = `cron(${minutes} * * * ? *)`;
      expect(next(dlm(expression), asOf)).toEqual({
        problem: `schedule "${expression}": runs must be at least 1h apart, got ${gap}; for example "cron(0 * * * ? *)" is once an hour`,
      });
    }
  });

  it("that cannot be read, and a zone that is not UTC, are both named", () => {
    expect(next(dlm("cron(0 24 * * ? *)", "Europe/Berlin"), asOf)).toEqual({
      problem: expect.stringMatching(/hour must be 0 to 23.*timeZone must be "Etc\/UTC"/),
    });
    expect(next(dlm("cron(0 2 * * ? *)", ""), asOf)).toEqual({ problem: expect.stringContaining('got ""') });
  });

  it("never comes due on 31 February", () => {
    expect(next(dlm("cron(0 2 31 2 ? *)"), asOf)).toBeUndefined();
    expect(answer(worstGaps(dlm("cron(0 2 31 2 ? *)"), asOf)).runs).toBe(0);
  });
});

describe("for any rule", () => {
  const times = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((time) => time.map((n) => `${n}`.padStart(2, "0")).join(":"));
  const rules = fc.record({ interval: fc.constantFrom(...intervals), times: times.map((time) => [time]) });

  it("the runs are those at its time and every so many hours after, each day alike", () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 0, max: 4000 }), (rule, days) => {
        const midnight = at("2024-01-01T00:00Z") + days * day;
        const start = at(`2024-01-01T${rule.times[0]}Z`) - at("2024-01-01T00:00Z");
        const daily = Array.from({ length: 24 / rule.interval }, (_, n) => (start + n * rule.interval * hour) % day);
        const expected = daily.sort((a, b) => a - b).map((time) => midnight + time);
        expect(answer(runs(dlm(rule), midnight - 1, midnight + day))).toEqual(expected);
      }),
    );
  });

  it("a cron expression runs at the minutes that it asks for", () => {
    const hourly = asked.map((what) => ({
      ...what,
      fields: ["30", ...what.fields.slice(1)],
      minute: (m: number) => m === 30,
    }));
    fc.assert(
      fc.property(
        hourly,
        fc.integer({ min: 2024, max: 2034 }),
        fc.integer({ min: 0, max: 300 }),
        (what, year, pick) => {
          const { from, to } = windowIn("Etc/UTC", year, pick, 8);
          const found = answer(runs(dlm(`cron(${what.fields.join(" ")})`), from, to));
          expect(found).toEqual(byTheMinute(what, "Etc/UTC", from, to, "first"));
        },
      ),
      { numRuns: 60 },
    );
  });

  itObeysTheLaws(rules.map((rule) => dlm(rule)));
});
