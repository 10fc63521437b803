import { describe, expect, it } from "vitest";
import { runsDoNotOverlap } from "../../../policies/rules/runs-do-not-overlap";
import { evidence, plan, points, redundancy, series, source, term } from "../../recovery/build";

const check = (edit: Parameters<typeof series>[0]) =>
  runsDoNotOverlap.check(evidence(plan({ protections: [points({ series: [series(edit)] })] })));
const policy = { ...source("backup"), property: "spec.concurrencyPolicy" };

describe("runs-do-not-overlap", () => {
  it.each(["30m", "24h"])("accepts daily runs of %s under Forbid", (run) => {
    expect(check({ run: term("run", run) })).toEqual([]);
  });

  it("refuses a run a second longer than the gap, which then skips the next", () => {
    expect(check({ run: term("run", "24h1s") })).toEqual([
      {
        assets: ["s/data"],
        source: { resource: "urn:run", name: "run", property: "spec.run" },
        message: "backup may run 24h 1s, longer than its shortest gap of 24h, and then skips a run",
      },
    ]);
  });

  it("measures the shortest gap where the clocks change, not the usual one", () => {
    const schedule = { scheduler: "kubernetes" as const, expression: "0 4 * * *", timeZone: "Europe/Berlin" };
    expect(check({ schedule, run: term("run", "23h") })).toEqual([]);
    expect(check({ schedule, run: term("run", "23h1m") }).map(({ message }) => message)).toEqual([
      "backup may run 23h 1m, longer than its shortest gap of 23h, and then skips a run",
    ]);
  });

  it.each(["allow", "replace"] as const)("refuses the policy %s, however short the runs", (overlap) => {
    expect(check({ overlap, run: term("run", "1s") })).toEqual([
      { assets: ["s/data"], source: policy, message: `backup must forbid overlapping runs, its policy is ${overlap}` },
    ]);
  });

  it("cannot prove a policy that is unknown", () => {
    expect(check({ overlap: { unknown: "not yet known" } })).toEqual([
      { assets: ["s/data"], source: policy, message: "backup: not yet known", cannotProve: true },
    ]);
  });

  it("leaves a missing deadline to runs-are-bounded and an unknown schedule to schedules-run", () => {
    expect(check({ run: term("run", { unbounded: "it has no deadline" }) })).toEqual([]);
    expect(check({ schedule: { unknown: "not yet known" } })).toEqual([]);
  });

  it("leaves storage alone", () => {
    expect(runsDoNotOverlap.check(evidence(plan({ protections: [redundancy()] })))).toEqual([]);
  });
});
