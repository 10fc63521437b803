import { type Bound, compare, isBounded, isUnknown, max, sumOf, type Unknown } from "../bound";
import { seconds } from "../duration";
import type { RestorePoints, Series, Source, Term } from "../plan";
import { type MergedGaps, mergedGaps } from "./merged";
import { blockedStarts, dueOf, gapsOf, isDated, isWalkable, midnightOf, spansOf } from "./series";

/** What takes a stream of restore points: one series, or all of them together. */
export interface Cadence {
  name: string;
  /** Longest span in seconds over one gap and over two. */
  span: [Bound, Bound];
  /** The run, in seconds since 1970, at which the longest span over two gaps starts; left out where no instants are known. */
  worst?: number;
  /** The run that fails then, where runs keep others from starting and it is not the next that is due. */
  fails?: number;
  startSlack: Term;
  run: Term;
  /** The series it is made of. */
  sources: readonly Series[];
  /** For several: the longest span in seconds, with no failed run and with one, that ends with a run of each. */
  gaps?: MergedGaps["gaps"];
  source: Source;
}

/**
 * What bounds the age of the newest point: any series alone does, since more points never hurt, and so do all of them
 * together. The best for the points themselves comes first.
 */
export function cadencesOf(points: RestorePoints, asOf: number): Cadence[] {
  const running = points.series.filter((series) => series.suspended !== true);
  // Increments without a full that starts chains restore nothing, once the last base has expired.
  if (!running.some((series) => series.role === "full")) return [];
  const alone = running.map((series) => cadenceOf(series, asOf));
  if (alone.length === 1) return alone;
  const sure = running.filter(({ suspended }) => suspended === false);
  return [...alone, ...merged(sure, asOf)].sort(
    (a, b) =>
      compare(oldest(points, a, 1), oldest(points, b, 1)) ||
      compare(oldest(points, a, 0), oldest(points, b, 0)) ||
      (a.name < b.name ? -1 : 1),
  );
}

/** What bounds the age of the newest point best. */
export function freshest(points: RestorePoints, asOf: number): Cadence | undefined {
  return cadencesOf(points, asOf)[0];
}

/**
 * The oldest that the newest point is while every run succeeds, in seconds; and why it may be newer, where other points
 * cannot be read. Undefined where nothing takes points.
 */
export function healthyAge(points: RestorePoints, asOf: number): { age: Bound; unread?: Unknown } | undefined {
  const ages = cadencesOf(points, asOf).map((cadence) => sumOf(ageTerms(points, cadence, 0)));
  const [age] = ages;
  if (age === undefined) return undefined;
  const unread = ages.find(isUnknown);
  return unread === undefined ? { age } : { age, unread };
}

/** Age of the newest point at worst when its run has ended: how it leaves the failed domain is the same for all. */
function oldest(points: RestorePoints, cadence: Cadence, missed: 0 | 1): Bound {
  return agesOf(points, cadence, missed)
    .map((terms) => sumOf(terms.slice(0, 3)))
    .reduce(max, seconds(0));
}

function cadenceOf(series: Series, asOf: number): Cadence {
  const gaps = gapsOf(series, asOf);
  const span = spansOf(series, asOf);
  const [start, fails] = blockedStarts(series, asOf) ?? [];
  // A span over runs of which some never end is none of the calendar, nor one over starts that are too many to go through.
  const isTold =
    !isUnknown(gaps) &&
    isDated(series, asOf) &&
    (span[1] === gaps.maxGapSeconds[1] || (series.overlap !== "replace" && !isBounded(span[1])));
  const first = start ?? (isTold ? gaps.maxGapAfter[1] : undefined);
  return {
    name: series.name,
    span,
    ...(first === undefined ? {} : { worst: first }),
    ...(fails === undefined ? {} : { fails }),
    startSlack: series.startSlack,
    run: series.run,
    sources: [series],
    source: scheduleSource(series),
  };
}

/** Where a schedule is written: `spec.schedule` of a CronJob, `schedule` below the place of a plan file. */
export function scheduleSource({ source }: Series): Source {
  const known = knownSources.get(source) ?? { ...source, property: scheduleProperty(source) };
  knownSources.set(source, known);
  return known;
}

/** Each source of a series is asked for its schedule several times, and one object tells it to all. */
const knownSources = new WeakMap<Source, Source>();

function scheduleProperty(source: Source): string {
  const { property } = source;
  if (isResource(source)) return property ?? "spec.schedule";
  return property === undefined ? "schedule" : `${property}.schedule`;
}

/** Whether a number was read from a resource of a program, and not from a file. */
export function isResource({ resource }: Source): boolean {
  return resource.startsWith("urn:");
}

/** Fulls and incrementals as one stream: with a full on Sunday and incrementals on the other days it is a daily one. */
function merged(series: readonly Series[], asOf: number): Cadence[] {
  const [first, ...others] = series;
  if (first === undefined || others.length === 0) return [];
  // What the overlap policy makes of runs longer than a gap is reckoned for each series alone.
  if (!series.every((one) => isWalkable(one, asOf) && isBounded(one.startSlack.value))) return [];
  const { spans, gaps } = gapsOfAll(series, asOf);
  return [
    {
      name: series.map(({ name }) => name).join(" and "),
      span: spans,
      startSlack: longer(series.map(({ startSlack }) => startSlack)) ?? first.startSlack,
      run: longer(series.map(({ run }) => run)) ?? first.run,
      sources: series,
      gaps,
      source: scheduleSource(first),
    },
  ];
}

const knownGaps = new Map<string, MergedGaps>();

/** Computed once for each set of calendars and day: a search for a fix asks thousands of times. */
function gapsOfAll(series: readonly Series[], asOf: number): MergedGaps {
  const from = midnightOf(asOf);
  const spans = series.map(({ startSlack, run }) => [startSlack.value, run.value]);
  const key = JSON.stringify([from, series.map(({ schedule }) => schedule), spans]);
  const known = knownGaps.get(key);
  if (known !== undefined) return known;
  const streams = series.map((one) => {
    const [slack, run] = [one.startSlack.value, one.run.value];
    return { due: dueOf(one, from), usableAfter: (isBounded(slack) ? slack : 0) + (isBounded(run) ? run : 0) };
  });
  const answer = mergedGaps(streams);
  knownGaps.set(key, answer);
  return answer;
}

function longer(terms: readonly Term[]): Term | undefined {
  return [...terms].sort((a, b) => compare(b.value, a.value))[0];
}

/** Terms of the oldest state that may have to do: gaps, start slack, run and transfer. */
function ageTerms(points: RestorePoints, cadence: Cadence, missed: 0 | 1): Term[] {
  return termsOf(points, cadence, missed, cadence.span[missed]);
}

/**
 * The same where several series take points: for each, the longest span that ends with one of its runs and what that
 * run may be late and take. The worst of them is what may have to do.
 */
export function agesOf(points: RestorePoints, cadence: Cadence, missed: 0 | 1): Term[][] {
  if (cadence.gaps === undefined) return [ageTerms(points, cadence, missed)];
  const spans = cadence.gaps[missed];
  return cadence.sources.flatMap((series, place) => {
    const span = spans[place]?.span ?? 0;
    if (span === 0) return [];
    const { startSlack, run } = series;
    return [termsOf(points, { startSlack, run, source: scheduleSource(series) }, missed, seconds(span))];
  });
}

function termsOf(
  points: RestorePoints,
  { startSlack, run, source }: Pick<Cadence, "startSlack" | "run" | "source">,
  missed: 0 | 1,
  value: Bound,
): Term[] {
  const name = missed === 0 ? "longest gap between runs" : "longest gap with one failed run";
  return [{ name, value, grade: "guaranteed", source }, startSlack, run, points.transfer];
}
