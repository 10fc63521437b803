import { describe, expect, it } from "vitest";
import { disruptions, formatLimit, parseLimit } from "../../../recovery/objective";
import { guideObjectives, retention, TIER } from "../../../systems/omendb/objectives";
import { inherit, tiers } from "../../../systems/tiers";

describe("the objectives of OmenDB", () => {
  it("are the guide's table where it has a row, and the tier's where it has none", () => {
    const { objectives, missing } = inherit(tiers[TIER], guideObjectives);
    expect(missing).toEqual([]);
    expect(disruptions.map((one) => [one, objectives[one].rpo, objectives[one].rto])).toEqual([
      ["process", "0s", "under 2m"],
      ["node", "under 1m", "under 5m"],
      ["zone", "under 5m", "under 15m"],
      ["region", "under 15m", "under 1h"],
      ["corruption", "1h", "2h"],
      ["compromise", "24h", "8h"],
    ]);
    for (const one of disruptions) {
      for (const text of [objectives[one].rpo, objectives[one].rto]) {
        const limit = parseLimit(text);
        expect("problem" in limit ? limit.problem : formatLimit(limit)).toBe(text);
      }
      expect(objectives[one].owner && objectives[one].reason).toBeTruthy();
    }
  });

  it("keep restore points for the guide's 30 days, and not for ever", () => {
    expect(retention).toEqual({ atLeast: "30d", atMost: "60d" });
  });

  it("are named where no layer says them", () => {
    expect(inherit(guideObjectives).missing).toEqual(
      ["corruption", "compromise"].flatMap((one) =>
        ["rpo", "rto", "owner", "reason"].map((field) => `${one}.${field}`),
      ),
    );
  });
});
