import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Duration, duration, wholeDays } from "../../recovery/duration";
import type { Allow } from "../access/workloadRole";
import { notPublic, tlsOnly, wholeBucket } from "./privateAccess";

/** What some roles may do in a bucket, of this account or another. */
export interface BucketAllow extends Omit<Allow, "condition"> {
  /** ARNs of the roles; a policy that names them so stands though they do not exist yet. */
  roles: string[];
}

/** Arguments of `LockedBucket`. */
export interface LockedBucketArgs {
  /** Globally unique name; plain, so that whatever copies there can name it before deployment. */
  bucket: string;
  /** Provider of the region and account that must outlive what is copied here. */
  provider: aws.Provider;
  /** Nobody, root included, deletes a version before; whole days. */
  lock: Duration;
  /** Objects below `expiring` are deleted after this, later than the lock; whole days. */
  expire: Duration;
  /** Prefixes whose objects expire; what lies outside stays until it is replaced. */
  expiring: string | readonly string[];
  /** Other accounts that may read, and nothing more: a recovery that uses no credentials of this one. @default none */
  readers?: string[];
  /** What single roles may do besides. @default nothing */
  allows?: BucketAllow[];
  /** What is replaced or deleted stays so long, and at least as long as it is locked; whole days. @default "1d" */
  keepReplaced?: Duration;
  tags?: Record<string, string>;
}

/** An S3 bucket whose objects neither this program nor a hostile holder of its credentials can delete early. */
export class LockedBucket extends pulumi.ComponentResource {
  /** Its name, as given. */
  declare readonly bucketName: string;
  /** The lock, which must be in force before the first object is written. */
  declare readonly lock: aws.s3.BucketObjectLockConfiguration;

  constructor(name: string, args: LockedBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:storage:LockedBucket", name, {}, opts);
    const lockDays = wholeDays(duration(args.lock));
    const expireDays = wholeDays(duration(args.expire));
    if (expireDays <= lockDays) {
      throw new RangeError(`${name}: expire must be later than the lock of ${args.lock}, got ${args.expire}`);
    }
    const guarded = { parent: this, provider: args.provider, protect: true };
    const bucket = args.bucket;
    this.bucketName = bucket;
    const store = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket, objectLockEnabled: true, forceDestroy: false, tags: args.tags ?? {} },
      guarded,
    );
    const after = { ...guarded, dependsOn: [store] };
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      after,
    );
    this.lock = new aws.s3.BucketObjectLockConfiguration(
      `${name}-lock`,
      { bucket, rule: { defaultRetention: { mode: "COMPLIANCE", days: lockDays } } },
      { ...guarded, dependsOn: [versioning] },
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { bucket, rules: lifecycle(args, expireDays) },
      { ...guarded, dependsOn: [versioning] },
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      // Keys of S3 itself: a key of our own could be deleted, and the copies with it.
      { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      after,
    );
    const block = new aws.s3.BucketPublicAccessBlock(`${name}-public-access`, { bucket, ...notPublic }, after);
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      { bucket, policy: JSON.stringify(accessPolicy(args)) },
      { ...guarded, dependsOn: [block] },
    );
    this.registerOutputs({ bucket });
  }
}

function lifecycle(
  { expiring, keepReplaced = "1d" }: LockedBucketArgs,
  days: number,
): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  return [
    ...[expiring].flat().map((prefix, i) => ({
      id: i === 0 ? "expire" : `expire-${i + 1}`,
      status: "Enabled",
      filter: { prefix },
      expiration: { days },
    })),
    {
      id: "forget-old-versions",
      status: "Enabled",
      filter: { prefix: "" },
      noncurrentVersionExpiration: { noncurrentDays: wholeDays(duration(keepReplaced)) },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
    // S3 refuses this beside `days` in one rule.
    {
      id: "forget-delete-markers",
      status: "Enabled",
      filter: { prefix: "" },
      expiration: { expiredObjectDeleteMarker: true },
    },
  ];
}

function accessPolicy({ bucket, readers = [], allows = [] }: LockedBucketArgs) {
  const read = {
    Sid: "Read",
    Effect: "Allow",
    Principal: { AWS: readers.map((account) => `arn:aws:iam::${account}:root`) },
    Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetObject", "s3:GetObjectVersion"],
    Resource: wholeBucket(bucket),
  };
  const allowed = allows.map(({ sid, actions, resources, roles }) => ({
    Sid: sid,
    Effect: "Allow",
    Principal: { AWS: [...new Set(roles.map((role) => `arn:aws:iam::${role.split(":")[4]}:root`))] },
    Action: actions,
    Resource: resources,
    Condition: { ArnEquals: { "aws:PrincipalArn": roles } },
  }));
  return { Version: "2012-10-17", Statement: [tlsOnly(bucket), ...(readers.length > 0 ? [read] : []), ...allowed] };
}
