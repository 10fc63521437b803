import { add, type Bound, isBounded, isUnbounded, isUnknown, max, min } from "../bound";
import { seconds } from "../duration";
import type { Copy, RestorePoints, Term } from "../plan";
import { dueOf, gapsOf, isWalkable, midnightOf } from "./series";

/**
 * How long a copy keeps a point at least, in seconds: where only the newest so many are kept, over the shortest spans of
 * the calendar that takes them (facts 11.0: 30 daily points of 02:00 in Berlin span 673 h in autumn). Failed runs only
 * make that longer.
 */
export function keptTerm(points: RestorePoints, copy: Copy, asOf: number): Term {
  const { keptFor, newest } = copy;
  if (newest === undefined) return keptFor;
  const value = min(keptFor.value, spanOfNewest(points, copy, newest, asOf));
  return { ...keptFor, name: `${keptFor.name}, the newest ${newest}`, value };
}

function spanOfNewest(points: RestorePoints, { relay }: Copy, newest: number, asOf: number): Bound {
  const taking = points.series.filter(({ suspended }) => suspended !== true);
  const [first] = taking;
  if (relay !== undefined) return { unknown: `how many points ${relay.name} carries at a time is not declared` };
  if (first === undefined) return { unbounded: "nothing takes points that could take the place of others" };
  const lateness = taking.map((one) => latenessOf(points, one)).reduce(max, seconds(0));
  // A point may be as old as it likes, and deleted by the next.
  if (isUnbounded(lateness)) return seconds(0);
  if (!isBounded(lateness)) return lateness;
  if (taking.every((one) => isWalkable(one, asOf))) {
    const shortest = shortestSpan(taking, newest - 1, asOf);
    if (shortest === undefined) return { unbounded: `ten years take fewer than ${newest} points` };
    return seconds(Math.max(0, shortest - lateness));
  }
  const gaps = gapsOf(first, asOf);
  if (isUnknown(gaps)) return gaps;
  if (taking.length > 1) return { unknown: "points of several series are too many to count, or at unknown times" };
  return seconds(Math.max(0, (newest - 1) * gaps.minGapSeconds - lateness));
}

/**
 * Whether fewer points can come until so many seconds after a loss than a copy keeps of them: a count deletes as newer
 * ones come, so what is the newest when everything is lost is still there. Not told where points are restored upon others.
 */
export function outlastsCount(points: RestorePoints, newest: number, restored: Bound, asOf: number): boolean {
  const taking = points.series.filter(({ suspended }) => suspended !== true);
  if (taking.length === 0 || !taking.every((one) => one.role === "full" && isWalkable(one, asOf))) return false;
  const slowest = taking.map(({ startSlack, run }) => add(startSlack.value, run.value)).reduce(max, seconds(0));
  const coming = add(add(slowest, points.transfer.value), restored);
  const shortest = shortestSpan(taking, newest - 1, asOf);
  return isBounded(coming) && (shortest === undefined || shortest >= coming);
}

/** The instants at which points are due, ascending: two of them where two series are due at one. */
function eachDue(taking: RestorePoints["series"], asOf: number): readonly number[] {
  const [first, ...others] = taking.map((one) => dueOf(one, midnightOf(asOf)));
  return others.length === 0 ? (first ?? []) : [first ?? [], ...others].flat().sort((a, b) => a - b);
}

/** How much later than it is due a point may hold what it holds. */
function latenessOf({ capture }: RestorePoints, { startSlack, run }: RestorePoints["series"][number]): Bound {
  return capture === "start" ? startSlack.value : add(startSlack.value, run.value);
}

const known = new Map<string, number>();

/** Most answers that are kept in memory. */
const mostKept = 10_000;

/** The shortest time in seconds over so many gaps between points; undefined where ten years have not so many. */
function shortestSpan(taking: RestorePoints["series"], gaps: number, asOf: number): number | undefined {
  const key = JSON.stringify([midnightOf(asOf), gaps, taking.map(({ schedule }) => schedule)]);
  const answer = known.get(key) ?? shortestOf(eachDue(taking, asOf), gaps);
  if (known.size >= mostKept) known.clear();
  known.set(key, answer);
  return Number.isFinite(answer) ? answer : undefined;
}

function shortestOf(due: readonly number[], gaps: number): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let place = 0; place + gaps < due.length; place++) {
    shortest = Math.min(shortest, (due[place + gaps] ?? 0) - (due[place] ?? 0));
  }
  return shortest;
}
