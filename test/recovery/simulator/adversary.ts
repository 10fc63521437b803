import { pointsOf } from "./course";
import { type Due, dueWithin, type Fate, type Point, type World } from "./world";

/** A stretch of the calendar: the runs due in it, those whose fate is tried in every way, and when to strike. */
export interface Scene {
  /** By calendar. */
  dues: readonly Due[][];
  tried: readonly Due[];
  from: number;
  to: number;
}

/**
 * The scene that begins with the run due at `at`, with so many runs of all calendars tried, or of one of them;
 * undefined too near an end of the calendars.
 */
export function sceneAt(world: World, at: number, tried: number, only?: number): Scene | undefined {
  const reach = Math.max(...world.calendars.map(({ slack, run }) => slack + run)) + world.transfer;
  // Before it, each calendar has three runs that have become usable whatever befell them: one may fail.
  const begins = world.calendars.map(({ due }) => due[due.findLastIndex((one) => one <= at - reach) - 3]);
  const ahead = world.calendars
    .filter((_, place) => only === undefined || place === only)
    .flatMap(({ due }) => {
      const first = due.findIndex((one) => one >= at);
      return first < 0 ? [] : due.slice(first, first + tried);
    });
  const last = ahead.sort((a, b) => a - b)[tried - 1];
  if (last === undefined || begins.some((begin) => begin === undefined)) return undefined;
  const to = last + reach;
  if (world.calendars.some(({ due }) => (due.at(-1) ?? 0) < to)) return undefined;
  const dues = world.calendars.map((_, place) => dueWithin(world, place, begins[place] ?? at, to));
  const inOrder = dues
    .filter((_, place) => only === undefined || place === only)
    .flat()
    .filter((due) => due.at >= at)
    .sort((a, b) => a.at - b.at);
  return { dues, tried: inOrder.slice(0, tried), from: at, to };
}

/** One way a scene can go: its restore points, and how many runs failed. */
export interface Course {
  points: Point[];
  missed: 0 | 1;
}

/** Every course a scene can take when each tried run meets each extreme fate and at most one of them fails. */
export function* courses(world: World, scene: Scene, least = 0): Generator<Course> {
  const extremes = world.calendars.map((_, place) => extremeFates(world, place, least));
  const fates = new Map<Due, Fate>();
  for (const early of ["first", "last"] as const) {
    for (const due of scene.dues.flat()) {
      fates.set(due, pick(extremes[due.calendar], due.at < scene.from ? early : "last"));
    }
    for (const victim of [undefined, ...scene.tried]) yield* assign(world, scene, extremes, fates, victim, 0);
  }
}

function* assign(
  world: World,
  scene: Scene,
  extremes: readonly Fate[][],
  fates: Map<Due, Fate>,
  victim: Due | undefined,
  place: number,
): Generator<Course> {
  const due = scene.tried[place];
  if (due === undefined) {
    const points = pointsOf(world, scene.dues, (one) => fates.get(one) ?? quickest);
    yield { points, missed: victim === undefined ? 0 : 1 };
    return;
  }
  for (const fate of extremes[due.calendar] ?? []) {
    const fails = due === victim;
    // How long a transfer takes that never happens makes no difference.
    if (fails && fate.transfers > 0) continue;
    fates.set(due, fails ? { ...fate, fails } : fate);
    yield* assign(world, scene, extremes, fates, victim, place + 1);
  }
}

const quickest: Fate = { late: 0, takes: 0, transfers: 0, fails: false };

function pick(fates: readonly Fate[] | undefined, which: "first" | "last"): Fate {
  return fates?.at(which === "first" ? 0 : -1) ?? quickest;
}

/** From the quickest fate to the slowest. */
function extremeFates(world: World, place: number, least: number): Fate[] {
  const calendar = world.calendars[place];
  const ends = (most: number, from = 0) => [...new Set([Math.min(from, most), most])];
  return ends(calendar?.slack ?? 0).flatMap((late) =>
    ends(calendar?.run ?? 0, least).flatMap((takes) =>
      ends(world.transfer).map((transfers) => ({ late, takes, transfers, fails: false })),
    ),
  );
}

/** Where, from `from` to `to`, the longest spans over one gap and over two start: for each calendar and for all together. */
export function worstStarts({ calendars }: World, from: number, to: number): number[] {
  const together = [...new Set(calendars.flatMap(({ due }) => due))].sort((a, b) => a - b);
  const lists = [...calendars.map(({ due }) => due), ...(calendars.length > 1 ? [together] : [])];
  const starts = lists.flatMap((due) => [1, 2].map((gaps) => startOfLongest(due, gaps, from, to)));
  return [...new Set(starts.filter((start) => start !== undefined))];
}

function startOfLongest(due: readonly number[], gaps: number, from: number, to: number): number | undefined {
  let [longest, at] = [0, undefined as number | undefined];
  for (let place = 0; place + gaps < due.length; place++) {
    const start = due[place] ?? 0;
    const end = due[place + gaps] ?? 0;
    if (start > from && end < to && end - start > longest) [longest, at] = [end - start, start];
  }
  return at;
}

/** Where, from `from` on, the shortest gap starts: runs meet there first. */
export function shortestStart(due: readonly number[], from: number): number | undefined {
  let [shortest, at] = [Number.POSITIVE_INFINITY, undefined as number | undefined];
  for (let place = 0; place + 1 < due.length; place++) {
    const start = due[place] ?? 0;
    const gap = (due[place + 1] ?? 0) - start;
    if (start > from && gap < shortest) [shortest, at] = [gap, start];
  }
  return at;
}
