import type { Holdings } from "./course";
import { earlier, later, type Moment } from "./moment";
import { newestOf, type Search } from "./newest";
import type { World } from "./world";

/** How damage unfolds, in seconds: until it is decided, from there until nothing is written any more, and then restored. */
export interface Damage {
  decided: number;
  stopped: number;
  /** How long what is restored must stay there after that. @default 0 */
  restored?: number;
  /** Whether it is hostile: then nothing under way at the damage is to be relied on. @default false */
  hostile?: boolean;
}

/** Just before and at every event of a course from `from` to `to`, and as long before it as `ahead` says. */
export function moments(held: Holdings, from: number, to: number, ahead: readonly number[] = [0]): Moment[] {
  const events = held.flatMap((points) => points.flatMap(({ start, end, usable }) => [start, end, usable]));
  const instants = new Set(events.flatMap((event) => ahead.map((span) => event - span)));
  return [...instants]
    .filter((instant) => instant >= from && instant <= to)
    .flatMap((instant) => [
      { instant, side: "before" as const },
      { instant, side: "at" as const },
    ]);
}

/** As long before what happens to a point as a loss may follow from it, in seconds. */
export interface Ahead {
  /** Before it becomes usable. */
  coming: readonly number[];
  /** Before it is deleted. */
  going: readonly number[];
  /** Whether damage may come too late for it. */
  spoiling: boolean;
}

/**
 * The moments from `from` to `to` at which a loss is largest, for it grows until something better comes: as long before
 * a point becomes usable as `ahead` says, just before damage would have come too late for it, and right after something
 * is deleted that is needed as much later. What no member is brought back from changes nothing.
 */
export function eves(world: World, held: Holdings, from: number, to: number, ahead: Ahead): Moment[] {
  const { coming, going, spoiling } = ahead;
  const before = new Set<number>();
  const after = new Set<number>();
  for (const place of neededBy(world)) {
    const keeper = world.keepers[place];
    const kept = keeper !== undefined && "kept" in keeper ? keeper.kept : Number.POSITIVE_INFINITY;
    for (const { usable, holdsUntil, root } of held[place] ?? []) {
      if (spoiling && holdsUntil >= from && holdsUntil <= to) before.add(holdsUntil);
      for (const span of coming) if (usable - span >= from && usable - span <= to) before.add(usable - span);
      for (const span of going) {
        const gone = root + kept + 1 - span;
        if (gone >= from && gone <= to) after.add(gone);
      }
    }
  }
  const found: Moment[] = [];
  // Where nothing ever comes any moment will do.
  if (before.size + after.size === 0) before.add(to);
  for (const instant of before) found.push({ instant, side: "before" });
  for (const instant of after) found.push({ instant, side: "at" });
  return found;
}

const known = new WeakMap<World, readonly number[]>();

/** The keepers that members are brought back from, and those of what a log is replayed upon. */
function neededBy(world: World): readonly number[] {
  const found = known.get(world);
  if (found !== undefined) return found;
  const own = world.members.flatMap(({ keepers }) => keepers);
  const bases = own.flatMap((place) => {
    const keeper = world.keepers[place];
    return keeper?.keeps === "log" ? keeper.bases : [];
  });
  const needed = [...new Set([...own, ...bases])];
  known.set(world, needed);
  return needed;
}

/**
 * For each member the instant before which everything is in what is brought back of it, when nobody may be newer than
 * what it refers to: each takes its newest that is not, and gives way again until all fit.
 */
export function fitting(world: World, held: Holdings, search: Search): number[] {
  const { members } = world;
  const reached: number[] = [];
  const asked: number[] = [];
  for (const { keepers, refersTo } of members) {
    reached.push(refersTo.length === 0 ? best(world, keepers, held, search) : Number.POSITIVE_INFINITY);
    asked.push(Number.NaN);
  }
  for (let settled = false; !settled; ) {
    settled = true;
    for (let place = 0; place < members.length; place++) {
      const { keepers = [], refersTo = [] } = members[place] ?? {};
      if (refersTo.length === 0) continue;
      let oldest = Number.POSITIVE_INFINITY;
      for (const other of refersTo) oldest = Math.min(oldest, reached[other] ?? Number.NEGATIVE_INFINITY);
      if (oldest === asked[place]) continue;
      asked[place] = oldest;
      const clean = earlier({ instant: oldest, side: "at" }, search.clean);
      reached[place] = best(world, keepers, held, { now: search.now, clean, keptUntil: search.keptUntil });
      settled = false;
    }
  }
  return reached;
}

function best(world: World, keepers: readonly number[], held: Holdings, search: Search): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const place of keepers) newest = Math.max(newest, newestOf(world, place, held, search));
  return newest;
}

function oldestFitting(world: World, held: Holdings, search: Search): number {
  const [only, ...others] = world.members;
  if (only !== undefined && others.length === 0) return best(world, only.keepers, held, search);
  return Math.min(...fitting(world, held, search));
}

/**
 * What is lost when all members are lost at a moment; infinite when nothing can be restored, or nothing is there any more
 * when the recovery has taken its time.
 */
export function lossAt(world: World, held: Holdings, moment: Moment, recovery = 0): number {
  return moment.instant - oldestFitting(world, held, { now: moment, keptUntil: moment.instant + recovery });
}

/** What damage costs: the work since the newest clean state, and all that was written until writes stopped. */
export function damageLossAt(world: World, held: Holdings, moment: Moment, damage: Damage): number {
  const { decided, stopped, restored = 0, hostile = false } = damage;
  const now = hostile ? moment : later(moment, decided);
  const search = { now, clean: moment, keptUntil: moment.instant + decided + stopped + restored };
  return moment.instant - oldestFitting(world, held, search) + decided + stopped;
}
