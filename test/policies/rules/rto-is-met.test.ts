import { describe, expect, it } from "vitest";
import { rtoIsMet } from "../../../policies/rules/rto-is-met";
import type { Plan } from "../../../recovery";
import { asset, evidence, path, plan, step, term } from "../../recovery/build";

const check = (rpo: string, rto: string, edit: Partial<Plan> = {}) =>
  rtoIsMet.check(evidence(plan({ assets: [asset({ region: [rpo, rto] })], ...edit })));

describe("rto-is-met", () => {
  it.each(["2h", "1h", "under 61m"])("accepts a recovery of 1h where %s is promised", (rto) => {
    expect(check("72h", rto)).toEqual([]);
  });

  it("refuses a recovery of 1h where under 1h is promised: that is strictly less", () => {
    expect(check("72h", "under 1h")).toHaveLength(1);
  });

  it("counts noticing, deciding, steps and redirection, and names the term that decides", () => {
    const slow = path({
      detect: [term("notice", "2m")],
      decide: [term("decide", "10m")],
      redirect: [term("clients", "1m")],
    });
    expect(check("72h", "30m", { paths: [slow] })).toMatchObject([
      {
        assets: ["s/data"],
        disruption: "region",
        source: { resource: "urn:restore", name: "restore", property: "spec.restore" },
        message: "RTO is 30m, the plan can take 1h 13m (restore)",
        binding: "restore of restore (spec.restore): 1h; at most 17m would do",
        counterexample: { conclusion: "back after 1h 13m; RTO is 30m" },
        fix: { change: "recover by a faster path: a standby that takes over, or fewer and shorter steps" },
      },
    ]);
  });

  it("says why a recovery has no bound", () => {
    const endless = path({ steps: [step("restore", { unbounded: "it has no deadline" })] });
    expect(check("72h", "2h", { paths: [endless] })).toMatchObject([
      { message: "RTO is 2h, and nothing bounds the time of restore: it has no deadline" },
    ]);
  });

  it("names its own term when the same recovery loses too much as well", () => {
    expect(check("1h", "30m")).toMatchObject([
      {
        source: { resource: "urn:restore", property: "spec.restore" },
        message: "RTO is 30m, the plan can take 1h (restore)",
        binding: "restore of restore (spec.restore): 1h; at most 30m would do",
      },
    ]);
  });

  it("says why a path that was declared does not hold", () => {
    const here = path({ id: "near", label: "restart", excluded: { region: "its cluster is lost" } });
    expect(check("72h", "30m", { paths: [path(), here] })).toMatchObject([
      { message: "RTO is 30m, the plan can take 1h (restore); restart does not hold: its cluster is lost" },
    ]);
  });

  it("cannot prove a recovery that rests on an unknown", () => {
    const unread = path({ steps: [step("restore", { unknown: "not yet known" })] });
    expect(check("72h", "2h", { paths: [unread] })).toMatchObject([
      { message: "RTO is 2h, and it cannot be proven: not yet known", cannotProve: true },
    ]);
  });

  it("leaves an asset without any way back to rpo-is-met, so that one cause is one finding", () => {
    expect(check("72h", "2h", { protections: [], paths: [] })).toEqual([]);
  });

  it("leaves a loss that is too large alone", () => {
    expect(check("1h", "2h")).toEqual([]);
  });
});
