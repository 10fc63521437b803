import { backupJobs, standbyJobs } from "../../../../systems/omniverse/names";

/**
 * What each call of a recovery needs, in the words of IAM; the steps make no other call. Copies between versions of an
 * encrypted bucket need `kms:Decrypt` and `kms:GenerateDataKey` as well, a restore of an encrypted instance
 * `kms:CreateGrant` and `kms:DescribeKey`.
 */
export const iamActions: Readonly<Record<string, readonly string[]>> = {
  "list-object-versions": ["s3:ListBucketVersions"],
  "head-object": ["s3:GetObject", "s3:GetObjectVersion"],
  "get-object": ["s3:GetObject", "s3:GetObjectVersion"],
  "copy-object": ["s3:GetObjectVersion", "s3:PutObject"],
  "create-multipart-upload": ["s3:PutObject"],
  "upload-part-copy": ["s3:GetObjectVersion", "s3:PutObject"],
  "complete-multipart-upload": ["s3:PutObject"],
  "put-object": ["s3:PutObject"],
  sync: ["s3:ListBucket", "s3:PutObject"],
  "get-secret-value": ["secretsmanager:GetSecretValue"],
  "describe-db-instances": ["rds:DescribeDBInstances"],
  "describe-db-instance-automated-backups": ["rds:DescribeDBInstanceAutomatedBackups"],
  "restore-db-instance-to-point-in-time": ["rds:RestoreDBInstanceToPointInTime"],
  "modify-db-instance": ["rds:ModifyDBInstance"],
  "get-bucket-replication": ["s3:GetReplicationConfiguration"],
  "create-db-instance-read-replica": ["rds:CreateDBInstanceReadReplica"],
  "start-db-instance-automated-backups-replication": ["rds:StartDBInstanceAutomatedBackupsReplication"],
  "start-db-instance": ["rds:StartDBInstance"],
  "reboot-db-instance": ["rds:RebootDBInstance"],
  "promote-read-replica": ["rds:PromoteReadReplica"],
  "change-resource-record-sets": ["route53:ChangeResourceRecordSets"],
  "list-health-checks": ["route53:ListHealthChecks"],
  "get-change": ["route53:GetChange"],
};

/** What a recovery asks of the cluster, as kubectl says it, and the verbs of RBAC that this needs. */
export const rbacRules = [
  {
    call: /^get configmap omniverse-recovery /,
    resources: ["configmaps"],
    resourceNames: ["omniverse-recovery"],
    verbs: ["get"],
  },
  {
    call: /^patch configmap\/omniverse-recovery --type=merge /,
    resources: ["configmaps"],
    resourceNames: ["omniverse-recovery"],
    verbs: ["patch"],
  },
  {
    call: /^get deployments -l app=nucleus -o json$/,
    apiGroups: ["apps"],
    resources: ["deployments"],
    verbs: ["list"],
  },
  // kubectl reads the object before it patches its scale.
  { call: /^scale deployment\/\S+ --replicas=\d+$/, apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"] },
  {
    call: /^scale deployment\/\S+ --replicas=\d+$/,
    apiGroups: ["apps"],
    resources: ["deployments/scale"],
    verbs: ["patch"],
  },
  {
    call: new RegExp(`^patch cronjob/(${standbyJobs.join("|")}) --type=merge `),
    apiGroups: ["batch"],
    resources: ["cronjobs"],
    resourceNames: standbyJobs,
    verbs: ["get", "patch"],
  },
  {
    call: new RegExp(`^create job (${backupJobs.join("|")})-\\d+ --from=cronjob/\\1$`),
    apiGroups: ["batch"],
    resources: ["jobs"],
    verbs: ["create"],
  },
  {
    call: /^get pods -l app=nucleus --field-selector=status\.phase!=Failed,status\.phase!=Succeeded -o name$/,
    resources: ["pods"],
    verbs: ["list"],
  },
] as const;
