import type { RestorePoints } from "../plan";
import type { Cadence } from "./restorePoints";
import { dueOf, dueOfAll, midnightOf } from "./series";
import type { Runs } from "./stream";

const known = new Map<string, readonly number[]>();

/** Most calendars of several series that are kept in memory. */
const mostKept = 64;

/** The runs of what takes points, which must be few enough to go through and have bounds; several series count with the longest. */
export function runsOf(points: RestorePoints, { sources, startSlack, run }: Cadence, asOf: number): Runs {
  return {
    kind: "runs",
    due: together(sources, midnightOf(asOf)),
    slack: Number(startSlack.value),
    run: Number(run.value),
    transfer: Number(points.transfer.value),
    capture: points.capture,
  };
}

/** What several series are due at, made once for each set of calendars and day. */
function together(sources: Cadence["sources"], from: number): readonly number[] {
  const [first, ...others] = sources;
  if (first === undefined || others.length === 0) return first === undefined ? [] : dueOf(first, from);
  const key = JSON.stringify([from, sources.map(({ schedule }) => schedule)]);
  const due = known.get(key) ?? dueOfAll(sources, from);
  if (known.size >= mostKept) known.clear();
  known.set(key, due);
  return due;
}
