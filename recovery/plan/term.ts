import type { Bound, Maybe } from "../bound";

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
  /** Ids of the facts (`recovery/facts`) that the number was reckoned from. */
  facts?: string[];
  /** For damage that is noticed later: lost before it struck, or written after it. */
  part?: "before" | "after";
}

/** Fault domains, from the smallest; the loss of one is the disruption of the same name. */
export const domains = ["process", "node", "zone", "region"] as const;

/** One fault domain. */
export type Domain = (typeof domains)[number];

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

/** Something that a copy or a recovery cannot do without: a key, a catalogue, images, DNS. */
export interface Need {
  what: string;
  at: Maybe<Place>;
  /** Whether hostile credentials of this program can delete it. @default true where they reach its place */
  deletable?: boolean;
  source: Source;
  /** The register entry that says it will be there; its place then decides nothing. */
  assumption?: string;
}
