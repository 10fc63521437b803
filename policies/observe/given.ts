import type { Protection } from "../../recovery/plan";
import type { Resource } from "../graph";
import { annotationProperty, link, unresolved } from "./annotations";
import { sourceOf, titleOf } from "./names";
import type { Problems } from "./problems";
import { facts } from "./read";
import type { CronJob } from "./resources/cronJob";
import { environmentNames } from "./resources/pod";

/** A protection that a cloud gives without a job, with the resources of which a recovery from it must know one. */
export interface Given {
  protection: Protection;
  resources: Resource[];
}

/**
 * The protection that the steps of a path name, as `point-in-time` for `<asset>/point-in-time`; nothing where none of
 * them names one, and an id that leads nowhere where it is none of the asset's.
 */
export function namedProtection(
  path: string,
  jobs: readonly CronJob[],
  asset: string,
  given: readonly Given[],
  problems: Problems,
): string | undefined {
  const naming = jobs.flatMap((job) => {
    const name = link(job.resource, "protection", problems);
    return name === undefined ? [] : [{ job, name }];
  });
  const [first, ...others] = naming;
  if (first === undefined) return undefined;
  const source = sourceOf(first.job.resource, annotationProperty("protection"));
  const id = `${asset}/${first.name}`;
  const other = others.find(({ name }) => name !== first.name);
  if (other !== undefined) {
    const message = `the steps of path ${path} recover from ${first.name} and from ${other.name}: each path has one protection`;
    problems.unknown(source, message, asset);
    return `${asset}/?`;
  }
  const found = given.find(({ protection }) => protection.id === id && protection.kind !== "redundancy");
  if (found === undefined) {
    problems.unknown(source, unresolved(first.job.resource, "protection", `protection of ${asset}`), asset);
    return id;
  }
  if (!jobs.some((job) => knows(job, found))) {
    const what = found.resources.map(titleOf).join(" or ");
    const message = `path ${path} recovers from ${first.name}, but no step of it depends on ${what} or names it in its environment`;
    problems.add(source, message, asset);
  }
  return id;
}

/** Inputs that name a resource of a cloud. */
const names = ["identifier", "bucket", "accountName", "namespaceName", "workspaceName", "vaultName", "resourceName"];

/** Whether a job depends on what a cloud keeps, or names it in its environment. */
export function knows({ resource, pod }: CronJob, { resources }: Given): boolean {
  const upstream = Object.values(resource.propertyDependencies).flat();
  return resources.some(
    (one) =>
      upstream.includes(one.urn) ||
      names.map((key) => facts(one).text(key)).some((name) => typeof name === "string" && environmentNames(pod, name)),
  );
}
