import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { notPublic, tlsOnly } from "./privateAccess";

/** Arguments of `VersionedBucket`. */
export interface VersionedBucketArgs {
  /** Globally unique name; plain, so that whatever reads or copies there can name it before deployment. */
  bucket: string;
  provider: aws.Provider;
  /** ARN of the KMS key of its region that encrypts the objects. */
  key: pulumi.Input<string>;
  /** Days that what is replaced or deleted stays. */
  keepDays: number;
  /** Days before which nobody, root included, deletes a version. @default no lock */
  lockDays?: number;
  tags?: Record<string, string>;
}

/** A private S3 bucket that keeps earlier versions under a key of its region. */
export class VersionedBucket extends pulumi.ComponentResource {
  /** Its versioning, without which S3 copies nothing from it or to it. */
  declare readonly versioning: aws.s3.BucketVersioning;

  constructor(name: string, args: VersionedBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:storage:VersionedBucket", name, {}, opts);
    const { bucket, provider, key, keepDays, lockDays, tags = {} } = args;
    const guarded = { parent: this, provider, protect: true };
    const store = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket, forceDestroy: false, tags, ...(lockDays === undefined ? {} : { objectLockEnabled: true }) },
      guarded,
    );
    const after = { ...guarded, dependsOn: [store] };
    this.versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      after,
    );
    const versioned = { ...guarded, dependsOn: [this.versioning] };
    if (lockDays !== undefined) {
      new aws.s3.BucketObjectLockConfiguration(
        `${name}-lock`,
        { bucket, rule: { defaultRetention: { mode: "COMPLIANCE", days: lockDays } } },
        versioned,
      );
    }
    new aws.s3.BucketLifecycleConfiguration(`${name}-lifecycle`, { bucket, rules: lifecycle(keepDays) }, versioned);
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key } }],
      },
      after,
    );
    const ownership = new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      after,
    );
    const block = new aws.s3.BucketPublicAccessBlock(`${name}-public-access`, { bucket, ...notPublic }, after);
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      { bucket, policy: JSON.stringify({ Version: "2012-10-17", Statement: [tlsOnly(bucket)] }) },
      { ...guarded, dependsOn: [block, ownership] },
    );
    this.registerOutputs({ bucket });
  }
}

/** What is current stays for ever: only earlier versions, and uploads that nobody ended, are deleted. */
function lifecycle(days: number): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  return [
    {
      id: "forget-old-versions",
      status: "Enabled",
      filter: { prefix: "" },
      noncurrentVersionExpiration: { noncurrentDays: days },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
  ];
}
