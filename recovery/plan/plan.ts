import type { Maybe } from "../bound";
import type { Seconds } from "../duration";
import type { Disruption, Objective, Retention } from "../objective";
import type { Schedule } from "../schedule";
import type { Path } from "./path";
import type { Protection, Series } from "./protection";
import type { Register } from "./register";
import type { Safeguard } from "./safeguard";
import type { Place, Source, Term } from "./term";

/** What must be recovered. */
export interface Asset {
  /** `system/asset`: `omendb/data`. */
  id: string;
  system: string;
  kind: string;
  at: Maybe<Place>;
  /** Expected size in bytes. */
  bytes?: number;
  objectives: Partial<Record<Disruption, Objective>>;
  retention?: Retention;
  /** Assets that must be back before the steps of its recovery can begin. */
  dependsOn?: string[];
  /** What belongs to it, by name, where that is a choice: zones, namespaces, stacks, images; after an `@` its version. */
  covers?: string[];
  /** Keys without which nobody opens its restore points, by name: the one that they are sealed to. */
  openedBy?: string[];
  source: Source;
}

/** Assets of which only moments that fit together are of use: the promise covers the set. */
export interface Group {
  id: string;
  /**
   * Each with the assets it refers to: what refers must not be newer than what it refers to. Two members without a
   * reference between them need not fit.
   */
  members: { asset: string; refersTo: string[] }[];
  source: Source;
}

/** An alert that guards a promise. */
export interface Alert {
  name: string;
  asset: string;
  guards: string;
  disruptions: Disruption[];
  /** Seconds of age at which a freshness alert fires. */
  threshold?: Maybe<number>;
  /** The one kind of restore point that a freshness alert watches; every kind when absent. */
  role?: Series["role"];
  /** Id of the one archive or replica whose age a freshness alert watches; restore points when absent. */
  protection?: string;
  /** Fires when its series is absent. */
  coversAbsence: boolean;
  severity: Maybe<string>;
  complete: boolean;
  at: Maybe<Place>;
  /** The cluster that evaluates it; one and the same when absent. */
  cluster?: string;
  /** The service of a cloud that evaluates it, where no cluster does: nothing has to watch whether it still runs. */
  service?: string;
  /** Why it does not notice what it guards, or why that is not known. */
  flaw?: Maybe<string>;
  /** From the fault to the notification. */
  detect: Term[];
  /** What the age is counted from: the moment a point holds, or the end of its run. @default "capture" */
  ageFrom?: "capture" | "completion";
  /** From the notification until a failed run runs again: it earns a freshness alert its credit. */
  rerun?: Term[];
  source: Source;
}

/** A drill or verification that runs by itself. */
export interface Rehearsal {
  name: string;
  role: "verification" | "drill";
  asset: string;
  schedule: Maybe<Schedule>;
  suspended: Maybe<boolean>;
  /** How late a run may start. */
  startSlack?: Term;
  run: Term;
  source: Source;
}

/** Something that keeps data, and the asset whose promise covers it, if any. */
export interface Store {
  name: string;
  asset?: string;
  /** Bytes of a volume, and the bytes its asset promises to need there. */
  size?: Maybe<number>;
  needed?: number;
  source: Source;
}

/** Work that takes a system away on a schedule: upgrades, maintenance windows. */
export interface PlannedWork {
  name: string;
  system: string;
  schedule: Maybe<Schedule>;
  /** How long one window lasts. */
  lasts: Term;
  /** What users notice: nothing, no writes, or nothing works. */
  effect: "none" | "read-only" | "down";
  source: Source;
}

/** How much of the time a system promises to be available. */
export interface Availability {
  system: string;
  /** Millionths of the time: 99.99 % is 999,900. */
  perMillion: number;
  /** The span over which it is counted. */
  over: Seconds;
  /** Whether a time without writes counts as down. */
  readOnlyCounts: boolean;
  owner: string;
  reason: string;
  source: Source;
}

/** What a program declares about recovery: the input of the model and the file format of `assess --plan`. */
export interface Plan {
  assets: Asset[];
  protections: Protection[];
  paths: Path[];
  groups: Group[];
  alerts: Alert[];
  rehearsals: Rehearsal[];
  stores: Store[];
  work: PlannedWork[];
  availability: Availability[];
  safeguards: Safeguard[];
  register: Register;
}
