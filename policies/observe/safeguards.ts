import { isUnknown } from "../../recovery/bound";
import type { CloudRole, LockedObject, MaintenanceRuns, Safeguard } from "../../recovery/plan";
import { annotation, listOf } from "./annotations";
import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import { lockMode } from "./resources/bucket";
import { type BucketObject, isInBucket } from "./resources/bucketObject";
import { apartFrom, type Holding } from "./works";

/** What recovery rests on beside what numbers are made from: no verdict shows when it gets weaker. */
export function readSafeguards(holdings: readonly Holding[], program: Program): Safeguard[] {
  return [...lockedObjects(program), ...maintenance(holdings, program), ...roles(program)];
}

/** Objects that are locked, and those that a recovery counts on, locked or not. */
function lockedObjects(program: Program): LockedObject[] {
  return program.bucketObjects.flatMap((object): LockedObject[] => {
    const { resource, key, lockedUntil, facts } = object;
    const assets = assetsOf(object, program);
    const mode = lockMode(object.lockMode, titleOf(resource));
    if (mode === "none" && lockedUntil === undefined && assets.length === 0) return [];
    const store = program.buckets.find((bucket) => isInBucket(object, bucket));
    const where = store === undefined ? "" : ` in ${titleOf(store.resource)}`;
    return [
      {
        kind: "locked-object",
        name: typeof key === "string" ? `${key}${where}` : titleOf(resource),
        assets,
        mode,
        ...(lockedUntil === undefined ? {} : { until: lockedUntil }),
        source: facts.source("objectLockRetainUntilDate"),
      },
    ];
  });
}

/** Assets of which a recovery names an object as part of its kit. */
function assetsOf({ key }: BucketObject, { cronJobs }: Program): string[] {
  const named = cronJobs.flatMap(({ resource, protects }) => {
    const kit = annotation(resource, "kit");
    if (protects === undefined || isUnknown(kit) || typeof key !== "string") return [];
    return listOf(kit).includes(key) ? [protects] : [];
  });
  return [...new Set(named)].sort();
}

function maintenance(holdings: readonly Holding[], program: Program): MaintenanceRuns[] {
  const jobs = program.cronJobs.filter(({ role }) => role === "maintenance");
  return jobs.map((job) => {
    const { resource, name, at, schedule, suspended, startSlack, run } = job;
    const apart = apartFrom(job, holdings, program);
    return {
      kind: "maintenance",
      name,
      at,
      schedule,
      suspended,
      startSlack: {
        name: "late start",
        value: startSlack,
        grade: "guaranteed",
        source: sourceOf(resource, "spec.startingDeadlineSeconds"),
      },
      run: { name: "run", value: run.value, grade: "guaranteed", source: sourceOf(resource, run.property) },
      ...(apart.length === 0 ? {} : { apartFrom: apart }),
      source: sourceOf(resource),
    };
  });
}

function roles({ awsRoles, geography }: Program): CloudRole[] {
  return awsRoles.map(({ resource, facts, name, boundary }) => ({
    kind: "role",
    name: typeof name === "string" ? name : resource.name,
    at: geography.placeOf(resource),
    ...(boundary === undefined ? {} : { boundary }),
    source: facts.source("permissionsBoundary"),
  }));
}
