import { alarmed } from "./alarm";
import { type Due, type Fate, type Run, runsOf } from "./calendar";
import { carried, mirrored, type Point, shipped, taken } from "./point";
import type { Copies, Keeper, World } from "./world";

/** What each keeper has of a course, by its place; nothing for versions, which are where the data is. */
export type Holdings = readonly (readonly Point[])[];

/** What comes of due runs, given by calendar, when each meets its fate. */
export function play(world: World, dues: readonly Due[][], fateOf: (due: Due) => Fate): Holdings {
  const runs = world.calendars.map((calendar, place) => runsOf(calendar, dues[place] ?? [], fateOf));
  const chains = new Map<number, Point[]>();
  const chainOf = (chain: number): Point[] => {
    const known = chains.get(chain);
    if (known !== undefined) return known;
    const points = taken(runsInto(world, chain, runs, dues, fateOf));
    chains.set(chain, points);
    return points;
  };
  const loads = new Map<number, Point[]>();
  const loadOf = (carrier: number, chain: number): Point[] => {
    const known = loads.get(carrier) ?? carried(runs[carrier] ?? [], chainOf(chain), keptFor(world, carrier, chain));
    loads.set(carrier, known);
    return known;
  };
  return world.keepers.map((keeper) => holdingOf(keeper, runs, chainOf, loadOf));
}

function runsInto(
  world: World,
  chain: number,
  runs: readonly Run[][],
  dues: readonly Due[][],
  fateOf: (due: Due) => Fate,
): readonly Run[] {
  let into: readonly Run[] = [];
  let sorted = true;
  for (const [place, calendar] of world.calendars.entries()) {
    if (calendar.chain !== chain || (calendar.does !== "full" && calendar.does !== "incremental")) continue;
    sorted &&= into.length === 0 && calendar.overlap === "forbid";
    const own = runs[place] ?? [];
    if (into.length === 0) into = own;
    else into = into.concat(own);
  }
  if (!sorted) into = into.toSorted((a, b) => a.start - b.start);
  const { alarm } = world;
  if (alarm?.chain !== chain) return into;
  const beside = world.calendars.flatMap((one, place) =>
    alarm.beside?.includes(one.chain) ? (runs[place] ?? []) : [],
  );
  return alarmed(world, alarm, into, beside, dues, fateOf);
}

function holdingOf(
  keeper: Keeper,
  runs: readonly Run[][],
  chainOf: (chain: number) => Point[],
  loadOf: (carrier: number, chain: number) => Point[],
): readonly Point[] {
  switch (keeper.keeps) {
    case "points":
      return keeper.carrier === undefined ? chainOf(keeper.chain) : loadOf(keeper.carrier, keeper.chain);
    case "log":
      return shipped(runs[keeper.shipper] ?? []);
    case "mirror":
      return mirrored(runs[keeper.writer] ?? []);
    case "versions":
      return [];
  }
}

/** How long the points of a chain are there to be carried on: nobody says from which of several copies. */
function keptFor({ keepers }: World, carrier: number, chain: number): number {
  const sources = keepers.flatMap((one) =>
    one.keeps === "points" && one.carrier === carrier ? (one.sources ?? []) : [],
  );
  const shortest = sources.map((place) => keepers[place]).map((one) => (one?.keeps === "points" ? one.kept : 0));
  if (shortest.length > 0) return Math.min(...shortest);
  const direct = keepers.filter((one): one is Copies => one.keeps === "points" && one.chain === chain);
  return Math.max(0, ...direct.filter(({ carrier: by }) => by === undefined).map(({ kept }) => kept));
}
