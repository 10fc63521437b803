import { factsOf } from "./group";

const docs = (path: string, commit: string) => `MicrosoftDocs/azure-docs articles/${path} @${commit}`;
const failover = {
  source: docs("storage/common/storage-failover-customer-managed-unplanned.md", "03b5a2c"),
  read: "2025",
};
const regionDown = {
  source: docs("reliability/includes/storage/reliability-storage-multi-region-down-experience-include.md", "159cfe4"),
  read: "2026-11-21",
};
const zoneDown = {
  source: docs(
    "reliability/includes/storage/reliability-storage-availability-zone-down-experience-include.md",
    "0a3398d",
  ),
  read: "2025",
};
const priority = {
  source: docs("storage/common/storage-redundancy-priority-replication.md", "3576112"),
  read: "2026-11-21",
};
const features = {
  source: "MicrosoftDocs/azure-docs articles/storage/blobs/storage-feature-support-in-storage-accounts.md",
  read: "2022",
};
const sdk = { source: "@pulumi/azure-native 3.28.0 types/input.d.ts, module storage", read: "2026-11-21" };
const vaulted = { source: "https://learn.microsoft.com/azure/backup/blob-backup-support-matrix", read: "2025" };
const copying = {
  source: "MicrosoftDocs/azure-docs includes/storage-dev-guides/storage-dev-guide-about-blob-copy-async.md",
  read: "2025",
};

/** Azure Storage and Data Lake Storage. */
export const azureStorage = factsOf("azure-storage", {
  locallyRedundant: {
    says: "Locally redundant storage survives a disk or a rack and is lost with its datacentre.",
    standing: "design",
    ...failover,
  },
  zoneRedundantLoss: {
    says: "Zone-redundant storage has every write in several zones before it is acknowledged: losing one loses this.",
    value: 0,
    unit: "seconds",
    standing: "design",
    ...zoneDown,
  },
  zoneFailover: {
    says: "Zone-redundant storage usually serves again within seconds of the loss of a zone; requests under way fail.",
    standing: "typical",
    ...zoneDown,
  },
  geoLag: {
    says: "The copy in the second region is usually at most this far behind, and nobody guarantees it.",
    value: 900,
    unit: "seconds",
    standing: "typical",
    ...regionDown,
  },
  geoFailover: {
    says: "A failover that the customer starts usually completes within this, later for large accounts.",
    value: 3_600,
    unit: "seconds",
    standing: "typical",
    ...regionDown,
  },
  geoIsLocalAfter: {
    says: "After a failover the account is locally redundant: the next loss of a region has no copy.",
    standing: "design",
    ...failover,
  },
  priorityLag: {
    says: "With geo priority replication block blobs are at most this far behind in nearly all of a month.",
    value: 900,
    unit: "seconds",
    standing: "contract",
    ...priority,
  },
  priorityShare: {
    says: "Geo priority replication promises its lag for this share of a month.",
    value: 990_000,
    unit: "per million",
    standing: "contract",
    ...priority,
  },
  priorityThroughput: {
    says: "While an account moves more than this, geo priority replication promises it nothing.",
    value: 125_000_000,
    unit: "bytes per second",
    standing: "contract",
    ...priority,
  },
  priorityCopies: {
    says: "While an account copies more blobs a second than this, geo priority replication promises it nothing.",
    value: 100,
    unit: "count",
    standing: "contract",
    ...priority,
  },
  priorityBlockBlobs: {
    says: "Geo priority replication promises nothing within this of a call for an append or page blob, as logs make.",
    value: 30,
    unit: "days",
    standing: "contract",
    ...priority,
  },
  priorityUndeclared: {
    says: "azure-native 3.28.0 declares no geo priority replication, unless its storage is generated for 2025-06-01.",
    standing: "design",
    ...sdk,
  },
  softDeleteLeast: {
    says: "Soft delete keeps what was deleted at least this long.",
    value: 1,
    unit: "days",
    standing: "design",
    ...sdk,
  },
  softDeleteMost: {
    says: "Soft delete keeps what was deleted at most this long.",
    value: 365,
    unit: "days",
    standing: "design",
    ...sdk,
  },
  restoreWithinSoftDelete: {
    says: "restorePolicy.days must be less than deleteRetentionPolicy.days.",
    standing: "design",
    ...sdk,
  },
  restoreNeeds: {
    says: "Restoring blobs to a point in time needs versions and the change feed, and brings no container back.",
    standing: "design",
    ...features,
  },
  hierarchicalNamespace: {
    says: "With a hierarchical namespace there are no versions, no restore to a point in time, no object replication.",
    standing: "design",
    ...features,
  },
  hierarchicalFailover: {
    says: "A failover that the customer starts is a preview where the namespace is hierarchical.",
    standing: "unverified",
    ...failover,
  },
  immutabilityLock: {
    says: "A locked immutability policy can be made longer, and neither shorter nor unlocked.",
    standing: "design",
    ...sdk,
  },
  immutabilityUnlocked: {
    says: "An unlocked immutability policy can be made shorter or taken away; a policy of an account begins unlocked.",
    standing: "design",
    ...sdk,
  },
  containerLock: {
    says: "azure-native 3.28.0 makes the policy of a container and cannot lock it: that is a call of its own.",
    standing: "design",
    source:
      "@pulumi/azure-native 3.28.0 storage/blobContainerImmutabilityPolicy.d.ts; REST BlobContainers_LockImmutabilityPolicy",
    read: "2026",
  },
  lockUnderHierarchy: {
    says: "Under a hierarchical namespace whole containers can be locked, and no versions.",
    standing: "design",
    source: "https://learn.microsoft.com/azure/storage/blobs/immutable-container-level-worm-policies",
    read: "2026",
  },
  vaultedBackupTime: {
    says: "A vaulted backup of Data Lake Storage takes at least this long, and nobody says how long at most.",
    value: 2_400,
    unit: "seconds",
    standing: "none",
    ...vaulted,
  },
  copyTime: {
    says: "A copy between accounts is best effort: nobody bounds when it starts or ends.",
    standing: "none",
    ...copying,
  },
  wholeCopy: {
    says: "2.3 PB at 4.2 GB/s take this, with nothing else on the link.",
    value: 547_620,
    unit: "seconds",
    standing: "design",
    source: "arithmetic: 2.3e15 bytes through 4.2e9 bytes per second, whole minutes",
    read: "2026-11-21",
  },
});
