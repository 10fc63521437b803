import type { Holdings } from "./course";
import { type Moment, reached } from "./moment";
import type { Point } from "./point";
import type { Log, World } from "./world";

/** What somebody looks for: what is usable `now`, still there `keptUntil` then, and holds nothing later than `clean`. */
export interface Search {
  now: Moment;
  /** Nothing that happens after it may be in it; no limit when absent. */
  clean?: Moment | undefined;
  /** The instant until which it must not have been deleted. @default the instant of `now` */
  keptUntil?: number | undefined;
}

const none = Number.NEGATIVE_INFINITY;

/** Everything written before this instant is in the newest state that a keeper brings back; minus infinity for none. */
export function newestOf(world: World, place: number, held: Holdings, search: Search): number {
  const keeper = world.keepers[place];
  const points = held[place] ?? [];
  switch (keeper?.keeps) {
    case undefined:
      return none;
    case "points":
      return newestPoint(points, keeper.kept, search)?.captured ?? none;
    case "log":
      return newestMoment(world, keeper, held, points, search);
    case "mirror": {
      // It has one state only, which nobody can turn back.
      const follows = firstMissing(points, search.now);
      return search.clean === undefined || follows <= reached(search.clean) ? follows : none;
    }
    case "versions": {
      if (search.clean === undefined) return search.now.instant;
      // Nobody can tell beforehand whether the damage overwrites or deletes.
      const undone = keeper.undoes.includes("overwrite") && keeper.undoes.includes("delete");
      const there = (search.keptUntil ?? search.now.instant) - search.clean.instant <= keeper.kept;
      return undone && there ? search.clean.instant : none;
    }
  }
}

/** The newest point that fits the search, with its whole chain still there. */
export function newestPoint(
  points: readonly Point[],
  kept: number,
  { now, clean, keptUntil = now.instant }: Search,
): Point | undefined {
  // Plain numbers, since this is asked some hundred million times.
  const usableBy = reached(now);
  const holdsUntil = clean === undefined ? Number.POSITIVE_INFINITY : reached(clean);
  const rootFrom = keptUntil - kept;
  let newest: Point | undefined;
  let captured = none;
  // The newest are most often the last.
  for (let place = points.length - 1; place >= 0; place--) {
    const point = points[place];
    if (point === undefined || point.captured < captured) continue;
    if (point.usable > usableBy || point.holdsUntil > holdsUntil || point.root < rootFrom) continue;
    newest = point;
    captured = point.captured;
  }
  return newest;
}

/** How far a log leads: to its newest piece that arrived with all before it, from a base that it reaches back to. */
function newestMoment(world: World, log: Log, held: Holdings, pieces: readonly Point[], search: Search): number {
  const { now, clean, keptUntil = now.instant } = search;
  const every = world.calendars[log.shipper]?.every ?? 0;
  const end = Math.min(arrivedUntil(pieces, every, now), clean?.instant ?? Number.POSITIVE_INFINITY);
  let newest = none;
  for (const place of log.bases) {
    const keeper = world.keepers[place];
    if (keeper?.keeps !== "points") continue;
    for (const base of held[place] ?? []) {
      if (keptUntil - base.root > keeper.kept || base.usable > reached(now)) continue;
      if (clean !== undefined && base.holdsUntil > reached(clean)) continue;
      // A base is whole only with the log up to the last thing in it, and without the log it is a restore point like any.
      if (base.holdsUntil <= end && keptUntil - base.start <= log.kept) newest = Math.max(newest, end);
    }
  }
  return newest;
}

/**
 * The closing of the last piece of a log that has arrived with all before it. Of the pieces before those played all have
 * arrived, and those after them arrive at once.
 */
function arrivedUntil(pieces: readonly Point[], every: number, now: Moment): number {
  const usableBy = reached(now);
  let closing = (pieces[0]?.captured ?? 0) - every;
  for (const { captured, usable } of pieces) {
    if (usable > usableBy) return closing;
    closing = captured;
  }
  return now.instant;
}

/** The first write that a mirror misses; the present when it misses none. */
function firstMissing(writes: readonly Point[], now: Moment): number {
  const usableBy = reached(now);
  for (const { captured, usable } of writes) {
    if (captured <= now.instant && usable > usableBy) return captured;
  }
  return now.instant;
}
