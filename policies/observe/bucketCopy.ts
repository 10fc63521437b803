import { compare } from "../../recovery/bound";
import type { Copy } from "../../recovery/plan";
import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import { facts } from "./read";
import { type Bucket, type BucketSetting, deletableKeyOf, lockOf, settingsOf, strayOf } from "./resources/bucket";
import { deletionOf, expiryOf } from "./resources/bucketLifecycle";
import type { CronJob } from "./resources/cronJob";

/** What a bucket keeps of a job's restore points, and for how long. */
export function copyIn(bucket: Bucket, job: CronJob, program: Program): Copy {
  noteStrays(program);
  const settings = settingsOf(bucket, program.bucketSettings);
  const folders = foldersIn(bucket, job);
  noteRivals(bucket, settings, folders, program);
  const lock = lockOf(bucket, settings);
  const key = deletableKeyOf(bucket, settings);
  const kept = expiryOf(bucket, settings);
  const deleted = deletionOf(bucket, settings, folders);
  return {
    at: bucket.at,
    keptFor: { name: "kept until expiry", ...kept, grade: "guaranteed" },
    ...(compare(kept.value, deleted.value) === 0
      ? {}
      : { deletedBy: { name: "deleted", ...deleted, grade: "guaranteed" as const } }),
    lock: {
      mode: lock.mode,
      keptFor: { name: "locked", value: lock.keptFor, grade: "guaranteed", source: lock.source },
    },
    ...(key === undefined ? {} : { needs: [{ what: "its key", at: bucket.at, deletable: true, source: key }] }),
    source: sourceOf(bucket.resource),
  };
}

/** Folders of a bucket that a job may write to: what its environment names, as an address or alone. */
export function foldersIn({ name }: Bucket, { pod }: CronJob): string[] {
  const address = typeof name === "string" ? `s3://${name}/` : "s3://";
  return pod.containers
    .flatMap(({ environment }) => environment)
    .map(({ value }) => (value.startsWith(address) ? value.slice(address.length) : value));
}

/** Settings that may be those of any bucket. */
export function noteStrays({ buckets, bucketSettings, problems }: Program): void {
  for (const { resource, facts, kind } of strayOf(buckets, bucketSettings)) {
    problems.unknown(
      facts.source("bucket"),
      `${titleOf(resource)} may settle the ${kind} of any bucket: its bucket is not known before deployment`,
    );
  }
}

/** S3 has one of each: of several resources, or of one beside the bucket's own properties, the last applied wins. */
export function noteRivals(
  bucket: Bucket,
  settings: readonly BucketSetting[],
  folders: readonly string[],
  { problems }: Program,
): void {
  const title = titleOf(bucket.resource);
  const kinds = new Set(settings.map(({ kind }) => kind));
  const bare = withoutInline(bucket);
  for (const kind of kinds) {
    const [first, ...others] = settings.filter((one) => one.kind === kind);
    if (first === undefined) continue;
    const names = [first, ...others].map(({ resource }) => resource.name).join(" and ");
    if (others.length > 0) {
      const message = `${names} each settle the ${kind} of ${title}: the one applied last wins, so the weaker counts; keep one of them`;
      problems.add(first.facts.source(), message);
    } else if (differs(kind, [bucket, bare], settings, folders)) {
      const message = `${title} itself and ${names} settle its ${kind} differently: the one applied last wins, so the weaker counts; keep ${names}`;
      problems.add(bucket.facts.source(), message);
    }
  }
}

function withoutInline(bucket: Bucket): Bucket {
  const {
    objectLockConfiguration: _,
    lifecycleRules: __,
    serverSideEncryptionConfiguration: ___,
    ...props
  } = bucket.resource.props;
  return { ...bucket, facts: facts({ ...bucket.resource, props }) };
}

function differs(
  kind: BucketSetting["kind"],
  [bucket, bare]: [Bucket, Bucket],
  settings: readonly BucketSetting[],
  folders: readonly string[],
): boolean {
  const read = (one: Bucket) => {
    switch (kind) {
      case "lock": {
        const { mode, keptFor } = lockOf(one, settings);
        return [mode, keptFor];
      }
      case "lifecycle":
        return [expiryOf(one, settings).value, deletionOf(one, settings, folders).value];
      case "encryption":
        return deletableKeyOf(one, settings) === undefined;
      default:
        return [];
    }
  };
  return JSON.stringify(read(bucket)) !== JSON.stringify(read(bare));
}
