import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageOf } from "../../policies/message";
import { type DrillRecord, drilledTime, duration, formatBound, newestDrills, seconds } from "../../recovery";
import { source } from "./build";

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

  it("never says that more bytes take less time", () => {
    const bytes = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [less, more] = [drilledTime(drill(), Math.min(a, b)), drilledTime(drill(), Math.max(a, b))];
        return less !== undefined && more !== undefined && less <= more;
      }),
    );
  });

  it("stands beside none of its path that is older, whatever their order", () => {
    const records = [drill({ id: "old", date: "2026-01-01" }), drill(), drill({ id: "other", path: "other" })];
    for (const order of [records, records.toReversed()]) {
      expect(
        newestDrills(order)
          .map(({ id }) => id)
          .sort(),
      ).toEqual(["last", "other"]);
    }
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
