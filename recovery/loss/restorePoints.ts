import { type Bound, compare, isBounded, isUnknown, sum } from "../bound";
import { type Seconds, seconds } from "../duration";
import type { RestorePoints, Series, Source, Term } from "../plan";
import { dueOfAll, gapsOf, midnightOf, mostWalked, spanOf } from "./series";

/** What takes a stream of restore points: one series, or all of them together. */
export interface Cadence {
  name: string;
  /** Longest span in seconds over one gap and over two. */
  span: [Bound, Bound];
  /** The run, in seconds since 1970, at which the longest span over two gaps starts. */
  worst?: number;
  startSlack: Term;
  run: Term;
  /** The series it is made of. */
  sources: readonly Series[];
  source: Source;
}

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
  return {
    name: series.name,
    span: [spanOf(series, 0, asOf), spanOf(series, 1, asOf)],
    ...(first === undefined ? {} : { worst: first }),
    startSlack: series.startSlack,
    run: series.run,
    sources: [series],
    source: scheduleSource(series),
  };
}

/** Where a schedule is written: `spec.schedule` of a CronJob, `schedule` below the place of a plan file. */
export function scheduleSource({ source }: Series): Source {
  if (isResource(source)) return { ...source, property: source.property ?? "spec.schedule" };
  return { ...source, property: source.property === undefined ? "schedule" : `${source.property}.schedule` };
}

/** Whether a number was read from a resource of a program, and not from a file. */
export function isResource({ resource }: Source): boolean {
  return resource.startsWith("urn:");
}

/** Fulls and incrementals as one stream: with a full on Sunday and incrementals on the other days it is a daily one. */
function merged(series: readonly Series[], asOf: number): Cadence[] {
  const [first, ...others] = series;
  const known = series.map((one) => ({ one, gaps: gapsOf(one, asOf) }));
  if (first === undefined || others.length === 0 || known.some(({ gaps }) => isUnknown(gaps))) return [];
  const mergeable = known.every(
    ({ one, gaps }) =>
      !isUnknown(gaps) &&
      gaps.runs <= mostWalked &&
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
      ...(worst === undefined ? {} : { worst }),
      startSlack: longer(series.map(({ startSlack }) => startSlack)) ?? first.startSlack,
      run: longer(series.map(({ run }) => run)) ?? first.run,
      sources: series,
      source: scheduleSource(first),
    },
  ];
}

/** Longest spans over one gap and two of several schedules together, and where the longest over two starts. */
interface Spans {
  spans: [Seconds, Seconds];
  worst?: number;
}

const knownSpans = new Map<string, Spans>();

/** Computed once for each set of schedules and day: a search for a fix asks thousands of times. */
function spansOfAll(series: readonly Series[], asOf: number): Spans {
  const from = midnightOf(asOf);
  const key = JSON.stringify([from, series.map(({ schedule }) => schedule)]);
  const answer = knownSpans.get(key) ?? measured(series, from);
  knownSpans.set(key, answer);
  return answer;
}

function measured(series: readonly Series[], from: number): Spans {
  const starts = dueOfAll(series, from);
  const longest = (gaps: number): { span: Seconds; at: number } => {
    let [span, at] = [0, 0];
    for (let i = 0; i + gaps < starts.length; i++) {
      const width = (starts[i + gaps] ?? 0) - (starts[i] ?? 0);
      if (width > span) [span, at] = [width, i];
    }
    return { span: seconds(span), at };
  };
  const failed = longest(2);
  const worst = starts[failed.at];
  const spans: Spans["spans"] = [longest(1).span, failed.span];
  return worst === undefined ? { spans } : { spans, worst };
}

function longer(terms: readonly Term[]): Term | undefined {
  return [...terms].sort((a, b) => compare(b.value, a.value))[0];
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
