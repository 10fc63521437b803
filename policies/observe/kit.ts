import { isUnknown } from "../../recovery/bound";
import { annotation, annotationProperty, listOf } from "./annotations";
import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import type { Bucket } from "./resources/bucket";
import { type BucketObject, isInBucket, namesAll } from "./resources/bucketObject";
import type { CronJob } from "./resources/cronJob";

/**
 * A recovery at a site that no provider here reaches cannot find its own jobs in the cluster: they must lie beside the
 * restore points, locked as those are.
 */
export function noteKit(
  path: string,
  jobs: readonly CronJob[],
  asset: string,
  bucket: string | undefined,
  program: Program,
): void {
  const { register, buckets, bucketObjects, problems } = program;
  const away = jobs.find(({ resource }) => {
    const name = annotation(resource, "runs-at");
    return register.sites.some((site) => site.name === name && site.context === undefined);
  });
  const store = buckets.find(({ name }) => name === bucket);
  // Restore points that are in no bucket of this program do not outlive it, which the promises say.
  if (away === undefined || store === undefined) return;
  const source = sourceOf(away.resource, annotationProperty("kit"));
  const written = jobs.map(({ resource }) => annotation(resource, "kit"));
  const keys = [...new Set(written.flatMap((one) => (isUnknown(one) ? [] : listOf(one))))].sort();
  const found = keys.flatMap((key) => bucketObjects.find((one) => one.key === key && isInBucket(one, store)) ?? []);
  if (found.length < keys.length || written.some(isUnknown)) {
    const message = `path ${path} runs where no provider reaches: what its holdfast.dev/kit names must all be objects of ${titleOf(store.resource)} that this program declares, and known before deployment`;
    problems.unknown(source, message, asset);
    return;
  }
  for (const object of found) noteLock(object, asset, program);
  noteContent(path, jobs, asset, { found, store, source }, program);
}

/** Without a lock of its own, what was put there once is kept for as long as the bucket's lock lasts, and no longer. */
function noteLock({ resource, facts, lockMode, lockedUntil }: BucketObject, asset: string, program: Program): void {
  const { problems, asOf } = program;
  const title = `${titleOf(resource)} is part of a recovery kit`;
  if (isUnknown(lockMode)) problems.unknown(facts.source("objectLockMode"), lockMode.unknown, asset);
  else if (lockMode !== "COMPLIANCE") {
    const message = `${title}: objectLockMode must be COMPLIANCE, or hostile credentials delete it`;
    problems.add(facts.source("objectLockMode"), message, asset);
    return;
  }
  const until = facts.source("objectLockRetainUntilDate");
  if (isUnknown(lockedUntil)) problems.unknown(until, `${title}: ${lockedUntil.unknown}`, asset);
  else if (lockedUntil === undefined) problems.add(until, `${title}, but no objectLockRetainUntilDate keeps it`, asset);
  else if (lockedUntil < asOf) {
    const day = new Date(lockedUntil * 1_000).toISOString().slice(0, 10);
    problems.add(until, `${title}, but its lock ended on ${day}: extend objectLockRetainUntilDate`, asset);
  }
}

function noteContent(
  path: string,
  jobs: readonly CronJob[],
  asset: string,
  { found, store, source }: { found: readonly BucketObject[]; store: Bucket; source: ReturnType<typeof sourceOf> },
  { problems }: Program,
): void {
  const names = jobs.map(({ name }) => name);
  const answers = found.map((object) => ({ object, names: namesAll(object, names) }));
  if (answers.some((one) => one.names === true)) return;
  const hidden = answers.find((one) => isUnknown(one.names));
  const where = `of what its holdfast.dev/kit names in ${titleOf(store.resource)}`;
  if (hidden) {
    const message = `path ${path} runs where no provider reaches, and whether anything ${where} holds its CronJobs is not known before deployment`;
    problems.unknown(source, message, asset);
    return;
  }
  const message = `path ${path} runs where no provider reaches, but nothing ${where} holds all of its ${jobs.length} CronJobs`;
  problems.add(source, message, asset);
}
