import { courses } from "./adversary";
import type { Holdings } from "./course";
import { decade } from "./decade";
import { type Damage, damageLossAt, eves, lossAt } from "./loss";
import { type Scene, sceneAt } from "./scene";
import { shortestStart, worstStarts } from "./starts";
import type { World } from "./world";

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
  lost: (held: Holdings, scene: Scene) => number,
  least = 0,
): Worst {
  const worst: Worst = [0, 0];
  for (const scene of scenes) {
    for (const { held, missed } of courses(world, scene, least)) {
      worst[missed] = Math.max(worst[missed], lost(held, scene));
    }
  }
  // A run that may fail need not.
  return [worst[0], Math.max(...worst)];
}

/** The most that is lost with the asset, struck at every moment that can matter. */
export function worstLoss(world: World, scenes: readonly Scene[]): Worst {
  return worstOf(world, scenes, (held, scene) => mostLost(world, held, scene));
}

/** The most that a course of a scene loses with the asset, when the recovery takes so many seconds. */
export function mostLost(world: World, held: Holdings, { from, to }: Scene, recovery = 0): number {
  const all = eves(world, held, from, to, { coming: [0], going: [recovery], spoiling: false });
  return largest(all, (moment) => lossAt(world, held, moment, recovery));
}

/** The most that damage costs, struck at every moment that can matter, in each of the ways it may unfold. */
export function worstDamage(world: World, scenes: readonly Scene[], damages: readonly Damage[]): Worst {
  return worstOf(world, scenes, (held, scene) => mostDamaged(world, held, scene, damages));
}

/** The most that damage costs in a course of a scene. */
export function mostDamaged(world: World, held: Holdings, { from, to }: Scene, damages: readonly Damage[]): number {
  const coming = new Set(damages.map(({ decided, hostile = false }) => (hostile ? 0 : decided)));
  const going = new Set(damages.map(({ decided, stopped, restored = 0 }) => decided + stopped + restored));
  const all = eves(world, held, from, to, { coming: [...coming], going: [...going], spoiling: true });
  return largest(damages, (damage) => largest(all, (moment) => damageLossAt(world, held, moment, damage)));
}

/** The largest of a list, 0 for none. */
export function largest<T>(values: readonly T[], of: (value: T) => number): number {
  let most = 0;
  for (const value of values) most = Math.max(most, of(value));
  return most;
}
