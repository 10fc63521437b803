import { describe, expect, it } from "vitest";
import { aCopyCannotBeDeleted } from "../../../policies/rules/a-copy-cannot-be-deleted";
import { type Bound, type Copy, duration, type Plan } from "../../../recovery";
import { asset, copy, evidence, plan, points, redundancy, series, source, term, there } from "../../recovery/build";

const assets = [asset({}, { retention: { atLeast: duration("30d") } })];
const check = (edit: Partial<Plan>) => aCopyCannotBeDeleted.check(evidence(plan({ assets, ...edit })));
const keeping = (...copies: Copy[]) => check({ protections: [points({ copies })] });
const locked = (value: string | Bound, mode: Copy["lock"]["mode"] = "compliance") =>
  copy({ lock: { mode, keptFor: term("locked", value) } });
const lock = { resource: "urn:locked", name: "locked", property: "spec.locked" };

describe("a-copy-cannot-be-deleted", () => {
  it.each(["45d", "32d40m"])("accepts a compliance lock of %s for a retention of 30d", (value) => {
    expect(keeping(locked(value))).toEqual([]);
  });

  it("accepts one such copy, whatever the others do", () => {
    expect(keeping(locked("45d", "none"), locked("45d"))).toEqual([]);
  });

  it("refuses a lock a second too short, since a chain needs its base", () => {
    expect(keeping(locked("32d39m59s"))).toEqual([
      {
        assets: ["s/data"],
        disruption: "compromise",
        source: lock,
        message: "bucket: locked 32d 39m 59s, which reaches 29d 23h 59m 59s back, less than the retention of 30d",
      },
    ]);
  });

  it.each([
    ["governance", "its lock is in governance mode, which a permission bypasses"],
    ["none", "no lock keeps hostile credentials from deleting it"],
  ] as const)("refuses a lock of mode %s", (mode, why) => {
    expect(keeping(locked("45d", mode)).map(({ message }) => message)).toEqual([`bucket: ${why}`]);
  });

  it("refuses a locked copy whose key can be deleted", () => {
    expect(
      keeping(copy({ needs: [{ what: "its key", at: there, deletable: true, source: source("key") }] })).map(
        ({ message }) => message,
      ),
    ).toEqual(["bucket: it needs its key, and hostile credentials can delete key"]);
  });

  it("names each weak copy once, in one finding", () => {
    const vault = { ...locked("7d"), source: source("vault") };
    expect(keeping(locked("45d", "none"), vault).map(({ message }) => message)).toEqual([
      "bucket: no lock keeps hostile credentials from deleting it; vault: locked 7d, which reaches 4d 23h 20m back, less than the retention of 30d",
    ]);
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

  it("refuses an asset without restore points", () => {
    expect(check({ protections: [redundancy()] })).toEqual([
      {
        assets: ["s/data"],
        disruption: "compromise",
        source: source("asset"),
        message: "there are no restore points at all, locked or not",
      },
    ]);
  });

  it.each([
    ["lock mode", locked("45d", { unknown: "not yet known" }), "its lock is not known: not yet known"],
    ["lock duration", locked({ unknown: "not yet known" }), "not yet known"],
  ])("cannot prove an unknown %s", (_, one, why) => {
    expect(keeping(one)).toMatchObject([{ source: lock, message: `bucket: ${why}`, cannotProve: true }]);
  });

  it("cannot prove how far back chains of an unknown schedule reach", () => {
    const unread = points({ series: [series({ schedule: { unknown: "not yet known" } })] });
    expect(check({ protections: [unread] })).toMatchObject([{ message: "bucket: not yet known", cannotProve: true }]);
  });

  it("counts neither the weak nor the locked copies of another asset", () => {
    const other = (edit: Copy) => points({ id: "others", asset: "s/other", copies: [edit] });
    expect(check({ protections: [other(locked("45d", "none")), points()] })).toEqual([]);
    const weak = points({ copies: [locked("45d", "none")] });
    expect(check({ protections: [other(locked("45d")), weak] })).toHaveLength(1);
  });
});
