import type { Seconds } from "../duration";
import type { Disruption } from "../objective";
import type { Place } from "./term";

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
