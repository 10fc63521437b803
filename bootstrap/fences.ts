import { PREFIX } from "./names";
import type { Scope } from "./scope";
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
    "s3:PutReplicationConfiguration",
    "s3:ReplicateDelete",
  ],
  Resource: ["*"],
};

/**
 * What a role of CI must not do although somebody once allows it more than is allowed here: empty what is locked, lose
 * keys, widen itself. `retained` are the objects whose lock it may set; a lock in compliance mode can only be extended.
 */
export function fences({ account, state, evidence, locks }: Scope, retained: readonly string[]): Statement[] {
  const kept = [...state, evidence];
  return [
    locksStay,
    {
      Sid: "RetentionStays",
      Effect: "Deny",
      Action: ["s3:PutObjectRetention"],
      ...(retained.length > 0 ? { NotResource: [...retained] } : { Resource: ["*"] }),
    },
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
        "kms:*Grant",
        "kms:Delete*",
        "kms:Disable*",
        "kms:Put*",
        "kms:ReplicateKey",
        "kms:Schedule*",
        "kms:Update*",
      ],
      Resource: ["*"],
    },
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
        "iam:PassRole",
        "iam:SetDefaultPolicyVersion",
        "sts:AssumeRole",
      ],
      Resource: ["*"],
    },
  ];
}
