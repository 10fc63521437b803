import { type Bound, isUnknown } from "../../../recovery/bound";
import { seconds } from "../../../recovery/duration";
import { s3 } from "../../../recovery/facts";
import type { Replica, Term, Versions } from "../../../recovery/plan";
import { spanFrom, termOf } from "../../../recovery/time";
import { assumedTerm } from "../assumptions";
import { sourceOf, titleOf } from "../names";
import type { Program } from "../program";
import type { Facts } from "../read";
import { type Bucket, deletableKeyOf, isVersioned, keyServiceOf, lockOf, settingsOf } from "../resources/bucket";
import { olderVersionsOf } from "../resources/bucketLifecycle";
import { roleGap } from "./replicationRole";
import type { ObjectStore } from "./store";

/** Earlier versions of the objects of a bucket; without versioning there are none. */
export function versionsOf({ asset, bucket, settings }: ObjectStore): Versions {
  const versioned = isVersioned(bucket, settings);
  const source = settings.find(({ kind }) => kind === "versioning")?.facts.source("versioningConfiguration.status");
  const kept = olderVersionsOf(bucket, settings);
  const lock = lockOf(bucket, settings);
  const none = source ?? bucket.facts.source("versioning");
  return {
    kind: "versions",
    id: `${asset}/object-versions`,
    asset,
    label: "earlier versions of objects",
    at: bucket.at,
    undoes: ["overwrite", "delete"],
    keptFor: {
      name: "earlier versions kept",
      grade: "guaranteed",
      ...(versioned === true ? kept : { value: isUnknown(versioned) ? versioned : seconds(0), source: none }),
      facts: [s3.versionLoss.id],
    },
    lock: {
      mode: lock.mode,
      keptFor: { name: "locked", value: lock.keptFor, grade: "guaranteed", source: lock.source },
    },
    ...needsOf(bucket, settings),
    source: sourceOf(bucket.resource),
  };
}

/** What S3 copies to another bucket after it is written. */
export function replicaOf(
  { asset, bucket, settings }: ObjectStore,
  { rule, target }: ObjectStore["rules"][number],
  id: string,
  program: Program,
): Replica {
  const unknown = `the bucket that ${titleOf(rule.resource)} copies to is none that this program declares`;
  const theirs = target ? settingsOf(target, program.bucketSettings) : [];
  const broken =
    target === undefined
      ? undefined
      : (unlessVersioned(bucket, isVersioned(bucket, settings)) ??
        unlessVersioned(target, isVersioned(target, theirs)));
  const keyed = keyServiceOf(bucket, settings) !== undefined;
  const gap = broken ?? gapOf(rule, keyed) ?? (target && roleGap(rule, { from: bucket, to: target, keyed }, program));
  return {
    kind: "replica",
    id,
    asset,
    label: target ? `objects copied to ${titleOf(target.resource)}` : "objects copied elsewhere",
    at: target?.at ?? { unknown },
    lag:
      gap === undefined
        ? lagOf(rule, asset, program)
        : { name: "copied", value: gap, grade: "guaranteed", source: rule.source() },
    carries: "data",
    ...(target ? needsOf(target, theirs) : {}),
    source: rule.source(),
  };
}

function needsOf(bucket: Bucket, settings: ObjectStore["settings"]): Pick<Replica, "needs"> {
  const key = deletableKeyOf(bucket, settings);
  return key === undefined ? {} : { needs: [{ what: "its key", at: bucket.at, deletable: true, source: key }] };
}

function unlessVersioned({ resource }: Bucket, versioned: ReturnType<typeof isVersioned>): Bound | undefined {
  if (versioned === true) return undefined;
  return isUnknown(versioned)
    ? versioned
    : { unbounded: `S3 copies only between buckets with versions, and ${titleOf(resource)} has none` };
}

/** What a rule leaves out for ever, or why nobody knows whether it does. */
function gapOf(rule: Facts, encrypted: boolean): Bound | undefined {
  const title = titleOf(rule.resource);
  const status = rule.text("status");
  if (isUnknown(status)) return status;
  if (status !== "Enabled") return { unbounded: `a rule of ${title} is ${status ?? "not enabled"}: it copies nothing` };
  for (const place of ["prefix", "filter.prefix"]) {
    const prefix = rule.text(place);
    if (isUnknown(prefix)) return prefix;
    if (prefix !== undefined && prefix !== "")
      return { unbounded: `a rule of ${title} copies only what begins with a prefix` };
  }
  if (!rule.isSilent("filter.tag") || !rule.isSilent("filter.and"))
    return { unbounded: `a rule of ${title} copies only some objects (filter)` };
  const keyed = rule.text("sourceSelectionCriteria.sseKmsEncryptedObjects.status");
  const key = rule.text("destination.encryptionConfiguration.replicaKmsKeyId");
  // S3 takes objects under a key only with one of the other region to put them under.
  if (keyed === "Enabled" && key === undefined)
    return {
      unbounded: `a rule of ${title} copies objects under a KMS key, and names none of its destination (replicaKmsKeyId): S3 refuses it`,
    };
  if (!encrypted || keyed === "Enabled") return undefined;
  if (isUnknown(keyed)) return keyed;
  return {
    unbounded: `a rule of ${title} leaves out objects under a KMS key (sseKmsEncryptedObjects), and those of the bucket are`,
  };
}

/** Replication Time Control is a contract; without it nobody bounds the tail, and somebody has to answer for it. */
function lagOf(rule: Facts, asset: string, { register }: Program): Term {
  const source = rule.source("destination.replicationTime");
  const [status, minutes, metrics] = [
    rule.text("destination.replicationTime.status"),
    rule.whole("destination.replicationTime.time.minutes"),
    rule.text("destination.metrics.status"),
  ];
  const unread = [status, minutes, metrics].find(isUnknown);
  if (isUnknown(unread)) return { name: "objects are copied", value: unread, grade: "guaranteed", source };
  // S3 takes no other time, and none without metrics.
  if (status === "Enabled" && minutes === 15 && metrics === "Enabled")
    return termOf("objects are copied under Replication Time Control", spanFrom(s3.timeControl, source));
  const lag = assumedTerm(register, { term: "replica-lag", asset }, "objects are copied");
  return { ...lag, facts: [s3.replicationTail.id] };
}
