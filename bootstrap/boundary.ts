import { locksStay } from "./fences";
import { opensSecrets, type Recovers, type Scope, writesRecords } from "./scope";
import { serviceUses } from "./serviceUses";
import { allow, type Document, documentOf, type Statement } from "./statement";

/**
 * The most that a role which a stack makes for its jobs can do, whatever its own policy says. A job takes such a role
 * by the tokens of its cluster.
 */
export function boundaryPolicy(scope: Scope): Document {
  const { account, state, written, buckets, zones, clusters, recovers, services } = scope;
  const objects = buckets.map((bucket) => `${bucket}/*`);
  return documentOf([
    allow("Buckets", ["s3:AbortMultipartUpload", "s3:Get*", "s3:List*", "s3:PutObject"], [...buckets, ...objects]),
    allow("State", ["s3:GetObject*", "s3:ListBucket*"], [...state, ...scope.meta, ...written]),
    opensSecrets(scope, recovers.state.length > 0 ? ["kms:Encrypt"] : []),
    allow("Zones", ["route53:Get*", "route53:List*"], [...new Set([...zones, ...recovers.zones])]),
    ...writesRecords(scope, recovers.zones),
    allow("Clusters", ["eks:DescribeCluster"], clusters),
    ...images(account),
    ...recovering(recovers),
    allow("SecretsRead", ["secretsmanager:GetSecretValue"], secretsRead(recovers, services)),
    allow("Hidden", ["s3:DeleteObject"], [...recovers.locks, ...services.hidden]),
    ...serviceUses(services),
    locksStay,
  ]);
}

/** Names below what the platform's exporter reads need no line of their own: the policy has room for little. */
function secretsRead({ secrets }: Recovers, services: Scope["services"]): string[] {
  const read = (name: string) => secrets.some((all) => name.startsWith(all.replace(/\*$/, "")));
  return [...secrets, ...services.secrets.filter((name) => !read(name))];
}

/** What stands in the place of what is lost is brought back by jobs: state, names, images; and secrets are exported. */
function recovering({ state, zones, repositories, secrets }: Recovers): Statement[] {
  return [
    allow("StateRecovered", ["s3:AbortMultipartUpload", "s3:PutObject"], state),
    allow("ZonesRecovered", ["route53:ChangeResourceRecordSets"], zones),
    allow(
      "ImagesRecovered",
      ["ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"],
      repositories,
    ),
    // Names of secrets, and no value.
    allow("SecretsListed", ["secretsmanager:ListSecrets"], secrets.length > 0 ? ["*"] : []),
  ];
}

/** Copies of images are made by jobs. */
function images(account: string): Statement[] {
  return [
    allow(
      "Images",
      ["ecr:Batch*", "ecr:Describe*", "ecr:GetDownloadUrlForLayer", "ecr:ListImages"],
      [`arn:aws:ecr:*:${account}:repository/*`],
    ),
    // What knows no resource: images are opened by it, health checks and security groups found.
    allow("Lists", ["ec2:DescribeSecurityGroups", "ecr:GetAuthorizationToken", "route53:ListHealthChecks"], ["*"]),
  ];
}
