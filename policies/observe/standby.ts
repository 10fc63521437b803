import { isUnknown } from "../../recovery/bound";
import { annotation, annotationProperty, unresolved } from "./annotations";
import { primaryOf } from "./assets";
import { sourceOf, titleOf } from "./names";
import { omendbSettings } from "./omendb";
import type { Program } from "./program";
import { dataVolumes } from "./redundancy";
import type { CronJob } from "./resources/cronJob";
import { areNeighbours } from "./resources/identity";
import type { Workload } from "./resources/workload";
import { storageOf } from "./storage";

/** A recovery in another cluster needs something to start there: a standby of the workload, whole but for its pods. */
export function noteStandby(path: string, jobs: readonly CronJob[], asset: string, program: Program): void {
  const primary = primaryOf(asset, program);
  if (primary === undefined) return;
  const seen = new Set<string>();
  for (const job of jobs) {
    const where = JSON.stringify([job.cluster, job.namespace]);
    if (job.cluster === primary.cluster || seen.has(where) || runsBeyond(job, program)) continue;
    seen.add(where);
    const standbys = program.workloads.filter((one) => one.asset === asset && areNeighbours(one, job));
    if (standbys.length === 0) {
      const message = `path ${path} recovers ${asset} in another cluster than ${titleOf(primary.resource)}, where no workload in namespace ${job.namespace} says that it serves ${asset}: declare it there with 0 replicas`;
      program.problems.add(sourceOf(job.resource, annotationProperty("path")), message, asset);
    }
    for (const standby of standbys) {
      noteStorage(standby, asset, program);
      noteLease(standby, primary, asset, program);
    }
  }
}

/** Whether a job lies here for reference only: its site has no provider, and its kit brings what it needs. */
function runsBeyond({ resource }: CronJob, { register }: Program): boolean {
  const name = annotation(resource, "runs-at");
  return register.sites.some((site) => site.name === name && site.context === undefined);
}

function noteStorage(standby: Workload, asset: string, program: Program): void {
  // Where nobody knows the site, nothing proves the path either, and the promises say so.
  if (isUnknown(program.geography.siteOf(standby.resource))) return;
  const title = titleOf(standby.resource);
  const volumes = dataVolumes(standby, omendbSettings(standby, program));
  if (volumes.length === 0) {
    const message = `${title} is to serve ${asset} after a recovery, but no volume of it holds what is restored`;
    program.problems.add(sourceOf(standby.resource), message, asset);
  }
  for (const volume of volumes) {
    const { persistent, survives, source } = storageOf(volume, standby, program);
    if (!persistent) {
      const message = `${title} is to serve ${asset} after a recovery, but volume ${volume.name} lives and dies with its pod`;
      program.problems.add(source, message, asset);
    } else if (isUnknown(survives) && isThere(volume.kind, volume.refersTo, standby, program)) {
      program.problems.unknown(
        source,
        `${title} is to serve ${asset} after a recovery, but ${survives.unknown}`,
        asset,
      );
    }
  }
}

/** A claim that nobody declares is noted with everything else that pods name and nothing has. */
function isThere(kind: string, claim: string | undefined, standby: Workload, { claims }: Program): boolean {
  return kind !== "claim" || claims.some((one) => one.name === claim && areNeighbours(one, standby));
}

function noteLease(standby: Workload, primary: Workload, asset: string, { leases, problems }: Program): void {
  if (primary.lease === undefined) return;
  if (leases.some((one) => one.name === standby.lease && areNeighbours(one, standby))) return;
  const lacks =
    standby.lease === undefined
      ? "names no Lease, as the one that serves does"
      : unresolved(standby.resource, "lease", "Lease of its namespace in this program");
  const message = `${titleOf(standby.resource)} is to serve ${asset} after a recovery, but ${lacks}`;
  const source = sourceOf(standby.resource, annotationProperty("lease"));
  if (standby.lease === undefined) problems.add(source, message, asset);
  else problems.unknown(source, message, asset);
}
