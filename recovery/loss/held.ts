import { type Bound, isBounded, min, sum } from "../bound";
import type { RestorePoints, Series } from "../plan";
import { keptTerm } from "./keptCount";
import type { Cadence } from "./restorePoints";
import { spanOf } from "./series";
import { type Carried, usableAfter } from "./stream";

/**
 * How long the copies that points come to directly keep each at least, in seconds: nobody says from which of them a job
 * carries points on, so the shortest counts. Undefined where there is none.
 */
export function heldFor(points: RestorePoints, asOf: number): Bound | undefined {
  const [first, ...others] = points.copies.filter(({ relay }) => relay === undefined);
  if (first === undefined) return undefined;
  return others.reduce(
    (kept, copy) => min(kept, keptTerm(points, copy, asOf).value),
    keptTerm(points, first, asOf).value,
  );
}

/** Whether points are restored upon others. */
export function isChained({ series }: RestorePoints): boolean {
  return series.some(({ role, suspended }) => role === "incremental" && suspended !== true);
}

/**
 * How many runs of the job that carries points on are sure to find each of them, or something newer, before the copy
 * that holds it deletes it: 2 where one of them may fail.
 */
export function looksAt(points: RestorePoints, cadence: Cadence, relay: Series, held: Bound, asOf: number): 0 | 1 | 2 {
  const chained = isChained(points);
  const takes = chained ? points.series.filter(({ suspended }) => suspended !== true) : [cadence];
  const until = (missed: 0 | 1, { startSlack, run }: Pick<Cadence, "startSlack" | "run">) =>
    sum([
      ...[startSlack.value, run.value, points.transfer.value],
      ...[spanOf(relay, missed, asOf), relay.startSlack.value, relay.run.value],
    ]);
  const lasts = (span: Bound) => !isBounded(held) || (isBounded(span) && span <= held);
  if (takes.every((one) => lasts(until(1, one)))) return 2;
  // Where the newest point is there whenever the job looks, it does not matter what becomes of the others; but to a base.
  const newest = [cadence.span[1], cadence.startSlack.value, cadence.run.value, points.transfer.value, relay.run.value];
  if (!chained && lasts(sum(newest))) return 2;
  return takes.every((one) => lasts(until(0, one))) ? 1 : 0;
}

/**
 * Of points that their source deletes after so many seconds, those that the first run which must find them has carried
 * on by then; undefined where ten years have a time without an end to it in which none is.
 */
export function inTime(carried: Carried, held: number): Carried | undefined {
  const { points, due, slack, run } = carried;
  const sure: number[] = [];
  const looks: number[] = [];
  let next = 0;
  for (const at of points.due) {
    while ((due[next] ?? Number.POSITIVE_INFINITY) <= at + usableAfter(points)) next++;
    const look = due[next];
    if (look === undefined) break;
    if (look + slack + run > at + held) continue;
    sure.push(at);
    if (looks.at(-1) !== look) looks.push(look);
  }
  const [first, last] = [looks[0], looks.at(-1)];
  const widest = looks.reduce((most, look, place) => Math.max(most, look - (looks[place - 1] ?? look)), 0);
  const before = (first ?? 0) - (due[0] ?? 0);
  const after = (due.at(-1) ?? 0) - (last ?? 0);
  if (first === undefined || before > widest || after > widest) return undefined;
  return { ...carried, due: looks, sure };
}
