import type { Duration } from "../duration";
import type { Disruption } from "../objective";

/** Terms of assumptions that stand for a span and need a `value`. */
export const spanTerms = [
  "acknowledge",
  "decide",
  "detection",
  "redirect",
  "client-cache",
  "image-pull",
  "link-restore",
  "managed-service",
  "log-upload",
  "backup-copy",
  "replica-lag",
  "alarm-delivery",
  "write-loss",
  "late-start",
  "cluster-start",
  "protected-again",
] as const;

/** Terms of assumptions that stand for a rate and need `bytesPerSecond`. */
export const rateTerms = ["restore-rate", "copy-rate", "write-rate"] as const;

/** Terms that stand for a statement: a path nobody has rehearsed, or something a recovery needs and finds. */
export const statementTerms = [
  "undrilled",
  "container-lock",
  "need:restorable",
  "need:images",
  "need:keys",
  "need:dns",
  "need:state",
  "need:capacity",
  "need:directory",
] as const;

/** A site as the `Register` component writes it; spans are durations. */
export interface SiteArgs {
  name: string;
  cloud: string;
  account: string;
  region: string;
  zones: string[];
  /** Kubernetes context of the provider that reaches it; none for a clean room. */
  context?: string;
  /** Until a silent node counts as lost. @default "50s" */
  nodeGrace?: Duration;
  /** Time zone of schedules that name none. @default "Etc/UTC" */
  controllerTimeZone?: string;
  storageClasses?: Record<string, { survives: "process" | "node" | "zone" | "region"; shared: boolean }>;
  owner: string;
  /** The drill that checks it. */
  drill: string;
  expires: string;
}

/** An assumption as the `Register` component writes it. */
export interface AssumptionArgs {
  id: string;
  /**
   * What it stands for: one of `spanTerms` (with `value`), one of `rateTerms` (with `bytesPerSecond`), or one of
   * `statementTerms`. `restore-rate` is how fast restore points come back, `copy-rate` how fast a run copies what is new, and
   * `write-rate` how much of that there is in each second. `link-restore` is the restoring of one link of a chain, `managed-service` the time until a
   * service that its cloud runs serves again by itself, `log-upload` how far its log is behind, `backup-copy` how long
   * its backups take to another region, `replica-lag` how far behind a replica is, `alarm-delivery` how long
   * a metric takes to reach what evaluates it and its alarm somebody, `write-loss` how much acknowledged work an engine
   * that no reader knows has not written yet, `late-start` how late a scheduler that names no limit starts a run,
   * `protected-again` how long after a recovery the next such loss would not be survived,
   * `container-lock` that the immutability policy of a container of Azure has been locked, `need:restorable` that restore
   * points bring back what they hold.
   */
  term: string;
  /** Assets it covers; a `*` at the end matches any rest: `omendb/*`. */
  assets: string[];
  disruptions?: Disruption[];
  path?: string;
  value?: Duration;
  bytesPerSecond?: number;
  owner: string;
  reason: string;
  drill: string;
  expires: string;
}

/** A waiver as the `Register` component writes it. */
export interface WaiverArgs {
  rule: string;
  asset: string;
  disruption?: Disruption;
  owner: string;
  reason: string;
  ticket: string;
  expires: string;
}

/** A drill record as the `Register` component writes it. */
export interface DrillRecordArgs {
  id: string;
  asset: string;
  path: string;
  date: string;
  took: Duration;
  bytes: number;
  verified: boolean;
}

/** What the `Register` component outputs: everything that is judged beside the resources. */
export interface RegisterArgs {
  sites: SiteArgs[];
  assumptions: AssumptionArgs[];
  waivers: WaiverArgs[];
  drills: DrillRecordArgs[];
}

/** The group of assets that one belongs to, of which only moments that fit together are of use. */
export interface GroupPromise {
  /** What reports call the group; every member names it alike. */
  name: string;
  /** Members whose data this one refers to: it must never be brought back newer than they are. @default none */
  refersTo?: string[];
}

/** An asset as a component promises it in its output `asset`. */
export interface AssetPromise {
  id: string;
  kind: string;
  objectives: Partial<Record<Disruption, { rpo: string; rto: string; owner: string; reason: string }>>;
  retention: { atLeast: Duration; atMost?: Duration };
  /** Expected size in bytes. */
  bytes: number;
  /** What it must fit together with once it is restored. @default nothing */
  group?: GroupPromise;
  /** Assets that must be back before the steps of its recovery can begin, by id. @default none */
  dependsOn?: string[];
  /** Site of `Register` that it is at, where no workload of this program serves it. */
  site?: string;
  /**
   * What belongs to it, by name: zones, namespaces, stacks, images, the version of one after an `@`. Every job that takes
   * its restore points names each in its environment or its command.
   */
  covers?: string[];
  /** Keys without which nobody opens its restore points, by name; the same jobs name each in their environment. */
  openedBy?: string[];
  /**
   * What of somebody else's must be there before it is of use, as `need:` terms of the register say it (`directory`):
   * after the loss of a zone, of a region, and of all credentials.
   */
  needs?: string[];
  /** The service of a cloud that keeps it, by its name in docs/links.md. */
  service?: string;
}

/** Work that takes a system away on a schedule, as a component promises it. */
export interface PlannedWorkArgs {
  /** What people call it. */
  name: string;
  /** When its windows begin: five fields, as Kubernetes reads them. */
  schedule: string;
  /** @default "Etc/UTC" */
  timeZone?: string;
  /** How long one window lasts at most. */
  lasts: Duration;
  /** What users notice. */
  effect: "none" | "read-only" | "down";
}

/** How much of the time a system promises to be there, as a component promises it in its output `availability`. */
export interface AvailabilityPromise {
  system: string;
  /** `99.99%`. */
  atLeast: string;
  /** The span over which it is counted: `30d`. */
  over: Duration;
  /** Whether a time without writes counts as down. */
  readOnlyCounts: boolean;
  owner: string;
  reason: string;
  /** All planned work of the system, whether it counts or not. */
  work: PlannedWorkArgs[];
}
