import { type Bound, compare, isBounded, isUnknown, type Maybe, sum } from "../bound";
import { type Seconds, seconds } from "../duration";
import type { RestorePoints, Series, Source, Term } from "../plan";
import { type Gaps, next, runs, worstGaps } from "../schedule";

/** Years that schedules are looked at, enough for every day of the year to meet every clock change. */
const years = 10;

/** What takes a stream of restore points: one series, or all of them together. */
export interface Cadence {
  name: string;
  /** Longest span in seconds over one gap and over two. */
  span: [Bound, Bound];
  /** The run, in seconds since 1970, at which the longest span over two gaps starts, and the run after it. */
  worst?: { first: number; second: number };
  startSlack: Term;
  run: Term;
  source: Source;
}

/** Most runs in ten years that are merged run by run. */
const mostMerged = 100_000;

/**
 * What bounds the age of the newest point best: any series alone does, since more points never hurt, and so do all of
 * them together with the longest slack and run among them.
 */
export function freshest(points: RestorePoints, asOf: number): Cadence | undefined {
  const running = points.series.filter((series) => series.suspended !== true);
  // Increments without a full that starts chains restore nothing, once the last base has expired.
  if (!running.some((series) => series.role === "full")) return undefined;
  const all = [...running.map((series) => cadenceOf(series, asOf)), ...merged(running, asOf)];
  const age = (cadence: Cadence) => sum([cadence.span[1], cadence.startSlack.value, cadence.run.value]);
  return all.sort((a, b) => compare(age(a), age(b)))[0];
}

function cadenceOf(series: Series, asOf: number): Cadence {
  const gaps = gapsOf(series, asOf);
  const first = isUnknown(gaps) ? undefined : gaps.maxGapAfter[1];
  const second = first === undefined || isUnknown(series.schedule) ? undefined : next(series.schedule, first);
  return {
    name: series.name,
    span: [spanOf(series, 0, asOf), spanOf(series, 1, asOf)],
    ...(first !== undefined && typeof second === "number" ? { worst: { first, second } } : {}),
    startSlack: series.startSlack,
    run: series.run,
    source: { ...series.source, property: "spec.schedule" },
  };
}

/** Fulls and incrementals as one stream: with a full on Sunday and incrementals on the other days it is a daily one. */
function merged(series: readonly Series[], asOf: number): Cadence[] {
  const [first, ...others] = series;
  const known = series.map((one) => ({ one, gaps: gapsOf(one, asOf) }));
  if (first === undefined || others.length === 0 || known.some(({ gaps }) => isUnknown(gaps))) return [];
  const mergeable = known.every(
    ({ one, gaps }) =>
      !isUnknown(gaps) &&
      gaps.runs <= mostMerged &&
      // What the overlap policy makes of runs longer than a gap is reckoned for each series alone.
      isBounded(one.run.value) &&
      one.run.value <= gaps.minGapSeconds,
  );
  if (!mergeable) return [];
  const { spans, worst } = spansOfAll(series, asOf);
  return [
    {
      name: series.map(({ name }) => name).join(" and "),
      span: spans,
      ...(worst ? { worst } : {}),
      startSlack: longer(series.map(({ startSlack }) => startSlack)) ?? first.startSlack,
      run: longer(series.map(({ run }) => run)) ?? first.run,
      source: { ...first.source, property: "spec.schedule" },
    },
  ];
}

/** Longest spans over one gap and two of several schedules together, and where the longest over two starts. */
interface Spans {
  spans: [Seconds, Seconds];
  worst?: { first: number; second: number };
}

const knownSpans = new Map<string, Spans>();

/** Computed once for each set of schedules and day: a search for a fix asks thousands of times. */
function spansOfAll(series: readonly Series[], asOf: number): Spans {
  const from = Math.floor(asOf / 86_400) * 86_400;
  const key = JSON.stringify([from, series.map(({ schedule }) => schedule)]);
  const answer = knownSpans.get(key) ?? measured(series, from);
  knownSpans.set(key, answer);
  return answer;
}

function measured(series: readonly Series[], from: number): Spans {
  const starts = [...new Set(series.flatMap((one) => runsFrom(one, from)))].sort((a, b) => a - b);
  const longest = (gaps: number): { span: Seconds; at: number } => {
    let [span, at] = [0, 0];
    for (let i = 0; i + gaps < starts.length; i++) {
      const width = (starts[i + gaps] ?? 0) - (starts[i] ?? 0);
      if (width > span) [span, at] = [width, i];
    }
    return { span: seconds(span), at };
  };
  const failed = longest(2);
  const [first, second] = [starts[failed.at], starts[failed.at + 1]];
  const spans: Spans["spans"] = [longest(1).span, failed.span];
  return first !== undefined && second !== undefined ? { spans, worst: { first, second } } : { spans };
}

function longer(terms: readonly Term[]): Term | undefined {
  return [...terms].sort((a, b) => compare(b.value, a.value))[0];
}

function runsFrom({ schedule }: Series, from: number): number[] {
  if (isUnknown(schedule)) return [];
  const answer = runs(schedule, from, from + years * 365.25 * 86_400);
  return Array.isArray(answer) ? answer : [];
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
      // A run blocks every start until it ends; a tick in between is dropped, since its lateness may exceed the deadline.
      const busy = run + (isBounded(series.startSlack.value) ? series.startSlack.value : 0);
      return seconds(blockedSpan(series, busy, missed, gaps, asOf));
    }
  }
}

const knownWaits = new Map<string, number>();

/** Longest span in seconds over `missed` + 1 starts, each at the first tick at which the run before it has ended. */
function blockedSpan(series: Series, busy: number, missed: 0 | 1, gaps: Gaps, asOf: number): number {
  const [longest = 0] = gaps.maxGapSeconds;
  if (gaps.runs > mostMerged) return (missed + 1) * (busy + longest);
  const from = Math.floor(asOf / 86_400) * 86_400;
  const key = JSON.stringify([from, series.schedule, busy, missed]);
  const answer = knownWaits.get(key) ?? spanOfStarts(runsFrom(series, from), busy, missed);
  knownWaits.set(key, answer);
  return answer;
}

function spanOfStarts(ticks: readonly number[], busy: number, missed: 0 | 1): number {
  const following: number[] = [];
  let free = 0;
  for (const tick of ticks) {
    while (free < ticks.length && (ticks[free] ?? 0) < tick + busy) free++;
    following.push(free);
  }
  let span = 0;
  for (const [place, tick] of ticks.entries()) {
    const second = following[place] ?? ticks.length;
    const last = ticks[missed === 0 ? second : (following[second] ?? ticks.length)];
    if (last !== undefined) span = Math.max(span, last - tick);
  }
  return span;
}

/** Terms of the oldest state that may have to do: gaps, start slack, run and transfer. */
export function ageTerms(points: RestorePoints, cadence: Cadence, missed: 0 | 1): Term[] {
  return [
    {
      name: missed === 0 ? "longest gap between runs" : "longest gap with one failed run",
      value: cadence.span[missed],
      grade: "guaranteed",
      source: cadence.source,
    },
    cadence.startSlack,
    cadence.run,
    points.transfer,
  ];
}

/** From the start of a full until the next one is usable, though one in between failed: how old a chain's base can be. */
function cycle(points: RestorePoints, full: Series, asOf: number): Bound {
  return sum([spanOf(full, 1, asOf), full.startSlack.value, full.run.value, points.transfer.value]);
}

/** How much older than its point, in seconds, the base of a chain can be; 0 where every point is a full. */
export function baseAge(points: RestorePoints, asOf: number): Bound {
  const full = base(points);
  const chained = points.series.some((series) => series.role === "incremental" && series.suspended !== true);
  if (!chained) return seconds(0);
  if (full === undefined || full.suspended === true) return { unbounded: "no full backup ever starts a new chain" };
  return cycle(points, full, asOf);
}

/** How far back, in seconds, every moment can be restored when points are kept for `kept`: chains need their base, one full may fail. */
export function reachBack(points: RestorePoints, kept: Bound, asOf: number): Bound {
  const full = base(points);
  if (full === undefined || full.suspended === true) return seconds(0);
  if (!isBounded(kept)) return kept;
  const lost = cycle(points, full, asOf);
  if (!isBounded(lost)) return "unbounded" in lost ? seconds(0) : lost;
  return seconds(Math.max(0, kept - lost));
}

/** Most incrementals a chain can have before its next base is usable, one failed full included. */
export function longestChain(points: RestorePoints, asOf: number): Bound {
  const life = baseAge(points, asOf);
  if (!isBounded(life)) return life;
  const increments = points.series.filter((series) => series.role === "incremental" && series.suspended !== true);
  return sum(
    increments.map((series): Bound => {
      const gaps = gapsOf(series, asOf);
      if (isUnknown(gaps)) return gaps;
      if (gaps.runs < 2) return { unbounded: "its schedule never runs twice" };
      // One that was due before the base ended may start after it.
      const late = series.startSlack.value;
      return isBounded(late) ? seconds(Math.ceil((life + late) / gaps.minGapSeconds)) : late;
    }),
  );
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
