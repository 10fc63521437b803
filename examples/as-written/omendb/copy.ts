import * as aws from "@pulumi/aws";
import { notPublic } from "../../../components/storage/privateAccess";
import { RETENTION_DAYS } from "./guide";
import type { Mend } from "./variant";

/** Bucket that the variants with a copy upload to. */
export const BUCKET = "company-omendb-as-written-backups";

/** Mended: a copy in another region, under a lock. */
export function declareCopy(mended: ReadonlySet<Mend>, provider: aws.Provider): void {
  const days = mended.has("kept") ? 45 : RETENTION_DAYS;
  // Its settings are as much an assumption, and S3 gives them no tags.
  const tags = { "holdfast.dev/assumed": "the guide keeps no copy outside the node" };
  const store = new aws.s3.Bucket("copy", { bucket: BUCKET, objectLockEnabled: true, tags }, { provider });
  const after = { provider, dependsOn: [store] };
  // As Amazon makes every bucket by itself.
  new aws.s3.BucketPublicAccessBlock("copy-public-access", { bucket: BUCKET, ...notPublic }, after);
  new aws.s3.BucketVersioning(
    "copy-versioning",
    { bucket: BUCKET, versioningConfiguration: { status: "Enabled" } },
    after,
  );
  new aws.s3.BucketObjectLockConfiguration(
    "copy-lock",
    { bucket: BUCKET, rule: { defaultRetention: { mode: "COMPLIANCE", days } } },
    after,
  );
  new aws.s3.BucketLifecycleConfiguration(
    "copy-lifecycle",
    {
      bucket: BUCKET,
      rules: [
        {
          id: "expire",
          status: "Enabled",
          filter: { prefix: "" },
          // What expires stays for another day as an older version.
          expiration: { days: days - 1 },
          noncurrentVersionExpiration: { noncurrentDays: 1 },
        },
      ],
    },
    after,
  );
}
