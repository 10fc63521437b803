import { describe, expect, it } from "vitest";
import { restoresFitTheirDeadline } from "../../../policies/rules/restores-fit-their-deadline";
import type { Bound, Plan, ReadRate, RestorePoints, Series, Versions } from "../../../recovery";
import { evidence, path, plan, points, redundancy, series, step, term } from "../../recovery/build";

/** 100 s for the base, 10 s for each link. */
const rate = { perLink: term("link", "10s"), bytesPerSecond: 1_000, baseBytes: 100_000 };
const hourly = (edit: Partial<Series> = {}) =>
  series({
    name: "increments",
    role: "incremental",
    schedule: { scheduler: "kubernetes", expression: "0 * * * *", timeZone: "Etc/UTC" },
    ...edit,
  });

/** Daily fulls of half an hour, one of which fails: the longest chain has 49 hourly links and takes 590 s. */
const check = (bound: string | Bound, edit: Partial<RestorePoints> = {}, more: Partial<Plan> = {}) =>
  restoresFitTheirDeadline.check(
    evidence(
      plan({
        protections: [points({ series: [series(), hourly()], restoreRate: rate, ...edit })],
        paths: [path({ steps: [step("prepare", "1s"), step("load", bound, { restores: true })] })],
        ...more,
      }),
    ),
  );
const load = { resource: "urn:load", name: "load", property: "spec.load" };

describe("restores-fit-their-deadline", () => {
  it.each(["20m", "590s"])("accepts a chain of 590 s under a deadline of %s", (bound) => {
    expect(check(bound)).toEqual([]);
  });

  it("refuses a deadline a second too short", () => {
    expect(check("589s")).toEqual([
      {
        assets: ["s/data"],
        source: load,
        message: "restore: step load must end in 9m 49s, but restoring a full backup and 49 incrementals takes 9m 50s",
      },
    ]);
  });

  it("tells a step once that serves several disruptions by paths of their own", () => {
    const steps = [step("load", "1m", { restores: true })];
    const paths = [path({ steps }), path({ id: "restore/compromise", disruptions: ["compromise"], steps })];
    expect(check("1m", {}, { paths })).toHaveLength(1);
  });

  it("restores a full backup alone where there are no incrementals", () => {
    expect(check("100s", { series: [series()] })).toEqual([]);
    expect(check("99s", { series: [series()] })).toHaveLength(1);
  });

  it("refuses incrementals whose base is suspended: their chain never ends", () => {
    expect(check("20m", { series: [series({ suspended: true }), hourly()] }).map(({ message }) => message)).toEqual([
      "restore: step load must end in 20m, but restoring a full backup and a chain without end takes unbounded",
    ]);
  });

  it("cannot prove a restore whose rate is missing", () => {
    const { restoreRate: _, ...unrated } = points();
    expect(check("20m", {}, { protections: [unrated] })).toEqual([
      {
        assets: ["s/data"],
        source: load,
        message: "restore: no rate of restoring is declared for s/data",
        cannotProve: true,
      },
    ]);
  });

  it.each([
    ["schedule", { series: [series(), hourly({ schedule: { unknown: "not yet known" } })] }],
    ["rate", { restoreRate: { ...rate, perLink: term("link", { unknown: "not yet known" }) } }],
  ])("cannot prove a restore whose %s is unknown, and says why", (_, edit) => {
    expect(check("20m", edit)).toEqual([
      {
        assets: ["s/data"],
        source: load,
        message: "restore: step load must end in 20m, and it cannot be proven: not yet known",
        cannotProve: true,
      },
    ]);
  });

  it("refuses a path to restore points of which no step restores anything", () => {
    expect(check("1s", {}, { paths: [path({ steps: [step("find", "1s"), step("redirect", "1s")] })] })).toEqual([
      {
        assets: ["s/data"],
        source: { resource: "urn:restore", name: "restore" },
        message: "restore: none of its steps restores anything (find, redirect)",
      },
    ]);
  });

  it("leaves storage and steps without a deadline alone", () => {
    expect(check({ unbounded: "it has no deadline" })).toEqual([]);
    expect(check("1s", {}, { protections: [redundancy({ id: "points" })] })).toEqual([]);
  });

  describe("what is read", () => {
    const reading = (bound: string | Bound, readRate?: ReadRate) => {
      const { source, asset, id } = points();
      const kept: Versions = {
        kind: "versions",
        id,
        asset,
        label: "events that can be read again",
        at: { unknown: "not asked" },
        undoes: ["overwrite"],
        keptFor: term("kept", "35d"),
        lock: { mode: "none", keptFor: term("locked", "0s") },
        source,
        ...(readRate && { readRate }),
      };
      return check(bound, {}, { protections: [kept] });
    };
    const rate = { bytesPerSecond: 1_000, bytes: 60_001 };

    it("fits a deadline as long as it takes, and not one a second shorter", () => {
      expect(reading("61s", rate)).toEqual([]);
      expect(reading("60s", rate)).toEqual([
        {
          assets: ["s/data"],
          source: load,
          message: "restore: step load must end in 1m, but reading 60001 bytes, 1000 a second, takes 1m 1s",
        },
      ]);
    });

    it("is not proven by a rate that is none, and asks nothing where nothing is read", () => {
      expect(reading("61s", { ...rate, bytesPerSecond: 0 })).toEqual([
        {
          assets: ["s/data"],
          source: load,
          message:
            "restore: step load must end in 1m 1s, and it cannot be proven: its rate must be more than 0 bytes a second, got 0",
          cannotProve: true,
        },
      ]);
      expect(reading("1s")).toEqual([]);
    });
  });
});
