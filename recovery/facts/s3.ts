import { factsOf } from "./group";

const guide = (page: string) => ({
  source: `awsdocs/amazon-s3-userguide doc_source/${page}.md @1b918e0`,
  read: "2023",
});
const versioning = guide("Versioning");
const lifecycle = guide("intro-lifecycle-rules");
const objectLock = guide("object-lock-overview");
const replication = guide("replication-what-is-isnot-replicated");
const troubleshooting = guide("replication-troubleshoot");
const timeControl = {
  source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html",
  read: "2026-11-21",
};
const sla = { source: "https://aws.amazon.com/s3/sla-rtc/", read: "2022-05-04" };

/** Amazon S3. */
export const s3 = factsOf("s3", {
  versionLoss: {
    says: "Overwriting or deleting an object of a versioned bucket loses this of what it held.",
    value: 0,
    unit: "seconds",
    standing: "design",
    ...versioning,
  },
  versioningSettles: {
    says: "Amazon advises to wait this long after versioning is first turned on before writing.",
    value: 900,
    unit: "seconds",
    standing: "typical",
    ...versioning,
  },
  expiryRounding: {
    says: "Expiry is put off to the next midnight UTC: up to this much later than its days say.",
    value: 86_400,
    unit: "seconds",
    standing: "design",
    ...lifecycle,
  },
  newerVersions: {
    says: "A limit on newer noncurrent versions deletes a version sooner than its days say.",
    standing: "design",
    ...lifecycle,
  },
  lockCompliance: {
    says: "Nobody deletes a version under a compliance lock before its day, the root of the account included.",
    standing: "design",
    ...objectLock,
  },
  lockGovernance: {
    says: "A governance lock holds only those without the permission to bypass it.",
    standing: "design",
    ...objectLock,
  },
  lockNewOnly: {
    says: "A default retention locks only versions that are written after it was set.",
    standing: "design",
    ...objectLock,
  },
  lockExisting: {
    says: "Whether a lock can be turned on for a bucket that exists depends on how old the guide is.",
    standing: "unverified",
    ...objectLock,
  },
  lockKey: {
    says: "Deleting the KMS key of a locked object makes it unreadable all the same.",
    standing: "design",
    ...objectLock,
  },
  replicationTime: {
    says: "Plain replication copies most objects within this.",
    value: 900,
    unit: "seconds",
    standing: "typical",
    ...troubleshooting,
  },
  replicationTail: {
    says: "Plain replication may take hours for large objects; nobody bounds it.",
    standing: "none",
    ...troubleshooting,
  },
  replicationNewOnly: {
    says: "Replication copies only objects written after its rule, and carries no deletion of a version.",
    standing: "design",
    ...replication,
  },
  timeControl: {
    says: "Replication Time Control promises this time for nearly all objects; no other can be set.",
    value: 900,
    unit: "seconds",
    standing: "contract",
    ...timeControl,
  },
  timeControlShare: {
    says: "Amazon credits money when less than this share of a month's objects arrived in 15 minutes.",
    value: 999_000,
    unit: "per million",
    standing: "contract",
    ...sla,
  },
  timeControlGuide: {
    says: "The guide to Replication Time Control speaks of this share, more than the contract.",
    value: 999_900,
    unit: "per million",
    standing: "typical",
    ...timeControl,
  },
});
