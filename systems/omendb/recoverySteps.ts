import type { Disruption } from "../../recovery/objective";

/** One step of a path, in the guide's order. */
export interface StepPlan {
  /** Deadline of its Job, unless the configuration says another. */
  deadline: string;
  after: readonly string[];
  effect?: "restores" | "stops-writes" | "verifies";
  /** True for the step that repoints the DNS name. */
  redirects?: boolean;
}

/** One way back to service. */
export interface PathPlan {
  disruptions: readonly Disruption[];
  /** Which of the system's sites runs it. */
  runsAt: "primary" | "secondary" | "cleanRoom";
  steps: Readonly<Record<string, StepPlan>>;
}

/**
 * The guide's recoveries, step by step, as jobs/recover.sh knows them. What is not a step: nothing runs `pulumi up`,
 * whose state may be lost with the region, and nothing waits for clients, whose caches the redirect term counts.
 */
export const recoveryPaths = {
  /** The guide's disaster_recovery.sh, for data that is lost although a zone still stands. */
  "restore-in-place": {
    disruptions: ["zone"],
    runsAt: "primary",
    steps: {
      stop: { deadline: "1m", after: [], effect: "stops-writes" },
      find: { deadline: "1m", after: ["stop"] },
      restore: { deadline: "20m", after: ["find"], effect: "restores" },
      start: { deadline: "3m", after: ["restore"] },
      verify: { deadline: "5m", after: ["start"], effect: "verifies" },
      resume: { deadline: "1m", after: ["verify"] },
    },
  },
  /** The guide's data center failure, but verification before DNS: nobody is sent to unverified data. */
  "restore-in-secondary": {
    disruptions: ["region"],
    runsAt: "secondary",
    steps: {
      activate: { deadline: "2m", after: [] },
      deploy: { deadline: "3m", after: ["activate"] },
      find: { deadline: "1m", after: ["deploy"] },
      restore: { deadline: "20m", after: ["find"], effect: "restores" },
      start: { deadline: "3m", after: ["restore"] },
      verify: { deadline: "3m", after: ["start"], effect: "verifies" },
      dns: { deadline: "3m", after: ["verify"], redirects: true },
      resume: { deadline: "1m", after: ["dns"] },
    },
  },
  /** The guide's corruption recovery. */
  "restore-clean": {
    disruptions: ["corruption"],
    runsAt: "primary",
    steps: {
      "stop-writes": { deadline: "1m", after: [], effect: "stops-writes" },
      scope: { deadline: "5m", after: ["stop-writes"] },
      "find-clean": { deadline: "5m", after: ["scope"] },
      restore: { deadline: "20m", after: ["find-clean"], effect: "restores" },
      start: { deadline: "3m", after: ["restore"] },
      // There is no log archive: the step says what is lost, instead of replaying what does not exist.
      replay: { deadline: "1m", after: ["start"] },
      validate: { deadline: "10m", after: ["replay"], effect: "verifies" },
      resume: { deadline: "1m", after: ["validate"] },
    },
  },
  /** From the locked bucket alone, in an account this program holds no credentials for. */
  "rebuild-in-clean-room": {
    disruptions: ["compromise"],
    runsAt: "cleanRoom",
    steps: {
      activate: { deadline: "15m", after: [] },
      deploy: { deadline: "30m", after: ["activate"] },
      find: { deadline: "10m", after: ["deploy"] },
      restore: { deadline: "1h", after: ["find"], effect: "restores" },
      start: { deadline: "10m", after: ["restore"] },
      verify: { deadline: "30m", after: ["start"], effect: "verifies" },
      dns: { deadline: "15m", after: ["verify"], redirects: true },
      resume: { deadline: "5m", after: ["dns"] },
    },
  },
} as const satisfies Record<string, PathPlan>;

/** Name of a recovery path. */
export type PathName = keyof typeof recoveryPaths;

/** The guide's upgrade, step by step as jobs/upgrade.sh knows it, and the way back. */
export const upgradeSteps = {
  backup: "15m",
  roll: "1m",
  rollout: "10m",
  health: "5m",
  back: "30m",
} as const;

/** Name of an upgrade step. */
export type UpgradeStep = keyof typeof upgradeSteps;
