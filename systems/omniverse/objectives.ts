import type { ObjectivesArgs, RetentionArgs } from "../../recovery/objective";

/** Metadata in PostgreSQL: it refers to the assets. */
export const DATABASE_ID = "omniverse/database";

/** Files that people work on, as objects. */
export const ASSETS_ID = "omniverse/assets";

/** What must come back together: a newer database refers to assets that an older copy lacks. */
export const GROUP = "omniverse/content";

/** The assets of the system, by their key in the configuration. */
export const assetIds = { database: DATABASE_ID, assets: ASSETS_ID } as const;

/** Key of an asset in the configuration. */
export type AssetName = keyof typeof assetIds;

const owner = "content platform team";

/**
 * The runbook states none: these are ours. They hold for database and assets together, because neither is of use
 * without the other.
 */
export const pairObjectives: ObjectivesArgs = {
  process: {
    rpo: "0s",
    rto: "10m",
    owner,
    reason: "an artist saves again rather than loses; a break is as long as a coffee",
  },
  node: { rpo: "0s", rto: "10m", owner, reason: "as for a process: the standby takes over" },
  zone: { rpo: "0s", rto: "15m", owner, reason: "the standby is in another zone, and so are the assets" },
  region: { rpo: "1h", rto: "4h", owner, reason: "half a working day without the service, an hour of work done again" },
  corruption: {
    rpo: "6h",
    rto: "12h",
    owner,
    reason:
      "a broken project is noticed within half a working day; its last good state is searched for and brought back within the next",
  },
  compromise: {
    rpo: "24h",
    rto: "24h",
    owner: "security team",
    reason: "a working day, then everything is rebuilt where the credentials do not reach",
  },
};

/** The runbook's 30 days of dumps; deleted records must not live on in copies for much longer than their lock. */
export const databaseRetention: RetentionArgs = { atLeast: "30d", atMost: "95d" };

/** The runbook's 8 weeks. */
export const assetRetention: RetentionArgs = { atLeast: "56d" };
