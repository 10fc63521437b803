import { factsOf } from "./group";

const efs = { source: "https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html", read: "2025" };
const dlm = { source: "https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-ami-policy.html", read: "2025" };
const dlmType = {
  source: "@pulumi/aws 7.48.0 types/input.d.ts, LifecyclePolicyPolicyDetailsScheduleCreateRule",
  read: "2026-11-21",
};

/** Amazon EFS, and EBS snapshots by Data Lifecycle Manager. */
export const awsVolumes = factsOf("aws-volumes", {
  efsReplicationLag: {
    says: "EFS replication is at most this far behind for most file systems.",
    value: 900,
    unit: "seconds",
    standing: "typical",
    ...efs,
  },
  efsNoPointInTime: {
    says: "A replicated file system mixes moments: files that belong together may be of different ages.",
    standing: "design",
    ...efs,
  },
  efsFailover: {
    says: "A replicated file system can be written to only after its replication was deleted.",
    standing: "design",
    ...efs,
  },
  volumeIsZonal: {
    says: "An EBS volume is lost with its zone.",
    standing: "design",
    ...dlm,
  },
  snapshotsAreCrashes: {
    says: "A snapshot holds what a crash would leave: the database must be able to recover from that.",
    standing: "design",
    ...dlm,
  },
  snapshotStart: {
    says: "Data Lifecycle Manager starts a snapshot up to this much later than its schedule.",
    value: 3_600,
    unit: "seconds",
    standing: "design",
    ...dlm,
  },
  snapshotIntervalLeast: {
    says: "Data Lifecycle Manager cannot take snapshots more often than this.",
    value: 3_600,
    unit: "seconds",
    standing: "design",
    ...dlmType,
  },
  snapshotTime: {
    says: "How long a snapshot takes to complete is published nowhere.",
    standing: "none",
    ...dlm,
  },
  snapshotLoading: {
    says: "A volume made from a snapshot loads its blocks when they are first read, unless fast restore was bought.",
    standing: "none",
    ...dlm,
  },
});
