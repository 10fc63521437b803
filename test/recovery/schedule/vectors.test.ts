import { describe, expect, it } from "vitest";
import { gaps } from "../../../recovery/schedule";
import { answer, at, every, midnight } from "./cases";
import golden from "./cron-vectors.json";

describe(`the schedules of ${golden.library}`, () => {
  it("are 120", () => {
    expect(golden.vectors).toHaveLength(120);
  });

  for (const vector of golden.vectors) {
    it(`runs "${vector.schedule}" in ${vector.timeZone} as the CronJob controller does`, () => {
      const from = midnight(golden.from, vector.timeZone);
      const to = midnight(golden.to, vector.timeZone);
      const found = answer(gaps(every(vector.schedule, vector.timeZone), { from, to, missed: 2 }));
      expect(found.runs).toBe(vector.runs);
      // The vectors write 0 for a span that the window has too few runs for; gaps leaves it out.
      expect(found.maxGapSeconds).toEqual(vector.maxGapSeconds.filter((span) => span > 0));
      expect(found.minGapSeconds).toBe(vector.minGapSeconds);
      expect(found.maxGapAfter[0]).toBe(at(vector.maxGapAfter));
    });
  }
});
