import { describe, expect, it } from "vitest";
import { restorePointsAreKept } from "../../../policies/rules/restore-points-are-kept";
import { type Bound, duration, type RestorePoints, type Retention } from "../../../recovery";
import { asset, copy, evidence, plan, points, redundancy, series, term } from "../../recovery/build";

const month: Retention = { atLeast: duration("30d") };

/** Daily fulls of half an hour: with one failed full, moments up to 48h 30m young need an older base. */
const check = (kept: string | Bound, retention: Retention | undefined = month, edit: Partial<RestorePoints> = {}) =>
  restorePointsAreKept.check(
    evidence(
      plan({
        assets: [asset({}, retention ? { retention } : {})],
        protections: [points({ copies: [copy({ keptFor: term("kept", kept) })], ...edit })],
      }),
    ),
  );

const kept = { resource: "urn:kept", name: "kept", property: "spec.kept" };

describe("restore-points-are-kept", () => {
  it.each(["45d", "32d40m"])("accepts points kept %s for a retention of 30d", (text) => {
    expect(check(text)).toEqual([]);
  });

  it("accepts points that nothing deletes", () => {
    expect(check({ unbounded: "nothing deletes them" })).toEqual([]);
  });

  it("refuses points kept a second too short, and says how many days would do", () => {
    expect(check("32d39m59s")).toEqual([
      {
        assets: ["s/data"],
        source: kept,
        message:
          "retention is 30d, but points kept 32d 39m 59s in bucket can be restored 29d 23h 59m 59s back only: a chain needs its base, and one full backup may fail",
        fix: { change: "spec.kept of kept: 33 days", source: kept, result: "every moment of 30d can be restored" },
      },
    ]);
  });

  it("offers a number of days that it then accepts", () => {
    const [found] = check("5d");
    expect(found?.fix?.change).toBe("spec.kept of kept: 33 days");
    expect(check("33d")).toEqual([]);
  });

  it("refuses chains without a base: no number of days mends them", () => {
    const increments = series({ name: "increments", role: "incremental" });
    expect(check("45d", month, { series: [increments] })).toMatchObject([
      { message: expect.stringContaining("kept 45d in bucket can be restored 0s back only") },
    ]);
    expect(check("45d", month, { series: [increments] })[0]).not.toHaveProperty("fix");
  });

  it("refuses what is kept past its end", () => {
    const bounded = { ...month, atMost: duration("45d") };
    expect(check("45d", bounded)).toEqual([]);
    expect(check("46d", bounded).map(({ message }) => message)).toEqual([
      "points must be deleted after 45d, but bucket keeps them 46d",
    ]);
    expect(check({ unbounded: "nothing deletes them" }, bounded).map(({ message }) => message)).toEqual([
      "points must be deleted after 45d, but bucket keeps them unbounded",
    ]);
  });

  it("cannot prove a span that is unknown, be it the expiry or the schedule of the fulls", () => {
    const message = "retention is 30d, and it cannot be proven: not yet known";
    expect(check({ unknown: "not yet known" })).toEqual([
      { assets: ["s/data"], source: kept, message, cannotProve: true },
    ]);
    const unread = [series({ schedule: { unknown: "not yet known" } })];
    expect(check("45d", month, { series: unread })).toEqual([
      { assets: ["s/data"], source: kept, message, cannotProve: true },
    ]);
  });

  it("leaves storage alone, and assets without a retention to data-stores-have-objectives", () => {
    const assets = [asset({}, { retention: month })];
    expect(restorePointsAreKept.check(evidence(plan({ assets, protections: [redundancy()] })))).toEqual([]);
    const bare = plan({ protections: [points({ copies: [copy({ keptFor: term("kept", "1d") })] })] });
    expect(restorePointsAreKept.check(evidence(bare))).toEqual([]);
  });
});
