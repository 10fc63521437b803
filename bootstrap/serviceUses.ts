import { lent } from "./serviceChanges";
import { all, seesInstances } from "./serviceReads";
import { type Services, through } from "./services";
import { allow, type Statement } from "./statement";

/** What jobs do with what a system has in services of AWS: read, copy and bring back, and delete nothing for good. */
export function serviceUses(services: Services): Statement[] {
  const { databases, options, backups, keys, copies } = services;
  return [
    seesInstances(services),
    // A new instance is given a group; EC2 knows no smaller resource for what describes.
    allow("GroupsSeen", ["ec2:DescribeSecurityGroups"], all(databases)),
    allow(
      "DatabasesRestored",
      [
        "rds:AddTagsToResource",
        "rds:CreateDBInstanceReadReplica",
        "rds:DescribeDBLogFiles",
        "rds:DownloadDBLogFilePortion",
        "rds:ModifyDBInstance",
        "rds:PromoteReadReplica",
        "rds:RebootDBInstance",
        "rds:RestoreDBInstanceToPointInTime",
        "rds:StartDBInstance",
        "rds:StartDBInstanceAutomatedBackupsReplication",
      ],
      [...databases, ...options, ...backups],
    ),
    allow("KeysLent", ["kms:CreateGrant"], databases.length > 0 ? keys : [], lent(services)),
    allow(
      "KeysUsed",
      ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
      keys,
      through(services, "rds", "s3", "secretsmanager"),
    ),
    allow("Copied", ["s3:ReplicateObject", "s3:ReplicateTags"], copies),
  ];
}
