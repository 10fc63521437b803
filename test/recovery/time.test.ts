import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  assess,
  criticalPath,
  fixOf,
  formatBound,
  longestChain,
  reachBack,
  recoveryTerms,
  restoreTime,
  sum,
} from "../../recovery";
import { asOf, asset, path, plan, points, series, step, term } from "./build";

describe("the critical path", () => {
  it("is the longest chain of steps, not their sum", () => {
    const steps = [step("a", "10m"), step("b", "20m"), step("c", "5m", { after: ["a", "b"] })];
    const answer = criticalPath(steps);
    expect([answer.steps.map((one) => one.name), formatBound(answer.total)]).toEqual([["b", "c"], "25m"]);
  });

  it("is unbounded when steps wait for each other", () => {
    const steps = [step("a", "1m", { after: ["b"] }), step("b", "1m", { after: ["a"] })];
    expect(formatBound(criticalPath(steps).total)).toBe("unbounded");
  });

  it("never gets shorter when a step gets longer", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3_600), { minLength: 3, maxLength: 3 }), fc.nat(600), (lengths, more) => {
        const chain = (extra: number) =>
          lengths.map((length, i) =>
            step(`s${i}`, `${length + (i === 1 ? extra : 0)}s`, { after: i === 2 ? ["s0", "s1"] : [] }),
          );
        expect(Number(criticalPath(chain(more)).total)).toBeGreaterThanOrEqual(Number(criticalPath(chain(0)).total));
      }),
    );
  });
});

describe("the time of a recovery", () => {
  it("adds noticing, deciding, the steps and the way back for clients", () => {
    const one = path({
      detect: [term("probe", "90s")],
      decide: [term("acknowledge", "5m"), term("decide", "5m")],
      redirect: [term("ttl", "60s")],
    });
    expect(formatBound(sum(recoveryTerms(one).map((each) => each.value)))).toBe("1h 12m 30s");
  });

  it("is missed for a step without a deadline, and says which", () => {
    const steps = [step("restore", { unbounded: "no activeDeadlineSeconds" })];
    const [answer] = assess(plan({ assets: [asset({ region: ["100h", "2h"] })], paths: [path({ steps })] }), asOf);
    expect([answer?.verdict, answer?.counterexamples.rto?.conclusion]).toEqual([
      "missed",
      "restore has no bound: no activeDeadlineSeconds; RTO is 2h",
    ]);
  });
});

describe("chains", () => {
  const at = (expression: string) => ({
    schedule: { scheduler: "kubernetes" as const, expression, timeZone: "Etc/UTC" },
  });
  const weekly = points({
    transfer: term("transfer", "0s"),
    series: [
      series({ ...at("0 2 * * 0"), run: term("run", "4h") }),
      series({ name: "increments", role: "incremental", ...at("0 2 * * 1-6"), run: term("run", "1h") }),
    ],
  });

  it.each([
    ["44d4h", "30d"],
    ["44d3h", "29d 23h"],
    ["30d", "15d 20h"],
    ["7d", "0s"],
  ])("a weekly full kept %s reaches %s back though one full failed", (kept, reach) => {
    expect(formatBound(reachBack(weekly, term("kept", kept).value, asOf))).toBe(reach);
  });

  it("count one increment for each run until the base after next is usable", () => {
    const six = points({
      transfer: term("transfer", "0s"),
      series: [
        series({ ...at("1 */6 * * *"), run: term("run", "15m") }),
        series({ name: "increments", role: "incremental", ...at("*/3 * * * *"), run: term("run", "2m") }),
      ],
    });
    expect(longestChain(six, asOf)).toBe(245);
  });

  it("take their base's bytes and a fixed time for each link to restore", () => {
    const rate = { perLink: term("link", "2s"), bytesPerSecond: 50_000_000, baseBytes: 3_000_000_000 };
    const chain = { ...weekly, restoreRate: rate };
    expect(restoreTime(chain, asOf)).toBe(60 + 2 * Number(longestChain(chain, asOf)));
  });
});

describe("the fix", () => {
  it("is a schedule that the model itself has checked, the sparsest that will do", () => {
    const one = plan({ assets: [asset({ region: ["24h", "2h"] })] });
    const [missed] = assess(one, asOf);
    if (missed === undefined) throw new Error("nothing was assessed");
    expect(fixOf(one, missed, asOf)).toMatchObject({
      change: 'spec.schedule of backup: "0 */8 * * *" (Etc/UTC)',
      result: "RPO 16h 40m (24h), RTO 1h (2h)",
    });
  });

  it("changes the zone first, when that alone will do", () => {
    const berlin = { scheduler: "kubernetes" as const, expression: "0 2 * * *", timeZone: "Europe/Berlin" };
    const one = plan({
      assets: [asset({ region: ["50h", "2h"] })],
      protections: [points({ series: [series({ schedule: berlin })] })],
    });
    const [missed] = assess(one, asOf);
    if (missed === undefined) throw new Error("nothing was assessed");
    expect(fixOf(one, missed, asOf)?.change).toBe('spec.timeZone of backup: "Etc/UTC"');
  });

  it("combines changes where one is not enough", () => {
    const one = plan({
      assets: [asset({ region: ["1h", "2h"] })],
      protections: [points({ series: [series({ run: term("run", { unbounded: "no deadline" }) })] })],
    });
    const [missed] = assess(one, asOf);
    if (missed === undefined) throw new Error("nothing was assessed");
    expect(fixOf(one, missed, asOf)?.change.split("; and ")).toHaveLength(2);
  });
});
