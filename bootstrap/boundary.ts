import { locksStay } from "./fences";
import { opensSecrets, type Scope, writesRecords } from "./scope";
import { allow, type Document, documentOf, type Statement } from "./statement";

/**
 * The most that a role which a stack makes for its jobs can do, whatever its own policy says. A job takes such a role
 * by the tokens of its cluster.
 */
export function boundaryPolicy(scope: Scope): Document {
  const { account, state, written, buckets, zones, clusters } = scope;
  const objects = buckets.map((bucket) => `${bucket}/*`);
  return documentOf([
    allow("Buckets", ["s3:AbortMultipartUpload", "s3:Get*", "s3:List*", "s3:PutObject"], [...buckets, ...objects]),
    allow("State", ["s3:GetObject*", "s3:ListBucket*"], [...state, ...scope.meta, ...written]),
    opensSecrets(scope),
    allow("Zones", ["route53:Get*", "route53:List*"], zones),
    ...writesRecords(scope),
    allow("Clusters", ["eks:DescribeCluster"], clusters),
    ...images(account),
    locksStay,
  ]);
}

/** Copies of images are made by jobs. */
function images(account: string): Statement[] {
  return [
    allow(
      "Images",
      ["ecr:Batch*", "ecr:Describe*", "ecr:GetDownloadUrlForLayer", "ecr:ListImages"],
      [`arn:aws:ecr:*:${account}:repository/*`],
    ),
    allow("ImageLogin", ["ecr:GetAuthorizationToken"], ["*"]),
  ];
}
