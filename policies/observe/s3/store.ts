import { isBounded, isUnknown } from "../../../recovery/bound";
import { formatSeconds } from "../../../recovery/duration";
import type { Asset } from "../../../recovery/plan";
import { annotation } from "../annotations";
import { noteRivals, noteStrays } from "../bucketCopy";
import { sourceOf, titleOf } from "../names";
import { noteOpen } from "../openBuckets";
import type { Program } from "../program";
import type { Facts } from "../read";
import { type Bucket, type BucketSetting, settingsOf } from "../resources/bucket";
import { deletionOf } from "../resources/bucketLifecycle";
import { destinationOf, replicationRulesOf } from "../resources/bucketReplication";

/** The bucket that holds an asset, with what is said of it and the rules that copy it. */
export interface ObjectStore {
  asset: string;
  bucket: Bucket;
  settings: BucketSetting[];
  rules: { rule: Facts; target: Bucket | undefined }[];
}

/** Buckets of an asset: those below the component that promises it, and those whose tag names it. */
export function bucketsOf(
  { id, promisedBy }: { id: string; promisedBy: string },
  { buckets, components, cronJobs }: Program,
): Bucket[] {
  return buckets.filter(({ resource, facts, name }) => {
    // What jobs copy to holds restore points, whosever component declares it.
    if (cronJobs.some((job) => typeof name === "string" && annotation(job.resource, "copies-to") === name))
      return false;
    for (let urn = resource.parent, left = components.size; urn !== undefined && left > 0; left--) {
      if (urn === promisedBy) return true;
      urn = components.get(urn);
    }
    return facts.at("tags").key("holdfast.dev/asset").text() === id;
  });
}

/** The buckets of an asset that its users write to: none that another is copied to. */
export function writtenBucketsOf(asset: { id: string; promisedBy: string }, program: Program): Bucket[] {
  const targets = program.buckets.flatMap((bucket) => rulesOf(bucket, program).map(({ target }) => target));
  return bucketsOf(asset, program).filter((bucket) => !targets.includes(bucket));
}

/** The bucket that holds an asset; nothing where no bucket does. */
export function readStore({ id: asset, source }: Asset, program: Program): ObjectStore | undefined {
  const [bucket, ...others] = writtenBucketsOf({ id: asset, promisedBy: source.resource }, program);
  if (bucket === undefined) return undefined;
  for (const { resource } of others) {
    const message = `${titleOf(resource)} and ${titleOf(bucket.resource)} both hold ${asset}, and nothing copies one to the other: give each an asset of its own`;
    program.problems.add(sourceOf(resource), message, asset);
  }
  const rules = replicationRulesOf(bucket, program.bucketReplications);
  if (isUnknown(rules)) program.problems.unknown(sourceOf(bucket.resource), rules.unknown, asset);
  const settings = settingsOf(bucket, program.bucketSettings);
  noteStrays(program);
  noteRivals(bucket, settings, [], program);
  const copied = rulesOf(bucket, program);
  const holding = [bucket, ...copied.flatMap(({ target }) => target ?? [])];
  noteExpiry(holding, asset, program);
  for (const one of holding) noteOpen(one, program, asset);
  return { asset, bucket, settings, rules: copied };
}

/** What people use has no age at which it may go: a rule that expires all of it deletes the asset itself. */
function noteExpiry(holding: readonly Bucket[], asset: string, { bucketSettings, problems }: Program): void {
  for (const bucket of holding) {
    const { value, source } = deletionOf(bucket, settingsOf(bucket, bucketSettings), [""]);
    if (!isBounded(value)) continue;
    const message = `${titleOf(bucket.resource)} holds ${asset}, and a lifecycle rule deletes every file ${formatSeconds(value)} after it was written, used or not: expire versions that are not current, or folders of temporary files only`;
    problems.add(source, message, asset);
  }
}

function rulesOf(bucket: Bucket, { bucketReplications, buckets }: Program): ObjectStore["rules"] {
  const rules = replicationRulesOf(bucket, bucketReplications);
  return isUnknown(rules) ? [] : rules.map((rule) => ({ rule, target: destinationOf(rule, bucket, buckets) }));
}
