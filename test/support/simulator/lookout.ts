import { beginsOf } from "./begins";
import { dueWithin, firstFrom } from "./calendar";
import { type Holdings, play } from "./course";
import { decade } from "./decade";
import type { Point } from "./point";
import type { World } from "./world";

const day = 86_400;
/** As many runs as are gone through in a few milliseconds. */
const most = 3_000;

/** Stretches of the ten years, the longest first: all of them, fourteen months, and the weeks in which clocks change. */
const stretches: [from: number, to: number][][] = [
  [[decade.from, decade.to]],
  [[decade.from, decade.from + 420 * day]],
  [
    [Date.UTC(2027, 2, 7) / 1_000, Date.UTC(2027, 3, 8) / 1_000],
    [Date.UTC(2027, 9, 20) / 1_000, Date.UTC(2027, 10, 17) / 1_000],
  ],
];

/**
 * Instants at which a world with several calendars may lose most. To find them everything goes wrong at once that no
 * single course can have: each point holds what a run on time holds, is as new as a late one, and comes as late as the
 * slowest.
 */
export function lookouts(world: World, count: number): number[] {
  const counted = (spans: [from: number, to: number][]) => {
    const lengths = spans.flatMap(([from, to]) =>
      world.calendars.map(({ due }) => firstFrom(due, to) - firstFrom(due, from)),
    );
    return lengths.reduce((sum, length) => sum + length, 0);
  };
  const spans = stretches.find((one) => counted(one) <= most) ?? stretches.at(-1) ?? [];
  // One failed run is looked for by letting every other one fail, calendar by calendar.
  const failures = world.calendars.flatMap((_, calendar) => [0, 1].map((odd) => ({ calendar, odd })));
  const found = [undefined, ...failures].map((failing) => {
    const all = spans.flatMap(([from, to]) => stalest(world, from, to, failing));
    return all.sort((a, b) => b.age - a.age || a.at - b.at).slice(0, count);
  });
  return [...new Set(found.flat().map(({ at }) => at))];
}

/** When something newer comes at last, and how old the newest is just before that. */
interface Stale {
  at: number;
  age: number;
}

function stalest(world: World, from: number, to: number, failing?: { calendar: number; odd: number }): Stale[] {
  const { calendars } = world;
  const begins = beginsOf(world, from);
  const all = calendars.map((_, place) => dueWithin(calendars, place, begins?.[place] ?? from, to));
  const held = play(world, all, ({ calendar, index }) => {
    const { slack = 0, run = 0, transfer = 0 } = calendars[calendar] ?? {};
    const fails = calendar === failing?.calendar && index % 2 === failing.odd;
    return { late: 0, takes: slack + run, transfers: transfer, fails };
  });
  const steps = stepsOf(world, held);
  return steps.flatMap(({ oldest }, place) => {
    const next = steps[place + 1];
    if (next === undefined || next.at < from || next.at > to || oldest < decade.from) return [];
    return [{ at: next.at, age: next.at - oldest }];
  });
}

/** When what fits becomes newer, and how old it is from then on. */
function stepsOf(world: World, held: Holdings): { at: number; oldest: number }[] {
  const arrivals = held
    .flatMap((points, keeper) => points.map((point) => ({ keeper, point: worstOfAll(world, keeper, point) })))
    .sort((a, b) => a.point.usable - b.point.usable);
  const there: Point[][] = held.map(() => []);
  const steps: { at: number; oldest: number }[] = [];
  for (const { keeper, point } of arrivals) {
    insert(there[keeper], point);
    const oldest = oldestFit(world, there);
    if (oldest > (steps.at(-1)?.oldest ?? Number.NEGATIVE_INFINITY)) steps.push({ at: point.usable, oldest });
  }
  return steps;
}

function worstOfAll({ keepers, calendars }: World, keeper: number, point: Point): Point {
  const kept = keepers[keeper];
  const calendar = calendars.find(({ chain }) => kept?.keeps === "points" && chain === kept.chain);
  const late = calendar?.capture === "start" ? point.start + calendar.slack : point.end;
  return { ...point, captured: point.start, holdsUntil: late };
}

function insert(points: Point[] | undefined, point: Point): void {
  if (points === undefined) return;
  let place = points.length;
  while (place > 0 && (points[place - 1]?.captured ?? 0) > point.captured) place--;
  points.splice(place, 0, point);
}

function oldestFit({ members }: World, there: readonly Point[][]): number {
  const newest = (keepers: readonly number[], until: number) => {
    let found = Number.NEGATIVE_INFINITY;
    for (const keeper of keepers) {
      const points = there[keeper] ?? [];
      let place = points.length - 1;
      while (place >= 0 && (points[place]?.holdsUntil ?? 0) > until) place--;
      found = Math.max(found, points[place]?.captured ?? Number.NEGATIVE_INFINITY);
    }
    return found;
  };
  const reached = members.map(({ keepers }) => newest(keepers, Number.POSITIVE_INFINITY));
  for (let turn = 0; turn < members.length; turn++) {
    for (const [place, { keepers, refersTo }] of members.entries()) {
      if (refersTo.length === 0) continue;
      const until = Math.min(...refersTo.map((other) => reached[other] ?? Number.NEGATIVE_INFINITY));
      reached[place] = Math.min(reached[place] ?? 0, newest(keepers, until));
    }
  }
  return Math.min(...reached);
}
