import type { ObjectivesArgs, RetentionArgs } from "../../recovery/objective";

/** Metadata in PostgreSQL: it refers to the assets. */
export const DATABASE_ID = "omniverse/database";

/** Files that people work on, as objects. */
export const ASSETS_ID = "omniverse/assets";

/** Local accounts and tags: what is left of the vendor's own data folder, on the volume of the server. */
export const ACCOUNTS_ID = "omniverse/accounts";

/** What must come back together: a newer database refers to assets that an older copy lacks. */
export const GROUP = "omniverse/content";

/** The assets of the system, by their key in the configuration. */
export const assetIds = { database: DATABASE_ID, assets: ASSETS_ID, accounts: ACCOUNTS_ID } as const;

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

/** Nobody works without an account, so they are back as soon as the rest is; what changes in them is done again in minutes. */
export const accountObjectives: ObjectivesArgs = {
  process: { rpo: "1m", rto: "10m", owner, reason: "a password or a tag of the last minute is set again" },
  node: { rpo: "1m", rto: "10m", owner, reason: "as for a process: another pod takes the volume over" },
  zone: { rpo: "1m", rto: "15m", owner, reason: "the volume is in every zone, and so are the pods that wait" },
  region: {
    rpo: "4h",
    rto: "4h",
    owner,
    reason: "people come from the directory; local accounts and tags of half a working day are made again",
  },
  corruption: {
    rpo: "12h",
    rto: "12h",
    owner,
    reason: "wrong rights are noticed within half a working day; the last good ones are brought back within the next",
  },
  compromise: {
    rpo: "24h",
    rto: "24h",
    owner: "security team",
    reason: "every account is looked at before anybody gets in again, which takes longer than making some anew",
  },
};

/** Accounts that were deleted must not live on in copies for much longer than their lock. */
export const accountRetention: RetentionArgs = { atLeast: "30d", atMost: "95d" };

/** What is promised for each asset where a stack says nothing else. */
export const assetObjectives: Readonly<Record<AssetName, ObjectivesArgs>> = {
  database: pairObjectives,
  assets: pairObjectives,
  accounts: accountObjectives,
};

/** How long copies of each asset are kept. */
export const retentions: Readonly<Record<AssetName, RetentionArgs>> = {
  database: databaseRetention,
  assets: assetRetention,
  accounts: accountRetention,
};
