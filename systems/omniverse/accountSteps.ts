import type { PathPlan } from "./recoverySteps";

/**
 * Ways back of accounts and tags. Nobody works without them, so the name moves only when they are verified as well; what
 * serves is started by the database's path, which comes last.
 */
export const accountPaths = {
  /** The newest copy before the damage, beside what is there, which stays. */
  "accounts-in-place": {
    asset: "accounts",
    disruptions: ["corruption"],
    runsAt: "primary",
    steps: {
      stop: { deadline: "5m", after: [], effect: "stops-writes" },
      restore: { deadline: "30m", after: ["stop"], effect: "restores" },
      verify: { deadline: "15m", after: ["restore"], effect: "verifies" },
      resume: { deadline: "30m", after: ["verify"] },
    },
  },
  /** From the locked bucket, which is in the region of the secondary. */
  "accounts-in-secondary": {
    asset: "accounts",
    disruptions: ["region"],
    runsAt: "secondary",
    steps: {
      restore: { deadline: "30m", after: [], effect: "restores" },
      verify: { deadline: "15m", after: ["restore"], effect: "verifies" },
    },
  },
  "accounts-in-clean-room": {
    asset: "accounts",
    disruptions: ["compromise"],
    runsAt: "cleanRoom",
    steps: {
      room: { deadline: "2h", after: [] },
      find: { deadline: "15m", after: ["room"] },
      restore: { deadline: "30m", after: ["find"], effect: "restores" },
      verify: { deadline: "15m", after: ["restore"], effect: "verifies" },
    },
  },
} as const satisfies Record<string, PathPlan>;
