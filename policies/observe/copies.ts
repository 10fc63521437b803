import { compare, isUnknown, type Maybe, type Unknown } from "../../recovery/bound";
import { seconds } from "../../recovery/duration";
import type { Asset, Copy, Place, Source } from "../../recovery/plan";
import { annotation, annotationProperty, unresolved } from "./annotations";
import { type Container, containersOf, copyInContainer } from "./azure/storage/copies";
import { copyIn } from "./bucketCopy";
import { keptOnVolume } from "./keptFor";
import { sourceOf, titleOf } from "./names";
import { noteLock, noteOpen } from "./openBuckets";
import type { Program } from "./program";
import type { Serving } from "./redundancy";
import type { CronJob } from "./resources/cronJob";
import { areNeighbours } from "./resources/identity";
import { environmentNames, type Volume, writableVolumes } from "./resources/pod";
import { isSameVolume } from "./sameVolume";
import { type Storage, storageOf } from "./storage";

/** Where a job's restore points go: a name that is the same for jobs of one group, and the copy. */
export interface Target {
  name: string;
  copy?: Copy;
}

/** Where a job keeps what it takes: the bucket it names, else the volumes that are not the asset's own. */
export function targetOf(job: CronJob, asset: Asset, serving: Serving | undefined, program: Program): Target {
  const bucket = annotation(job.resource, "copies-to");
  if (bucket !== undefined && bucket !== "") return inBucket(bucket, job, program);
  const [volume] = writableVolumes(job.pod).filter((one) => isKept(one) && !isOwn(one, serving));
  if (volume)
    return {
      name: volume.kind === "hostPath" ? "a node" : `claim ${volume.refersTo ?? volume.name}`,
      copy: onVolume(volume, job, asset.at, program),
    };
  program.problems.add(
    sourceOf(job.resource, annotationProperty("copies-to")),
    `${titleOf(job.resource)} says nowhere where its restore points are kept: name a bucket in holdfast.dev/copies-to`,
    job.protects,
  );
  return { name: "nowhere" };
}

/**
 * Whether a job reaches what an asset keeps: it mounts a volume of its workload or, where no reader knows the engine and
 * so what its volumes hold, asks the workload by its name.
 */
export function reachesAsset(job: CronJob, { workload, engineKnown }: Serving): boolean {
  if (mountsAsset(job, workload)) return true;
  return !engineKnown && areNeighbours(job, workload) && environmentNames(job.pod, workload.name);
}

function mountsAsset(job: CronJob, workload: Serving["workload"]): boolean {
  return job.pod.volumes.some((one) => workload.pod.volumes.some((own) => isSameVolume(one, job, own, workload)));
}

/** What holds data of an asset and is mounted by no container of a job: a restore point without it restores a part. */
export function leftOutBy(job: CronJob, { workload, volumes, engineKnown }: Serving, { claims }: Program): Volume[] {
  const mounted = job.pod.volumes.filter(({ name }) =>
    job.pod.containers.some(({ mounts }) => mounts.some(({ volume }) => volume === name)),
  );
  const isHere = ({ refersTo }: Volume) => claims.some((one) => one.name === refersTo && areNeighbours(one, job));
  // A claim whose name is not known, or not here, is noted by itself.
  if (!engineKnown || mounted.some((one) => one.kind === "claim" && !isHere(one))) return [];
  return volumes
    .filter(({ kind }) => kind !== "emptyDir")
    .filter((own) => !mounted.some((one) => isSameVolume(one, job, own, workload)));
}

function inBucket(name: string | Unknown, job: CronJob, program: Program): Target {
  const source = sourceOf(job.resource, annotationProperty("copies-to"));
  const bucket = program.buckets.find((one) => one.name === name);
  const title = titleOf(job.resource);
  const container = containersOf(program).find((one) => one.name === name);
  if (container !== undefined) return inContainer(container, job, program);
  if (bucket === undefined || isUnknown(name)) {
    const unknown = unresolved(job.resource, "copies-to", "bucket of this program");
    program.problems.unknown(source, unknown, job.protects);
    return { name: "another bucket", copy: unknownCopy(unknown, source) };
  }
  const depends = Object.values(job.resource.propertyDependencies).some((urns) => urns.includes(bucket.resource.urn));
  if (!depends && !environmentNames(job.pod, name)) {
    const message = `${title} says that it copies to bucket ${name}, but no environment value of it names that bucket`;
    program.problems.add(source, message, job.protects);
  }
  if (annotation(job.resource, "kept-for") !== undefined) {
    const message = `${title} says how long it keeps what it copies to bucket ${name}: that is for its lifecycle rules to say, holdfast.dev/kept-for is for volumes`;
    program.problems.add(sourceOf(job.resource, annotationProperty("kept-for")), message, job.protects);
  }
  noteOpen(bucket, program, job.protects);
  noteLock(job, bucket, program);
  return { name: `bucket ${name}`, copy: copyIn(bucket, job, program) };
}

function inContainer(container: Container, job: CronJob, program: Program): Target {
  const { name } = container;
  if (!environmentNames(job.pod, name)) {
    const message = `${titleOf(job.resource)} says that it copies to container ${name}, but no environment value of it names that container`;
    program.problems.add(sourceOf(job.resource, annotationProperty("copies-to")), message, job.protects);
  }
  return { name: `container ${name}`, copy: copyInContainer(container, job.protects ?? "", program) };
}

/** A copy is made; where it is, how long it stays and who may delete it, nobody can tell. */
function unknownCopy(unknown: string, source: Source): Copy {
  return {
    at: { unknown },
    keptFor: { name: "kept", value: { unknown }, grade: "guaranteed", source },
    lock: { mode: { unknown }, keptFor: { name: "locked", value: { unknown }, grade: "guaranteed", source } },
    source,
  };
}

function onVolume(volume: Volume, job: CronJob, struck: Asset["at"], program: Program): Copy {
  const storage = storageOf(volume, job, program);
  const { value, source } = keptOnVolume(job, volume, program.problems);
  const own = volume.facts.source();
  return {
    at: placeOn(storage, job.at, struck),
    keptFor: { name: "kept until the job deletes it", value, grade: "guaranteed", source },
    lock: { mode: "none", keptFor: { name: "locked", value: seconds(0), grade: "guaranteed", source: own } },
    source: { ...own, name: `volume ${volume.name} of ${own.name}` },
  };
}

/** What several jobs keep in one place: any of them may delete what the others wrote, unless it says when. */
export function keptByAll(copies: readonly Copy[]): Copy[] {
  const shortest = [...copies].sort(
    ({ keptFor: a }, { keptFor: b }) =>
      Number(isUnknown(b.value)) - Number(isUnknown(a.value)) || compare(a.value, b.value),
  );
  const [first] = shortest;
  if (first === undefined) return [];
  // What is deleted by when counts for the one that is there longest.
  const longest = shortest
    .map(({ keptFor, deletedBy }) => deletedBy ?? keptFor)
    .reduce((a, b) => (compare(b.value, a.value) > 0 ? b : a));
  return [compare(longest.value, first.keptFor.value) === 0 ? first : { ...first, deletedBy: longest }];
}

/** The part of a site that a volume lives in. */
function placeOn({ survives }: Storage, site: Maybe<Place>, struck: Asset["at"]): Maybe<Place> {
  if (isUnknown(site)) return site;
  if (isUnknown(survives)) return survives;
  switch (survives) {
    case "process":
      return { ...site, node: "local disk" };
    case "node":
      // Which zone it is in is decided on creation; the one that is lost is the worst case.
      return { ...site, zones: worstFirst(site.zones, isUnknown(struck) ? [] : struck.zones).slice(0, 1) };
    default:
      return site;
  }
}

/** Zones, those first that something else may be in as well. */
function worstFirst(zones: readonly string[], others: readonly string[]): string[] {
  return [...zones].sort((a, b) => Number(others.includes(b)) - Number(others.includes(a)));
}

function isKept({ kind }: Volume): boolean {
  return kind === "claim" || kind === "hostPath";
}

function isOwn(volume: Volume, serving: Serving | undefined): boolean {
  return (serving?.workload.pod.volumes ?? []).some(
    (own) => own.refersTo !== undefined && own.kind === volume.kind && own.refersTo === volume.refersTo,
  );
}
