import type { Disruption } from "../../recovery/objective";
import { accountPaths } from "./accountSteps";
import type { AssetName } from "./objectives";

/** One step of a way back. */
export interface StepPlan {
  /** Deadline of its Job, unless the configuration says another. */
  deadline: string;
  after: readonly string[];
  effect?: "restores" | "stops-writes" | "verifies";
  /** True for the step that repoints the DNS name. */
  redirects?: boolean;
  /** True for a step that lists every version of the assets. */
  lists?: boolean;
}

/** One way back of one asset. */
export interface PathPlan {
  asset: AssetName;
  disruptions: readonly Disruption[];
  /** Which of the system's sites runs it. */
  runsAt: "primary" | "secondary" | "cleanRoom";
  /** What it brings back, where no CronJob takes it. */
  from?: "point-in-time" | "replicated-backups" | "replica" | "object-versions" | "object-replica";
  steps: Readonly<Record<string, StepPlan>>;
}

/**
 * The runbook's recoveries, mended. Each asset comes back by a path of its own, and the database's comes last: it is
 * brought to a moment that the assets hold, checked against them, and only then do clients follow the name.
 */
export const recoveryPaths = {
  /** The runbook's database recovery; a moment before the damage instead of a dump of last night. */
  "database-in-place": {
    asset: "database",
    disruptions: ["corruption"],
    runsAt: "primary",
    from: "point-in-time",
    steps: {
      stop: { deadline: "5m", after: [], effect: "stops-writes" },
      restore: { deadline: "90m", after: ["stop"], effect: "restores" },
      verify: { deadline: "30m", after: ["restore"], effect: "verifies", lists: true },
      // RDS takes some ten minutes to give an instance another name, and it gives two.
      resume: { deadline: "45m", after: ["verify"] },
    },
  },
  /** Objects as they were before the damage; what was written since stays as a version of its own. */
  "assets-in-place": {
    asset: "assets",
    disruptions: ["corruption"],
    runsAt: "primary",
    from: "object-versions",
    steps: {
      stop: { deadline: "5m", after: [], effect: "stops-writes" },
      restore: { deadline: "60m", after: ["stop"], effect: "restores", lists: true },
      verify: { deadline: "30m", after: ["restore"], effect: "verifies", lists: true },
    },
  },
  /** The runbook's failover, where the files that the replica refers to have all arrived: it loses least. */
  "promote-replica": {
    asset: "database",
    disruptions: ["region"],
    runsAt: "secondary",
    from: "replica",
    steps: {
      notify: { deadline: "2m", after: [] },
      fence: { deadline: "15m", after: ["notify"] },
      lag: { deadline: "15m", after: ["fence"], lists: true },
      promote: { deadline: "30m", after: ["lag"], effect: "restores" },
      verify: { deadline: "30m", after: ["promote"], effect: "verifies", lists: true },
      resume: { deadline: "15m", after: ["verify"] },
      dns: { deadline: "5m", after: ["resume"], redirects: true },
    },
  },
  /** What the promise counts on: the database of a moment that the replicated assets hold. */
  "database-in-secondary": {
    asset: "database",
    disruptions: ["region"],
    runsAt: "secondary",
    from: "replicated-backups",
    steps: {
      notify: { deadline: "2m", after: [] },
      fence: { deadline: "15m", after: ["notify"] },
      restore: { deadline: "90m", after: ["fence"], effect: "restores" },
      verify: { deadline: "30m", after: ["restore"], effect: "verifies", lists: true },
      resume: { deadline: "45m", after: ["verify"] },
      dns: { deadline: "5m", after: ["resume"], redirects: true },
    },
  },
  /** The replicated bucket becomes the one that is written to. */
  "assets-in-secondary": {
    asset: "assets",
    disruptions: ["region"],
    runsAt: "secondary",
    from: "object-replica",
    steps: {
      take: { deadline: "15m", after: [], effect: "restores", lists: true },
      verify: { deadline: "30m", after: ["take"], effect: "verifies", lists: true },
    },
  },
  /** From the locked bucket alone, in an account this program holds no credentials for. */
  "database-in-clean-room": {
    asset: "database",
    disruptions: ["compromise"],
    runsAt: "cleanRoom",
    steps: {
      // People make it: it is their time that this one bounds.
      room: { deadline: "2h", after: [] },
      find: { deadline: "15m", after: ["room"] },
      restore: { deadline: "3h", after: ["find"], effect: "restores" },
      verify: { deadline: "1h", after: ["restore"], effect: "verifies", lists: true },
      resume: { deadline: "30m", after: ["verify"] },
      dns: { deadline: "15m", after: ["resume"], redirects: true },
    },
  },
  "assets-in-clean-room": {
    asset: "assets",
    disruptions: ["compromise"],
    runsAt: "cleanRoom",
    steps: {
      // People make it: it is their time that this one bounds.
      room: { deadline: "2h", after: [] },
      find: { deadline: "15m", after: ["room"] },
      restore: { deadline: "3h", after: ["find"], effect: "restores" },
      verify: { deadline: "1h", after: ["restore"], effect: "verifies", lists: true },
    },
  },
  ...accountPaths,
} as const satisfies Record<string, PathPlan>;

/** Name of a recovery path. */
export type PathName = keyof typeof recoveryPaths;

/** Name of the CronJob of a step. */
export function stepJob(path: string, step: string): string {
  return `omniverse-${path}-${step}`;
}
