import type { Calendar, Due, Fate } from "./calendar";
import { type Holdings, play } from "./course";
import type { Scene } from "./scene";
import type { World } from "./world";

/** One way a scene can go: what the keepers have, and how many runs failed. */
export interface Course {
  held: Holdings;
  missed: 0 | 1;
}

/** Every course a scene can take when each tried run meets each extreme fate and at most one of them fails. */
export function* courses(world: World, scene: Scene, least = 0): Generator<Course> {
  const extremes = world.calendars.map((calendar) => extremeFates(calendar, least));
  const fates = new Map<Due, Fate>();
  for (const early of ["first", "last"] as const) {
    for (const due of scene.dues.flat()) {
      fates.set(due, pick(extremes[due.calendar], due.at < scene.from ? early : "last"));
    }
    for (const victim of [undefined, ...scene.tried]) yield* assign(world, scene, extremes, fates, victim, 0);
  }
}

function* assign(
  world: World,
  scene: Scene,
  extremes: readonly Fate[][],
  fates: Map<Due, Fate>,
  victim: Due | undefined,
  place: number,
): Generator<Course> {
  const due = scene.tried[place];
  if (due === undefined) {
    yield { held: play(world, scene.dues, fateIn(world, fates)), missed: victim === undefined ? 0 : 1 };
    return;
  }
  for (const fate of extremes[due.calendar] ?? []) {
    const fails = due === victim;
    // How long a transfer takes that never happens makes no difference.
    if (fails && fate.transfers > 0) continue;
    fates.set(due, fails ? { ...fate, fails } : fate);
    yield* assign(world, scene, extremes, fates, victim, place + 1);
  }
}

/** Looks up the fate of a run; one that nobody spoke of, such as a rerun, is as slow as it may be. */
export function fateIn({ calendars }: World, fates: ReadonlyMap<Due, Fate>): (due: Due) => Fate {
  return (due) => fates.get(due) ?? slowest(calendars[due.calendar]);
}

/** As late, as long and as slow as a calendar allows. */
export function slowest(calendar: Pick<Calendar, "slack" | "run" | "transfer"> | undefined): Fate {
  const { slack = 0, run = 0, transfer = 0 } = calendar ?? {};
  return { late: slack, takes: run, transfers: transfer, fails: false };
}

/** On time and done at once. */
export const quickest: Fate = { late: 0, takes: 0, transfers: 0, fails: false };

function pick(fates: readonly Fate[] | undefined, which: "first" | "last"): Fate {
  return fates?.at(which === "first" ? 0 : -1) ?? quickest;
}

/** From the quickest fate to the slowest; a run takes `least` seconds at least. */
export function extremeFates({ slack, run, transfer }: Calendar, least = 0): Fate[] {
  const ends = (most: number, from = 0) => [...new Set([Math.min(from, most), most])];
  return ends(slack).flatMap((late) =>
    ends(run, least).flatMap((takes) => ends(transfer).map((transfers) => ({ late, takes, transfers, fails: false }))),
  );
}
