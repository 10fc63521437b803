import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { LockedBucket } from "../storage/lockedBucket";

/** One file of a recovery kit. */
export interface KitFile {
  /** Key in the bucket. */
  key: string;
  content: pulumi.Input<string>;
  contentType: string;
}

/** Arguments of `RecoveryKit`. */
export interface RecoveryKitArgs {
  bucket: LockedBucket;
  provider: aws.Provider;
  /** Day until which no version can be deleted, `2027-03-01`; S3 extends a lock and never shortens it. */
  lockedUntil: string;
  files: Readonly<Record<string, KitFile>>;
}

/** What rebuilds a system where neither this program nor its state can be had, kept beside the restore points. */
export class RecoveryKit extends pulumi.ComponentResource {
  constructor(name: string, args: RecoveryKitArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:recovery:RecoveryKit", name, {}, opts);
    const { bucket, provider, lockedUntil } = args;
    for (const [file, { key, content, contentType }] of Object.entries(args.files)) {
      new aws.s3.BucketObjectv2(
        `${name}-${file}`,
        {
          bucket: bucket.bucketName,
          key,
          content,
          contentType,
          // The bucket's own lock ends 45 days after an update; a kit that nobody changed must not end with it.
          objectLockMode: "COMPLIANCE",
          objectLockRetainUntilDate: `${lockedUntil}T00:00:00Z`,
        },
        { parent: this, provider, protect: true, dependsOn: [bucket.lock] },
      );
    }
    this.registerOutputs({ bucket: bucket.bucketName });
  }
}
