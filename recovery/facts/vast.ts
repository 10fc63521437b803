import { factsOf } from "./group";

const provider = { source: "vast-data/terraform-provider-vastdata docs/resources @0b20f07", read: "2025" };
const policies = { source: "https://support.vastdata.com/s/article/Managing-Protection-Policies", read: "2025" };
const replication = { source: "https://kb.vastdata.com (overview-of-vast-replication)", read: "2025" };
const synchronous = {
  source: "https://kb.vastdata.com (s3-synchronous-and-asynchronous-replication-intro)",
  read: "2025",
};
const sdk = { source: "vast-data/vastdb_sdk @ba554d3", read: "2025" };
const dataEngine = { source: "vast-data/dataengine-cli @661ac8e", read: "2025-12-25" };

/** VAST Data. */
export const vast = factsOf("vast", {
  asynchronousLag: {
    says: "Asynchronous replication is as far behind as its frame and its transfer; nobody bounds the transfer.",
    standing: "none",
    ...replication,
  },
  synchronousLoss: {
    says: "Synchronous replication loses this with a cluster.",
    value: 0,
    unit: "seconds",
    standing: "design",
    ...synchronous,
  },
  failover: {
    says: "A person starts every failover, of synchronous replication too; nobody says how long it takes.",
    standing: "none",
    ...synchronous,
  },
  indestructible: {
    says: "Indestructible snapshots can be deleted only after an unlock that takes a token from outside.",
    standing: "design",
    ...provider,
  },
  snapshotsMost: {
    says: "Older releases keep at most this many snapshots.",
    value: 50,
    unit: "count",
    standing: "design",
    ...policies,
  },
  policiesMost: {
    says: "Older releases know at most this many protection policies.",
    value: 64,
    unit: "count",
    standing: "design",
    ...policies,
  },
  pathsMost: {
    says: "Older releases protect at most this many paths.",
    value: 128,
    unit: "count",
    standing: "design",
    ...policies,
  },
  cloudKeepLeast: {
    says: "A policy that replicates to a cloud keeps local snapshots at least this long.",
    value: 21_600,
    unit: "seconds",
    standing: "design",
    ...policies,
  },
  versionedViewsLock: {
    says: "Versions in a view need object locking.",
    standing: "design",
    ...provider,
  },
  transactionLoss: {
    says: "What a transaction of the database committed is lost by this with a process.",
    value: 0,
    unit: "seconds",
    standing: "design",
    ...sdk,
  },
  retries: {
    says: "The SDK tries a read this often, and a write once only.",
    value: 10,
    unit: "count",
    standing: "design",
    ...sdk,
  },
  retryTime: {
    says: "The SDK gives up a read after this long.",
    value: 60,
    unit: "seconds",
    standing: "design",
    ...sdk,
  },
  triggersSeeNewOnly: {
    says: "A trigger acts on elements that arrive after it was made; what failed is kept on a dead-letter topic.",
    standing: "none",
    ...dataEngine,
  },
  noStop: {
    says: "The command line of the data engine has no verb that stops a pipeline.",
    standing: "unverified",
    ...dataEngine,
  },
});
