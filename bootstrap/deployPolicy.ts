import { fences } from "./fences";
import { reads } from "./previewPolicy";
import { type Scope, writesRecords } from "./scope";
import { allow, type Document, documentOf } from "./statement";

/**
 * The policy of the role that deploys: what the systems make, and no deletion of it. What they protect stays; a role or
 * a record that they give up goes.
 */
export function deployPolicy(scope: Scope): Document {
  const { written, locks, buckets, objects } = scope;
  return documentOf([
    ...reads(scope),
    allow("StateWritten", ["s3:AbortMultipartUpload", "s3:PutObject"], written),
    allow("StateUnlocked", ["s3:DeleteObject"], locks),
    allow(
      "BucketsMade",
      [
        "s3:CreateBucket",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:TagResource",
        "s3:UntagResource",
      ],
      buckets,
    ),
    allow(
      "ObjectsMade",
      ["s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectRetention", "s3:PutObjectTagging"],
      objects,
    ),
    ...writesRecords(scope),
    ...fences(scope, { retained: objects, services: scope.services }),
  ]);
}
