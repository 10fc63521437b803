import { reachOf } from "./begins";
import { firstFrom } from "./calendar";
import type { Holdings } from "./course";
import { decade, shortestGap } from "./decade";
import { contented, type Effort, hunt } from "./hunt";
import { lookouts } from "./lookout";
import { type Scene, sceneAt, sceneUntil, streamAt } from "./scene";
import { worstStarts } from "./starts";
import type { World } from "./world";
import { mostLost, type Worst } from "./worst";

/** How thoroughly a world is played. */
export interface Terms extends Effort {
  /** How many runs an adversary decides the fate of in one scene. */
  tried: number;
  /** Days of the ten years at which a scene is played beside those around the longest gaps. */
  days: readonly number[];
}

/** The scenes around the longest gaps of the ten years, and on the days given; those of a log or a mirror are short. */
export function battlefields(world: World, { tried, days }: Terms): Scene[] {
  const starts = [...worstStarts(world, decade.from, decade.to), ...days.map((day) => decade.from + day * 86_400)];
  if (world.calendars.some(({ every }) => every !== undefined)) {
    const anchors = [...new Set(starts.flatMap((start) => anchorsOf(world, start)))];
    const uneven = days.map((day) => streamAt(world, decade.from + day * 86_400, tried, [day % 60, 3_600, day]));
    return present([...anchors.map((at) => streamAt(world, at, tried)), ...uneven]);
  }
  const taking = world.calendars.flatMap(({ due, chain }, place) =>
    due.length > 0 && world.alarm?.beside?.includes(chain) !== true ? [place] : [],
  );
  if (taking.length === 1) return present(starts.map((start) => sceneAt(world, start, tried, taking[0])));
  // Several calendars are worst where they meet badly, which the gaps of each do not tell.
  const found = lookouts(world, 1);
  // What becomes usable at last may have been due before others that are under way.
  const overlaps = world.calendars.some(({ due, slack, run }) => due.length > 0 && slack + run > shortestGap(due));
  const ends = overlaps ? [...found, ...found.map((at) => at - reachOf(world))] : found;
  const meetings = ends.map((at) => sceneUntil(world, at, 3));
  const random = days.map((day) => sceneUntil(world, decade.from + day * 86_400, 3));
  // Between two fulls increments are many: the fulls are tried alone too.
  const chained = world.calendars.some(({ does }) => does === "incremental");
  const fulls = chained ? starts.map((start) => sceneAt(world, start, 3, 0)) : [];
  return present([...meetings, ...random, ...fulls]);
}

function present(scenes: readonly (Scene | undefined)[]): Scene[] {
  return scenes.filter((scene) => scene !== undefined);
}

/** Where the pieces of a log matter: at the run due at `start`, and when the next and the one after it may be captured and usable. */
function anchorsOf({ calendars }: World, start: number): number[] {
  const every = calendars.find((one) => one.every !== undefined)?.every ?? 1;
  const events = calendars.flatMap(({ due, slack, run, transfer }) => {
    const next = firstFrom(due, start + 1);
    const latest = [slack, slack + run, slack + run + transfer];
    return due.slice(next, next + 2).flatMap((one) => latest.map((span) => one + span));
  });
  return [start, ...events.map((event) => event - 2 * every)];
}

/** The most that a world loses wherever an adversary looks. */
export function fought(
  world: World,
  terms: Terms,
  lost: (held: Holdings, scene: Scene) => number = (held, scene) => mostLost(world, held, scene),
): Worst {
  const worst: Worst = [0, 0];
  for (const scene of battlefields(world, terms)) {
    if (contented(worst, terms.enough)) break;
    const [healthy, failed] = hunt(world, scene, (held) => lost(held, scene), terms);
    worst[0] = Math.max(worst[0], healthy);
    worst[1] = Math.max(worst[1], failed);
  }
  return worst;
}
