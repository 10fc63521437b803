import { isUnknown, type Maybe } from "../../recovery/bound";
import type { Disruption } from "../../recovery/objective";
import { disruptions } from "../../recovery/objective";
import type { Alert, Asset, Place, Step, Term } from "../../recovery/plan";
import { criticalPath } from "../../recovery/time/criticalPath";
import { detectionOf } from "./alerts";
import { annotation, annotationProperty, disruptionsOf, link, listOf, unresolved } from "./annotations";
import { assumedTerm, assumptionFor, type Wanted } from "./assumptions";
import { noteContainerKit } from "./azure/kit";
import { containerOf } from "./azure/storage/copies";
import { accessOf } from "./bucketAccess";
import { type Given, namedProtection } from "./given";
import { recoveryGrade } from "./grades";
import { noteKit } from "./kit";
import { sourceOf, titleOf } from "./names";
import { needOf, promisedNeeds } from "./needs";
import type { Way } from "./paths";
import type { Program } from "./program";
import { noteStranded, redirectionOf } from "./redirection";
import type { CronJob } from "./resources/cronJob";
import { environmentNames } from "./resources/pod";
import type { TakenPoints } from "./restorePoints";
import { noteStandby } from "./standby";
import { stepsOf } from "./steps";

/** What a recovery in another place needs beside the data. */
const needsOf: Partial<Record<Disruption, string[]>> = {
  region: ["images", "keys", "dns", "capacity"],
  compromise: ["images", "keys", "dns"],
};

/** What an asset can be restored from: what jobs take, and what a cloud keeps. */
interface Kept {
  taken: readonly TakenPoints[];
  given: readonly Given[];
}

/** Ways to restore an asset by its suspended CronJobs, each against one disruption. */
export function restoreWays(asset: Asset, kept: Kept, alerts: readonly Alert[], program: Program): Way[] {
  const jobs = program.cronJobs.filter(({ role, protects }) => role === "recovery" && protects === asset.id);
  const paths = new Map<string, CronJob[]>();
  for (const job of jobs) {
    const path = pathOf(job, program);
    if (path !== undefined) paths.set(path, [...(paths.get(path) ?? []), job]);
  }
  noteStranded(paths, asset.id, program);
  return [...paths].flatMap(([path, members]) => waysOf(path, members, asset, kept, alerts, program));
}

function pathOf(job: CronJob, { problems }: Program): string | undefined {
  const path = link(job.resource, "path", problems);
  if (path === undefined) {
    const message = `${titleOf(job.resource)} is a step of a recovery and must name its holdfast.dev/path`;
    problems.add(sourceOf(job.resource, annotationProperty("path")), message, job.protects);
  }
  return path;
}

function waysOf(
  path: string,
  jobs: readonly CronJob[],
  asset: Asset,
  { taken, given }: Kept,
  alerts: readonly Alert[],
  program: Program,
): Way[] {
  const [first] = jobs;
  if (first === undefined) return [];
  noteRunning(jobs, program);
  const steps = stepsOf(path, jobs, program);
  const bound = criticalPath(steps).total;
  const runsAt = placeOf(path, jobs, program);
  const named = namedProtection(path, jobs, asset.id, given, program.problems);
  const restored = named === undefined ? restoredOf(jobs, taken, program.problems) : undefined;
  const access = accessOf(restored?.bucket, jobs, runsAt, program);
  noteStandby(path, jobs, asset.id, program);
  if (!isUnknown(runsAt)) {
    noteKit(path, jobs, asset.id, restored?.bucket, program);
    noteContainerKit(path, jobs, asset.id, restored?.bucket ?? containerOf(named, given, program), program);
  }
  return disruptionsOfPath(path, jobs, program).map((disruption) => {
    const bytes = asset.bytes === undefined ? {} : { bytes: asset.bytes };
    const graded = recoveryGrade({ asset: asset.id, path, disruption, bound, ...bytes }, program);
    return {
      name: path,
      asset: asset.id,
      protection: named ?? protectionOf(path, jobs, asset, taken, program),
      label: path.replaceAll("-", " "),
      disruption,
      detect: noticedBy(asset, path, disruption, alerts, program),
      decide: (["acknowledge", "decide"] as const).map((term) =>
        assumedTerm(program.register, { term, asset: asset.id, path, disruption }, term),
      ),
      steps: steps.map((step): Step => ({ ...step, bound: { ...step.bound, ...graded } })),
      redirect: redirectionOf(path, jobs, asset.id, disruption, program),
      ...protectedAgain({ asset: asset.id, path, disruption }, program),
      runsAt,
      needs: [
        ...[
          ...(graded.grade === "measured" ? [] : ["restorable"]),
          ...(needsOf[disruption] ?? []),
          ...promisedNeeds(asset.id, disruption, program),
        ].map((what) => needOf(what, { asset: asset.id, path, disruption }, runsAt, program)),
        ...access.needs,
      ],
      source: sourceOf(first.resource),
      ...(access.excluded === undefined ? {} : { excluded: access.excluded }),
      // Starting on what is there, or on nothing, brings nothing back; restores-fit-their-deadline names the path.
      ...(steps.some(({ restores }) => restores) ? {} : { excluded: "none of its steps restores anything" }),
    };
  });
}

/** How long the next such loss finds nothing, where somebody says so: steps bring service back, and no copy elsewhere. */
function protectedAgain(of: Omit<Wanted, "term">, { register }: Program): Pick<Way, "reprotect"> {
  const wanted = { term: "protected-again", ...of };
  if (assumptionFor(register, wanted) === undefined) return {};
  return { reprotect: [assumedTerm(register, wanted, "copies are as they were")] };
}

/** A recovery that runs by itself overwrites what it should save. */
function noteRunning(jobs: readonly CronJob[], { problems }: Program): void {
  for (const { resource, suspended, protects } of jobs) {
    const source = sourceOf(resource, "spec.suspend");
    if (problems.known(suspended, source, protects) === false) {
      problems.add(
        source,
        `${titleOf(resource)} is a step of a recovery: spec.suspend must be true, or it runs by itself`,
        protects,
      );
    }
  }
}

/** Disruptions that every step is for. */
function disruptionsOfPath(path: string, jobs: readonly CronJob[], { problems }: Program): Disruption[] {
  const named = jobs.map(({ resource, protects }) => {
    const { known, wrong } = disruptionsOf(listOf(link(resource, "disruptions", problems)));
    if (known.length === 0 || wrong.length > 0) {
      const message = `${titleOf(resource)}: holdfast.dev/disruptions must be among ${disruptions.join(", ")}`;
      problems.add(sourceOf(resource, annotationProperty("disruptions")), message, protects);
    }
    return known;
  });
  const shared = disruptions.filter((one) => named.every((list) => list.includes(one)));
  const [first] = jobs;
  if (first && named.some((list) => list.length > shared.length)) {
    const message = `the steps of path ${path} name different disruptions: only what all name counts`;
    problems.add(sourceOf(first.resource, annotationProperty("disruptions")), message, first.protects);
  }
  return shared;
}

function noticedBy(
  asset: Asset,
  path: string,
  disruption: Disruption,
  alerts: readonly Alert[],
  { register }: Program,
): Term[] {
  if (disruption !== "corruption" && disruption !== "compromise") return detectionOf(asset, disruption, alerts);
  return [assumedTerm(register, { term: "detection", asset: asset.id, path, disruption }, "damage is noticed")];
}

/** The restore points that a path restores: the only ones, else those whose bucket its steps name. */
function protectionOf(
  path: string,
  jobs: readonly CronJob[],
  asset: Asset,
  taken: readonly TakenPoints[],
  { problems }: Program,
): string {
  const named = restoredOf(jobs, taken, problems);
  if (named) return named.points.id;
  const [first] = jobs;
  const [only, ...others] = taken;
  if (only?.bucket !== undefined && others.length === 0) {
    const restore = restoringOf(jobs, problems)[0];
    if (restore) {
      const message = `${titleOf(restore.resource)} restores ${asset.id}, whose restore points are in bucket ${only.bucket}, but no environment value of it names that bucket`;
      problems.add(sourceOf(restore.resource, annotationProperty("effect")), message, asset.id);
    }
    return only.points.id;
  }
  if (first) {
    const what =
      taken.length === 0 ? `no CronJob takes restore points of ${asset.id}` : "it names the bucket of none of them";
    problems.add(
      sourceOf(first.resource, annotationProperty("path")),
      `path ${path} restores nothing: ${what}`,
      asset.id,
    );
  }
  return `${asset.id}/restore-points`;
}

/** The restore points whose bucket all steps that restore name; any, where none of them is in a bucket. */
function restoredOf(
  jobs: readonly CronJob[],
  taken: readonly TakenPoints[],
  problems: Program["problems"],
): TakenPoints | undefined {
  const restoring = restoringOf(jobs, problems);
  const inBucket = taken.find(
    ({ bucket }) => bucket !== undefined && restoring.every(({ pod }) => environmentNames(pod, bucket)),
  );
  const [only, ...others] = taken;
  return inBucket ?? (only?.bucket === undefined && others.length === 0 ? only : undefined);
}

/** The steps that say they restore; every step of a path in which none does. */
function restoringOf(jobs: readonly CronJob[], problems: Program["problems"]): readonly CronJob[] {
  const said = jobs.filter(({ resource }) => listOf(link(resource, "effect", problems)).includes("restores"));
  return said.length > 0 ? said : jobs;
}

/** Where every step runs: the cluster of its provider, or a site that it names and that no provider here reaches. */
function placeOf(path: string, jobs: readonly CronJob[], { register, problems }: Program): Maybe<Place> {
  const noted = new Set<string>();
  const places = jobs.map(({ resource, at, protects }): Maybe<Place> => {
    const name = annotation(resource, "runs-at");
    if (name === undefined || name === "") return at;
    const site = register.sites.find((one) => one.name === name);
    if (site && (site.context === undefined || JSON.stringify(at) === JSON.stringify(site.place))) return site.place;
    const unknown = site
      ? `${titleOf(resource)} says that it runs at site ${site.name}, but its provider puts it elsewhere`
      : unresolved(resource, "runs-at", "site of Register");
    // One site that is wrong is one cause, however many steps name it.
    const cause = site?.name ?? "";
    if (!noted.has(cause)) problems.unknown(sourceOf(resource, annotationProperty("runs-at")), unknown, protects);
    noted.add(cause);
    return { unknown };
  });
  const [first, ...others] = places;
  const unknownPlace = places.find(isUnknown);
  if (first === undefined || unknownPlace) return unknownPlace ?? { unknown: "the path has no steps" };
  if (others.every((other) => JSON.stringify(other) === JSON.stringify(first))) return first;
  const unknown = `the steps of path ${path} run at different places`;
  const [job] = jobs;
  if (job) problems.unknown(sourceOf(job.resource, annotationProperty("runs-at")), unknown, job.protects);
  return { unknown };
}
