import { duration, type Seconds, seconds, wholeDays } from "../recovery/duration";
import { isProblem, worstGaps } from "../recovery/schedule";

/** Days of a span that the configuration has checked to be whole days. */
export function wholeDaysOf(span: string): number {
  return wholeDays(duration(span));
}

/** 1 January 2026: thresholds must not change with the day on which somebody deploys. */
const REFERENCE = 1_767_225_600;

/** Longest gaps of a schedule in ten years: with every run, and with one missed. */
export function gapsOf({
  schedule,
  timeZone,
}: {
  schedule: string;
  timeZone: string;
}): [all: Seconds, oneMissed: Seconds] {
  const found = worstGaps({ scheduler: "kubernetes", expression: schedule, timeZone }, REFERENCE, 1);
  if (isProblem(found)) throw new RangeError(found.problem);
  const [all = 0, oneMissed = all] = found.maxGapSeconds;
  return [seconds(all), seconds(oneMissed)];
}
