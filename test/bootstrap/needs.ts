import type { Resource } from "../../policies/graph";
import { accountOf, boundary, type Lookup, type Needs, sources, text } from "./need";
import { serviceNeeds } from "./serviceNeeds";

const bucket = (one: Resource) => `arn:aws:s3:::${text(one, "bucket")}`;
const setting = (reads: string, makes: string) => (one: Resource) => [
  { arn: bucket(one), reads: [reads], makes: [makes] },
];

/** What Pulumi's provider for AWS asks of AWS to read a resource, and to make it or change it. */
export const needs: Record<string, (one: Resource, at: Lookup) => Needs[]> = {
  "aws:s3/bucket:Bucket": (one) => [
    {
      arn: bucket(one),
      // It reads all settings that a bucket has: https://github.com/hashicorp/terraform-provider-aws/issues/17433
      reads: [
        "s3:GetAccelerateConfiguration",
        "s3:GetBucketAcl",
        "s3:GetBucketCORS",
        "s3:GetBucketLocation",
        "s3:GetBucketLogging",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketPolicy",
        "s3:GetBucketRequestPayment",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetBucketWebsite",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        // Since 6.23 of Terraform's provider: https://github.com/hashicorp/terraform-provider-aws/issues/46202
        "s3:ListTagsForResource",
      ],
      makes: [
        "s3:CreateBucket",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:TagResource",
        "s3:UntagResource",
      ],
    },
  ],
  "aws:s3/bucketVersioning:BucketVersioning": setting("s3:GetBucketVersioning", "s3:PutBucketVersioning"),
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": setting(
    "s3:GetBucketObjectLockConfiguration",
    "s3:PutBucketObjectLockConfiguration",
  ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting(
    "s3:GetLifecycleConfiguration",
    "s3:PutLifecycleConfiguration",
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting(
    "s3:GetEncryptionConfiguration",
    "s3:PutEncryptionConfiguration",
  ),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting(
    "s3:GetBucketPublicAccessBlock",
    "s3:PutBucketPublicAccessBlock",
  ),
  "aws:s3/bucketPolicy:BucketPolicy": setting("s3:GetBucketPolicy", "s3:PutBucketPolicy"),
  "aws:s3/bucketObjectv2:BucketObjectv2": (one) => [
    {
      arn: `${bucket(one)}/${text(one, "key")}`,
      reads: ["s3:GetObject", "s3:GetObjectLegalHold", "s3:GetObjectRetention", "s3:GetObjectTagging"],
      makes: ["s3:PutObject", "s3:PutObjectRetention", "s3:PutObjectTagging"],
    },
  ],
  "aws:iam/role:Role": (one) => [
    {
      arn: roleArn(one, "name"),
      reads: ["iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies"],
      makes: ["iam:CreateRole", "iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy"],
      context: boundOf(one),
    },
  ],
  "aws:iam/rolePolicy:RolePolicy": (one) => [
    {
      arn: roleArn(one, "role"),
      reads: ["iam:GetRolePolicy"],
      makes: ["iam:DeleteRolePolicy", "iam:PutRolePolicy"],
      // The bound of the role; every role has one, as the test below sees.
      context: { "iam:PermissionsBoundary": boundary(one) },
    },
  ],
  "aws:route53/record:Record": (one, at) => [
    {
      arn: `arn:aws:route53:::hostedzone/${text(one, "zoneId")}`,
      reads: ["route53:GetHostedZone", "route53:ListResourceRecordSets"],
      makes: ["route53:ChangeResourceRecordSets"],
      context: { "route53:ChangeResourceRecordSetsNormalizedRecordNames": [recordName(one, at)] },
    },
    { arn: "arn:aws:route53:::change/C1", reads: [], makes: ["route53:GetChange"] },
  ],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": setting(
    "s3:GetBucketOwnershipControls",
    "s3:PutBucketOwnershipControls",
  ),
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": (one) => [
    ...setting("s3:GetReplicationConfiguration", "s3:PutReplicationConfiguration")(one),
    {
      arn: text(one, "role"),
      reads: [],
      makes: ["iam:PassRole"],
      context: { "iam:PassedToService": "s3.amazonaws.com" },
    },
  ],
  ...serviceNeeds,
};

/** What validates a certificate is named by AWS, below one of the names that the certificate is for. */
function recordName(one: Resource, at: Lookup): string {
  if (typeof one.props.name === "string") return one.props.name;
  const [{ props }] = sources(one, "name", "Certificate", at);
  const [other] = props.subjectAlternativeNames as string[];
  return `_0123456789abcdef.${one.name.endsWith("-shared-proof") ? String(props.domainName) : other}`;
}

const roleArn = (one: Resource, property: string) => `arn:aws:iam::${accountOf(one)}:role/${text(one, property)}`;
const boundOf = ({ props }: Resource): Record<string, string> =>
  props.permissionsBoundary === undefined ? {} : { "iam:PermissionsBoundary": String(props.permissionsBoundary) };
