import type { Unbounded, Unknown } from "../bound";
import { type Seconds, seconds } from "../duration";

/** Moments of an asset that can be brought back, as the adversary of the model sees them; spans in seconds. */
export type Stream = Runs | Dense | Log | Mirror;

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

/** One member of a set: what brings it back, and the places in the set of what it refers to. */
export interface Member {
  name: string;
  stream: Stream;
  refersTo: readonly number[];
}

/** A worst moment that a walk over calendars found; instants in seconds since 1970. */
export interface Witness {
  /** Just before this instant everything is lost. */
  at: number;
  /** What is brought back, and the moment it holds. */
  captured: { name: string; at: number }[];
  /** What has failed. */
  failed?: string;
}

/** The largest loss of a set in seconds, and the moment at which it is that; without one where any moment will do. */
export interface Joint {
  loss: Seconds;
  witness?: Witness;
}

/**
 * The largest losses of a set of members of which what refers must not be newer than what it refers to, with every run
 * succeeding and with one failed run among all: a walk over the instants just before something becomes usable, or is at
 * last not newer than what it refers to. `torn` is the place of a member that cannot be brought back to a moment that all
 * it refers to hold.
 */
export function jointLoss(
  members: readonly Member[],
): [healthy: Joint, failed: Joint] | { torn: number } | Unbounded | Unknown {
  const order = inOrder(members);
  if (order === undefined) return { unknown: "members of the group refer to each other" };
  const torn = order.find((place) => isTorn(members, place));
  if (torn !== undefined) return { torn };
  const captured = members.map(() => 0);
  // Where each member's runs were last found, for every run that may fail: the next instant is near.
  const near = [...members, undefined].map(() => members.map(() => 0));
  const healthy: Worst = { loss: untold, at: 0, failed: none };
  const failed: Worst = { loss: untold, at: 0, failed: none };
  const look = (at: number) => {
    note(healthy, at, none, oldestAt(members, order, at, none, captured, near.at(none) ?? []));
    for (const place of members.keys())
      note(failed, at, place, oldestAt(members, order, at, place, captured, near[place] ?? []));
  };
  const isDated = members.some(({ stream }) => stream.kind === "runs");
  if (isDated) forEachEvent(members, look);
  else look(0);
  const answer = ({ loss, at, failed }: Worst): Joint => {
    if (!isDated) return { loss: seconds(loss) };
    oldestAt(members, order, at, failed, captured, near.at(failed) ?? []);
    return { loss: seconds(loss), witness: witnessOf(members, at, captured, failed) };
  };
  if (healthy.loss === untold || failed.loss === untold) {
    return { unbounded: "in ten years no moment comes that all of them hold" };
  }
  // A failed run may make nothing worse.
  return [answer(healthy), answer(failed.loss > healthy.loss ? failed : healthy)];
}

/** The largest loss so far, in seconds, and where it was found. */
interface Worst {
  loss: number;
  at: number;
  failed: number;
}

/** A loss that no instant has told yet. */
const untold = -1;

/** No member: none of them fails. */
const none = -1;

/** Of equal losses the earliest is told. */
function note(worst: Worst, at: number, failed: number, oldest: number | undefined): void {
  if (oldest === undefined) return;
  const loss = at - oldest;
  if (loss < worst.loss || (loss === worst.loss && at >= worst.at)) return;
  worst.loss = loss;
  worst.at = at;
  worst.failed = failed;
}

function witnessOf(members: readonly Member[], at: number, captured: readonly number[], failed: number): Witness {
  const moments = members.map(({ name }, place) => ({ name, at: captured[place] ?? at }));
  const name = members[failed]?.name;
  return { at, captured: moments, ...(name === undefined ? {} : { failed: name }) };
}

/** Whether a member that cannot be wound back may be newer than something it refers to. */
function isTorn(members: readonly Member[], place: number): boolean {
  const { stream, refersTo } = members[place] ?? { refersTo: [] };
  if (stream?.kind !== "mirror") return false;
  return refersTo.some((other) => {
    const referred = members[other]?.stream;
    return !(referred?.kind === "mirror" && referred.lag === 0);
  });
}

/** Places of the members, each after what it refers to; undefined where they refer to each other. */
function inOrder(members: readonly Member[]): number[] | undefined {
  const order: number[] = [];
  while (order.length < members.length) {
    const next = members.findIndex(
      ({ refersTo }, place) => !order.includes(place) && refersTo.every((other) => order.includes(other)),
    );
    if (next < 0) return undefined;
    order.push(next);
  }
  return order;
}

/** How far behind an instant a moment may lie that anything else must not be newer than. */
function lagsOf(stream: Stream): readonly number[] {
  switch (stream.kind) {
    case "runs":
      return [];
    case "mirror":
      return [stream.lag];
    case "log":
      return stream.behind;
    case "dense":
      return stream.age;
  }
}

/** Instants at which something becomes usable at the latest, or a run is at last not newer than what it refers to. */
function forEachEvent(members: readonly Member[], look: (at: number) => void): void {
  const lags = members.flatMap(({ stream }) => lagsOf(stream));
  for (const { stream } of members) {
    if (stream.kind !== "runs") continue;
    const delays = new Set([usableAfter(stream), ...lags.map((lag) => newest(stream) + lag)]);
    for (const delay of delays) for (const due of stream.due) look(due + delay);
  }
}

function usableAfter({ slack, run, transfer }: Runs): number {
  return slack + run + transfer;
}

/** How long after it was due the newest moment that a point may hold lies. */
function newest({ slack, run, capture }: Runs): number {
  return capture === "start" ? slack : slack + run;
}

/**
 * The oldest moment to which any member must go back just before an instant, and into `captured` that of each; none
 * before their first points.
 */
function oldestAt(
  members: readonly Member[],
  order: readonly number[],
  at: number,
  failed: number,
  captured: number[],
  near: number[],
): number | undefined {
  let oldest = at;
  for (const place of order) {
    const member = members[place];
    if (member === undefined) return undefined;
    let ceiling = Number.POSITIVE_INFINITY;
    for (const other of member.refersTo)
      ceiling = Math.min(ceiling, ceilingOf(members[other], captured[other] ?? at, at));
    const moment = momentOf(member.stream, at, ceiling, failed === place, near, place);
    if (moment === undefined) return undefined;
    captured[place] = moment;
    if (moment < oldest) oldest = moment;
  }
  return oldest;
}

/** The newest moment that is not newer than that of a member: just before an instant, what follows the clock is older. */
function ceilingOf(member: Member | undefined, moment: number, at: number): number {
  const follows = member !== undefined && lagsOf(member.stream).some((lag) => moment === at - lag);
  return follows && !isLive(member.stream) ? moment - 1 : moment;
}

/** What serves on is never older than anything. */
function isLive(stream: Stream): boolean {
  return stream.kind === "mirror" && stream.lag === 0;
}

function momentOf(
  stream: Stream,
  at: number,
  ceiling: number,
  fails: boolean,
  near: number[],
  place: number,
): number | undefined {
  switch (stream.kind) {
    case "mirror":
      return at - stream.lag;
    case "log":
      return Math.min(ceiling, at - stream.behind[fails ? 1 : 0]);
    case "dense":
      return Math.min(ceiling - stream.step[fails ? 1 : 0], at - stream.age[fails ? 1 : 0]);
    case "runs": {
      // At the very instant at which it becomes usable the adversary strikes first; what fits may be as new as the ceiling.
      const limit = Math.min(at - usableAfter(stream), ceiling - newest(stream) + 1);
      const count = countBelow(stream.due, limit, near[place]);
      near[place] = count;
      return stream.due[count - (fails ? 2 : 1)];
    }
  }
}

/** How many of some ascending numbers are below a limit; quick where that is near a place. */
export function countBelow(numbers: readonly number[], limit: number, near = 0): number {
  let low = Math.max(0, near);
  let high = numbers.length;
  // Steps twice as long each time, in the direction in which the place lies, then halves.
  let step = 1;
  while (low > 0 && (numbers[low - 1] ?? 0) >= limit) {
    high = low - 1;
    low = Math.max(0, low - step);
    step *= 2;
  }
  for (let next = low + step; next < high && (numbers[next - 1] ?? 0) < limit; next += step) {
    low = next;
    step *= 2;
  }
  high = Math.min(high, low + step);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
