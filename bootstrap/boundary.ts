import { locksStay } from "./fences";
import { opensSecrets, type Scope, writesRecords } from "./scope";
import { all } from "./serviceReads";
import { serviceUses } from "./serviceUses";
import { allow, type Document, documentOf, type Statement } from "./statement";

/**
 * The most that a role which a stack makes for the jobs of a system can do, whatever its own policy says; the scope is
 * that system's. A job takes such a role by the tokens of its cluster.
 */
export function boundaryPolicy(scope: Scope): Document {
  const { buckets, zones, recovers, services } = scope;
  const objects = buckets.map((bucket) => `${bucket}/*`);
  return documentOf([
    allow("Buckets", ["s3:AbortMultipartUpload", "s3:Get*", "s3:List*", "s3:PutObject"], [...buckets, ...objects]),
    allow("Zones", ["route53:Get*", "route53:List*"], [...new Set([...zones, ...recovers.zones])]),
    ...writesRecords(scope, recovers.zones),
    // What lists knows no resource.
    allow("HealthChecks", ["route53:ListHealthChecks"], all(services.checks)),
    ...(recovers.state.length > 0 ? crossing(scope) : []),
    allow("SecretsRead", ["secretsmanager:GetSecretValue"], [...recovers.secrets, ...services.secrets]),
    allow("Hidden", ["s3:DeleteObject"], [...recovers.locks, ...services.hidden]),
    ...serviceUses(services),
    locksStay,
  ]);
}

/**
 * What the platform's jobs reach of what all systems stand on: they copy state, images and secrets, and bring back in
 * the other region what is lost.
 */
function crossing(scope: Scope): Statement[] {
  const { account, state, meta, written, recovers } = scope;
  return [
    allow("State", ["s3:GetObject*", "s3:ListBucket*"], [...state, ...meta, ...written]),
    opensSecrets(scope, ["kms:Encrypt"]),
    allow("StateRecovered", ["s3:AbortMultipartUpload", "s3:PutObject"], recovers.state),
    allow("ZonesRecovered", ["route53:ChangeResourceRecordSets"], recovers.zones),
    allow(
      "Images",
      ["ecr:Batch*", "ecr:Describe*", "ecr:GetDownloadUrlForLayer", "ecr:ListImages"],
      [`arn:aws:ecr:*:${account}:repository/*`],
    ),
    // It knows no resource.
    allow("ImageLogin", ["ecr:GetAuthorizationToken"], ["*"]),
    allow(
      "ImagesRecovered",
      ["ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"],
      recovers.repositories,
    ),
    // Names of secrets, and no value.
    allow("SecretsListed", ["secretsmanager:ListSecrets"], all(recovers.secrets)),
  ];
}
