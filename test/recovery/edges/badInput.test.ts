import { describe, expect, it } from "vitest";
import {
  type Bound,
  compare,
  countFrom,
  criticalPath,
  drilledTime,
  evictionWait,
  formatBound,
  formatSeconds,
  frontDoorDetection,
  gaps,
  isOver,
  isProblem,
  keeps,
  kubernetes,
  leaseTakeover,
  max,
  next,
  openEnd,
  parseDuration,
  parseLimit,
  placementOf,
  probeDetection,
  reviewBy,
  runs,
  type Seconds,
  type Step,
  seconds,
  show,
  spanFrom,
  staleFacts,
  sum,
  toleratedLosses,
  trafficManagerRedirection,
  windowOfVulnerability,
  worstGaps,
} from "../../../recovery";
import { recoveryTerms } from "../../../recovery/time";
import { cron, day } from "../answers";
import { asOf, path, source, step } from "../build";

const none = Number.NaN as Seconds;
const unknown = (value: unknown) => ({
  unknown: `a span must be whole seconds, 0 or more, got ${value}`,
});
const setting = <T>(value: T) => ({ value, source: source("x") });

describe("a value in the wrong place", () => {
  const circular: Record<string, unknown> = {};
  circular.itself = circular;
  it.each<[value: unknown, shown: string]>([
    [undefined, "nothing"],
    [null, "null"],
    [5n, "5"],
    [Number.NaN, "NaN"],
    [-1, "-1"],
    ["a", '"a"'],
    [{ a: [5n, Number.POSITIVE_INFINITY] }, '{"a":["5","Infinity"]}'],
    [circular, "something that no JSON can hold"],
    [{ toJSON: () => undefined }, "nothing"],
  ])("is shown for what it is: %o as %s", (value, shown) => {
    expect(show(value)).toBe(shown);
    expect(parseDuration(value)).toMatchObject({ problem: expect.stringContaining(`got ${shown}`) });
    expect(parseLimit(value)).toMatchObject({ problem: expect.stringContaining(`got ${shown}`) });
  });
});

describe("a span that is none", () => {
  it.each([Number.NaN, -90, 1.5, Number.POSITIVE_INFINITY, null] as Seconds[])("is unknown: %s", (odd) => {
    expect(sum([seconds(1), odd])).toEqual(unknown(odd));
    expect(sum([odd, { unbounded: "x" }])).toEqual({ unbounded: "x" });
    expect(max(odd, seconds(1))).toEqual(unknown(odd));
    expect(compare(odd, seconds(1))).toBe(1);
    expect(keeps(odd, { seconds: seconds(1), strict: false })).toBe("unknown");
    expect(formatBound(odd)).toBe("unknown");
    expect(leaseTakeover(setting<Bound>(odd)).map(({ value }) => value)).toEqual([unknown(odd), unknown(odd)]);
  });

  it("is printed as what it is", () => {
    expect(formatSeconds(-90)).toBe("-1m 30s");
    expect(formatSeconds(Number.NaN)).toBe("unknown");
    expect(formatSeconds(Number.POSITIVE_INFINITY)).toBe("unbounded");
  });
});

describe("a count that is none", () => {
  const probe = { initialDelay: seconds(0), period: seconds(10), timeout: seconds(1) };
  it.each([Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY])("is unknown: %s", (odd) => {
    const counted = (least: number) => ({ unknown: `a count must be a whole number, ${least} or more, got ${odd}` });
    expect(probeDetection({ ...probe, failures: odd })).toEqual(counted(1));
    expect(evictionWait({ all: 3, lost: odd, othersStand: true })).toEqual(counted(0));
    const span = setting<Bound>(seconds(10));
    const profile = { interval: span, timeout: span, ttl: span, clientCache: span, tolerated: setting(odd) };
    expect(trafficManagerRedirection(profile).detect[0]?.value).toEqual(counted(0));
  });

  it("is one that no probe can have: none at all", () => {
    expect(probeDetection({ ...probe, failures: 0 })).toHaveProperty("unknown");
    const probes = { probeInterval: setting<Bound>(seconds(30)), sampleSize: setting(4) };
    const [detection] = frontDoorDetection({ ...probes, successesRequired: setting(0) });
    expect(detection?.value).toEqual({ unknown: "0 successes are required of 4 probes" });
  });

  it("is none of shares: all count as lost, and none may be", () => {
    expect(placementOf(6, 4, 7, 8)).toMatchObject({ degraded: { of: 1, in: 1 }, problem: expect.any(String) });
    expect(placementOf(6, 4, 7, Number.NaN)).toHaveProperty("problem");
    expect(placementOf(1e9, 1, 1e9, 1e9)).toEqual({ degraded: { of: 1, in: 1 }, unreadable: { of: 1, in: 1 } });
    expect(placementOf(100, 1, 1e9, 1)).toHaveProperty("problem");
    const shares = { needed: 4, total: 6, together: { node: 0 }, members: Number.NaN };
    expect(toleratedLosses(shares)).toBe(0);
    expect(windowOfVulnerability(shares)).toHaveProperty("unknown");
  });
});

describe("steps", () => {
  const total = (...steps: Step[]) => criticalPath(steps).total;
  const terms = (...steps: Step[]) => sum(recoveryTerms(path({ steps })).map(({ value }) => value));

  it("that wait for one that is not there have no known end", () => {
    const lost = step("restore", "1h", { after: ["fetch"] });
    const why = { unknown: "step restore waits for fetch, which is no step of its path" };
    expect(total(step("other", "2h"), lost)).toEqual(why);
    expect(terms(step("other", "2h"), lost)).toEqual(why);
  });

  it("that wait for themselves have none, whatever else has none", () => {
    const round = [step("a", "1h", { after: ["b"] }), step("b", "1h", { after: ["a"] })];
    const why = { unbounded: "step a waits for itself" };
    expect(terms(...round)).toEqual(why);
    expect(terms(...round, step("c", { unbounded: "nothing bounds it" }))).toEqual(why);
  });

  it("without a span leave the total unknown", () => {
    expect(total(step("a", "1h"), step("b", none, { after: ["a"] }))).toEqual(unknown("NaN"));
    expect(terms(step("a", "1h"), step("b", none, { after: ["a"] }))).toEqual(unknown("NaN"));
  });

  it("may be thousands, one after the other", () => {
    const long = Array.from({ length: 3_000 }, (_, place) =>
      step(`s${place}`, "1s", { after: place > 0 ? [`s${place - 1}`] : [] }),
    );
    expect(total(...long)).toBe(3_000);
    const shared = long.slice(0, 500).map((one) => ({ ...one, uses: ["link"] }));
    expect(total(...shared)).toBe(500);
  });
});

describe("an instant that no calendar shows", () => {
  const daily = cron("0 2 * * *");
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, asOf * 1_000, Date.UTC(9999, 0, 1) / 1_000])(
    "is a problem: %s",
    (odd) => {
      const problem = { problem: expect.stringContaining("in the years 1900 to 2999, got ") };
      expect(next(daily, odd)).toEqual(problem);
      expect(runs(daily, asOf, odd)).toEqual(problem);
      expect(gaps(daily, { from: odd, to: asOf, missed: 0 })).toEqual(problem);
      expect(worstGaps(daily, odd)).toEqual(problem);
      expect(openEnd(daily, odd)).toBeUndefined();
    },
  );

  it("is none between two seconds: the runs are those of whole ones", () => {
    const two = Date.UTC(2026, 0, 1, 2) / 1_000;
    expect(next(daily, two - 0.5)).toBe(two);
    expect(next(daily, two + 0.5)).toBe(two + day);
    expect(runs(daily, two - 0.5, two + 0.5)).toEqual([two]);
    expect(gaps(daily, { from: two - 0.5, to: two + day + 0.5, missed: 0 })).toMatchObject({ runs: 2 });
  });

  it("lies too far from the other, or has too many runs before it", () => {
    const far = asOf + 101 * 366 * day;
    expect(gaps(daily, { from: asOf, to: far, missed: 0 })).toMatchObject({
      problem: expect.stringMatching(/100 years/),
    });
    const each = { scheduler: "quartz", expression: "* * * * * ?", timeZone: "Etc/UTC" } as const;
    expect(runs(each, asOf, asOf + 3_652 * day)).toMatchObject({ problem: expect.stringMatching(/10000000 runs/) });
  });
});

describe("a schedule", () => {
  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 101])(
    "of which %s runs in a row fail is a problem",
    (missed) => {
      const problem = { problem: `missed must be a whole number from 0 to 100, got ${missed}` };
      expect(gaps(cron("0 2 * * *"), { from: asOf, to: asOf + day, missed })).toEqual(problem);
    },
  );

  it("of no scheduler, or without a text, is a problem", () => {
    const odd = { ...cron("0 2 * * *"), scheduler: "systemd" } as unknown as ReturnType<typeof cron>;
    expect(next(odd, asOf)).toEqual({ problem: expect.stringMatching(/^scheduler must be one of .* got "systemd"$/) });
    expect(next({ ...cron("x"), expression: null as unknown as string }, asOf)).toHaveProperty("problem");
  });

  it("is over when nothing runs any more, which five years without a run do not mean", () => {
    const at = (text: string) => Date.parse(text) / 1_000;
    expect(isOver(cron("0 0 31 2 *"), asOf)).toBe(true);
    expect(next(cron("0 0 29 2 *"), at("2096-03-01"))).toBeUndefined();
    expect(isOver(cron("0 0 29 2 *"), at("2096-03-01"))).toBe(false);
    expect(openEnd(cron("0 0 29 2 *"), at("2086-06-01"))).toBeUndefined();
  });

  it("of more intervals than any policy has is a problem", () => {
    const texts = Array.from({ length: 101 }, () => "R/2026-01-01T02:00:00Z/P1D");
    const many = { scheduler: "azure", expression: JSON.stringify(texts), timeZone: "Etc/UTC" } as const;
    expect(next(many, asOf)).toEqual({ problem: "schedule must have at most 100 repeating intervals, got 101" });
  });
});

describe("what is read of facts and drills", () => {
  const drill = {
    id: "d",
    asset: "a",
    path: "p",
    date: "2026-11-01",
    seconds: seconds(60),
    bytes: 100,
    verified: true,
  };
  it("says nothing about sizes that are none", () => {
    for (const odd of [Number.NaN, -1]) {
      expect(drilledTime(drill, odd)).toBeUndefined();
      expect(drilledTime({ ...drill, bytes: odd }, 100)).toBeUndefined();
    }
    expect(drilledTime({ ...drill, bytes: 0.5 }, 1)).toBeUndefined();
    expect(drilledTime({ ...drill, seconds: none }, 100)).toBeUndefined();
  });

  it("is due to be read again where a day cannot be read", () => {
    expect(reviewBy("garbage")).toBe("1970-01-01");
    expect(staleFacts(Number.NaN).length).toBeGreaterThan(100);
  });

  it("is unknown where a fact has no such number", () => {
    expect(spanFrom({ ...kubernetes.toleration, unit: "count" }).value).toHaveProperty("unknown");
    expect(countFrom({ ...kubernetes.toleration, value: -1 }).value).toHaveProperty("unknown");
    expect(isProblem(parseDuration("1e3s"))).toBe(true);
  });
});
