import type { Run } from "./calendar";

/** A restore point, or a piece of a log; instants in epoch seconds. */
export interface Point {
  start: number;
  end: number;
  /** Everything written before this instant is in it. */
  captured: number;
  /** Nothing written after this instant is in it. */
  holdsUntil: number;
  usable: number;
  /** Start of the full that its chain hangs on; its own for a full. */
  root: number;
  /** How many incrementals its chain has. */
  links: number;
}

/** The restore points that come of the runs of one chain, ordered by their start. */
export function taken(runs: readonly Run[]): Point[] {
  const points: Point[] = [];
  const fulls: Point[] = [];
  for (const run of runs) {
    const point = run.fails ? undefined : pointOf(run, points, fulls);
    if (point === undefined) continue;
    points.push(point);
    if (run.does === "full") fulls.push(point);
  }
  return points;
}

/** An incremental continues the chain of the newest full that is finished when it starts; without one it holds nothing. */
function pointOf(run: Run, points: readonly Point[], fulls: readonly Point[]): Point | undefined {
  const { does, capture, start, end, usable } = run;
  const captured = capture === "end" ? end : start;
  const holdsUntil = capture === "start" ? start : end;
  if (does === "full") return { start, end, captured, holdsUntil, usable, root: start, links: 0 };
  const root = fulls.findLast((full) => full.end < start)?.root;
  const parent = points.findLast((point) => point.root === root && point.end < start);
  if (parent === undefined) return undefined;
  const links = parent.links + 1;
  return { start, end, captured, holdsUntil, usable: Math.max(usable, parent.usable), root: parent.root, links };
}

/**
 * What a job carries to a copy of its own: at its start it takes the newest point usable elsewhere, chain and all; one
 * that becomes usable in that very second is too late, and one that is deleted before the job has read it is lost to it.
 */
export function carried(runs: readonly Run[], points: readonly Point[], kept: number): Point[] {
  const isInOrder = points.every(({ captured }, place) => captured > (points[place - 1]?.captured ?? -1));
  const newestFirst = isInOrder ? points.toReversed() : points.toSorted((a, b) => b.captured - a.captured);
  return runs.flatMap((run) => {
    const newest = newestFirst.find(({ usable, root }) => usable < run.start && run.start - root <= kept);
    return run.fails || newest === undefined || run.end - newest.root > kept ? [] : [{ ...newest, usable: run.usable }];
  });
}

/** The pieces of a log as they arrive; one whose shipment failed arrives with the next. */
export function shipped(runs: readonly Run[]): Point[] {
  return runs.map(({ start, end, usable }, place) => {
    let arrives = usable;
    for (let next = place; runs[next]?.fails; next++) arrives = runs[next + 1]?.usable ?? Number.POSITIVE_INFINITY;
    return { start, end, captured: start, holdsUntil: start, usable: arrives, root: start, links: 0 };
  });
}

/** The writes of a mirror as they arrive, each after those before it; none of them fails. */
export function mirrored(runs: readonly Run[]): Point[] {
  let arrived = Number.NEGATIVE_INFINITY;
  return runs.map(({ start, end, usable }) => {
    arrived = Math.max(arrived, usable);
    return { start, end, captured: start, holdsUntil: start, usable: arrived, root: start, links: 0 };
  });
}
