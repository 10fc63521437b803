import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageOf } from "../../policies/message";
import {
  type DrillRecord,
  drilledTime,
  drillLifeDays,
  drillsByPath,
  duration,
  formatBound,
  measuredTime,
  newestDrill,
  seconds,
  slowestDrill,
} from "../../recovery";
import { asOf, source } from "./build";

/** A verified drill of 100 bytes in 10 minutes, the day before all is judged. */
const drill = (more: Partial<DrillRecord> = {}): DrillRecord => ({
  id: "last",
  asset: "s/data",
  path: "restore",
  date: "2026-11-20",
  seconds: duration("10m"),
  bytes: 100,
  verified: true,
  ...more,
});
const took = (time: string, more: Partial<DrillRecord> = {}) => drill({ seconds: duration(time), ...more });

/** How long the next recovery of 100 bytes takes by some drills. */
const measured = (...drills: DrillRecord[]) => {
  const time = measuredTime(drills, asOf, 100);
  return time === undefined ? "nobody knows" : formatBound(time);
};

describe("a drill", () => {
  it.each([
    [100, "10m"],
    [50, "10m"],
    [101, "10m 6s"],
    [1000, "1h 40m"],
  ])("of 100 bytes in 10 minutes says of %i bytes: %s", (bytes, expected) => {
    expect(formatBound(drilledTime(drill(), bytes) ?? seconds(0))).toBe(expected);
  });

  it("says nothing of more than ten times its bytes", () => {
    expect(drilledTime(drill(), 1001)).toBeUndefined();
  });

  it("is stretched to the second, however many bytes there are", () => {
    const large = drill({ bytes: 1_000_000_000_000_001, seconds: seconds(86_399) });
    expect(drilledTime(large, 2_000_000_000_000_002)).toBe(172_798);
    expect(drilledTime(large, 2_000_000_000_000_003)).toBe(172_799);
  });

  it("never says that more bytes take less time", () => {
    const bytes = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [less, more] = [drilledTime(drill(), Math.min(a, b)), drilledTime(drill(), Math.max(a, b))];
        return less !== undefined && more !== undefined && less <= more;
      }),
    );
  });
});

describe("the drills of a path", () => {
  it("are those of its asset and its name", () => {
    const records = [drill(), drill({ id: "older", date: "2026-11-01" }), drill({ id: "other", path: "other" })];
    const ids = drillsByPath([...records, drill({ id: "elsewhere", asset: "s/other" })]).map((group) =>
      group.map(({ id }) => id),
    );
    expect(ids).toEqual([["last", "older"], ["other"], ["elsewhere"]]);
  });

  it("have a newest, whatever their order, and of one day the worse", () => {
    const worse = [
      drill({ id: "old", date: "2026-01-01" }),
      took("9m", { id: "fast" }),
      took("9m", { id: "failed", verified: false }),
      took("11m", { id: "slow" }),
    ];
    for (const order of [worse, worse.toReversed()]) expect(newestDrill(order)?.id).toBe("failed");
    const verified = worse.filter((one) => one.verified);
    for (const order of [verified, verified.toReversed()]) expect(newestDrill(order)?.id).toBe("slow");
  });

  it.each<[string, DrillRecord[], string]>([
    ["there is none", [], "nobody knows"],
    ["there is one", [drill()], "12m 30s"],
    ["the slower of two is the older", [took("20m", { date: "2026-10-01" }), drill()], "25m"],
    ["the slower of two is the newer", [took("4m", { date: "2026-10-01" }), drill()], "12m 30s"],
    ["two are of one day", [took("8m"), took("12m")], "15m"],
    ["two are of one day, and one failed", [drill(), drill({ verified: false })], "nobody knows"],
    ["the newest was not verified", [drill({ date: "2026-10-01" }), drill({ verified: false })], "nobody knows"],
    ["an older one was not verified", [took("1h", { date: "2026-10-01", verified: false }), drill()], "12m 30s"],
    ["it is exactly 90 days old", [drill({ date: "2026-08-23" })], "12m 30s"],
    ["it is 91 days old", [drill({ date: "2026-08-22" })], "nobody knows"],
    ["the slowest is 91 days old", [took("1h", { date: "2026-08-22" }), drill()], "12m 30s"],
    ["it is of today", [drill({ date: "2026-11-21" })], "12m 30s"],
    ["it is dated in the future", [drill({ date: "2026-11-22" })], "nobody knows"],
    ["one in the future failed", [drill({ date: "2026-11-22", verified: false }), drill()], "12m 30s"],
    ["its date cannot be read", [drill({ date: "last Friday" })], "nobody knows"],
    ["it moved half of the data", [drill({ bytes: 50 })], "25m"],
    ["it moved a tenth of the data", [drill({ bytes: 10 })], "2h 5m"],
    ["it moved less than a tenth", [drill({ bytes: 9 })], "nobody knows"],
    ["one moved too little, one enough", [took("1s", { bytes: 9 }), took("5m", { date: "2026-10-01" })], "6m 15s"],
    ["the slowest is the smaller one", [took("6m", { bytes: 50, date: "2026-10-01" }), drill()], "15m"],
    ["it moved more than there is", [drill({ bytes: 200 })], "12m 30s"],
    ["the factor leaves a fraction", [took("1s")], "2s"],
  ])("measure when %s", (_what, drills, expected) => {
    expect(measured(...drills)).toBe(expected);
  });

  it("name the one that was slowest", () => {
    const slow = took("20m", { id: "slow", date: "2026-10-01" });
    expect(slowestDrill([drill(), slow], asOf, 100)).toEqual({ drill: slow, took: duration("20m") });
  });

  it("count for 90 days, whatever their bytes where time does not depend on them", () => {
    expect(drillLifeDays).toBe(90);
    expect(measuredTime([drill({ bytes: 1 })], asOf, undefined)).toBe(750);
  });

  it("never say less for one that was slower, smaller or added, while the newest holds", () => {
    const record = fc.record({
      day: fc.integer({ min: 0, max: 120 }),
      seconds: fc.integer({ min: 1, max: 7_200 }),
      bytes: fc.integer({ min: 1, max: 200 }),
    });
    const dated = (day: number) => new Date((asOf - day * 86_400) * 1_000).toISOString().slice(0, 10);
    const drilled = (one: { day: number; seconds: number; bytes: number }) =>
      drill({ date: dated(one.day), seconds: seconds(one.seconds), bytes: one.bytes });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), record, fc.nat(600), (records, more, slower) => {
        const drills = records.map(drilled);
        const before = measuredTime(drills, asOf, 100) ?? 0;
        expect(measuredTime([...drills, drilled(more)], asOf, 100) ?? 0).toBeGreaterThanOrEqual(before);
        const slowed = drills.map((one) => ({ ...one, seconds: seconds(one.seconds + slower) }));
        expect(measuredTime(slowed, asOf, 100) ?? 0).toBeGreaterThanOrEqual(before);
        expect(measuredTime(drills, asOf, 99) ?? 0).toBeLessThanOrEqual(before || Number.POSITIVE_INFINITY);
        expect(measuredTime(drills.toReversed(), asOf, 100) ?? 0).toBe(before);
      }),
    );
  });
});

describe("spans beyond every promise", () => {
  it("stay numbers that can be added and printed", () => {
    expect(seconds(Number.MAX_VALUE)).toBe(1e12);
    expect(() => seconds(Number.POSITIVE_INFINITY)).toThrow(RangeError);
    const at = { at: 1e13, what: "never" };
    const counterexample = { events: [at], conclusion: "lost" };
    const finding = { rule: "r", level: "mandatory", assets: [], source: source("x"), message: "m" } as const;
    expect(messageOf({ ...finding, assets: [], counterexample })).toContain("beyond every calendar  never");
  });
});
