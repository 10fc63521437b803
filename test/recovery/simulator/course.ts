import type { Calendar, Due, Fate, Point, Run, World } from "./world";

/** The restore points that come of due runs, given by calendar, when each meets its fate. */
export function pointsOf(world: World, dues: readonly Due[][], fateOf: (due: Due) => Fate): Point[] {
  const runs: Run[] = [];
  for (const [place, calendar] of world.calendars.entries()) start(calendar, dues[place] ?? [], fateOf, runs);
  if (world.calendars.length > 1 || world.calendars[0]?.overlap === "allow") runs.sort((a, b) => a.start - b.start);
  const points: Point[] = [];
  for (const run of runs) {
    const point = run.fails ? undefined : taken(world.capture, run, points);
    if (point !== undefined) points.push(point);
  }
  return points;
}

/** What the scheduler makes of due runs: under `forbid` one that is due during another waits, as long as its slack lasts. */
function start(calendar: Calendar, dues: readonly Due[], fateOf: (due: Due) => Fate, runs: Run[]): void {
  let free = Number.NEGATIVE_INFINITY;
  for (const [place, due] of dues.entries()) {
    const { late, takes, transfers, fails } = fateOf(due);
    let start = due.at + late;
    if (calendar.overlap === "forbid" && start < free) {
      const later = dues[place + 1];
      // Of several runs that wait, the controller starts the latest one only.
      if (free > due.at + calendar.slack || (later !== undefined && later.at <= free)) continue;
      start = free;
    }
    free = start + takes;
    runs.push({ role: calendar.role, start, end: free, transfers, fails });
  }
}

/** An incremental continues the chain of the newest full that is finished when it starts; without one it holds nothing. */
function taken(capture: World["capture"], run: Run, points: readonly Point[]): Point | undefined {
  const { role, start, end } = run;
  const captured = capture === "end" ? end : start;
  const holdsUntil = capture === "start" ? start : end;
  const usable = end + run.transfers;
  if (role === "full") return { role, start, end, captured, holdsUntil, usable, root: start, links: 0 };
  let parent: Point | undefined;
  for (const point of points) {
    if (point.end < start && (parent === undefined || isNewer(point, parent))) parent = point;
  }
  if (parent === undefined) return undefined;
  const { root, links } = parent;
  return { role, start, end, captured, holdsUntil, usable: Math.max(usable, parent.usable), root, links: links + 1 };
}

function isNewer(one: Point, other: Point): boolean {
  return one.root > other.root || (one.root === other.root && one.start > other.start);
}
