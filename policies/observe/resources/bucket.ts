import { type Bound, compare, isUnknown, type Maybe } from "../../../recovery/bound";
import { seconds } from "../../../recovery/duration";
import type { Place, Source } from "../../../recovery/plan";
import type { Resource } from "../../graph";
import { type Facts, facts, orDefault, type Read } from "../read";
import type { Reader } from "./identity";

const secondsPerDay = 86_400;

/** An S3 bucket. */
export interface Bucket {
  resource: Resource;
  facts: Facts;
  name: Read<string>;
  at: Maybe<Place>;
}

/** S3 buckets. */
export const buckets: Reader<Bucket> = {
  types: ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"],
  read(resource, { geography }) {
    const own = facts(resource);
    return { resource, facts: own, name: own.text("bucket"), at: geography.placeOf(resource) };
  },
};

/** A resource that settles something about a bucket. */
export interface BucketSetting {
  resource: Resource;
  facts: Facts;
  kind: "lock" | "versioning" | "lifecycle" | "encryption" | "policy" | "public access";
}

const settingKinds: Record<string, BucketSetting["kind"]> = {
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": "lock",
  "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2": "lock",
  "aws:s3/bucketVersioning:BucketVersioning": "versioning",
  "aws:s3/bucketVersioningV2:BucketVersioningV2": "versioning",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "lifecycle",
  "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": "lifecycle",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": "encryption",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": "encryption",
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "public access",
};

/** Lock, versioning, lifecycle, encryption, policy and public access of S3 buckets. */
export const bucketSettings: Reader<BucketSetting> = {
  types: Object.keys(settingKinds),
  read: (resource) => ({ resource, facts: facts(resource), kind: settingKinds[resource.type] ?? "lock" }),
};

/** The policies of one bucket. */
export function policiesOf(bucket: Bucket, settings: readonly BucketSetting[]): Facts[] {
  return settingsOf(
    bucket,
    settings.filter(({ kind }) => kind === "policy"),
  ).map(({ facts }) => facts.at("policy"));
}

/** The settings of one bucket: by dependency, else by name. */
export function settingsOf(bucket: Bucket, settings: readonly BucketSetting[]): BucketSetting[] {
  return settings.filter(({ resource, facts }) => {
    const upstream = resource.propertyDependencies.bucket ?? [];
    if (upstream.length > 0) return upstream.includes(bucket.resource.urn);
    const name = facts.text("bucket");
    return typeof name === "string" && name === bucket.name;
  });
}

/** Settings of which nobody can say before deployment whose they are. */
export function strayOf(buckets: readonly Bucket[], settings: readonly BucketSetting[]): BucketSetting[] {
  const urns = buckets.map(({ resource }) => resource.urn);
  return settings.filter(({ resource, facts }) => {
    const upstream = resource.propertyDependencies.bucket ?? [];
    return isUnknown(facts.text("bucket")) && !upstream.some((urn) => urns.includes(urn));
  });
}

const inlineProperties: Partial<Record<BucketSetting["kind"], string>> = {
  lock: "objectLockConfiguration",
  lifecycle: "lifecycleRules",
  encryption: "serverSideEncryptionConfiguration",
};

/**
 * What a bucket itself says of a setting. The engine shows these as unknown where the program says nothing, and
 * S3 shows versioning there before the resource beside it turns it on: that is not read.
 */
export function inlineOf(bucket: Bucket, kind: BucketSetting["kind"]): Facts[] {
  const property = inlineProperties[kind];
  if (property === undefined) return [];
  const value = bucket.facts.value(property);
  return value === undefined || isUnknown(value) ? [] : [bucket.facts.at(property)];
}

/** The default retention that a lock puts on every object. */
export interface Lock {
  mode: Maybe<"compliance" | "governance" | "none">;
  keptFor: Bound;
  source: Source;
}

/** The lock of a bucket, the weakest where it has several; it needs versioning, without which S3 refuses it. */
export function lockOf(bucket: Bucket, settings: readonly BucketSetting[]): Lock {
  const written = settings.filter(({ kind }) => kind === "lock").map(({ facts }) => facts.at("rule.defaultRetention"));
  const inline = inlineOf(bucket, "lock")
    .map((one) => one.at("rule.defaultRetention"))
    .filter((one) => !one.isSilent());
  const locks = [...written, ...inline].map(readLock);
  const [weakest] = locks.sort((a, b) => strengthOf(a) - strengthOf(b) || compare(a.keptFor, b.keptFor));
  if (weakest === undefined)
    return { mode: "none", keptFor: seconds(0), source: bucket.facts.source("objectLockConfiguration") };
  const { source } = weakest;
  const versioned = isVersioned(bucket, settings);
  if (isUnknown(versioned)) return { mode: versioned, keptFor: versioned, source };
  return versioned ? weakest : { mode: "none", keptFor: seconds(0), source };
}

function readLock(retention: Facts): Lock {
  const source = retention.source();
  return { mode: lockMode(retention.text("mode"), source.name), keptFor: lockSpan(retention), source };
}

function strengthOf({ mode }: Lock): number {
  return isUnknown(mode) ? 1 : { none: 0, governance: 2, compliance: 3 }[mode];
}

/** Whether deleting or overwriting an object keeps what it held. */
export function isVersioned(bucket: Bucket, settings: readonly BucketSetting[]): Maybe<boolean> {
  const states = settings
    .filter(({ kind }) => kind === "versioning")
    .map(({ facts }) => facts.text("versioningConfiguration.status"));
  if (states.length === 0) {
    // Object lock turns versioning on. Both are computed: the engine shows them as unknown where the program says nothing.
    return bucket.facts.flag("objectLockEnabled") === true || bucket.facts.flag("versioning.enabled") === true;
  }
  if (states.some((status) => !isUnknown(status) && status !== "Enabled")) return false;
  return states.find(isUnknown) ?? true;
}

/** A key that reading the objects needs and that somebody with the right permission can delete. */
export function deletableKeyOf(bucket: Bucket, settings: readonly BucketSetting[]): Source | undefined {
  for (const rules of encryptionsOf(bucket, settings)) {
    if ("unknown" in rules) return rules.source;
    for (const rule of rules.facts) {
      const key = rule.at("applyServerSideEncryptionByDefault.kmsMasterKeyId");
      if (key.text() !== undefined) return key.source();
    }
  }
  return undefined;
}

/** What encrypts the objects, where that is not S3 itself. */
export function keyServiceOf(bucket: Bucket, settings: readonly BucketSetting[]): Facts | undefined {
  const defaults = encryptionsOf(bucket, settings).flatMap((rules) =>
    "unknown" in rules ? [] : rules.facts.map((rule) => rule.at("applyServerSideEncryptionByDefault")),
  );
  return defaults.find((one) => !one.isSilent("sseAlgorithm") && one.text("sseAlgorithm") !== "AES256");
}

function encryptionsOf(
  bucket: Bucket,
  settings: readonly BucketSetting[],
): ({ facts: Facts[] } | { unknown: string; source: Source })[] {
  const written = settings.filter(({ kind }) => kind === "encryption").map(({ facts }) => facts.at("rules"));
  return [
    ...written.map((list) => {
      const rules = orDefault(list.items(), []);
      return isUnknown(rules) ? { ...rules, source: list.source() } : { facts: rules };
    }),
    ...inlineOf(bucket, "encryption").map((one) => ({ facts: [one.at("rule")] })),
  ];
}

/** How S3 locks, by the word for it; `title` is what says so. */
export function lockMode(mode: Read<string>, title: string): Lock["mode"] {
  if (isUnknown(mode)) return mode;
  switch (mode) {
    case "COMPLIANCE":
      return "compliance";
    case "GOVERNANCE":
      return "governance";
    case undefined:
      return "none";
    default:
      return { unknown: `the mode of ${title} is not COMPLIANCE or GOVERNANCE` };
  }
}

function lockSpan(retention: Facts): Bound {
  const days = retention.whole("days");
  const years = retention.whole("years");
  if (isUnknown(days)) return days;
  if (isUnknown(years)) return years;
  return seconds(((days ?? 0) + (years ?? 0) * 365) * secondsPerDay);
}
