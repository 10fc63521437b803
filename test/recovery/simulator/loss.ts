import type { Point } from "./world";

/** An instant, and whether what happens at it has happened (`at`) or is about to (`before`). */
export interface Moment {
  instant: number;
  side: "before" | "at";
}

/** How damage unfolds, in seconds: from the damage to the decision, and from there until nothing is written any more. */
export interface Damage {
  decided: number;
  stopped: number;
}

/** Whether an event has happened by a moment. */
export function happened(event: number, { instant, side }: Moment): boolean {
  return side === "at" ? event <= instant : event < instant;
}

/** Just before and at every start, end and becoming usable from `from` to `to`, and as long before it as `ahead` says. */
export function moments(points: readonly Point[], from: number, to: number, ahead: readonly number[] = [0]): Moment[] {
  const instants = new Set<number>();
  for (const { start, end, usable } of points) {
    for (const event of [start, end, usable]) for (const span of ahead) instants.add(event - span);
  }
  return [...instants]
    .filter((instant) => instant >= from && instant <= to)
    .flatMap((instant) => [
      { instant, side: "before" as const },
      { instant, side: "at" as const },
    ]);
}

/** Whether every link of a point is still there: each is deleted once it is older than `kept` seconds. */
export function isKept(point: Point, now: number, kept: number): boolean {
  return now - point.root <= kept;
}

/** What is lost when the asset is lost at a moment; infinite when no point can be restored. */
export function lossAt(points: readonly Point[], moment: Moment, kept = Number.POSITIVE_INFINITY): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    if (point.captured > newest && happened(point.usable, moment) && isKept(point, moment.instant, kept)) {
      newest = point.captured;
    }
  }
  return moment.instant - newest;
}

/** The newest point without damage that is usable when the decision falls; a run still under way then is not waited for. */
export function cleanPoint(points: readonly Point[], damage: Moment, { decided }: Damage): Point | undefined {
  const decision = { instant: damage.instant + decided, side: damage.side };
  let newest: Point | undefined;
  for (const point of points) {
    if (newest !== undefined && point.captured <= newest.captured) continue;
    if (happened(point.holdsUntil, damage) && happened(point.usable, decision)) newest = point;
  }
  return newest;
}

/** What damage costs: the work since the newest clean point, and all that was written until writes stopped. */
export function damageLossAt(points: readonly Point[], moment: Moment, damage: Damage): number {
  const clean = cleanPoint(points, moment, damage);
  return moment.instant - (clean?.captured ?? Number.NEGATIVE_INFINITY) + damage.decided + damage.stopped;
}
