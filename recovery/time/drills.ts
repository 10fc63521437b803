import { type Bound, sum } from "../bound";
import { type Seconds, seconds } from "../duration";
import type { DrillRecord, Path } from "../plan";
import { criticalPath } from "./criticalPath";

/** Days that a drill record counts. */
export const drillLifeDays = 90;

/** How many times the data of a drill a measurement may be stretched to: beyond it extrapolates too far. */
const stretch = 10;

/** The newest record of each asset and path: an older one, failed or not, says nothing beside it. */
export function newestDrills(drills: readonly DrillRecord[]): DrillRecord[] {
  const found = new Map<string, DrillRecord>();
  for (const drill of drills) {
    const key = JSON.stringify([drill.asset, drill.path]);
    const known = found.get(key);
    if (known === undefined || supersedes(drill, known)) found.set(key, drill);
  }
  return [...found.values()];
}

/** Of two records of one day the worse counts. */
function supersedes(one: DrillRecord, other: DrillRecord): boolean {
  if (one.date !== other.date) return one.date > other.date;
  if (one.verified !== other.verified) return other.verified;
  return one.seconds > other.seconds;
}

/**
 * What a drill says about data of `bytes`: its own time, longer in proportion where it moved less data; undefined
 * where it moved less than a tenth.
 */
export function drilledTime(drill: DrillRecord, bytes: number | undefined): Seconds | undefined {
  if (bytes === undefined || drill.bytes >= bytes) return drill.seconds;
  if (drill.bytes * stretch < bytes) return undefined;
  return seconds(Math.ceil((drill.seconds * bytes) / drill.bytes));
}

/** Whole days since a drill; not a number where its date cannot be read. */
export function daysSince({ date }: DrillRecord, asOf: number): number {
  return Math.floor((asOf - Date.parse(`${date}T00:00:00Z`) / 1_000) / 86_400);
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
