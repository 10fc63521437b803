import { isUnknown, type Maybe } from "../../recovery/bound";
import type { Need, Place } from "../../recovery/plan";
import { foldersIn } from "./bucketCopy";
import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import { type Bucket, keyServiceOf, policiesOf, settingsOf } from "./resources/bucket";
import { allows, refuses } from "./resources/bucketPolicy";
import type { CronJob } from "./resources/cronJob";
import type { TakenPoints } from "./restorePoints";

/** What keeps a recovery from reading its restore points: certainly, or as far as can be told. */
export interface Access {
  excluded?: string;
  needs: Need[];
}

/** Notes a policy that lets nobody write restore points. */
export function noteRefusals(
  { bucket: name, jobs, points }: TakenPoints,
  { buckets, bucketSettings, problems }: Program,
): void {
  const bucket = buckets.find((one) => one.name === name);
  if (name === undefined || bucket === undefined) return;
  for (const policy of policiesOf(bucket, bucketSettings)) {
    const refused = refuses(policy, { action: "s3:PutObject", objects: objectsOf(bucket, jobs) });
    if (!refused?.certain) continue;
    problems.add(
      policy.source(),
      `no restore point reaches ${titleOf(bucket.resource)}: ${refused.reason}`,
      points.asset,
    );
  }
}

/** Whether jobs that run in a place may read what a bucket keeps: another account needs the leave of its policy. */
export function accessOf(
  name: string | undefined,
  jobs: readonly CronJob[],
  runsAt: Maybe<Place>,
  program: Program,
): Access {
  const bucket = program.buckets.find((one) => one.name === name);
  if (name === undefined || bucket === undefined || isUnknown(bucket.at) || isUnknown(runsAt)) return { needs: [] };
  const objects = objectsOf(bucket, jobs);
  const policies = policiesOf(bucket, program.bucketSettings);
  const title = titleOf(bucket.resource);
  const foreign = runsAt.account !== bucket.at.account;
  if (!foreign) {
    const refused = policies.flatMap((policy) => refuses(policy, { action: "s3:GetObject", objects }) ?? []);
    const certain = refused.find((one) => one.certain);
    return certain === undefined
      ? { needs: [] }
      : { excluded: `it cannot read ${title}: ${certain.reason}`, needs: [] };
  }
  const { account } = runsAt;
  if (policies.length === 0) {
    return { excluded: `it runs in account ${account}, which no policy lets read ${title}`, needs: [] };
  }
  const answers = policies.map((policy) => allows(policy, { action: "s3:GetObject", objects, account }));
  const no = answers.find((one) => one.allowed === false);
  if (no?.allowed === false) return { excluded: `it cannot read ${title}: ${no.reason}`, needs: [] };
  const unsure = answers.flatMap((one) => (one.allowed === "unknown" ? [one.reason] : []));
  const service = keyServiceOf(bucket, settingsOf(bucket, program.bucketSettings));
  if (service !== undefined) {
    const owned = service.text("sseAlgorithm") === "aws:kms" && service.isSilent("kmsMasterKeyId");
    const why = `${service.source().name} encrypts it with a key of AWS that account ${account} cannot use`;
    if (owned) return { excluded: `it cannot read ${title}: ${why}`, needs: [] };
    unsure.push(`whether account ${account} may use the key of ${service.source().name} is not read`);
  }
  const source = sourceOf(bucket.resource);
  return { needs: unsure.map((unknown) => ({ what: `leave to read ${title}`, at: { unknown }, source })) };
}

/** Objects of the folders that jobs name, and one that is anywhere. */
function objectsOf(bucket: Bucket, jobs: readonly CronJob[]): string[] {
  const name = String(bucket.name);
  const folders = new Set(
    jobs.flatMap((job) => foldersIn(bucket, job)).map((folder) => folder.replaceAll(/^\/+|\/+$/g, "")),
  );
  return [...folders, "holdfast"].map((folder) => `arn:aws:s3:::${name}/${folder}/restore-point`);
}
