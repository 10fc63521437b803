import { lent } from "./serviceChanges";
import { seesInstances } from "./serviceReads";
import { type Services, through } from "./services";
import { allow, type Statement } from "./statement";

/** What jobs do with what a stack has in services of AWS: read, copy and bring back, and delete nothing for good. */
export function serviceUses(services: Services): Statement[] {
  const { databases, options, backups, keys, copies } = services;
  return [
    seesInstances(services),
    allow(
      "DatabasesRestored",
      // A policy has 6144 characters: what is read of a log stands with what is done to the same databases.
      [
        "rds:AddTagsToResource",
        "rds:*ReadReplica",
        "rds:D*LogFile*",
        "rds:ModifyDBInstance",
        "rds:RebootDBInstance",
        "rds:RestoreDBInstanceToPointInTime",
        "rds:StartDBInstance*",
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
