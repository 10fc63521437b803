import { describe, expect, it } from "vitest";
import { isProblem, type Scheduler, schedulers, suggestions, worstGaps } from "../../../recovery/schedule";
import { asOf } from "../build";

/** Longest gaps in seconds of what a scheduler is suggested, in the order of the suggestions. */
function gapsOf(scheduler: Scheduler): number[] {
  return suggestions(scheduler).map((schedule) => {
    const gaps = worstGaps(schedule, asOf);
    if (isProblem(gaps)) throw new Error(gaps.problem);
    return gaps.maxGapSeconds[0] ?? 0;
  });
}

const hours = [24, 12, 8, 6, 4, 3, 2, 1].map((count) => count * 3_600);
const minutes = [30, 20, 15, 10, 5, 3, 2, 1].map((count) => count * 60);

describe("suggested schedules", () => {
  it.each(["kubernetes", "debian", "quartz", "azure"] as const)(
    "of %s go from one a day to one a minute",
    (scheduler) => {
      expect(gapsOf(scheduler)).toEqual([...hours, ...minutes]);
    },
  );

  it.each(["aws", "dlm"] as const)(
    "of %s are no closer than an hour, the least that AWS Backup and DLM take",
    (scheduler) => {
      expect(gapsOf(scheduler)).toEqual(hours);
    },
  );

  it("exist for every scheduler", () => {
    expect(schedulers.filter((scheduler) => suggestions(scheduler).length === 0)).toEqual([]);
  });
});
