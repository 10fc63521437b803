import { describe, expect, it } from "vitest";
import { dataStoresHaveObjectives } from "../../../policies/rules/data-stores-have-objectives";
import { assess, fixOf, type Limit, parseLimit } from "../../../recovery";
import { against, only, taken } from "../answers";
import { asOf, asset, evidence, path, plan, redundancy, step, store, term } from "../build";

// An RPO that is stricter for the loss of a region than for that of a zone is suspicious: no rule says so yet.
describe("group 8: targets", () => {
  it("of 0 are kept by what loses nothing, and by no schedule however dense", () => {
    const none = (protection: Parameters<typeof against>[1]) => against("zone", protection, {}, ["0s", "8h"]).verdict;
    expect(none(redundancy())).toBe("proven");
    const dense = { schedule: { scheduler: "kubernetes", expression: "* * * * *", timeZone: "Etc/UTC" } } as const;
    expect(none(taken({ ...dense, run: term("run", "0s") }))).toBe("missed");
    expect(parseLimit("under 0s")).toHaveProperty("problem");
  });

  it("that are missing are a finding, and nothing is assessed against them", () => {
    const bare = plan({ assets: [asset({})], stores: [store()] });
    expect(assess(bare, asOf)).toEqual([]);
    expect(
      dataStoresHaveObjectives
        .check(evidence(bare))
        .map(({ message }) => message)
        .join(),
    ).toMatch(/process.*node.*zone.*region.*corruption.*compromise/);
  });

  it.each(["-5m", "0.5h", "1e3s", "PT1H", "90", "under", "5 min", ""])("written as %s are refused", (text) => {
    expect(parseLimit(text)).toHaveProperty("problem");
  });

  it("in different units are the same spans", () => {
    const minutes = (text: string): Limit["seconds"] => {
      const limit = parseLimit(text);
      if ("problem" in limit) throw new Error(limit.problem);
      return limit.seconds;
    };
    expect(new Set(["1h30m", "90m", "5400s", "1h30m0s"].map(minutes))).toEqual(new Set([5_400]));
    expect(minutes("1w")).toBe(minutes("7d"));
  });

  it("that are stricter for a region than for a zone are each judged by what survives that loss", () => {
    const one = plan({
      assets: [asset({ zone: ["30h", "8h"], region: ["1h", "8h"] })],
      protections: [taken()],
    });
    expect(assess(one, asOf).map(({ disruption, verdict }) => [disruption, verdict])).toEqual([
      ["zone", "missed"],
      ["region", "missed"],
    ]);
    const both = {
      ...one,
      protections: [taken(), redundancy()],
      paths: [path(), path({ id: "up", protection: "storage" })],
    };
    expect(assess(both, asOf).map(({ verdict }) => verdict)).toEqual(["proven", "missed"]);
  });

  it("of a recovery shorter than noticing cannot be kept by any step, and noticing is named first", () => {
    const detect = [term("scrape", "3m"), term("alert holds", "2m")];
    const impossible = plan({
      assets: [asset({ region: ["300h", "4m"] })],
      paths: [path({ detect, steps: [step("restore", "1h")] })],
    });
    const answer = only(impossible);
    expect(answer.verdict).toBe("missed");
    expect(answer.bindings.rto).not.toHaveProperty("largest");
    const events = answer.counterexamples.rto?.events.map(({ what }) => what);
    expect(events?.slice(0, 3)).toEqual(["the region is lost", "scrape (3m)", "alert holds (2m)"]);
    expect(answer.bindings.rto?.term.name).toBe("scrape");
  });

  it("of a recovery shorter than noticing are no matter of the steps: no fix of those alone is offered", () => {
    const detect = [
      { ...term("notice", "5m", "assumed"), source: { resource: "register:x", name: "Register entry x" } },
    ];
    const one = plan({ assets: [asset({ region: ["300h", "4m"] })], paths: [path({ detect })] });
    expect(fixOf(one, only(one), asOf)).toBeUndefined();
  });

  it("that equal the bound are kept at most, and broken where they are strict", () => {
    const verdict = (rpo: string, rto: string) => against("region", taken(), {}, [rpo, rto]).verdict;
    expect([verdict("48h30m", "1h"), verdict("under 48h30m", "1h"), verdict("48h30m", "under 1h")]).toEqual([
      "proven",
      "missed",
      "missed",
    ]);
    expect(verdict("under 48h30m1s", "under 3601s")).toBe("proven");
  });
});
