import { type Bound, isBounded, sum } from "../bound";
import { isCount } from "../count";
import { type Seconds, seconds } from "../duration";
import { model } from "../facts/model";
import type { DrillRecord, Path } from "../plan";
import { criticalPath } from "./criticalPath";
import { numberFrom } from "./setting";

/** Days that a drill record counts. */
export const drillLifeDays = numberFrom(model.drillLife);

/** A drill, and what it says of the data there is. */
export interface Drilled {
  drill: DrillRecord;
  took: Seconds;
}

/** The records of each asset and path. */
export function drillsByPath(drills: readonly DrillRecord[]): DrillRecord[][] {
  const found = new Map<string, DrillRecord[]>();
  for (const drill of drills) {
    const key = JSON.stringify([drill.asset, drill.path]);
    found.set(key, [...(found.get(key) ?? []), drill]);
  }
  return [...found.values()];
}

/** The newest of the records of one path; of two of one day the worse, and none that is older says that it held. */
export function newestDrill(drills: readonly DrillRecord[]): DrillRecord | undefined {
  return drills.reduce<DrillRecord | undefined>(
    (newest, drill) => (newest === undefined || supersedes(drill, newest) ? drill : newest),
    undefined,
  );
}

function supersedes(one: DrillRecord, other: DrillRecord): boolean {
  if (one.date !== other.date) return one.date > other.date;
  if (one.verified !== other.verified) return other.verified;
  return one.seconds > other.seconds;
}

/**
 * The slowest of the verified drills of one path that still count, for data of `bytes`; undefined where there is none,
 * or where the newest was not verified.
 */
export function slowestDrill(
  drills: readonly DrillRecord[],
  asOf: number,
  bytes: number | undefined,
): Drilled | undefined {
  const past = drills.filter((drill) => (daysSince(drill, asOf) ?? -1) >= 0);
  if (newestDrill(past)?.verified !== true) return undefined;
  const counted = past.flatMap((drill): Drilled[] => {
    if (!drill.verified || (daysSince(drill, asOf) ?? 0) > drillLifeDays) return [];
    const took = drilledTime(drill, bytes);
    return took === undefined ? [] : [{ drill, took }];
  });
  return counted.sort((a, b) => b.took - a.took || (a.drill.id < b.drill.id ? -1 : 1))[0];
}

/**
 * How long the next recovery takes by the drills of its path, where nothing bounds it: the slowest times a factor, as a
 * few drills have not seen the worst. Where a deadline is enforced, that is the bound, and the slowest drill as it is
 * shows that it can be kept. Undefined where no drill counts.
 */
export function measuredTime(
  drills: readonly DrillRecord[],
  asOf: number,
  bytes: number | undefined,
): Seconds | undefined {
  const slowest = slowestDrill(drills, asOf, bytes);
  return slowest && scaled(slowest.took, numberFrom(model.drillFactor), 100);
}

/**
 * What a drill says about data of `bytes`: its own time, longer in proportion where it moved less data; undefined
 * where it moved so little that it would have to be stretched too far, and for spans and sizes that are none.
 */
export function drilledTime(drill: DrillRecord, bytes: number | undefined): Seconds | undefined {
  if (!isBounded(drill.seconds) || !isCount(drill.bytes) || !((bytes ?? 0) >= 0)) return undefined;
  if (bytes === undefined || drill.bytes >= bytes) return drill.seconds;
  if (drill.bytes * numberFrom(model.extrapolation) < bytes) return undefined;
  return scaled(drill.seconds, bytes, drill.bytes);
}

/** Rounded up, and exact: seconds times bytes are more than a number holds. */
function scaled(span: Seconds, by: number, of: number): Seconds {
  const [whole, parts] = [BigInt(span) * BigInt(Math.ceil(by)), BigInt(Math.floor(of))];
  return seconds(Number((whole + parts - 1n) / parts));
}

/** Whole days since a drill; not a number where its date cannot be read. */
export function daysSince({ date }: DrillRecord, asOf: number): number | undefined {
  const days = Math.floor((asOf - Date.parse(`${date}T00:00:00Z`) / 1_000) / 86_400);
  return Number.isNaN(days) ? undefined : days;
}

/** The longest that a drill of a path may take: its steps, and where nobody decides, what notices the loss as well. */
export function drillBound(path: Path): Bound {
  const steps = criticalPath(path.steps).total;
  return path.decide.length === 0 ? sum([...path.detect.map(({ value }) => value), steps]) : steps;
}

/** Whether a path goes by the name that drill records give it: ids are `<asset>/<name>`, with `@` and disruptions. */
export function isDrilledBy(path: Path, { asset, path: name }: DrillRecord): boolean {
  return path.asset === asset && (path.id === `${asset}/${name}` || path.id.startsWith(`${asset}/${name}@`));
}
