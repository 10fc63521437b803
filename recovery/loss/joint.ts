import { isUnbounded, isUnknown, type Unbounded, type Unknown } from "../bound";
import { type Seconds, seconds } from "../duration";

/** Moments of an asset that can be brought back, as the adversary of the model sees them; spans in seconds. */
export type Stream = Runs | Log | Mirror;

/** Restore points: instants at which a run is due, ascending; how late it starts, how long it and its transfer take. */
export interface Runs {
  kind: "runs";
  due: readonly number[];
  slack: number;
  run: number;
  transfer: number;
  capture: "start" | "end" | "fuzzy";
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
 * The largest loss of a set of members of which what refers must not be newer than what it refers to, with `missed`
 * failed runs (0 or 1) among all: a walk over the instants just before something becomes usable, or new enough.
 */
export function jointLoss(members: readonly Member[], missed: 0 | 1): Joint | Unbounded | Unknown {
  const order = inOrder(members);
  if (order === undefined) return { unknown: "members of the group refer to each other" };
  const torn = order.find((place) => isTorn(members, place));
  if (torn !== undefined) {
    return { unbounded: `${members[torn]?.name} cannot be brought back to a moment that all it refers to hold` };
  }
  let worst: Joint = { loss: seconds(0) };
  const events = eventsOf(members);
  for (const at of events.size > 0 ? events : [0]) {
    for (const failed of missed === 0 ? [undefined] : failing(members)) {
      const captured = capturedAt(members, order, at, failed);
      if (captured === undefined) continue;
      const loss = at - Math.min(...captured);
      if (loss <= worst.loss) continue;
      worst = {
        loss: seconds(loss),
        ...(events.size > 0 ? { witness: witnessOf(members, at, captured, failed) } : {}),
      };
    }
  }
  return worst;
}

function witnessOf(members: readonly Member[], at: number, captured: readonly number[], failed?: number): Witness {
  const moments = members.map(({ name }, place) => ({ name, at: captured[place] ?? at }));
  const name = failed === undefined ? undefined : members[failed]?.name;
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

/** Every way in which one run fails, and none: a failure may also make nothing worse. */
function failing(members: readonly Member[]): (number | undefined)[] {
  return [undefined, ...members.keys()];
}

/** Instants at which something becomes usable at the latest, or a run is at last not newer than what it refers to. */
function eventsOf(members: readonly Member[]): Set<number> {
  const events = new Set<number>();
  const lags = members.flatMap(({ stream }) =>
    stream.kind === "log" ? stream.behind : stream.kind === "mirror" ? [stream.lag] : [],
  );
  for (const { stream } of members) {
    if (stream.kind !== "runs") continue;
    const first = stream.due[0] ?? 0;
    for (const due of stream.due) {
      // Before the first runs of all members there is nothing to tell.
      if (due > first) events.add(due + usableAfter(stream));
      for (const lag of lags) if (due > first) events.add(due + newest(stream) + lag);
    }
  }
  return events;
}

function usableAfter({ slack, run, transfer }: Runs): number {
  return slack + run + transfer;
}

/** How long after it was due the newest moment that a point may hold lies. */
function newest({ slack, run, capture }: Runs): number {
  return capture === "start" ? slack : slack + run;
}

/** The oldest moments to which members must go back just before an instant; undefined before their first points. */
function capturedAt(
  members: readonly Member[],
  order: readonly number[],
  at: number,
  failed: number | undefined,
): number[] | undefined {
  const captured: number[] = [];
  for (const place of order) {
    const { stream, refersTo } = members[place] ?? { refersTo: [] };
    if (stream === undefined) return undefined;
    const ceiling = Math.min(...refersTo.map((other) => captured[other] ?? Number.NEGATIVE_INFINITY));
    const moment = momentOf(stream, at, ceiling, failed === place);
    if (moment === undefined) return undefined;
    captured[place] = moment;
  }
  return captured;
}

function momentOf(stream: Stream, at: number, ceiling: number, fails: boolean): number | undefined {
  switch (stream.kind) {
    case "mirror":
      return at - stream.lag;
    case "log":
      return Math.min(ceiling, at - stream.behind[fails ? 1 : 0]);
    case "runs": {
      // At the very instant at which it becomes usable the adversary strikes first.
      const usable = countBelow(stream.due, at - usableAfter(stream));
      const fitting = countBelow(stream.due, ceiling - newest(stream) + 1);
      return stream.due[Math.min(usable, fitting) - 1 - (fails ? 1 : 0)];
    }
  }
}

/** How many of some ascending numbers are below a limit. */
export function countBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** True for the worst moment of a set, false for the reason why there is none. */
export function isJoint(answer: Joint | Unbounded | Unknown): answer is Joint {
  return !isUnknown(answer) && !isUnbounded(answer);
}
