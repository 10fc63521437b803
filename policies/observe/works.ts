import { annotationProperty, link, listOf } from "./annotations";
import { type Given, knows } from "./given";
import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import type { Serving } from "./redundancy";
import type { CronJob } from "./resources/cronJob";
import { areNeighbours } from "./resources/identity";
import { environmentNames, writableVolumes } from "./resources/pod";
import { isSameVolume } from "./sameVolume";

/** What holds an asset, by which a job that works on it must know it. */
export interface Holding {
  asset: string;
  serving: Serving | undefined;
  given: readonly Given[];
}

/**
 * Assets that a job of maintenance works on, so that it must keep away from their copies and from other work on them: what
 * it may write to or knows by name, but for those of which it says that it only reads; and those that it names itself.
 */
export function apartFrom(job: CronJob, holdings: readonly Holding[], { problems }: Program): string[] {
  const [named, read] = [
    listOf(link(job.resource, "apart-from", problems)),
    listOf(link(job.resource, "reads", problems)),
  ];
  const known = holdings.filter((one) => reaches(job, one)).map(({ asset }) => asset);
  return [...new Set([...named, ...known.filter((asset) => !read.includes(asset))])].sort();
}

/** What a job says of assets that nothing promises, or that it only reads although it keeps away from them. */
export function noteWorks({ resource }: CronJob, assets: readonly string[], { problems }: Program): void {
  const title = titleOf(resource);
  const said = { "apart-from": "keeps away from", reads: "only reads" } as const;
  const [named, read] = (["apart-from", "reads"] as const).map((key) => {
    const list = listOf(link(resource, key, problems));
    for (const name of list.filter((one) => !assets.includes(one))) {
      const message = `${title} ${said[key]} ${name}, for which nothing promises objectives`;
      problems.add(sourceOf(resource, annotationProperty(key)), message);
    }
    return list;
  });
  for (const both of (named ?? []).filter((one) => read?.includes(one))) {
    const message = `${title} keeps away from ${both} (holdfast.dev/apart-from), and only reads it (holdfast.dev/reads): say one of them`;
    problems.add(sourceOf(resource, annotationProperty("reads")), message, both);
  }
}

function reaches(job: CronJob, { serving, given }: Holding): boolean {
  if (given.some((one) => knows(job, one))) return true;
  if (serving === undefined) return false;
  const { workload, volumes, engineKnown } = serving;
  const writes = writableVolumes(job.pod).some((one) => volumes.some((own) => isSameVolume(one, job, own, workload)));
  // Where a reader knows the engine, what asks it by its name takes nothing that a copy needs: copies read the volumes.
  return writes || (!engineKnown && areNeighbours(job, workload) && environmentNames(job.pod, workload.name));
}
