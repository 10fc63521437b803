import { type Bound, isBounded, isUnknown, type Maybe } from "../bound";
import { seconds } from "../duration";
import type { Series } from "../plan";
import { type Gaps, hasClockTimes, openEnd, runs, worstGaps } from "../schedule";
import { BySchedule } from "../schedule/bySchedule";
import { isRare, yearsOfRare } from "../schedule/worstGaps";
import { spanOfReplaced } from "./replaced";

/** Years that schedules are looked at, enough for every day of the year to meet every clock change. */
const years = 10;

/** Most runs in ten years that are walked run by run. */
export const mostWalked = 100_000;

/**
 * What ten years of a calendar show: its gaps, or why there are none; why one of them may have no end; and whether it is
 * known at which instants its runs are.
 */
interface Decade {
  gaps: Maybe<Gaps>;
  open: string | undefined;
  isDated: boolean;
}

const knownDecades = new BySchedule<Decade>();

/** Looked at once for each schedule and day. */
function decadeOf({ schedule }: Series, asOf: number): Decade {
  if (isUnknown(schedule)) return { gaps: schedule, open: undefined, isDated: false };
  return knownDecades.get(midnightOf(asOf), schedule, () => {
    const gaps = worstGaps(schedule, asOf);
    return {
      gaps: "problem" in gaps ? { unknown: gaps.problem } : gaps,
      open: openEnd(schedule, asOf),
      isDated: hasClockTimes(schedule),
    };
  });
}

/** Gaps of a series over the ten years after `asOf`, or why there are none. */
export function gapsOf(series: Series, asOf: number): Maybe<Gaps> {
  return decadeOf(series, asOf).gaps;
}

/** Whether it is known at which instants a series runs. */
export function isDated(series: Series, asOf: number): boolean {
  return decadeOf(series, asOf).isDated;
}

/** Longest spans in seconds over one gap and over two, with what the overlap policy makes of runs longer than a gap. */
export function spansOf(series: Series, asOf: number): [healthy: Bound, failed: Bound] {
  const decade = decadeOf(series, asOf);
  return [spanIn(decade, series, 0, asOf), spanIn(decade, series, 1, asOf)];
}

/** The one over `missed` + 1 gaps. */
export function spanOf(series: Series, missed: 0 | 1, asOf: number): Bound {
  return spansOf(series, asOf)[missed];
}

function spanIn({ gaps, open }: Decade, series: Series, missed: 0 | 1, asOf: number): Bound {
  if (isUnknown(series.suspended)) return series.suspended;
  if (isUnknown(gaps)) return gaps;
  if (open !== undefined) return { unbounded: open };
  const span = gaps.maxGapSeconds[missed];
  if (span === undefined || gaps.runs < 2) return { unbounded: "the schedule never runs twice" };
  const run = series.run.value;
  if (!isBounded(run) || !meetsNext(series, gaps)) return seconds(span);
  if (isUnknown(series.overlap)) return series.overlap;
  switch (series.overlap) {
    case "allow":
      return seconds(span);
    case "replace": {
      const span = replacedSpan(series, missed, gaps, asOf);
      return span === undefined
        ? { unbounded: "a run that is late or long enough to meet the next is replaced before it ends" }
        : seconds(span);
    }
    case "forbid":
      return seconds(blockedSpan(series, busyOf(run, series), missed, gaps, asOf));
  }
}

/** Whether a run may still be under way when the next is due, and its overlap policy decides what becomes of the two. */
function meetsNext({ schedule, overlap, startSlack, run }: Series, { minGapSeconds }: Gaps): boolean {
  if (overlap === "allow" || !isBounded(run.value)) return false;
  if (run.value > minGapSeconds) return true;
  // A CronJob that forbids overlap catches up: one that waits for a run no longer than the gap is no later than that was.
  if (overlap === "forbid" && !isUnknown(schedule) && schedule.scheduler === "kubernetes") return false;
  return isBounded(startSlack.value) && startSlack.value + run.value > minGapSeconds;
}

const knownReplaced = new BySchedule<Map<string, number | undefined>>();

/** The same over runs that end before they are replaced; undefined where those cannot be told. */
function replacedSpan(
  { schedule, startSlack, run }: Series,
  missed: 0 | 1,
  gaps: Gaps,
  asOf: number,
): number | undefined {
  if (isUnknown(schedule) || gaps.runs > mostWalked || !hasClockTimes(schedule)) return undefined;
  if (!isBounded(startSlack.value) || !isBounded(run.value)) return undefined;
  const from = midnightOf(asOf);
  const answers = knownReplaced.get(from, schedule, () => new Map());
  const key = `${startSlack.value} ${run.value} ${missed}`;
  if (!answers.has(key)) {
    answers.set(key, spanOfReplaced(dueOf({ schedule }, from), startSlack.value, run.value, missed));
  }
  return answers.get(key);
}

const knownStarts = new Map<string, readonly number[]>();

/** Longest span in seconds over `missed` + 1 starts, each at the first tick at which the run before it has ended. */
function blockedSpan(series: Series, busy: number, missed: 0 | 1, gaps: Gaps, asOf: number): number {
  const [longest = 0] = gaps.maxGapSeconds;
  if (gaps.runs > mostWalked) return (missed + 1) * (busy + longest);
  const starts = startsOver(series, busy, missed, asOf);
  return (starts.at(-1) ?? 0) - (starts[0] ?? 0);
}

/**
 * The starts of the longest span over two gaps, in seconds since 1970, where a run is still under way when the next is
 * due and keeps it from starting; undefined where that does not happen, or no calendar tells when.
 */
export function blockedStarts(series: Series, asOf: number): readonly number[] | undefined {
  const { gaps, open, isDated } = decadeOf(series, asOf);
  if (isUnknown(gaps) || gaps.runs > mostWalked || open !== undefined || !isDated) return undefined;
  if (series.overlap !== "forbid" || !isBounded(series.run.value) || !meetsNext(series, gaps)) return undefined;
  const starts = startsOver(series, busyOf(series.run.value, series), 1, asOf);
  return starts.length === 0 ? undefined : starts;
}

/** A run blocks every start until it ends; a tick in between is dropped, since its lateness may exceed the deadline. */
function busyOf(run: number, { startSlack }: Series): number {
  return run + (isBounded(startSlack.value) ? startSlack.value : 0);
}

function startsOver(series: Series, busy: number, missed: 0 | 1, asOf: number): readonly number[] {
  const from = midnightOf(asOf);
  const key = JSON.stringify([from, series.schedule, busy, missed]);
  const answer = knownStarts.get(key) ?? longestStarts(dueOf(series, from), busy, missed);
  knownStarts.set(key, answer);
  return answer;
}

/** The starts of the longest span, the first of them where several are as long. */
function longestStarts(ticks: readonly number[], busy: number, missed: 0 | 1): number[] {
  const following: number[] = [];
  let free = 0;
  for (const tick of ticks) {
    while (free < ticks.length && (ticks[free] ?? 0) < tick + busy) free++;
    following.push(free);
  }
  let [span, longest] = [0, [] as number[]];
  for (const [place, tick] of ticks.entries()) {
    const next = following[place] ?? ticks.length;
    const last = ticks[missed === 0 ? next : (following[next] ?? ticks.length)];
    const second = ticks[next];
    if (last === undefined || second === undefined || last - tick <= span) continue;
    span = last - tick;
    longest = missed === 0 ? [tick, last] : [tick, second, last];
  }
  return longest;
}

const knownDue = new Map<string, readonly number[]>();

/** Most calendars whose runs are kept in memory. */
const mostKept = 64;

/** The instants at which a series is due in the ten years after `from`, in seconds since 1970; none where that is not known. */
export function dueOf({ schedule }: Pick<Series, "schedule">, from: number): readonly number[] {
  if (isUnknown(schedule)) return [];
  const key = JSON.stringify([from, schedule]);
  const known = knownDue.get(key);
  if (known) return known;
  const within = (count: number): readonly number[] => {
    const answer = runs(schedule, from, from + count * 365.25 * 86_400);
    return Array.isArray(answer) ? answer : [];
  };
  const inTen = within(years);
  const due = isRare(inTen.length) ? within(yearsOfRare) : inTen;
  if (knownDue.size >= mostKept) knownDue.clear();
  knownDue.set(key, due);
  return due;
}

/** The instants at which any of several series is due, ascending. */
export function dueOfAll(series: readonly Series[], from: number): readonly number[] {
  const [first, ...others] = series;
  if (first === undefined) return [];
  if (others.length === 0) return dueOf(first, from);
  return [...new Set(series.flatMap((one) => dueOf(one, from)))].sort((a, b) => a - b);
}

/**
 * Whether it is known at which instants the runs of a series are due, every one starts then or late whatever the one
 * before it does, and they are few enough to go through.
 */
export function isWalkable(series: Series, asOf: number): boolean {
  const { gaps, open, isDated } = decadeOf(series, asOf);
  if (isUnknown(gaps) || gaps.runs < 2 || gaps.runs > mostWalked || open !== undefined || !isDated) return false;
  return isBounded(series.run.value) && !meetsNext(series, gaps);
}

/** The UTC midnight that starts a day. */
export function midnightOf(asOf: number): number {
  return Math.floor(asOf / 86_400) * 86_400;
}
