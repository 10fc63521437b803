import { type Bound, compare, isUnknown, type Maybe } from "../../../recovery/bound";
import { seconds } from "../../../recovery/duration";
import type { Place, Source } from "../../../recovery/plan";
import type { Resource } from "../../graph";
import { titleOf } from "../names";
import { type Facts, facts, type Read } from "../read";
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
  kind: "lock" | "versioning" | "lifecycle" | "encryption";
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
};

/** Lock, versioning, lifecycle and encryption of S3 buckets. */
export const bucketSettings: Reader<BucketSetting> = {
  types: Object.keys(settingKinds),
  read: (resource) => ({ resource, facts: facts(resource), kind: settingKinds[resource.type] ?? "lock" }),
};

/** The settings of one bucket: by dependency, else by name. */
export function settingsOf(bucket: Bucket, settings: readonly BucketSetting[]): BucketSetting[] {
  return settings.filter(({ resource, facts }) => {
    const upstream = resource.propertyDependencies.bucket ?? [];
    if (upstream.length > 0) return upstream.includes(bucket.resource.urn);
    const name = facts.text("bucket");
    return typeof name === "string" && name === bucket.name;
  });
}

/** The default retention that a lock puts on every object. */
export interface Lock {
  mode: Maybe<"compliance" | "governance" | "none">;
  keptFor: Bound;
  source: Source;
}

/** The lock of a bucket; it needs versioning, without which S3 refuses it. */
export function lockOf(bucket: Bucket, settings: readonly BucketSetting[]): Lock {
  const lock = settings.find(({ kind }) => kind === "lock");
  if (lock === undefined)
    return { mode: "none", keptFor: seconds(0), source: bucket.facts.source("objectLockConfiguration") };
  const retention = lock.facts.at("rule.defaultRetention");
  const source = retention.source();
  const versioned = isVersioned(bucket, settings);
  if (isUnknown(versioned)) return { mode: versioned, keptFor: versioned, source };
  if (!versioned) return { mode: "none", keptFor: seconds(0), source };
  return { mode: lockMode(retention.text("mode"), titleOf(lock.resource)), keptFor: lockSpan(retention), source };
}

/** Whether deleting or overwriting an object keeps what it held. */
export function isVersioned(bucket: Bucket, settings: readonly BucketSetting[]): Maybe<boolean> {
  const versioning = settings.find(({ kind }) => kind === "versioning");
  if (versioning === undefined) {
    // Object lock turns versioning on. Both are computed: the engine shows them as unknown where the program says nothing.
    return bucket.facts.flag("objectLockEnabled") === true || bucket.facts.flag("versioning.enabled") === true;
  }
  const status = versioning.facts.text("versioningConfiguration.status");
  return isUnknown(status) ? status : status === "Enabled";
}

/** How long an object is kept until a lifecycle rule deletes it. */
export function expiryOf(bucket: Bucket, settings: readonly BucketSetting[]): { value: Bound; source: Source } {
  const lifecycle = settings.find(({ kind }) => kind === "lifecycle");
  const inline = bucket.facts.items("lifecycleRules");
  const rules = lifecycle ? lifecycle.facts.items("rules") : isUnknown(inline) ? undefined : inline;
  const source = lifecycle ? lifecycle.facts.source("rules") : bucket.facts.source("lifecycleRules");
  if (isUnknown(rules)) return { value: rules, source };
  const versioned = isVersioned(bucket, settings);
  const none = { value: { unbounded: "no lifecycle rule deletes them" } as Bound, source };
  // A rule may cover only some objects; which ones a restore point uses is not read, so the shortest counts.
  const spans = (rules ?? []).filter(isEnabled).map((rule) => ({
    value: expiryOfRule(rule, rules ?? [], versioned),
    source: rule.source("expiration.days"),
  }));
  return [none, ...spans].sort((a, b) => rank(a.value) - rank(b.value) || compare(a.value, b.value))[0] ?? none;
}

/** A key that reading the objects needs and that somebody with the right permission can delete. */
export function deletableKeyOf(settings: readonly BucketSetting[]): Source | undefined {
  for (const { kind, facts } of settings) {
    const rules = kind === "encryption" ? facts.items("rules") : undefined;
    if (isUnknown(rules)) return facts.source("rules");
    for (const rule of rules ?? []) {
      const key = rule.at("applyServerSideEncryptionByDefault.kmsMasterKeyId");
      if (key.text() !== undefined) return key.source();
    }
  }
  return undefined;
}

function lockMode(mode: Read<string>, title: string): Lock["mode"] {
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

function isEnabled(rule: Facts): boolean {
  const status = rule.text("status");
  const enabled = rule.flag("enabled");
  return status === undefined && enabled === undefined ? true : status !== "Disabled" && enabled !== false;
}

/** With versioning an expired object stays until the expiry of versions that are no longer current. */
function expiryOfRule(rule: Facts, rules: readonly Facts[], versioned: Maybe<boolean>): Bound {
  if (!rule.isSilent("expiration.date")) return { unknown: "a lifecycle rule deletes on a day, not by age" };
  const days = rule.whole("expiration.days");
  if (days === undefined) return { unbounded: "it expires nothing" };
  if (isUnknown(days)) return days;
  const current = seconds(days * secondsPerDay);
  if (versioned !== true) return current;
  const later = rules
    .filter(isEnabled)
    .map(noncurrentDays)
    .filter((one) => one !== undefined);
  const unknown = later.find(isUnknown);
  if (unknown) return unknown;
  const least = Math.min(...later.filter((one) => typeof one === "number"));
  if (!Number.isFinite(least)) return { unbounded: "with versioning what expires stays as an older version" };
  return seconds(current + least * secondsPerDay);
}

function noncurrentDays(rule: Facts): Read<number> {
  const expiration = rule.at("noncurrentVersionExpiration");
  const days = expiration.whole("noncurrentDays");
  return days === undefined ? expiration.whole("days") : days;
}

/** Unknown first, as it may be the shortest. */
function rank(value: Bound): number {
  return isUnknown(value) ? 0 : 1;
}
