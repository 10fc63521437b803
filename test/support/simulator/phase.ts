import { reachOf } from "./begins";
import { type Calendar, firstFrom } from "./calendar";
import type { Holdings } from "./course";
import { decade } from "./decade";
import { contented, type Effort, hunt } from "./hunt";
import type { Scene } from "./scene";
import { worstStarts } from "./starts";
import type { World } from "./world";
import type { Worst } from "./worst";

/** What is due every so many seconds, nobody knows when: by the places of the calendars. */
export type Every = ReadonlyMap<number, number>;

const day = 86_400;

/**
 * The most that a world of two calendars loses when an adversary also picks when in time the one runs that nobody knows
 * the clock times of: so that something of it happens just when, or a second after, something happens to a run of the
 * other.
 */
export function foughtAtAnyPhase(
  world: World,
  every: Every,
  effort: Effort & { phases: number },
  lost: (held: Holdings, scene: Scene) => number,
): Worst {
  const { calendars } = world;
  // Where nobody knows either, when the first runs makes no difference.
  const fixed = Math.max(
    0,
    [...calendars.keys()].findIndex((place) => !every.has(place)),
  );
  const anchor = calendars[fixed];
  if (anchor === undefined) throw new Error("nothing is due");
  const steady = every.get(fixed);
  const starts =
    steady === undefined
      ? worstStarts({ ...world, calendars: [anchor] }, decade.from, decade.to)
      : [decade.from + 100 * day];
  const worst: Worst = [0, 0];
  for (const start of starts) {
    const known = steady === undefined ? anchor.due : steps(start, steady, start - 90 * day, start + 90 * day);
    const place = calendars.findIndex((_, at) => at !== fixed);
    for (const phase of phasesOf(anchor, known, start, calendars[place]).slice(0, effort.phases)) {
      if (contented(worst, effort.enough)) return worst;
      const dues = calendars.map((_, at) =>
        at === fixed ? known : steps(phase, every.get(at) ?? day, start - 90 * day, start + 90 * day),
      );
      const scene = sceneFrom(world, dues, start);
      const [healthy, failed] = hunt(world, scene, (held) => lost(held, scene), effort);
      worst[0] = Math.max(worst[0], healthy);
      worst[1] = Math.max(worst[1], failed);
    }
  }
  return worst;
}

/** Instants so many seconds apart, of which one is `at`. */
function steps(at: number, apart: number, from: number, to: number): number[] {
  const first = from + ((((at - from) % apart) + apart) % apart);
  return Array.from({ length: Math.max(0, Math.ceil((to - first) / apart)) }, (_, turn) => first + turn * apart);
}

/** When something may happen to a run after it is due: it starts late, ends late, or is there at last. */
function events({ slack, run, transfer }: Calendar): number[] {
  return [...new Set([slack + run + transfer, 0, slack, slack + run])];
}

/**
 * Instants at which a run of the other calendar is due, such that one of its events is one of the next of the anchor. What
 * one of them has just brought when the other begins comes first.
 */
function phasesOf(anchor: Calendar, known: readonly number[], start: number, other: Calendar | undefined): number[] {
  if (other === undefined) return [start];
  const first = firstFrom(known, start);
  const next = known.slice(first, first + 3);
  const last = ({ slack, run, transfer }: Calendar) => slack + run + transfer;
  const apart = events(anchor).flatMap((one) => events(other).flatMap((two) => [one - two, one - two + 1]));
  const all = [-last(other), last(anchor), 1 - last(other), last(anchor) + 1, ...apart];
  return [...new Set(all.flatMap((span) => next.map((due) => due + span)))];
}

/** The scene from some instant on until two gaps of each calendar, and all that its last run takes, have passed. */
function sceneFrom(world: World, all: readonly (readonly number[])[], from: number): Scene {
  const gaps = all.map((due) => {
    const near = due.slice(firstFrom(due, from - 4 * day), firstFrom(due, from + 4 * day) + 2);
    return near.reduce((most, at, place) => Math.max(most, at - (near[place - 1] ?? at)), 0);
  });
  const span = world.calendars.reduce(
    (sum, { slack, run, transfer }, place) => sum + 2 * (gaps[place] ?? 0) + slack + run + transfer,
    0,
  );
  const dues = all.map((due, calendar) => {
    const first = firstFrom(due, from - 2 * span);
    return due.slice(first, firstFrom(due, from + span + 1)).map((at, turn) => ({ calendar, index: first + turn, at }));
  });
  const tried = dues.flat().filter(({ at, calendar }) => at >= from - reachOf(world) - (gaps[calendar] ?? 0));
  return { dues, tried: tried.sort((a, b) => a.at - b.at), from, to: from + span };
}
