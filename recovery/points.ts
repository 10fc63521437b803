import { type Bound, isBounded, isUnknown, type Maybe, sum } from "./bound";
import { type Seconds, seconds } from "./duration";
import type { RestorePoints, Series, Term } from "./plan";
import { type Gaps, worstGaps } from "./schedule";

/** The series that decides how fresh the newest point is: the incrementals, else the fulls. */
export function freshest(points: RestorePoints): Series | undefined {
  const running = points.series.filter((series) => series.suspended !== true);
  return running.find((series) => series.role === "incremental") ?? running.find((series) => series.role === "full");
}

/** The series that starts chains. */
export function base(points: RestorePoints): Series | undefined {
  return points.series.find((series) => series.role === "full");
}

/** Gaps of a series over the ten years after `asOf`, or why there are none. */
export function gapsOf(series: Series, asOf: number): Maybe<Gaps> {
  if (isUnknown(series.schedule)) return series.schedule;
  const gaps = worstGaps(series.schedule, asOf);
  return "problem" in gaps ? { unknown: gaps.problem } : gaps;
}

/** Longest span in seconds over `missed` + 1 gaps, with what the overlap policy makes of runs longer than a gap. */
export function spanOf(series: Series, missed: 0 | 1, asOf: number): Bound {
  if (isUnknown(series.suspended)) return series.suspended;
  const gaps = gapsOf(series, asOf);
  if (isUnknown(gaps)) return gaps;
  const span = gaps.maxGapSeconds[missed];
  if (span === undefined || gaps.runs < 2) return { unbounded: "the schedule never runs twice" };
  const run = series.run.value;
  if (!isBounded(run) || run <= gaps.minGapSeconds) return seconds(span);
  if (isUnknown(series.overlap)) return series.overlap;
  switch (series.overlap) {
    case "allow":
      return seconds(span);
    case "replace":
      return { unbounded: "a run longer than the gap is replaced before it ends" };
    case "forbid": {
      // The controller starts a skipped run as soon as the earlier one ends, if that is still inside the starting deadline.
      const late = run - gaps.minGapSeconds;
      const catchesUp = !isBounded(series.startSlack.value) || series.startSlack.value >= late;
      const gap = span / (missed + 1);
      const each = catchesUp ? Math.max(gap, run) : Math.ceil(run / gap) * gap;
      return seconds(Math.ceil(Math.max(span, each * (missed + 1))));
    }
  }
}

/** Terms of the oldest state a series may have to fall back on: gaps, start slack, run and transfer. */
export function ageTerms(points: RestorePoints, series: Series, missed: 0 | 1, asOf: number): Term[] {
  return [
    {
      name: missed === 0 ? "longest gap between runs" : "longest gap with one failed run",
      value: spanOf(series, missed, asOf),
      grade: "guaranteed",
      source: { ...series.source, property: "spec.schedule" },
    },
    series.startSlack,
    series.run,
    points.transfer,
  ];
}

/** How far back, in seconds, every moment can be restored when points are kept for `kept`: chains need their base, one full may fail. */
export function reachBack(points: RestorePoints, kept: Bound, asOf: number): Bound {
  const full = base(points);
  if (full === undefined) return seconds(0);
  if (full.suspended === true) return seconds(0);
  if (!isBounded(kept)) return kept;
  const lost = sum([spanOf(full, 1, asOf), full.startSlack.value, full.run.value]);
  if (!isBounded(lost)) return "unbounded" in lost ? seconds(0) : lost;
  return seconds(Math.max(0, kept - lost));
}

/** Most incrementals a chain can have before its next base is usable, one failed full included. */
export function longestChain(points: RestorePoints, asOf: number): Bound {
  const full = base(points);
  const increments = points.series.find((series) => series.role === "incremental" && series.suspended !== true);
  if (increments === undefined) return seconds(0);
  if (full === undefined || full.suspended === true) return { unbounded: "no full backup ever starts a new chain" };
  const gaps = gapsOf(increments, asOf);
  if (isUnknown(gaps)) return gaps;
  const life = sum([spanOf(full, 1, asOf), full.startSlack.value, full.run.value]);
  return isBounded(life) ? (Math.ceil(life / gaps.minGapSeconds) as Seconds) : life;
}

/** Seconds that restoring the longest chain takes by the rates of the register; undefined when no rate is declared. */
export function restoreTime(points: RestorePoints, asOf: number): Bound | undefined {
  const rate = points.restoreRate;
  if (rate === undefined) return undefined;
  const links = longestChain(points, asOf);
  if (!isBounded(links)) return links;
  if (!isBounded(rate.perLink.value)) return rate.perLink.value;
  return seconds(Math.ceil(rate.baseBytes / rate.bytesPerSecond) + links * rate.perLink.value);
}
