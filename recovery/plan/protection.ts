import type { Maybe } from "../bound";
import type { Schedule } from "../schedule";
import type { Domain, Need, Place, Source, Term } from "./term";

/**
 * Data cut or copied into shares of which some suffice: the fragments of an erasure code (k of k + m), the members of a
 * quorum (a majority of n).
 */
export interface Shares {
  /** How many shares must be left to read and write: k of an erasure code, the majority of a quorum. */
  needed: number;
  /** How many shares there are of one object. */
  total: number;
  /**
   * Most shares of one object that one fault domain holds. The loss of a domain that is not named takes as many as the
   * next larger one that is; where none is, nothing keeps the shares apart.
   */
  together: Partial<Record<Domain, number>>;
  /** How many domains of the smallest named kind planned work takes away at a time. @default 0 */
  away?: number;
  /** How many domains of the smallest named kind there are in all: the spare ones are where lost shares are rebuilt. */
  members?: number;
  /** How long rebuilding the shares of one lost member takes: the window in which further losses add up. */
  rebuild?: Term;
}

/** Data kept synchronously in several places: nothing acknowledged is lost while enough of them stand. */
export interface Redundancy {
  kind: "redundancy";
  id: string;
  asset: string;
  label: string;
  /** Largest fault domain whose loss it survives, or the shares from which that follows. */
  survives: Maybe<Domain> | Shares;
  /** How much acknowledged work may not yet be durable; 0 when writes are acknowledged after they are. */
  loss: Term[];
  source: Source;
}

/** Data copied elsewhere after it is acknowledged, as fast as it goes; it copies damage as well. */
export interface Replica {
  kind: "replica";
  id: string;
  asset: string;
  label: string;
  at: Maybe<Place>;
  /** How far behind it may be: `guaranteed` only where something throttles or refuses writes beyond that. */
  lag: Term;
  /** `metadata` fails over names and settings, and leaves the data where it was. */
  carries: "data" | "metadata";
  /** Why nothing tells how far behind it is, by the design of the service: then no alert can be asked for. @default something does */
  unseen?: string;
  /** Keys and catalogues without which it cannot be read. */
  needs?: Need[];
  source: Source;
}

/** One schedule that takes restore points, or carries them on. */
export interface Series {
  name: string;
  role: "full" | "incremental";
  schedule: Maybe<Schedule>;
  suspended: Maybe<boolean>;
  /** What happens to a run that is due while another runs: both run, it waits or is skipped, or it takes its place. */
  overlap: Maybe<"allow" | "forbid" | "replace">;
  /** How late a run may start. */
  startSlack: Term;
  /** How long a run may take, retries included. */
  run: Term;
  source: Source;
}

/** What keeps a copy from being deleted. */
export interface Lock {
  mode: Maybe<"compliance" | "governance" | "none">;
  keptFor: Term;
  /** Until then, in seconds since 1970, the lock itself can still be removed. */
  graceUntil?: number;
}

/** A place where restore points are kept. */
export interface Copy {
  at: Maybe<Place>;
  /** Until something deletes a point by itself (expiry), or moves it where a restore waits for hours; unbounded when nothing does. */
  keptFor: Term;
  /** How many points are kept at most, the newest of them: a count may delete sooner than `keptFor` says. */
  newest?: number;
  /** Until every point has been deleted; `keptFor` when absent. */
  deletedBy?: Term;
  lock: Lock;
  /** Keys and catalogues without which it cannot be read. */
  needs?: Need[];
  /** The job that carries points there from the other copies, where that has a schedule of its own. */
  relay?: Series;
  source: Source;
}

/** Restore points taken on a schedule: fulls, and incrementals that need them. */
export interface RestorePoints {
  kind: "restore-points";
  id: string;
  asset: string;
  label: string;
  /** Which moment a point holds: the start of its run, its end, or a mixture until a drill shows better. */
  capture: "start" | "end" | "fuzzy";
  series: Series[];
  /** From the end of a run until the point is usable outside the failed domain. */
  transfer: Term;
  copies: Copy[];
  /** Seconds one link of a chain takes to restore, and bytes per second of the base; from the register. */
  restoreRate?: { perLink: Term; bytesPerSecond: number; baseBytes: number };
  source: Source;
}

/** How fast something kept is read, and how much of it a recovery reads: by the register. */
export interface ReadRate {
  /** Bytes a second, more than 0. */
  bytesPerSecond: number;
  bytes: number;
}

/** A continuous log: every moment from the oldest base on can be restored. */
export interface Archive {
  kind: "archive";
  id: string;
  asset: string;
  label: string;
  /**
   * Id of the restore points that the log is replayed upon; absent where a service takes bases of its own and keeps
   * each for as long as a moment needs it.
   */
  base?: string;
  /** How long a piece of the log may be filled before it is shipped: `archive_timeout`, 5 minutes of RDS. */
  ship: Term;
  /** How long shipping one piece may take. */
  upload: Term;
  /** Where the log is kept; the copies of a base that is named are its own. */
  copies: Copy[];
  /** Absent where no recovery of ours reads it: a service brings its moments back by itself. */
  readRate?: ReadRate;
  source: Source;
}

/** Earlier versions of objects, or deleted ones, kept where the objects are. */
export interface Versions {
  kind: "versions";
  id: string;
  asset: string;
  label: string;
  at: Maybe<Place>;
  /** What it undoes: soft delete undoes deletion only. */
  undoes: ("overwrite" | "delete")[];
  keptFor: Term;
  lock: Lock;
  needs?: Need[];
  /** Absent where versions are made the current ones where they lie, and nothing is read. */
  readRate?: ReadRate;
  source: Source;
}

/** Derived data, made anew from another asset. */
export interface Rebuild {
  kind: "rebuild";
  id: string;
  asset: string;
  label: string;
  /** The asset it is made from: it loses what that loses, and waits until that is back. */
  from: string;
  source: Source;
}

/** How an asset's data outlives a disruption. */
export type Protection = Redundancy | Replica | RestorePoints | Archive | Versions | Rebuild;
