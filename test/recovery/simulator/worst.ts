import { courses, type Scene, sceneAt, shortestStart, worstStarts } from "./adversary";
import { type Damage, damageLossAt, lossAt, moments } from "./loss";
import { decade } from "./subject";
import type { Point, World } from "./world";

/** The stretches of the ten years where a world can be worst: its longest gaps, and its shortest, where runs meet. */
export function scenesOf(world: World, tried: number, only?: number): Scene[] {
  const shortest = world.calendars.map(({ due }) => shortestStart(due, decade.from));
  const starts = [...new Set([...worstStarts(world, decade.from, decade.to), ...shortest])];
  const scenes = starts.map((start) => (start === undefined ? undefined : sceneAt(world, start, tried, only)));
  return scenes.filter((scene) => scene !== undefined);
}

/** The stretches where chains can be worst: fulls are tried alone too, since between two of them increments are many. */
export function chainScenesOf(world: World): Scene[] {
  return [...scenesOf(world, 3), ...(world.calendars.length > 1 ? scenesOf(world, 3, 0) : [])];
}

/** A loss in seconds at worst, with every run succeeding and with one failed. */
export type Worst = [healthy: number, failed: number];

/** The most that any course of any scene loses. */
export function worstOf(
  world: World,
  scenes: readonly Scene[],
  lost: (points: readonly Point[], scene: Scene) => number,
  least = 0,
): Worst {
  const worst: Worst = [0, 0];
  for (const scene of scenes) {
    for (const { points, missed } of courses(world, scene, least)) {
      worst[missed] = Math.max(worst[missed], lost(points, scene));
    }
  }
  // A run that may fail need not.
  return [worst[0], Math.max(...worst)];
}

/** The most that is lost with the asset, struck at every moment that can matter. */
export function worstLoss(world: World, scenes: readonly Scene[], kept = Number.POSITIVE_INFINITY): Worst {
  return worstOf(world, scenes, (points, { from, to }) =>
    largest(moments(points, from, to), (moment) => lossAt(points, moment, kept)),
  );
}

/** The most that damage costs, struck at every moment that can matter, in each of the ways it may unfold. */
export function worstDamage(world: World, scenes: readonly Scene[], damages: readonly Damage[]): Worst {
  const ahead = [0, ...damages.map(({ decided }) => decided)];
  return worstOf(world, scenes, (points, { from, to }) => {
    const all = moments(points, from, to, ahead);
    return largest(damages, (damage) => largest(all, (moment) => damageLossAt(points, moment, damage)));
  });
}

/** The largest of a list, 0 for none. */
export function largest<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((most, value) => Math.max(most, of(value)), 0);
}
