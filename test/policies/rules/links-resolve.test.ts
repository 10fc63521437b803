import { describe, expect, it } from "vitest";
import { linksResolve } from "../../../policies/rules/links-resolve";
import type { ReadProblem } from "../../../recovery";
import { asset, evidence, plan, source } from "../../recovery/build";

const check = (...problems: ReadProblem[]) => linksResolve.check(evidence(plan(), problems));

describe("links-resolve", () => {
  it("accepts a program that was read without a problem", () => {
    expect(check()).toEqual([]);
  });

  it("reports a link that resolves to nothing, for the asset it concerns", () => {
    const message = "CronJob backup copies to uploads, which this program does not declare";
    expect(check({ source: source("backup"), message, asset: "s/data" })).toEqual([
      { assets: ["s/data"], source: source("backup"), message },
    ]);
  });

  it("reports a problem that concerns no asset, such as an expired register entry", () => {
    const entry = { resource: "urn:register", name: "register", property: "waivers[0]" };
    const message = "waiver rto-is-met for s/data expired on 2026-11-20";
    expect(check({ source: entry, message })).toEqual([{ assets: [], source: entry, message }]);
  });

  it("cannot prove what is unknown, and keeps every problem apart", () => {
    const found = check(
      { source: source("backup"), message: "not yet known", cannotProve: true },
      { source: source("backup"), message: "wrong", cannotProve: false },
    );
    expect(found.map(({ message, cannotProve }) => [message, cannotProve])).toEqual([
      ["not yet known", true],
      ["wrong", undefined],
    ]);
  });

  it("leaves a plan that promises what it cannot keep to the other rules", () => {
    const broken = plan({ assets: [asset({ region: ["1s", "1s"] })], protections: [], paths: [] });
    expect(linksResolve.check(evidence(broken))).toEqual([]);
  });
});
