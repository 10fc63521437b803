import { isUnknown, type Maybe } from "../../recovery/bound";
import type { Asset, Store } from "../../recovery/plan";
import { bytesOf, wholeBytes } from "./annotations";
import { titleOf } from "./names";
import { foldersOf, omendbSettings } from "./omendb";
import { nodeStores, storesOfClouds } from "./otherStores";
import type { Program } from "./program";
import type { Read } from "./read";
import type { Bucket } from "./resources/bucket";
import { claimSpec } from "./resources/claim";
import type { CronJob } from "./resources/cronJob";
import { areNeighbours, type KubernetesObject } from "./resources/identity";
import { type Pod, type Volume, volumeAt } from "./resources/pod";
import type { Workload } from "./resources/workload";
import type { TakenPoints } from "./restorePoints";
import { bucketsOf } from "./s3/store";

/** What a program keeps data in, with the asset that each belongs to. */
export function readStores(assets: readonly Asset[], taken: readonly TakenPoints[], program: Program): Store[] {
  return [
    ...program.claims.map((claim) => {
      const asset = assetOfClaim(claim, program);
      return store(
        titleOf(claim.resource),
        asset,
        claim.size,
        larger(bytesOf(claim.resource, "needs", program.problems, asset), neededOn(claim, asset, assets, program)),
        claim.facts.source(),
      );
    }),
    ...program.cronJobs.flatMap((job) => disksOf(job, program)),
    ...program.workloads.flatMap((workload) => templatesOf(workload, assets, program)),
    ...nodeStores(program),
    ...program.buckets.map((bucket) => bucketStore(bucket, taken, assets, program)),
    ...storesOfClouds(assets, program),
  ];
}

function store(
  name: string,
  asset: string | undefined,
  size: Read<number>,
  needed: number | undefined,
  source: Store["source"],
): Store {
  const known: Maybe<number> = size ?? { unknown: "it asks for no size" };
  return {
    name,
    ...(asset === undefined ? {} : { asset }),
    size: known,
    ...(needed === undefined ? {} : { needed }),
    source: { ...source, property: "spec.resources.requests.storage" },
  };
}

/** The asset whose workload mounts a claim, else the one whose jobs do. */
function assetOfClaim(claim: KubernetesObject & { name: string }, program: Program): string | undefined {
  const serving = program.workloads.find((one) => one.asset !== undefined && mounts(one.pod, one, claim));
  const working = program.cronJobs.find((one) => one.protects !== undefined && mounts(one.pod, one, claim));
  return serving?.asset ?? working?.protects;
}

function mounts(pod: Pod, owner: KubernetesObject, claim: KubernetesObject): boolean {
  return (
    areNeighbours(owner, claim) && pod.volumes.some(({ kind, refersTo }) => kind === "claim" && refersTo === claim.name)
  );
}

function templatesOf(workload: Workload, assets: readonly Asset[], program: Program): Store[] {
  return workload.pod.volumes
    .filter(({ kind }) => kind === "claim template")
    .map((volume) => {
      const needed = neededIn(volume, workload, workload.asset, assets, program);
      const name = `claim template ${volume.name} of ${titleOf(workload.resource)}`;
      return store(name, workload.asset, claimSpec(volume.facts).size, needed, volume.facts.source());
    });
}

/** What a job of an asset puts down on a disk of its own, where it says how much that is. */
function disksOf(job: CronJob, { problems }: Program): Store[] {
  const { protects, pod, resource } = job;
  return pod.volumes.flatMap(({ name, facts }) => {
    const template = facts.at("ephemeral.volumeClaimTemplate");
    const needed = template.isSilent() ? undefined : wholeBytes(template, "needs", problems, protects);
    if (protects === undefined || needed === undefined) return [];
    const title = `disk ${name} of ${titleOf(resource)}`;
    const { size } = claimSpec(template.at("spec"));
    const source = template.source("spec.resources.requests.storage");
    return [{ ...store(title, protects, size, needed, source), source }];
  });
}

function neededOn(
  claim: KubernetesObject,
  asset: string | undefined,
  assets: readonly Asset[],
  program: Program,
): number | undefined {
  return program.workloads
    .filter((one) => one.asset === asset && mounts(one.pod, one, claim))
    .flatMap((one) =>
      one.pod.volumes.filter(({ refersTo }) => refersTo === claim.name).map((volume) => ({ one, volume })),
    )
    .map(({ one, volume }) => neededIn(volume, one, asset, assets, program))
    .reduce(larger, undefined);
}

function larger(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b);
}

/**
 * What an asset of the promised size needs of a volume: OmenDB all of it where the data is and a tenth where the log
 * is, by the guide's capacity formula; any other engine all of it, where it has one persistent volume only.
 */
function neededIn(
  volume: Volume,
  workload: Workload,
  asset: string | undefined,
  assets: readonly Asset[],
  program: Program,
): number | undefined {
  const bytes = assets.find(({ id }) => id === asset)?.bytes;
  const settings = omendbSettings(workload, program);
  if (bytes === undefined || isUnknown(settings)) return undefined;
  if (settings === undefined) return isOnlyVolume(volume, workload) ? bytes : undefined;
  const folders = foldersOf(settings);
  if (isUnknown(folders)) return undefined;
  const data = volumeAt(folders.data, workload.pod)?.name === volume.name ? bytes : 0;
  const log = volumeAt(folders.log, workload.pod)?.name === volume.name ? Math.ceil(bytes / 10) : 0;
  return data + log > 0 ? data + log : undefined;
}

function isOnlyVolume(volume: Volume, { pod }: Workload): boolean {
  const persistent = pod.volumes.filter(({ kind }) => kind === "claim" || kind === "claim template");
  return persistent.length === 1 && persistent[0] === volume;
}

/** A bucket that is named on creation is that of the jobs that depend on it; whether they copy to it is told by them. */
function bucketStore(bucket: Bucket, taken: readonly TakenPoints[], assets: readonly Asset[], program: Program): Store {
  const { resource, name, facts } = bucket;
  const uses = (job: CronJob) => Object.values(job.resource.propertyDependencies).flat().includes(resource.urn);
  const points = taken.find(({ bucket, jobs }) =>
    bucket === undefined ? typeof name !== "string" && jobs.some(uses) : bucket === name,
  );
  const held = assets.find(({ id, source }) =>
    bucketsOf({ id, promisedBy: source.resource }, program).includes(bucket),
  );
  const asset = points?.points.asset ?? held?.id;
  return { name: titleOf(resource), ...(asset === undefined ? {} : { asset }), source: facts.source() };
}
