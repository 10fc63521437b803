import { describe, expect, it } from "vitest";
import { aCopyIsOutsideTheRegion } from "../../../policies/rules/a-copy-is-outside-the-region";
import type { Copy, Plan } from "../../../recovery";
import { asset, copy, evidence, here, plan, points, redundancy, source, there } from "../../recovery/build";

const check = (edit: Partial<Plan>) => aCopyIsOutsideTheRegion.check(evidence(plan(edit)));
const keeping = (...copies: Copy[]) => check({ protections: [points({ copies })] });
const near = copy({ at: { ...here, zones: [] } });

describe("a-copy-is-outside-the-region", () => {
  it("accepts one copy in another region, whatever the others do", () => {
    expect(keeping(copy())).toEqual([]);
    expect(keeping(near, copy({ at: there }), copy({ at: { unknown: "not yet known" } }))).toEqual([]);
  });

  it("accepts the region of the same name in another cloud", () => {
    expect(keeping(copy({ at: { ...here, cloud: "other" } }))).toEqual([]);
  });

  it("refuses copies in the region itself, though another account holds them", () => {
    const found = keeping(near, copy({ at: { ...here, account: "2" }, source: source("vault") }));
    expect(found).toEqual([
      {
        assets: ["s/data"],
        disruption: "region",
        source: source("bucket"),
        message:
          "restore points are kept in bucket (in the same region, eu-central-1), in vault (in the same region, eu-central-1)",
        fix: {
          change: "upload restore points to a bucket of a region other than eu-central-1",
          source: source("bucket"),
          result: "a copy outlives the region",
        },
      },
    ]);
  });

  it("refuses an asset without restore points, storage or not", () => {
    expect(check({ protections: [redundancy({ survives: "region" })] })).toEqual([
      {
        assets: ["s/data"],
        disruption: "region",
        source: source("asset"),
        message: "there are no restore points at all, in or outside eu-central-1",
      },
    ]);
  });

  it("cannot prove a place that is unknown, of the copy or of the asset", () => {
    expect(keeping(near, copy({ at: { unknown: "not yet known" }, source: source("vault") }))).toMatchObject([
      {
        message:
          "restore points are kept in bucket (in the same region, eu-central-1), in vault (its place is not known: not yet known)",
        cannotProve: true,
      },
    ]);
    const [lost] = check({ assets: [asset({}, { at: { unknown: "no workload serves it" } })] });
    expect(lost).toMatchObject({
      message: "restore points are kept in bucket (the place of the asset is not known: no workload serves it)",
      cannotProve: true,
    });
    expect(lost).not.toHaveProperty("fix");
  });

  it("asks for none of data that is made anew from another asset", () => {
    const rebuild = {
      kind: "rebuild" as const,
      id: "r",
      asset: "s/data",
      label: "r",
      from: "s/other",
      source: source("r"),
    };
    expect(check({ protections: [redundancy(), rebuild] })).toEqual([]);
  });

  it("does not count the copies of another asset", () => {
    const assets = [asset({}), asset({}, { id: "s/other" })];
    expect(check({ assets }).map((one) => one.assets)).toEqual([["s/other"]]);
  });
});
