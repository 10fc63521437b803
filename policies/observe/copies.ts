import { isUnknown, type Maybe } from "../../recovery/bound";
import type { Copy, Place, Term } from "../../recovery/plan";
import { annotationProperty, link } from "./annotations";
import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import type { Serving } from "./redundancy";
import { type Bucket, deletableKeyOf, expiryOf, lockOf, settingsOf } from "./resources/bucket";
import type { CronJob } from "./resources/cronJob";
import { environmentNames, type Volume, writableVolumes } from "./resources/pod";
import { type Storage, storageOf } from "./storage";

/** Where a job's restore points go: a name that is the same for jobs of one group, and the copy. */
export interface Target {
  name: string;
  copy?: Copy;
}

/** Where a job keeps what it takes: the bucket it names, else the volumes that are not the asset's own. */
export function targetOf(job: CronJob, serving: Serving | undefined, program: Program): Target {
  const bucket = link(job.resource, "copies-to", program.problems);
  if (bucket !== undefined) return inBucket(bucket, job, program);
  const [volume] = writableVolumes(job.pod).filter((one) => isKept(one) && !isOwn(one, serving));
  if (volume)
    return {
      name: volume.kind === "hostPath" ? "a node" : `claim ${volume.refersTo ?? volume.name}`,
      copy: onVolume(volume, job, program),
    };
  program.problems.add(
    sourceOf(job.resource, annotationProperty("copies-to")),
    `${titleOf(job.resource)} says nowhere where its restore points are kept: name a bucket in holdfast.dev/copies-to`,
    job.protects,
  );
  return { name: "nowhere" };
}

/** Whether a job reaches what an asset keeps: it mounts a volume of its workload. */
export function mountsAsset(job: CronJob, { workload }: Serving): boolean {
  const same = (volume: Volume) =>
    workload.pod.volumes.some(
      (own) => own.kind === volume.kind && own.refersTo !== undefined && own.refersTo === volume.refersTo,
    );
  const near = job.cluster === workload.cluster;
  return job.pod.volumes.some(
    (volume) =>
      near &&
      ((volume.kind === "claim" &&
        job.namespace === workload.namespace &&
        (same(volume) || isOfTemplate(volume, workload))) ||
        (volume.kind === "hostPath" && same(volume))),
  );
}

/** A StatefulSet names the claims of its pods `<template>-<set>-<ordinal>`. */
function isOfTemplate({ refersTo }: Volume, { pod, name }: Serving["workload"]): boolean {
  const templates = pod.volumes.filter(({ kind }) => kind === "claim template");
  return templates.some((template) => refersTo?.startsWith(`${template.name}-${name}-`));
}

function inBucket(name: string, job: CronJob, program: Program): Target {
  const source = sourceOf(job.resource, annotationProperty("copies-to"));
  const bucket = program.buckets.find((one) => one.name === name);
  const title = titleOf(job.resource);
  if (bucket === undefined) {
    program.problems.unknown(
      source,
      `${title} copies to bucket ${name}, which this program does not declare`,
      job.protects,
    );
    return { name: `bucket ${name}` };
  }
  const depends = Object.values(job.resource.propertyDependencies).some((urns) => urns.includes(bucket.resource.urn));
  if (!depends && !environmentNames(job.pod, name)) {
    const message = `${title} says that it copies to bucket ${name}, but no environment value of it names that bucket`;
    program.problems.add(source, message, job.protects);
  }
  return { name: `bucket ${name}`, copy: copyIn(bucket, program) };
}

function copyIn(bucket: Bucket, program: Program): Copy {
  const settings = settingsOf(bucket, program.bucketSettings);
  const lock = lockOf(bucket, settings);
  const key = deletableKeyOf(settings);
  return {
    at: bucket.at,
    keptFor: { name: "kept until expiry", ...expiryOf(bucket, settings), grade: "guaranteed" },
    lock: {
      mode: lock.mode,
      keptFor: { name: "locked", value: lock.keptFor, grade: "guaranteed", source: lock.source },
    },
    ...(key === undefined ? {} : { deletableKey: key }),
    source: sourceOf(bucket.resource),
  };
}

function onVolume(volume: Volume, job: CronJob, program: Program): Copy {
  const storage = storageOf(volume, job, program);
  const forgotten = {
    unknown: `nothing declares how long ${titleOf(job.resource)} keeps what it writes to volume ${volume.name}`,
  };
  const source = volume.facts.source();
  const kept: Term = { name: "kept until the job deletes it", value: forgotten, grade: "guaranteed", source };
  const unlocked: Term = { name: "locked", value: 0 as Exclude<Term["value"], object>, grade: "guaranteed", source };
  return { at: placeOn(storage, job.at), keptFor: kept, lock: { mode: "none", keptFor: unlocked }, source };
}

/** The part of a site that a volume lives in. */
function placeOn({ survives }: Storage, site: Maybe<Place>): Maybe<Place> {
  if (isUnknown(site)) return site;
  if (isUnknown(survives)) return survives;
  switch (survives) {
    case "process":
      return { ...site, node: "local disk" };
    case "node":
      // Which zone it is in is decided on creation; the one that is lost is the worst case.
      return { ...site, zones: site.zones.slice(0, 1) };
    default:
      return site;
  }
}

function isKept({ kind }: Volume): boolean {
  return kind === "claim" || kind === "hostPath";
}

function isOwn(volume: Volume, serving: Serving | undefined): boolean {
  return (serving?.workload.pod.volumes ?? []).some(
    (own) => own.refersTo !== undefined && own.kind === volume.kind && own.refersTo === volume.refersTo,
  );
}
