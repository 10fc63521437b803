import type { Bound, Maybe } from "./bound";
import type { Seconds } from "./duration";
import type { Disruption, Objective, Retention } from "./objective";
import type { Schedule } from "./schedule";

/** How well a number is founded, best first. */
export const grades = ["guaranteed", "measured", "contractual", "assumed"] as const;

/** `guaranteed` by design or enforced configuration, `measured` by drills, `contractual` by an SLA, `assumed` by a register entry. */
export type Grade = (typeof grades)[number];

/** Where a number was read. */
export interface Source {
  /** URN of a resource, or `register:<entry>`. */
  resource: string;
  /** What people call it: `CronJob omendb-backup-incremental`. */
  name: string;
  /** The property inside the resource: `spec.startingDeadlineSeconds`. */
  property?: string;
}

/** One number of a verdict. */
export interface Term {
  name: string;
  value: Bound;
  grade: Grade;
  source: Source;
  /** The register entry that stands for this number. */
  assumption?: string;
  /** For damage that is noticed later: lost before it struck, or written after it. */
  part?: "before" | "after";
}

/** Where something is: its fault domain and whose credentials rule it. */
export interface Place {
  cloud: string;
  /** Account, subscription or project: the credential domain. */
  account: string;
  region: string;
  /** Zones it spans; with two or more it outlives the loss of one. */
  zones: string[];
  /** Set when it lives on one node only. */
  node?: string;
  /** True when this program holds credentials there (a provider resource exists). */
  deployed: boolean;
}

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
  source: Source;
}

/** Data kept synchronously in several places: nothing acknowledged is lost while one of them stands. */
export interface Redundancy {
  kind: "redundancy";
  id: string;
  asset: string;
  label: string;
  /** Largest fault domain whose loss it survives. */
  survives: Maybe<"process" | "node" | "zone" | "region">;
  /** How much acknowledged work may not yet be durable; 0 when writes are acknowledged after they are. */
  loss: Term[];
  source: Source;
}

/** One schedule that takes restore points. */
export interface Series {
  name: string;
  role: "full" | "incremental";
  schedule: Maybe<Schedule>;
  suspended: Maybe<boolean>;
  overlap: Maybe<"allow" | "forbid" | "replace">;
  /** How late a run may start. */
  startSlack: Term;
  /** How long a run may take, retries included. */
  run: Term;
  source: Source;
}

/** A place where restore points are kept. */
export interface Copy {
  at: Maybe<Place>;
  /** Until something deletes a point by itself (expiry), or moves it where a restore waits for hours; unbounded when nothing does. */
  keptFor: Term;
  /** Until every point has been deleted; `keptFor` when absent. */
  deletedBy?: Term;
  lock: { mode: Maybe<"compliance" | "governance" | "none">; keptFor: Term };
  /** A key that the deployer's credentials can delete, if the copy is unreadable without it. */
  deletableKey?: Source;
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

/** How an asset's data outlives a disruption. */
export type Protection = Redundancy | RestorePoints;

/** One step of a recovery, bounded by the deadline of what runs it. */
export interface Step {
  name: string;
  bound: Term;
  /** Names of steps that must have ended. */
  after: string[];
  /** What the step does to the losses: after it nothing is written any more. */
  stopsWrites?: boolean;
  /** True for the step that restores the chain. */
  restores?: boolean;
  /** True for the step that checks what was restored. */
  verifies?: boolean;
  /** True for the step that sends clients there. */
  redirects?: boolean;
  source: Source;
}

/** Something a recovery needs, besides data. */
export interface Need {
  what: string;
  at: Maybe<Place>;
  source: Source;
  assumption?: string;
}

/** One way from a disruption back to verified service. */
export interface Path {
  id: string;
  asset: string;
  protection: string;
  label: string;
  disruptions: Disruption[];
  detect: Term[];
  /** Acknowledge and decide; empty when the resource says it is automatic. */
  decide: Term[];
  steps: Step[];
  redirect: Term[];
  /** Where the recovery runs. */
  runsAt: Maybe<Place>;
  needs: Need[];
  /** Reasons why this path does not hold for a disruption it names; such a disruption is dropped with the reason. */
  excluded: Partial<Record<Disruption, string>>;
  source: Source;
}

/** A cluster or account that exists outside this program. */
export interface Site {
  name: string;
  place: Place;
  /** Kubernetes context of the provider that reaches it; none for a clean room. */
  context?: string;
  /** Seconds until a silent node counts as lost. */
  nodeGrace: Seconds;
  /** Time zone of schedules that name none. */
  controllerTimeZone: string;
  /** Largest fault domain whose loss a volume of the class survives, and whether several nodes may mount it. */
  storageClasses: Record<string, { survives: "process" | "node" | "zone" | "region"; shared: boolean }>;
  owner: string;
  drill: string;
  expires: string;
}

/** A number nobody has proven yet, and who answers for it. */
export interface Assumption {
  id: string;
  /** What it stands for: `acknowledge`, `decide`, `detection`, `undrilled`, ... */
  term: string;
  /** Assets it covers; `*` at the end matches any rest. */
  assets: string[];
  /** Disruptions it covers; all when absent. */
  disruptions?: Disruption[];
  /** Path it covers; all when absent. */
  path?: string;
  /** Seconds, where it stands for a span. */
  seconds?: Seconds;
  /** Bytes a second, where it stands for a rate. */
  bytesPerSecond?: number;
  owner: string;
  reason: string;
  /** The drill that will replace it. */
  drill: string;
  /** Last day it counts, `2027-03-01`. */
  expires: string;
}

/** A finding somebody accepted for a while. */
export interface Waiver {
  rule: string;
  asset: string;
  disruption?: Disruption;
  owner: string;
  reason: string;
  ticket: string;
  expires: string;
}

/** A rehearsed recovery. */
export interface DrillRecord {
  id: string;
  asset: string;
  path: string;
  date: string;
  seconds: Seconds;
  bytes: number;
  verified: boolean;
}

/** What is judged beside the resources. */
export interface Register {
  sites: Site[];
  assumptions: Assumption[];
  waivers: Waiver[];
  drills: DrillRecord[];
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
  /** Fires when its series is absent. */
  coversAbsence: boolean;
  severity: Maybe<string>;
  complete: boolean;
  at: Maybe<Place>;
  /** The cluster that evaluates it; one and the same when absent. */
  cluster?: string;
  /** Why it does not notice what it guards, or why that is not known. */
  flaw?: Maybe<string>;
  /** From the fault to the notification. */
  detect: Term[];
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

/** What a program declares about recovery: the input of the model and the file format of `assess --plan`. */
export interface Plan {
  assets: Asset[];
  protections: Protection[];
  paths: Path[];
  alerts: Alert[];
  rehearsals: Rehearsal[];
  stores: Store[];
  register: Register;
}
