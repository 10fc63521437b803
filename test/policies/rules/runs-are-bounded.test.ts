import { describe, expect, it } from "vitest";
import { runsAreBounded } from "../../../policies/rules/runs-are-bounded";
import { evidence, path, plan, points, redundancy, series, step, term } from "../../recovery/build";

const check = (edit: Parameters<typeof series>[0]) =>
  runsAreBounded.check(evidence(plan({ protections: [points({ series: [series(edit)] })] })));

describe("runs-are-bounded", () => {
  it.each(["0s", "30m", "40d"])("accepts a run of at most %s: how long is for the objectives to judge", (run) => {
    expect(check({ run: term("run", run), startSlack: term("start slack", run) })).toEqual([]);
  });

  it("refuses a run without a deadline", () => {
    expect(check({ run: term("run", { unbounded: "activeDeadlineSeconds is not set" }) })).toEqual([
      {
        assets: ["s/data"],
        source: { resource: "urn:run", name: "run", property: "spec.run" },
        message: "backup: run is unbounded: activeDeadlineSeconds is not set",
      },
    ]);
  });

  it("refuses a missing starting deadline, and names both where both are missing", () => {
    const startSlack = term("start slack", { unbounded: "startingDeadlineSeconds is not set" });
    const run = term("run", { unbounded: "activeDeadlineSeconds is not set" });
    expect(check({ startSlack, run }).map(({ message }) => message)).toEqual([
      "backup: start slack is unbounded: startingDeadlineSeconds is not set",
      "backup: run is unbounded: activeDeadlineSeconds is not set",
    ]);
  });

  it("cannot prove a bound that is unknown", () => {
    expect(check({ run: term("run", { unknown: "not yet known" }) })).toMatchObject([
      { message: "backup: run is unknown: not yet known", cannotProve: true },
    ]);
  });

  it("leaves storage alone, and the steps of a recovery to rto-is-met", () => {
    const endless = path({ protection: "storage", steps: [step("restart", { unbounded: "it has no deadline" })] });
    expect(runsAreBounded.check(evidence(plan({ protections: [redundancy()], paths: [endless] })))).toEqual([]);
  });
});
