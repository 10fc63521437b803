import { describe, expect, it } from "vitest";
import { rpoIsMet } from "../../../policies/rules/rpo-is-met";
import { fixOf, type Plan } from "../../../recovery";
import { asOf, asset, copy, evidence, path, plan, points, redundancy, series, step, term } from "../../recovery/build";

const check = (edit: Partial<Plan>) => rpoIsMet.check(evidence(plan(edit)));
const promising = (rpo: string, edit: Partial<Plan> = {}) =>
  check({ assets: [asset({ region: [rpo, "2h"] })], ...edit });

describe("rpo-is-met", () => {
  it.each([
    ["48h40m", 0],
    ["48h39m", 1],
    ["under 48h40m", 1],
    ["under 48h41m", 0],
  ])("holds 48h 40m of loss against %s: %i findings", (rpo, findings) => {
    expect(promising(rpo)).toHaveLength(findings);
  });

  it("names promise, loss, the schedule that decides, and a calendar on which it happens", () => {
    expect(promising("24h")).toMatchObject([
      {
        assets: ["s/data"],
        disruption: "region",
        source: { resource: "urn:backup", name: "backup", property: "spec.schedule" },
        message: "RPO is 24h, the plan can lose 48h 40m (24h 40m with every run succeeding)",
        binding: "longest gap with one failed run of backup (spec.schedule): 48h; at most 23h 20m would do",
        counterexample: { conclusion: "lost 48h 40m, 24h 40m with every run succeeding; RPO is 24h" },
      },
    ]);
    expect(promising("24h")[0]).not.toHaveProperty("cannotProve");
  });

  it("hands on the fix that the model found, and says what to do where it found none", () => {
    const seen = evidence(plan({ assets: [asset({ region: ["24h", "2h"] })] }));
    const assessments = seen.assessments.map((one) => ({ ...one, fix: fixOf(seen.plan, one, asOf) ?? fail() }));
    expect(rpoIsMet.check({ ...seen, assessments })[0]?.fix).toMatchObject({
      change: 'spec.schedule of backup: "0 */8 * * *" (Etc/UTC)',
      result: "RPO 16h 40m (24h), RTO 1h (2h)",
    });
    expect(promising("0s")[0]?.fix).toEqual({
      change:
        "protect it by something that loses less: redundancy that survives it, or more places and schedules than these",
      source: { resource: "urn:backup", name: "backup", property: "spec.schedule" },
      result:
        "no three changes of schedules, deadlines, detection, places, locks and retention that were tried keep the promise",
    });
  });

  it("tells one cause once, with everything else it breaks", () => {
    const found = check({ assets: [asset({ zone: ["1h", "2h"], region: ["24h", "2h"] })] });
    expect(found.map(({ disruption, also }) => [disruption, also])).toEqual([
      ["zone", ["s/data · region: RPO is 24h, the plan can lose 48h 40m (24h 40m with every run succeeding)"]],
    ]);
  });

  it("refuses an asset that nothing brings back, and keeps two such assets apart", () => {
    const assets = ["s/one", "s/two"].map((id) => asset({ region: ["24h", "2h"] }, { id }));
    expect(check({ assets, protections: [], paths: [] })).toMatchObject(
      assets.map(({ id }) => ({
        assets: [id],
        disruption: "region",
        source: { resource: `objective:${id}`, name: id },
        message: "RPO is 24h and RTO 2h, but nothing declared brings it back (no recovery path and no protection)",
        fix: { change: "declare a protection that survives it, and a recovery path that uses it" },
      })),
    );
  });

  it("refuses clean restore points that are deleted before anybody notices the damage", () => {
    const short = points({ copies: [copy({ keptFor: term("kept", "3d") })] });
    const slow = path({ detect: [term("notice", "8d")], steps: [step("restore", "1h", { stopsWrites: true })] });
    const found = check({ assets: [asset({ corruption: ["300h", "300h"] })], protections: [short], paths: [slow] });
    expect(found.map(({ message }) => message)).toEqual([
      "a clean restore point must reach back 10d 1h, but points reach back 3d",
    ]);
  });

  it("says why nothing bounds a loss", () => {
    const endless = points({ series: [series({ run: term("run", { unbounded: "it has no deadline" }) })] });
    expect(promising("24h", { protections: [endless] }).map(({ message }) => message)).toEqual([
      "RPO is 24h, and nothing bounds the loss: it has no deadline",
    ]);
  });

  it("cannot prove a loss that rests on an unknown", () => {
    const late = points({ series: [series({ startSlack: term("start slack", { unknown: "not yet known" }) })] });
    expect(promising("24h", { protections: [late] })).toMatchObject([
      { message: "RPO is 24h, and it cannot be proven: not yet known", cannotProve: true },
    ]);
  });

  it("leaves a slow recovery that loses nothing to rto-is-met, and disruptions without a promise alone", () => {
    const slow = path({ protection: "storage", steps: [step("restart", "3h")] });
    const safe = redundancy({ survives: "region" });
    expect(promising("0s", { protections: [safe], paths: [slow] })).toEqual([]);
    expect(check({ assets: [asset({})] })).toEqual([]);
  });
});

function fail(): never {
  throw new Error("no fix was found");
}
