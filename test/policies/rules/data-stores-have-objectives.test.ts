import { describe, expect, it } from "vitest";
import { dataStoresHaveObjectives } from "../../../policies/rules/data-stores-have-objectives";
import { type Asset, type Disruption, disruptions, duration, type Plan } from "../../../recovery";
import { asset, evidence, plan, source, store } from "../../recovery/build";

const check = (edit: Partial<Plan>) => dataStoresHaveObjectives.check(evidence(plan(edit)));
const promised = (but: readonly Disruption[] = [], edit: Partial<Asset> = {}) =>
  asset(Object.fromEntries(disruptions.filter((one) => !but.includes(one)).map((one) => [one, ["1h", "1h"]])), {
    retention: { atLeast: duration("30d") },
    ...edit,
  });

describe("data-stores-have-objectives", () => {
  it("accepts a store whose asset promises every disruption and a retention", () => {
    expect(check({ assets: [promised()], stores: [store()] })).toEqual([]);
  });

  it("refuses a store that no asset covers", () => {
    const { asset: _, ...stray } = store({ name: "Bucket uploads" });
    expect(check({ assets: [promised()], stores: [store(), stray] })).toEqual([
      {
        assets: [],
        source: source("volume"),
        message: "Bucket uploads keeps data, but no asset with objectives covers it",
      },
    ]);
  });

  it("refuses an asset that lacks a single disruption", () => {
    expect(check({ assets: [promised(["compromise"])] })).toEqual([
      { assets: ["s/data"], source: source("asset"), message: "no objective for compromise" },
    ]);
  });

  it("names everything that is missing in one sentence, in the order of reports", () => {
    const { retention: _, ...bare } = promised(["compromise", "zone"]);
    expect(check({ assets: [bare] }).map(({ message }) => message)).toEqual([
      "no objective for zone, compromise and no retention",
    ]);
  });

  it("asks for a retention even where every objective stands", () => {
    const { retention: _, ...fleeting } = promised();
    expect(check({ assets: [fleeting] }).map(({ message }) => message)).toEqual(["no retention"]);
  });

  it("promises nothing about what is unknown: a place or size that cannot be read changes no answer", () => {
    const unread = { unknown: "not yet known" };
    expect(check({ assets: [promised([], { at: unread })], stores: [store({ size: unread })] })).toEqual([]);
    const { asset: _, ...stray } = store({ size: unread });
    expect(check({ assets: [promised()], stores: [stray] })).toHaveLength(1);
  });

  it("leaves the sizes of stores alone", () => {
    expect(check({ assets: [promised()], stores: [store({ size: 1 })] })).toEqual([]);
  });
});
