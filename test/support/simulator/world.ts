import type { Calendar } from "./calendar";

/** Copies of the points of a chain, each there until it is older than `kept` seconds; its own carrier brings them, or the chain itself. */
export interface Copies {
  keeps: "points";
  chain: number;
  /** Place among the calendars of the job that carries them there. */
  carrier?: number;
  /** Places of the keepers of which the carrier takes them from one. @default the one that keeps them longest */
  sources?: readonly number[];
  kept: number;
}

/** A log beside restore points: every moment from a base on can be restored while the base and the log since are kept. */
export interface Log {
  keeps: "log";
  /** Place among the calendars of what ships its pieces. */
  shipper: number;
  /** Places among the keepers of the restore points that it is replayed upon. */
  bases: readonly number[];
  kept: number;
}

/** A copy that every write reaches after a while, and every damage too. */
export interface Mirror {
  keeps: "mirror";
  /** Place among the calendars of what brings the writes. */
  writer: number;
}

/** Earlier versions, each there for `kept` seconds after it was replaced or deleted, as far as it undoes that. */
export interface Versions {
  keeps: "versions";
  undoes: readonly ("overwrite" | "delete")[];
  kept: number;
}

/** What can bring back states of an asset. */
export type Keeper = Copies | Log | Mirror | Versions;

/** An asset, or one of several that must fit together: what brings it back, and the members it refers to, by place. */
export interface Member {
  keepers: readonly number[];
  refersTo: readonly number[];
}

/** An alert on the age of the newest finished point of a chain, and somebody who runs the job again. */
export interface Alarm {
  chain: number;
  /** It fires when the point is older than this, in seconds. */
  threshold: number;
  ageFrom: "capture" | "completion";
  /** Place of the calendar without dates whose runs are the reruns; its slack is notice and reaction together. */
  reruns: number;
  /** Other chains, of which each point keeps the age low as well. @default none */
  beside?: readonly number[];
  /** The one kind of points that it counts. @default every kind */
  counts?: "full" | "incremental";
}

/** Everything that is played. */
export interface World {
  calendars: readonly Calendar[];
  keepers: readonly Keeper[];
  /** What is lost and brought back together; one by itself is the usual case. */
  members: readonly Member[];
  alarm?: Alarm;
}
