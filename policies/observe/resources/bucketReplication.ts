import { isUnknown, type Maybe } from "../../../recovery/bound";
import type { Resource } from "../../graph";
import { type Facts, facts, orDefault } from "../read";
import type { Bucket } from "./bucket";
import type { Reader } from "./identity";

/** What S3 copies from one bucket to others. */
export interface BucketReplication {
  resource: Resource;
  facts: Facts;
}

/** Replication of S3 buckets. */
export const bucketReplications: Reader<BucketReplication> = {
  types: ["aws:s3/bucketReplicationConfig:BucketReplicationConfig"],
  read: (resource) => ({ resource, facts: facts(resource) }),
};

/** The rules by which a bucket is copied, whether they are in force or not. */
export function replicationRulesOf(bucket: Bucket, all: readonly BucketReplication[]): Maybe<Facts[]> {
  const own = all.filter(({ resource, facts: one }) => {
    const upstream = resource.propertyDependencies.bucket ?? [];
    if (upstream.length > 0) return upstream.includes(bucket.resource.urn);
    const name = one.text("bucket");
    return typeof name === "string" && name === bucket.name;
  });
  const lists = own.map((one) => orDefault(one.facts.items("rules"), []));
  return lists.find(isUnknown) ?? lists.flatMap((list) => (isUnknown(list) ? [] : list));
}

/** The bucket of this program that a rule copies to: by its ARN, else by the one bucket that the rules depend on. */
export function destinationOf(rule: Facts, source: Bucket, buckets: readonly Bucket[]): Bucket | undefined {
  const arn = rule.text("destination.bucket");
  if (typeof arn === "string")
    return buckets.find(({ name }) => typeof name === "string" && arn === `arn:aws:s3:::${name}`);
  const upstream = rule.resource.propertyDependencies.rules ?? [];
  const [only, ...others] = buckets.filter((one) => one !== source && upstream.includes(one.resource.urn));
  return others.length === 0 ? only : undefined;
}
