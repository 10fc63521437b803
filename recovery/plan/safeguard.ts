import type { Maybe } from "../bound";
import type { Schedule } from "../schedule";
import type { Lock } from "./protection";
import type { Place, Source, Term } from "./term";

/** An object with a lock of its own, such as a file of a recovery kit. */
export interface LockedObject {
  kind: "locked-object";
  name: string;
  /** Assets of which a recovery needs it, where one says so. */
  assets: string[];
  mode: Lock["mode"];
  /** Until when its own lock keeps it, in seconds since 1970; absent without an end of its own. */
  until?: Maybe<number>;
  source: Source;
}

/** A job that keeps up what recovery counts on, and is neither a protection nor a rehearsal: a check of a site. */
export interface MaintenanceRuns {
  kind: "maintenance";
  name: string;
  at: Maybe<Place>;
  schedule: Maybe<Schedule>;
  suspended: Maybe<boolean>;
  /** How late a run may start. */
  startSlack: Term;
  run: Term;
  /** Assets beside whose restore points being taken no run of it may run: one would wait for the other, or spoil it. */
  apartFrom?: string[];
  source: Source;
}

/** What credentials of a cloud may do at most, whatever policies they are given. */
export interface CloudRole {
  kind: "role";
  name: string;
  at: Maybe<Place>;
  /** The policy that bounds it; absent where nothing does. */
  boundary?: Maybe<string>;
  source: Source;
}

/** What recovery rests on and no number of a verdict is made from. */
export type Safeguard = LockedObject | MaintenanceRuns | CloudRole;
