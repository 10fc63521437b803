import { seconds } from "../../recovery/duration";
import type { Asset, Copy, RestorePoints, Series } from "../../recovery/plan";
import { annotationProperty, link } from "./annotations";
import { assumedTerm, assumptionFor } from "./assumptions";
import { keptByAll, leftOutBy, reachesAsset, targetOf } from "./copies";
import { registerSource, sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import type { Serving } from "./redundancy";
import type { CronJob } from "./resources/cronJob";

/** Restore points with the CronJobs that take them. */
export interface TakenPoints {
  points: RestorePoints;
  jobs: CronJob[];
  bucket?: string;
}

/** The restore points of an asset: one group for each place that its jobs copy to. */
export function readRestorePoints(asset: Asset, serving: Serving | undefined, program: Program): TakenPoints[] {
  const jobs = program.cronJobs.filter(
    ({ role, protects }) => (role === "full" || role === "incremental") && protects === asset.id,
  );
  const groups = new Map<string, { jobs: CronJob[]; copies: Copy[] }>();
  for (const job of jobs) {
    if (serving && !reachesAsset(job, serving)) {
      const message = `${titleOf(job.resource)} says that it protects ${asset.id}, but it mounts no volume of ${titleOf(serving.workload.resource)}`;
      program.problems.add(sourceOf(job.resource, annotationProperty("protects")), message, asset.id);
    } else if (serving) noteLeftOut(job, serving, program);
    const { name, copy } = targetOf(job, asset, serving, program);
    const group = groups.get(name) ?? { jobs: [], copies: [] };
    const copies = keptByAll(copy ? [...group.copies, copy] : group.copies);
    groups.set(name, { jobs: [...group.jobs, job], copies });
  }
  return [...groups].map(([target, group]) => ({
    points: pointsOf(asset, target, groups.size, group.jobs, group.copies, program),
    jobs: group.jobs,
    ...(/^(bucket|container) /.test(target) ? { bucket: target.slice(target.indexOf(" ") + 1) } : {}),
  }));
}

function noteLeftOut(job: CronJob, serving: Serving, program: Program): void {
  for (const { name } of leftOutBy(job, serving, program)) {
    const message = `${titleOf(job.resource)} says that it protects ${serving.asset}, but no container of it mounts volume ${name} of ${titleOf(serving.workload.resource)}`;
    program.problems.add(sourceOf(job.resource, annotationProperty("protects")), message, serving.asset);
  }
}

function pointsOf(
  asset: Asset,
  target: string,
  groups: number,
  jobs: readonly CronJob[],
  copies: Copy[],
  program: Program,
): RestorePoints {
  const source = jobs[0] ? sourceOf(jobs[0].resource) : asset.source;
  const rate = restoreRateOf(asset, program);
  return {
    kind: "restore-points",
    id: `${asset.id}/restore-points${groups > 1 ? `@${target.replaceAll(" ", "-")}` : ""}`,
    asset: asset.id,
    label: `restore points in ${target}`,
    capture: captureOf(jobs, program),
    series: jobs.map(seriesOf),
    transfer: {
      name: "transfer",
      value: seconds(0),
      grade: "guaranteed",
      source: { ...source, property: "uploaded within the run" },
    },
    copies,
    ...(rate === undefined ? {} : { restoreRate: rate }),
    source,
  };
}

/** The worst that any of the jobs says; a job that says nothing may take a mixture of moments. */
function captureOf(jobs: readonly CronJob[], { problems }: Program): RestorePoints["capture"] {
  const kinds = ["fuzzy", "end", "start"] as const;
  const said = jobs.map(({ resource, protects }) => {
    const text = link(resource, "capture", problems);
    const kind = kinds.find((one) => one === text);
    if (kind === undefined && text !== undefined) {
      const message = `${titleOf(resource)}: holdfast.dev/capture must be one of start, end, fuzzy`;
      problems.add(sourceOf(resource, annotationProperty("capture")), message, protects);
    }
    return kind ?? "fuzzy";
  });
  return kinds.find((kind) => said.includes(kind)) ?? "fuzzy";
}

function seriesOf(job: CronJob): Series {
  const at = (property: string) => sourceOf(job.resource, property);
  return {
    name: job.name,
    role: job.role === "full" ? "full" : "incremental",
    schedule: job.schedule,
    suspended: job.suspended,
    overlap: job.overlap,
    startSlack: {
      name: "late start",
      value: job.startSlack,
      grade: "guaranteed",
      source: at("spec.startingDeadlineSeconds"),
    },
    run: { name: "run", value: job.run.value, grade: "guaranteed", source: at(job.run.property) },
    source: sourceOf(job.resource),
  };
}

/** How fast restore points of an asset are brought back, as the register says. */
export function restoreRateOf({ id: asset, bytes }: Asset, { register }: Program): RestorePoints["restoreRate"] {
  const rate = assumptionFor(register, { term: "restore-rate", asset });
  if (rate?.bytesPerSecond === undefined || bytes === undefined) return undefined;
  const perLink = assumedTerm(register, { term: "link-restore", asset }, "restoring one link of a chain");
  return {
    perLink: { ...perLink, source: registerSource(perLink.assumption ?? rate.id) },
    bytesPerSecond: rate.bytesPerSecond,
    baseBytes: bytes,
  };
}
