import { beginsOf, reachOf } from "./begins";
import { type Due, dueWithin, firstFrom } from "./calendar";
import type { World } from "./world";

/** A stretch of the calendar: the runs due in it, those whose fate is tried, and when to strike. */
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
  const { calendars } = world;
  const scheduled = calendars.flatMap(({ due }, place) => (due.length > 0 ? [place] : []));
  const begins = beginsOf(world, at);
  const ahead = scheduled
    .filter((place) => only === undefined || place === only)
    .flatMap((place) => {
      const due = calendars[place]?.due ?? [];
      const first = firstFrom(due, at);
      return due.slice(first, first + tried).map((one, turn) => ({ calendar: place, index: first + turn, at: one }));
    })
    .sort((a, b) => a.at - b.at)
    .slice(0, tried);
  const last = ahead[tried - 1];
  if (last === undefined || begins === undefined) return undefined;
  const to = last.at + reachOf(world);
  if (scheduled.some((place) => (calendars[place]?.due.at(-1) ?? 0) < to)) return undefined;
  const dues = calendars.map((_, place) => dueWithin(calendars, place, begins[place] ?? to, to));
  const same = ahead.flatMap((due) => dues[due.calendar]?.find(({ index }) => index === due.index) ?? []);
  return { dues, tried: same, from: at, to };
}

/**
 * The scene around `at`: of each calendar the last runs due until then are tried, so many of each; of the others those
 * that may meet one of them, and the two before it.
 */
export function sceneUntil(world: World, at: number, tried: number): Scene | undefined {
  const { calendars } = world;
  const reach = reachOf(world);
  const recent = calendars.map(({ due }) => {
    const end = firstFrom(due, at + 1);
    return due.slice(Math.max(0, end - tried), end);
  });
  const begins = beginsOf(world, Math.min(at, ...recent.flat()));
  const to = at + reach;
  if (begins === undefined || calendars.some(({ due }) => due.length > 0 && (due.at(-1) ?? 0) < to)) return undefined;
  const dues = calendars.map((_, place) => dueWithin(calendars, place, begins[place] ?? to, to));
  const last = dues.flatMap((runs, place) => {
    const meets = recent.filter((_, other) => other !== place).flat();
    const first = recent[place]?.[0] ?? 0;
    const met = new Set<number>();
    for (const one of meets) {
      const until = firstFrom(calendars[place]?.due ?? [], one + reach + 1);
      const from = firstFrom(calendars[place]?.due ?? [], one - reach);
      for (let index = Math.min(from, until - 1) - 1; index < until; index++) met.add(index);
    }
    return runs.filter(({ at, index }) => at >= first || met.has(index));
  });
  return { dues, tried: last.sort((a, b) => a.at - b.at), from: at - reach, to };
}

/**
 * The scene of a log or a mirror around `at`: so many pieces are tried, from one before it on, as far apart as they may
 * be or by the spans given in turn; of the restore points beside them the last three are tried too.
 */
export function streamAt(world: World, at: number, tried: number, apart?: readonly number[]): Scene | undefined {
  const { calendars } = world;
  const stream = calendars.findIndex(({ every }) => every !== undefined);
  const { every = 1, run = 0 } = calendars[stream] ?? {};
  const pieces: Due[] = [];
  let closes = at - every;
  for (let index = 0; index <= tried; index++) {
    pieces.push({ calendar: stream, index, at: closes });
    closes += Math.min(every, apart?.[index % apart.length] ?? every);
  }
  const to = closes + run;
  const begins = beginsOf(world, at);
  if (begins === undefined || calendars.some(({ due }) => due.length > 0 && (due.at(-1) ?? 0) < to)) return undefined;
  const dues = calendars.map((_, place) =>
    place === stream ? pieces : dueWithin(calendars, place, begins[place] ?? to, to),
  );
  const recent = dues.flatMap((runs, place) => (place === stream ? [] : runs.slice(-3)));
  // Whether the last piece arrives with the next is beyond the scene.
  return { dues, tried: [...recent, ...pieces.slice(0, -1)], from: at, to };
}
