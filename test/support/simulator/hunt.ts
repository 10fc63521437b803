import { extremeFates, fateIn, quickest, slowest } from "./adversary";
import type { Calendar, Due, Fate } from "./calendar";
import { type Holdings, play } from "./course";
import type { Scene } from "./scene";
import type { World } from "./world";
import type { Worst } from "./worst";

/** How hard an adversary tries: how often it goes over all runs again to change one fate at a time. */
export interface Effort {
  sweeps: number;
  /** How many courses beside in which every run does as it likes. @default 0 */
  wild?: number;
  /** Of how many runs of each calendar, from the moment on at which all grow slow, one may fail. @default the next two of all */
  ahead?: number;
  /** What an adversary is content with. @default never */
  enough?: Worst;
}

/** Whether an adversary has what it is content with. */
export function contented(worst: Worst, enough: Worst | undefined): boolean {
  return enough !== undefined && worst.every((lost, missed) => lost >= (enough[missed] ?? 0));
}

interface Try {
  fates: Map<Due, Fate>;
  lost: number;
}

/**
 * The most that a scene loses at the hands of an adversary that does not try everything: it starts from runs that are
 * quick until some moment and slow from then on, or slow on some calendars only, with none of them failing or one near
 * that moment, and then changes one fate after the other as long as that makes it worse.
 */
export function hunt(
  world: World,
  scene: Scene,
  lost: (held: Holdings) => number,
  { sweeps, wild = 0, ahead = 0, enough }: Effort,
): Worst {
  const judge = (fates: Map<Due, Fate>) => lost(play(world, scene.dues, fateIn(world, fates)));
  const best: [Try | undefined, Try | undefined] = [undefined, undefined];
  const weigh = (fates: Map<Due, Fate>, missed: 0 | 1) => {
    const found = judge(fates);
    if (found > (best[missed]?.lost ?? -1)) best[missed] = { fates: new Map(fates), lost: found };
  };
  const weighFailed = (fates: Map<Due, Fate>, victim: Due) => {
    const fate = fates.get(victim) ?? quickest;
    fates.set(victim, { ...fate, fails: true });
    weigh(fates, 1);
    fates.set(victim, fate);
  };
  // A run that may fail need not.
  const found = (): Worst => [best[0]?.lost ?? 0, Math.max(best[0]?.lost ?? 0, best[1]?.lost ?? 0)];
  const all = scene.dues.flat();
  for (const { before, after } of tempersOf(world)) {
    const calm = new Map<Due, Fate>();
    let last: number | undefined;
    for (let place = 0; place <= scene.tried.length; place++) {
      const turn = scene.tried[place]?.at ?? Number.POSITIVE_INFINITY;
      for (const due of all) {
        const isBefore = due.at < turn;
        if (last === undefined || isBefore !== due.at < last) {
          calm.set(due, (isBefore ? before : after)[due.calendar] ?? quickest);
        }
      }
      last = turn;
      weigh(calm, 0);
      for (const victim of victimsAt(world, scene.tried, place, ahead)) weighFailed(calm, victim);
      if (contented(found(), enough)) return found();
    }
  }
  const chance = chanceFrom(scene.from);
  for (let turn = 0; turn < wild; turn++) {
    const fates = new Map(all.map((due) => [due, likes(world.calendars[due.calendar], chance)]));
    weigh(fates, 0);
    const victim = scene.tried[Math.floor(chance() * scene.tried.length)];
    if (victim !== undefined) weighFailed(fates, victim);
  }
  for (const missed of [0, 1] as const) {
    let one = best[missed];
    for (let sweep = 0; one !== undefined && sweep < sweeps; sweep++) {
      const next = improved(world, scene, one, judge);
      if (next.lost <= one.lost) break;
      one = next;
    }
    best[missed] = one;
  }
  return found();
}

/** The runs around a place of which one may fail. */
function victimsAt({ calendars }: World, tried: readonly Due[], place: number, ahead: number): Iterable<Due> {
  const near = tried.slice(Math.max(0, place - 1), place + 2);
  if (ahead === 0) return near;
  const next = calendars.map((_, at) => tried.slice(place).filter(({ calendar }) => calendar === at));
  return new Set([...near, ...next.flatMap((dues) => dues.slice(0, ahead))]);
}

/** Numbers from 0 to 1 that nobody can foresee and everybody can repeat. */
function chanceFrom(seed: number): () => number {
  let state = seed % 2_147_483_647 || 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function likes(calendar: Calendar | undefined, chance: () => number): Fate {
  const { slack = 0, run = 0, transfer = 0 } = calendar ?? {};
  const some = (most: number) => Math.floor(chance() * (most + 1));
  return { late: some(slack), takes: some(run), transfers: some(transfer), fails: false };
}

/** A fate for the runs of each calendar. */
interface Temper {
  before: readonly Fate[];
  after: readonly Fate[];
}

/**
 * Quick and then slow; with several calendars each of them slow, slow after a start on time, or as quick as before. Those
 * without dates, and those that only keep an alert silent, have one mood.
 */
function tempersOf({ calendars, alarm }: World): Temper[] {
  const quick = calendars.map(() => quickest);
  const slow = calendars.map(slowest);
  let afters: Fate[][] = [[]];
  for (const [place, fate] of slow.entries()) {
    const { due = [], chain = 0 } = calendars[place] ?? {};
    const alone = calendars.length === 1 || due.length === 0 || alarm?.beside?.includes(chain);
    const moods = alone ? [fate] : [fate, ...(fate.late > 0 ? [{ ...fate, late: 0 }] : []), quickest];
    afters = afters.flatMap((others) => moods.map((mood) => [...others, mood]));
  }
  return [...afters.map((after) => ({ before: quick, after })), { before: slow, after: slow }];
}

/** The same course with fates changed one by one wherever that loses more. */
function improved(world: World, scene: Scene, start: Try, judge: (fates: Map<Due, Fate>) => number): Try {
  const fates = new Map(start.fates);
  let { lost } = start;
  const extremes = world.calendars.map((calendar) => extremeFates(calendar));
  for (const due of scene.tried) {
    const { fails = false } = fates.get(due) ?? {};
    for (const fate of extremes[due.calendar] ?? []) {
      const known = fates.get(due);
      if (known !== undefined && isSame(known, fate)) continue;
      fates.set(due, { ...fate, fails });
      const other = judge(fates);
      if (other > lost) lost = other;
      else if (known === undefined) fates.delete(due);
      else fates.set(due, known);
    }
  }
  return { fates, lost };
}

/** Whether a fate is that of a run already, whether that fails or not. */
function isSame(known: Fate, { late, takes, transfers }: Fate): boolean {
  return known.late === late && known.takes === takes && known.transfers === transfers;
}
