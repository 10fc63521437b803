import type { Unbounded, Unknown } from "../bound";
import { type Seconds, seconds } from "../duration";
import { eventsOf, nextEvent } from "./events";
import {
  calendarsOf,
  ceilingOf,
  type Failing,
  failings,
  isDated,
  isLive,
  momentOf,
  noPlaces,
  type Stream,
} from "./stream";
import { seenUntil, stretchOf } from "./weeks";

export type { Carried, Dense, Log, Mirror, Runs, Stream } from "./stream";

/** One member of a set: what brings it back, and the places in the set of what it refers to. */
export interface Member {
  name: string;
  stream: Stream;
  refersTo: readonly number[];
  /** The job that carries its points on, where one does. */
  carrier?: string;
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

/** The losses of a set with every run succeeding and with one failed, the place of a member that fits nothing, or why none is known. */
export type Joints = [healthy: Joint, failed: Joint] | { torn: number } | Unbounded | Unknown;

/**
 * The largest losses of a set of members of which what refers must not be newer than what it refers to, with every run
 * succeeding and with one failed run among all: a walk over the instants just before something becomes usable, or is at
 * last not newer than what it refers to. `torn` is the place of a member that cannot be brought back to a moment that all
 * it refers to hold.
 */
export function jointLoss(members: readonly Member[]): Joints {
  const order = orderOf(members);
  if (!Array.isArray(order)) return order;
  const healthy = worstOf(members, order, soundly, untold);
  let told = false;
  // A failed run may make nothing worse.
  let failed = healthy;
  for (const failure of failuresOf(members)) {
    // One as large as that of another failure is told if it comes sooner.
    const worst = worstOf(members, order, failure, failed === healthy ? healthy.loss : failed.loss - 1);
    told ||= worst.told;
    if (worst.loss > failed.loss || (failed !== healthy && worst.loss === failed.loss && worst.at < failed.at))
      failed = worst;
  }
  if (!healthy.told || !told) return { unbounded: "in ten years no moment comes that all of them hold" };
  return [jointOf(members, order, healthy), jointOf(members, order, failed)];
}

/** Whether a set may lose more than so many seconds, with one failed run among all: no walk goes on once it has found that. */
export function losesMore(members: readonly Member[], limit: number): boolean {
  const order = orderOf(members);
  if (!Array.isArray(order)) return true;
  return failuresOf(members).some((failure) => {
    const { loss, told } = worstOf(members, order, failure, limit, limit);
    return loss > limit || !told;
  });
}

/** What fails of one member of a set, by its place. */
interface Failure {
  place: number;
  failing: Failing;
}

const soundly: Failure = { place: -1, failing: "nothing" };

function failuresOf(members: readonly Member[]): Failure[] {
  return members.flatMap(({ stream }, place) => failings(stream).map((failing) => ({ place, failing })));
}

/** The largest loss in seconds, where it was found, and whether any instant has told of one. */
interface Worst {
  loss: number;
  at: number;
  failure: Failure;
  told: boolean;
}

/** Less than any loss. */
const untold = -1;

/**
 * Goes from event to event for losses larger than one that is known, until one is larger than a limit; of equal ones the
 * earliest is told. What can be brought back never grows older: an event that comes no later after the state there is
 * than the worst loss so far cannot be worse, and is passed over; so is what only repeats the week before.
 */
function worstOf(
  members: readonly Member[],
  order: readonly number[],
  failure: Failure,
  known: number,
  limit = Number.POSITIVE_INFINITY,
): Worst {
  const captured = members.map(() => 0);
  const near = members.flatMap(() => noPlaces);
  const worst: Worst = { loss: known, at: 0, failure, told: false };
  const streams = members.map(({ stream }) => stream);
  const events = eventsOf(streams);
  const slowest = Math.max(...events.map(({ delay }) => delay));
  const stretch = stretchOf(streams.flatMap(calendarsOf));
  let at = nextEvent(events, Number.NEGATIVE_INFINITY);
  while (at !== undefined && worst.loss <= limit) {
    const oldest = oldestAt(members, order, at, failure, captured, near);
    let after = at;
    if (oldest !== undefined) {
      worst.told = true;
      if (at - oldest > worst.loss) [worst.loss, worst.at] = [at - oldest, at];
      after = Math.max(oldest + worst.loss, seenUntil(stretch, at, Math.min(oldest, at - slowest)));
    }
    at = nextEvent(events, after);
  }
  return worst;
}

function jointOf(members: readonly Member[], order: readonly number[], { loss, at, failure }: Worst): Joint {
  if (!members.some(({ stream }) => isDated(stream))) return { loss: seconds(loss) };
  const captured = members.map(() => 0);
  oldestAt(
    members,
    order,
    at,
    failure,
    captured,
    members.flatMap(() => noPlaces),
  );
  const moments = members.map(({ name }, place) => ({ name, at: captured[place] ?? at }));
  const member = members[failure.place];
  const failed = failure.failing === "its carrier" ? member?.carrier : member?.name;
  return { loss: seconds(loss), witness: { at, captured: moments, ...(failed === undefined ? {} : { failed }) } };
}

/** Whether a member that cannot be wound back may be newer than something it refers to. */
function isTorn(members: readonly Member[], { stream, refersTo }: Member): boolean {
  if (stream.kind !== "mirror") return false;
  return refersTo.some((other) => {
    const referred = members[other];
    return referred === undefined || !isLive(referred.stream);
  });
}

/** Places of the members, each after what it refers to; or why they cannot be brought back together. */
function orderOf(members: readonly Member[]): number[] | Exclude<Joints, unknown[]> {
  const order: number[] = [];
  while (order.length < members.length) {
    const next = members.findIndex(
      ({ refersTo }, place) => !order.includes(place) && refersTo.every((other) => order.includes(other)),
    );
    if (next < 0) return { unknown: "members of the group refer to each other" };
    order.push(next);
  }
  const torn = order.find((place) => members[place] && isTorn(members, members[place]));
  return torn === undefined ? order : { torn };
}

/**
 * The oldest moment to which any member must go back just before an instant, and into `captured` that of each; none
 * before their first points.
 */
function oldestAt(
  members: readonly Member[],
  order: readonly number[],
  at: number,
  failure: Failure,
  captured: number[],
  near: number[],
): number | undefined {
  let oldest = at;
  for (const place of order) {
    const member = members[place];
    if (member === undefined) return undefined;
    let ceiling = Number.POSITIVE_INFINITY;
    for (const other of member.refersTo) {
      const referred = members[other];
      if (referred === undefined) return undefined;
      const fails = failure.place === other ? 1 : 0;
      ceiling = Math.min(ceiling, ceilingOf(referred.stream, captured[other] ?? at, at, fails));
    }
    const failing = failure.place === place ? failure.failing : "nothing";
    const moment = momentOf(member.stream, at, ceiling, failing, near, place * noPlaces.length);
    if (moment === undefined) return undefined;
    captured[place] = moment;
    if (moment < oldest) oldest = moment;
  }
  return oldest;
}
