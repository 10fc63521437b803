import { describe, expect, it } from "vitest";
import { volumesHoldTheirData } from "../../../policies/rules/volumes-hold-their-data";
import type { Store } from "../../../recovery";
import { evidence, plan, source, store } from "../../recovery/build";

const check = (...stores: Store[]) => volumesHoldTheirData.check(evidence(plan({ stores })));

describe("volumes-hold-their-data", () => {
  it("accepts a volume of the size its asset needs, or more", () => {
    expect(check(store(), store({ size: 20e9 }))).toEqual([]);
  });

  it("refuses a smaller volume, and says the size that would do", () => {
    expect(check(store({ size: 9.99e9 }))).toEqual([
      {
        assets: ["s/data"],
        source: source("volume"),
        message: "volume must hold 10.00 GB, it is 9.99 GB",
        fix: { change: "size of volume: at least 10.00 GB", source: source("volume"), result: "it holds its data" },
      },
    ]);
  });

  it("tells sizes apart that differ by a byte, and never asks for less than is needed", () => {
    const [found] = check(store({ size: 10e9 - 1 }));
    expect(found?.message).toBe("volume must hold 10.00 GB, it is 9.99 GB");
    const [odd] = check(store({ size: 10e9, needed: 10e9 + 1 }));
    expect([odd?.message, odd?.fix?.change]).toEqual([
      "volume must hold 10.01 GB, it is 10.00 GB",
      "size of volume: at least 10.01 GB",
    ]);
  });

  it("cannot prove a size that is unknown or missing", () => {
    expect(check(store({ size: { unknown: "not yet known" } }))).toEqual([
      { assets: ["s/data"], source: source("volume"), message: "volume: not yet known", cannotProve: true },
    ]);
    const { size: _, ...sizeless } = store();
    expect(check(sizeless)).toEqual([
      { assets: ["s/data"], source: source("volume"), message: "volume: it names no size", cannotProve: true },
    ]);
  });

  it("leaves stores alone that nobody promised a size of: buckets, and volumes of no asset", () => {
    const { size: _, needed: __, ...bucket } = store();
    const { asset: ___, ...stray } = store({ size: 1 });
    expect(check(bucket, stray)).toEqual([]);
  });
});
