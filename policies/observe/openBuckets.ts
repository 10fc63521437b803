import { compare, formatBound, isUnknown } from "../../recovery/bound";
import { seconds } from "../../recovery/duration";
import { titleOf } from "./names";
import type { Program } from "./program";
import { type Bucket, lockOf, settingsOf } from "./resources/bucket";
import type { CronJob } from "./resources/cronJob";
import { variableOf } from "./resources/environment";

/** All four, or what the others let in is public: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html */
const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** What of a bucket with data or copies lies open to everybody, or goes with the bucket. */
export function noteOpen(bucket: Bucket, { bucketSettings, problems }: Program, asset?: string): void {
  const title = titleOf(bucket.resource);
  const forced = bucket.facts.flag("forceDestroy");
  const source = bucket.facts.source("forceDestroy");
  if (isUnknown(forced))
    problems.unknown(source, `forceDestroy of ${title} must not be true: ${forced.unknown}`, asset);
  else if (forced === true) {
    problems.add(source, `forceDestroy of ${title} must not be true: all it holds is deleted with it`, asset);
  }
  const shut = settingsOf(bucket, bucketSettings).filter(({ kind }) => kind === "public access");
  if (shut.length === 0) {
    const message = `${title} has no BucketPublicAccessBlock of this program: nothing shows that the public is shut out`;
    problems.unknown(bucket.facts.source(), message, asset);
  }
  for (const { facts, resource } of shut) {
    for (const property of blocks) {
      const flag = facts.flag(property);
      const must = `${property} of ${titleOf(resource)} must be true`;
      if (isUnknown(flag)) problems.unknown(facts.source(property), `${must}: ${flag.unknown}`, asset);
      else if (flag !== true) {
        const message = `${must}, got ${flag ?? "nothing"}: one wrong policy shows everybody what ${title} holds`;
        problems.add(facts.source(property), message, asset);
      }
    }
  }
}

/** The variable by which a job says for how many days what it writes must be locked; it fails where that is not so. */
const demanded = "REQUIRED_LOCK_DAYS";

/** A job that demands a longer lock than its bucket has: later points may stand on what it writes, or it never ends well. */
export function noteLock(job: CronJob, bucket: Bucket, { bucketSettings, problems }: Program): void {
  const lock = lockOf(bucket, settingsOf(bucket, bucketSettings));
  const title = titleOf(job.resource);
  for (const { facts } of job.pod.containers) {
    const text = variableOf(facts, demanded);
    const source = facts.source("env");
    if (text === undefined) continue;
    if (isUnknown(text)) {
      problems.unknown(source, `${demanded} of ${title}: ${text.unknown}`, job.protects);
    } else if (!/^\d{1,5}$/.test(text)) {
      problems.add(source, `${demanded} of ${title} must be whole days such as 90`, job.protects);
    } else if (isUnknown(lock.keptFor)) {
      const message = `${title} wants what it writes locked for ${Number(text)}d (${demanded}): ${lock.keptFor.unknown}`;
      problems.unknown(lock.source, message, job.protects);
    } else if (compare(lock.keptFor, seconds(Number(text) * 86_400)) < 0) {
      const message = `${title} wants what it writes locked for ${Number(text)}d (${demanded}), but ${titleOf(bucket.resource)} locks it for ${formatBound(lock.keptFor)}: no run of it succeeds`;
      problems.add(lock.source, message, job.protects);
    }
  }
}
