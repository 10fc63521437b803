import { fences } from "./fences";
import { opensSecrets, type Scope } from "./scope";
import { allow, type Document, documentOf, type Statement } from "./statement";

/** What a preview, a look for drift and an export need: to read what the stack has made, and how it is remembered. */
export function reads(scope: Scope): Statement[] {
  const { state, written, meta, buckets, objects, zones, roles, clusters } = scope;
  return [
    // Of the whole bucket: S3 tells who may list it, and nobody else, that an object is not there. Names are no secret.
    allow("StateNames", ["s3:ListBucket"], state),
    allow("State", ["s3:GetObject"], [...meta, ...written]),
    opensSecrets(scope),
    // Of a bucket, not of what is in it: that has a resource of its own, with a slash.
    allow("Buckets", ["s3:Get*", "s3:List*"], buckets),
    allow(
      "Objects",
      ["s3:GetObject", "s3:GetObjectLegalHold", "s3:GetObjectRetention", "s3:GetObjectTagging"],
      objects,
    ),
    allow("Zones", ["route53:GetHostedZone", "route53:ListResourceRecordSets", "route53:ListTagsForResource"], zones),
    allow(
      "Roles",
      [
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
        "iam:ListRoleTags",
      ],
      roles,
    ),
    allow("Clusters", ["eks:DescribeCluster"], clusters),
  ];
}

/** The policy of the role that only looks; what it saw it may add to the evidence, and never write anew. */
export function previewPolicy(scope: Scope): Document {
  return documentOf([...reads(scope), allow("Evidence", ["s3:PutObject"], scope.ownEvidence), ...fences(scope)]);
}
