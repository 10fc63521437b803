import { firstFrom } from "./calendar";
import type { World } from "./world";

/** The longest from when a run is due until what it made is usable. */
export function reachOf({ calendars }: World): number {
  return Math.max(0, ...calendars.map(({ slack, run, transfer }) => slack + run + transfer));
}

const day = 86_400;

/**
 * How much earlier something may have come about last, in seconds: runs that others replace leave nothing on some days of
 * a week or a month, and what a carrier comes too late for is not carried on, which is tried on days that are all alike.
 */
function pastOf({ calendars, keepers }: World): number {
  if (calendars.some(({ overlap }) => overlap === "replace")) return 62 * day;
  const isDeleted = keepers.some(
    (one) =>
      one.keeps === "points" &&
      one.sources?.some((place) => {
        const source = keepers[place];
        return source?.keeps === "points" && source.kept < 62 * day;
      }),
  );
  return isDeleted ? 6 * day : 0;
}

/**
 * When the calendars of a scene at `at` begin: three runs of each have become usable before it whatever befell them, for
 * one may fail. What others carry on or must fit begins before those do.
 */
export function beginsOf(world: World, at: number): number[] | undefined {
  const reach = reachOf(world);
  const begins = new Map<number, number>();
  const begin = (place: number, asked: ReadonlySet<number>): number => {
    const known = begins.get(place);
    if (known !== undefined) return known;
    const due = world.calendars[place]?.due ?? [];
    const later = followersOf(world, place).filter((one) => !asked.has(one));
    const needed = Math.min(at, ...later.map((one) => begin(one, new Set([...asked, place]))));
    const runsIn = needed - reach - pastOf(world) + 1;
    const found = due.length === 0 ? at : (due[firstFrom(due, runsIn) - 4] ?? Number.NEGATIVE_INFINITY);
    begins.set(place, found);
    return found;
  };
  const all = world.calendars.map((_, place) => begin(place, new Set()));
  return all.includes(Number.NEGATIVE_INFINITY) ? undefined : all;
}

/**
 * The calendars before which one must have begun: what carries its points on, what its points must fit, and what is
 * watched while they keep an alert silent.
 */
function followersOf({ calendars, keepers, members, alarm }: World, place: number): number[] {
  const calendar = calendars[place];
  if (calendar === undefined) return [];
  const chainsOf = (member: number | undefined) =>
    (member === undefined ? [] : (members[member]?.keepers ?? [])).flatMap((one) => {
      const keeper = keepers[one];
      const bases = keeper?.keeps === "log" ? keeper.bases.map((base) => keepers[base]) : [keeper];
      return bases.flatMap((base) => (base?.keeps === "points" ? [base.chain] : []));
    });
  const referred = members.flatMap(({ refersTo }, member) =>
    chainsOf(member).includes(calendar.chain) ? refersTo.flatMap(chainsOf) : [],
  );
  return calendars.flatMap(({ does, chain }, other) => {
    if (chain === calendar.chain) return does === "carry" && calendar.does !== "carry" ? [other] : [];
    const silenced = alarm?.chain === chain && alarm.beside?.includes(calendar.chain);
    return silenced || referred.includes(chain) ? [other] : [];
  });
}
