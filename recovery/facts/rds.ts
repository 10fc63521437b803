import { factsOf } from "./group";

const guide = (page: string) => `awsdocs/amazon-rds-user-guide doc_source/${page}.md @50e7617`;
const instanceType = { source: "@pulumi/aws 7.48.0 rds/instance.d.ts", read: "2026-11-21" };
const clusterType = { source: "@pulumi/aws 7.48.0 rds/cluster.d.ts", read: "2026-11-21" };
const replicationType = {
  source: "@pulumi/aws 7.48.0 rds/instanceAutomatedBackupsReplication.d.ts",
  read: "2026-11-21",
};
const pointInTime = { source: "awsdocs/amazon-rds-user-guide doc_source/USER_PIT.md @0660818", read: "2026-11-21" };
const restoring = { source: guide("USER_RestoreFromSnapshot"), read: "2023" };
const multiAz = {
  source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html",
  read: "2026-11-21",
};
const multiAzCluster = {
  source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts-failover.html",
  read: "2026-11-21",
};
const sla = { source: "https://aws.amazon.com/rds/sla/", read: "2024-01-22" };
const readReplica = { source: guide("USER_ReadRepl"), read: "2023" };
const tls = {
  source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html",
  read: "2026-11-22",
};
const replicatedBackup = { source: guide("USER_ReplicateBackups"), read: "2023" };

/** Amazon RDS. */
export const rds = factsOf("rds", {
  backupRetention: {
    says: "An instance that names no backupRetentionPeriod keeps its backups this long: it has none.",
    value: 0,
    unit: "days",
    standing: "design",
    ...instanceType,
  },
  backupRetentionMost: {
    says: "Automated backups of an instance are kept at most this long.",
    value: 35,
    unit: "days",
    standing: "design",
    ...instanceType,
  },
  clusterBackupRetention: {
    says: "A cluster that names no backupRetentionPeriod keeps its backups this long.",
    value: 1,
    unit: "days",
    standing: "design",
    ...clusterType,
  },
  backupsGoWithInstance: {
    says: "Automated backups are deleted with their instance unless deleteAutomatedBackups is false.",
    standing: "design",
    ...instanceType,
  },
  changesWait: {
    says: "A changed setting is in force only after the maintenance window unless applyImmediately is true.",
    standing: "design",
    ...instanceType,
  },
  logUpload: {
    says: "The log of an instance is shipped this often; nobody promises how far a restore reaches.",
    value: 300,
    unit: "seconds",
    standing: "typical",
    ...pointInTime,
  },
  backupsNeedAvailable: {
    says: "An instance that is not available, with a full disk for one, takes no backups.",
    standing: "design",
    source: guide("USER_WorkingWithAutomatedBackups"),
    read: "2023",
  },
  restoreIsNew: {
    says: "A restore to a point in time makes a new instance with an address and default security group of its own.",
    standing: "design",
    ...pointInTime,
  },
  restoreTime: {
    says: "How long a restore takes is published nowhere, and blocks still load after the instance is available.",
    standing: "none",
    ...restoring,
  },
  multiAzLoss: {
    says: "A standby in another zone has every commit before it is acknowledged, so its takeover loses this.",
    value: 0,
    unit: "seconds",
    standing: "design",
    ...multiAz,
  },
  multiAzFailover: {
    says: "The standby of an instance usually takes over within this, later after large transactions.",
    value: 120,
    unit: "seconds",
    standing: "typical",
    ...multiAz,
  },
  multiAzClusterFailover: {
    says: "A cluster with two readable standbys usually fails over within this, plus what they have yet to apply.",
    value: 35,
    unit: "seconds",
    standing: "typical",
    ...multiAzCluster,
  },
  multiAzUptime: {
    says: "Multi-AZ is up this share of a month, or Amazon credits money; it says nothing of one failover.",
    value: 999_500,
    unit: "per million",
    standing: "contract",
    ...sla,
  },
  singleUptime: {
    says: "A single instance is up this share of a month, or Amazon credits money.",
    value: 995_000,
    unit: "per million",
    standing: "contract",
    ...sla,
  },
  replicaLag: {
    says: "A read replica in another region may lag behind without limit.",
    standing: "none",
    ...readReplica,
  },
  idleReplicaLag: {
    says: "A replica of an idle PostgreSQL reports a lag of up to this although nothing is missing.",
    value: 300,
    unit: "seconds",
    standing: "typical",
    ...readReplica,
  },
  promotion: {
    says: "Promoting a replica includes a restart and takes longer the larger it is; no number is published.",
    standing: "none",
    ...readReplica,
  },
  promotedHasNoBackups: {
    says: "A promoted replica has no backups unless they were turned on before.",
    standing: "design",
    ...readReplica,
  },
  replicatedBackups: {
    says: "Copies of automated backups reach another region once they are ready; nobody bounds when.",
    standing: "none",
    ...replicatedBackup,
  },
  replicatedBackupRetention: {
    says: "Replicated backups that name no retentionPeriod are kept this long.",
    value: 7,
    unit: "days",
    standing: "design",
    ...replicationType,
  },
  tlsEnforced: {
    says: "From this major version of PostgreSQL on an instance refuses connections without TLS unless rds.force_ssl is 0.",
    value: 15,
    unit: "count",
    standing: "design",
    ...tls,
  },
});
