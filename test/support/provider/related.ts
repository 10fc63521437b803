import type { Cloud, Thing } from "./cloud";
import { isValues, type Value, type Values } from "./values";

/**
 * What a bucket shows of the settings that other resources made, by output of the bucket: S3 keeps one bucket, the
 * provider has a resource for each setting, and a refreshed bucket shows them all.
 */
const settings: Record<string, (inputs: Values) => [output: string, value: Value]> = {
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ({ rules }) => [
    "lifecycleRules",
    Array.isArray(rules) ? rules.filter(isValues).map(lifecycleRule) : [],
  ],
  "aws:s3/bucketVersioning:BucketVersioning": ({ versioningConfiguration }) => [
    "versioning",
    { enabled: isValues(versioningConfiguration) && versioningConfiguration.status === "Enabled", mfaDelete: false },
  ],
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": ({ rule }) => [
    "objectLockConfiguration",
    { objectLockEnabled: "Enabled", rule: rule ?? null },
  ],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ({ rules }) => [
    "serverSideEncryptionConfiguration",
    { rule: Array.isArray(rules) ? (rules[0] ?? null) : null },
  ],
  "aws:s3/bucketPolicy:BucketPolicy": ({ policy }) => ["policy", policy ?? ""],
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": ({ role, rules }) => [
    "replicationConfiguration",
    { role: role ?? "", rules: rules ?? [] },
  ],
};

/** The outputs of a thing as a read of it shows them today. */
export function shown(thing: Thing, cloud: Cloud): Values {
  if (thing.type !== "aws:s3/bucket:Bucket") return thing.outputs;
  const made = cloud
    .all()
    .filter((other) => other.inputs.bucket === thing.id)
    .flatMap((other) => {
      const setting = settings[other.type];
      return setting === undefined ? [] : [setting(other.inputs)];
    });
  return { ...thing.outputs, ...Object.fromEntries(made) };
}

function lifecycleRule({ id, status, filter, expiration, noncurrentVersionExpiration }: Values): Values {
  return {
    id: id ?? "",
    enabled: status === "Enabled",
    prefix: isValues(filter) ? (filter.prefix ?? "") : "",
    ...(expiration === undefined ? {} : { expiration }),
    ...(isValues(noncurrentVersionExpiration)
      ? { noncurrentVersionExpiration: { days: noncurrentVersionExpiration.noncurrentDays ?? 0 } }
      : {}),
  };
}
