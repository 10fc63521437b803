import { PREFIX } from "./names";
import type { Scope } from "./scope";
import { exceptions } from "./serviceFences";
import type { Services } from "./services";
import type { Statement } from "./statement";

/** What nobody here may do to anything that is kept. */
export const locksStay: Statement = {
  Sid: "LocksStay",
  Effect: "Deny",
  Action: [
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket*",
    "s3:DeleteObjectVersion*",
    "s3:PutAccountPublicAccessBlock",
    "s3:PutObjectLegalHold",
    "s3:ReplicateDelete",
  ],
  Resource: ["*"],
};

/** What a role of CI changes itself, of what is fenced otherwise. */
export interface Changes {
  /** Objects whose lock it may set; a lock in compliance mode can only be extended. */
  retained: readonly string[];
  services: Services;
}

/**
 * What a role of CI must not do although somebody once allows it more than is allowed here: empty what is locked, lose
 * keys and databases, widen itself.
 */
export function fences({ account, state, evidence, locks }: Scope, changes?: Changes): Statement[] {
  const kept = [...state, evidence];
  return [
    locksStay,
    allBut("RetentionStays", ["s3:PutObjectRetention"], changes?.retained),
    { Sid: "ObjectsStay", Effect: "Deny", Action: ["s3:DeleteObject"], NotResource: locks },
    {
      Sid: "StateAndEvidenceStay",
      Effect: "Deny",
      NotAction: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"],
      Resource: kept.flatMap((bucket) => [bucket, `${bucket}/*`]),
    },
    {
      Sid: "KeysStay",
      Effect: "Deny",
      Action: [
        "kms:*Alias",
        "kms:Delete*",
        "kms:Disable*",
        "kms:Put*",
        "kms:ReplicateKey",
        "kms:RetireGrant",
        "kms:RevokeGrant",
        "kms:Schedule*",
        "kms:UntagResource",
        "kms:Update*",
      ],
      Resource: ["*"],
    },
    dataStays,
    allBut("CopyingStays", ["s3:PutReplicationConfiguration"], changes?.services.copied),
    allBut("RolesStay", ["iam:PassRole"], changes?.services.copiers),
    ...exceptions(changes?.services),
    {
      Sid: "TrustStays",
      Effect: "Deny",
      NotAction: ["iam:Get*", "iam:List*"],
      Resource: ["role", "policy"]
        .map((kind) => `arn:aws:iam::${account}:${kind}/${PREFIX}*`)
        .concat(`arn:aws:iam::${account}:oidc-provider/*`),
    },
    {
      Sid: "NobodyElse",
      Effect: "Deny",
      Action: [
        "iam:*AccessKey*",
        "iam:*Group*",
        "iam:*LoginProfile",
        "iam:*SAMLProvider*",
        "iam:*User*",
        "iam:AttachRolePolicy",
        "iam:CreatePolicy*",
        "iam:DeleteRolePermissionsBoundary",
        "iam:SetDefaultPolicyVersion",
        "sts:AssumeRole",
      ],
      Resource: ["*"],
    },
  ];
}

/** Databases, their backups in both regions, and secrets: nobody deletes them, hands them out or ends their copies. */
const dataStays: Statement = {
  Sid: "DataStays",
  Effect: "Deny",
  Action: [
    "rds:DeleteDBCluster*",
    "rds:DeleteDBInstance*",
    "rds:DeleteDBSnapshot",
    "rds:ModifyDBSnapshotAttribute",
    "rds:StopDBInstance*",
    "secretsmanager:DeleteSecret",
    "secretsmanager:PutResourcePolicy",
    "secretsmanager:RemoveRegionsFromReplication",
    "secretsmanager:StopReplicationToReplica",
  ],
  Resource: ["*"],
};

function allBut(Sid: string, Action: string[], but: readonly string[] = []): Statement {
  return { Sid, Effect: "Deny", Action, ...(but.length > 0 ? { NotResource: [...but] } : { Resource: ["*"] }) };
}
