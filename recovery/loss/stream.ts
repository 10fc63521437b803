import { countBelow } from "./due";

/** Moments of an asset that can be brought back, as the adversary of the model sees them; spans in seconds. */
export type Stream = Runs | Carried | Dense | Log | Mirror;

/** Restore points: instants at which a run is due, ascending; how late it starts, how long it and its transfer take. */
export interface Runs {
  kind: "runs";
  due: readonly number[];
  slack: number;
  run: number;
  transfer: number;
  capture: "start" | "end" | "fuzzy";
}

/**
 * Restore points of which a job of its own carries the newest on to where they are brought back from: when it is due,
 * ascending, how late it starts and how long it takes.
 */
export interface Carried {
  kind: "carried";
  points: Runs;
  /** When those of them are due that are sure to be carried on before their source deletes them; all when absent. */
  sure?: readonly number[];
  due: readonly number[];
  slack: number;
  run: number;
}

/**
 * Restore points too many to go through, or whose runs overlap: the newest is at most `age` old, and the newest that is
 * no newer than some moment at most `step` older than it; with no failed run and with one.
 */
export interface Dense {
  kind: "dense";
  age: readonly [number, number];
  step: readonly [number, number];
}

/** A log: any moment up to `behind` ago, with no shipment and with one failed. */
export interface Log {
  kind: "log";
  behind: readonly [number, number];
}

/** A replica, or the asset itself with a lag of 0: one moment at most `lag` ago, and no other. */
export interface Mirror {
  kind: "mirror";
  lag: number;
}

/** What of a member fails: nothing, a run of what makes its moments, or one of the job that carries them on. */
export type Failing = "nothing" | "its own" | "its carrier";

/** What of a stream may fail. */
export function failings({ kind }: Stream): Failing[] {
  return kind === "carried" ? ["its carrier", "its own"] : ["its own"];
}

/** How long after it is due a point is there at the latest. */
export function usableAfter({ slack, run, transfer }: Runs): number {
  return slack + run + transfer;
}

/** How long after it was due the newest moment that a point may hold lies. */
export function newest({ slack, run, capture }: Runs): number {
  return capture === "start" ? slack : slack + run;
}

/** How far behind an instant a moment may lie that anything else must not be newer than. */
export function lagsOf(stream: Stream): readonly number[] {
  switch (stream.kind) {
    case "runs":
    case "carried":
      return [];
    case "mirror":
      return [stream.lag, stream.lag];
    case "log":
      return stream.behind;
    case "dense":
      return stream.age;
  }
}

/** What serves on is never older than anything. */
export function isLive(stream: Stream): boolean {
  return stream.kind === "mirror" && stream.lag === 0;
}

/** The calendars that say when its moments are. */
export function calendarsOf(stream: Stream): (readonly number[])[] {
  if (stream.kind === "runs") return [stream.due];
  if (stream.kind !== "carried") return [];
  const { due, points, sure } = stream;
  return sure === undefined ? [due, points.due] : [due, points.due, sure];
}

/** Whether calendars say when its moments are. */
export function isDated({ kind }: Stream): boolean {
  return kind === "runs" || kind === "carried";
}

/**
 * The newest moment that what refers to a stream may hold, where that is brought back to a moment: just before an
 * instant, what follows the clock is older.
 */
export function ceilingOf(stream: Stream, moment: number, at: number, missed: 0 | 1): number {
  const follows = !isDated(stream) && !isLive(stream) && moment === at - (lagsOf(stream)[missed] ?? 0);
  return follows ? moment - 1 : moment;
}

/** Where in the calendars of a stream the last instant was: the next is near. */
export const noPlaces: readonly number[] = [0, 0, 0];

/**
 * The newest moment of a stream that is there just before an instant and is sure to be no newer than a ceiling;
 * undefined before its first points. `near` keeps places from `first` on.
 */
export function momentOf(
  stream: Stream,
  at: number,
  ceiling: number,
  failing: Failing,
  near: number[],
  first: number,
): number | undefined {
  const missed = failing === "nothing" ? 0 : 1;
  switch (stream.kind) {
    case "mirror":
      return at - stream.lag;
    case "log":
      return Math.min(ceiling, at - stream.behind[missed]);
    case "dense":
      return Math.min(ceiling - stream.step[missed], at - stream.age[missed]);
    case "runs": {
      // At the very instant at which it becomes usable the adversary strikes first; what fits may be as new as the ceiling.
      const limit = Math.min(at - usableAfter(stream), ceiling - newest(stream) + 1);
      return lastBelow(stream.due, limit, missed, near, first);
    }
    case "carried": {
      const { points, sure = points.due, due, slack, run } = stream;
      const misfit = misfitFrom(points, ceiling, near, first);
      if (misfit === undefined) return undefined;
      const limit = Math.min(at - slack - run, misfit - slack + 1);
      const start = lastBelow(due, limit, failing === "its carrier" ? 1 : 0, near, first + 1);
      if (start === undefined) return undefined;
      // At worst it starts on time and just misses what becomes usable in that second.
      return lastBelow(sure, start - usableAfter(points), failing === "its own" ? 1 : 0, near, first + 2);
    }
  }
}

/**
 * What starts to carry after this instant may find a point that is too new: the first that may hold more than the
 * ceiling, held back until it does. Undefined where no such point is known.
 */
function misfitFrom(points: Runs, ceiling: number, near: number[], place: number): number | undefined {
  if (ceiling === Number.POSITIVE_INFINITY) return ceiling;
  const count = countBelow(points.due, ceiling - newest(points) + 1, near[place]);
  near[place] = count;
  const due = points.due[count];
  return due === undefined ? undefined : Math.max(ceiling + 1, due);
}

/** The last of some instants before a limit, or the one before it. */
function lastBelow(
  due: readonly number[],
  limit: number,
  missed: 0 | 1,
  near: number[],
  place: number,
): number | undefined {
  const count = countBelow(due, limit, near[place]);
  near[place] = count;
  return due[count - 1 - missed];
}
