import type { Asset, Rehearsal } from "../../recovery/plan";
import { annotationProperty } from "./annotations";
import { reachesAsset } from "./copies";
import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import type { Serving } from "./redundancy";
import { environmentNames } from "./resources/pod";
import type { TakenPoints } from "./restorePoints";

/** The verifications and drills of an asset that run by themselves. */
export function readRehearsals(
  asset: Asset,
  serving: Serving | undefined,
  taken: readonly TakenPoints[],
  program: Program,
): Rehearsal[] {
  return program.cronJobs.flatMap((job) => {
    if ((job.role !== "verification" && job.role !== "drill") || job.protects !== asset.id) return [];
    const reaches =
      (serving !== undefined && reachesAsset(job, serving)) ||
      taken.some(({ bucket, jobs }) =>
        bucket ? environmentNames(job.pod, bucket) : sharesTarget(job.pod.volumes, jobs),
      );
    if (!reaches && taken.length > 0) {
      const message = `${titleOf(job.resource)} says that it rehearses ${asset.id}, but it names no bucket and mounts no volume of it`;
      program.problems.add(sourceOf(job.resource, annotationProperty("protects")), message, asset.id);
    }
    return [
      {
        name: job.name,
        role: job.role,
        asset: asset.id,
        schedule: job.schedule,
        suspended: job.suspended,
        startSlack: {
          name: "late start",
          value: job.startSlack,
          grade: "guaranteed" as const,
          source: sourceOf(job.resource, "spec.startingDeadlineSeconds"),
        },
        run: {
          name: "run",
          value: job.run.value,
          grade: "guaranteed" as const,
          source: sourceOf(job.resource, job.run.property),
        },
        source: sourceOf(job.resource),
      },
    ];
  });
}

function sharesTarget(volumes: TakenPoints["jobs"][number]["pod"]["volumes"], jobs: TakenPoints["jobs"]): boolean {
  return volumes.some(({ kind, refersTo }) =>
    jobs.some(({ pod }) =>
      pod.volumes.some((own) => refersTo !== undefined && own.kind === kind && own.refersTo === refersTo),
    ),
  );
}
