import { compare, isUnknown } from "../../recovery/bound";
import type { Disruption } from "../../recovery/objective";
import type { Term } from "../../recovery/plan";
import { nameRedirect, type Setting } from "../../recovery/time";
import { annotation, annotationProperty, link, listOf, unresolved } from "./annotations";
import { assumedTerm } from "./assumptions";
import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import type { CronJob } from "./resources/cronJob";
import { environmentNames } from "./resources/pod";
import { isSameName } from "./resources/record";

/** How long clients still go to the old place after the steps that repoint a DNS name. */
export function redirectionOf(
  path: string,
  jobs: readonly CronJob[],
  asset: string,
  disruption: Disruption,
  program: Program,
): Term[] {
  const [ttl] = jobs.flatMap((job) => ttlsOf(job, program)).sort((a, b) => compare(b.value, a.value));
  if (ttl === undefined) return [];
  const wanted = { term: "client-cache", asset, path, disruption };
  return nameRedirect({ ttl, clientCache: assumedTerm(program.register, wanted, "client cache") });
}

/** Where one path of an asset has to send clients elsewhere, every path out of a lost place has to. */
export function noteStranded(
  paths: ReadonlyMap<string, readonly CronJob[]>,
  asset: string,
  { problems }: Program,
): void {
  const redirects = (jobs: readonly CronJob[]) =>
    jobs.some(({ resource }) => (annotation(resource, "redirects") ?? "") !== "");
  const restores = (jobs: readonly CronJob[]) =>
    jobs.some(({ resource }) => listOf(link(resource, "effect", problems)).includes("restores"));
  const [example] = [...paths].filter(([, jobs]) => redirects(jobs)).map(([path]) => path);
  if (example === undefined) return;
  for (const [path, jobs] of paths) {
    const [first] = jobs;
    // A path that restores nothing is excluded, wherever its clients are.
    if (first === undefined || redirects(jobs) || !restores(jobs)) continue;
    const named = jobs.flatMap(({ resource }) => listOf(link(resource, "disruptions", problems)));
    const lost = ["region", "compromise"].find((one) => named.includes(one));
    if (lost === undefined) continue;
    const message = `path ${path} is for the disruption ${lost}, but none of its steps says in holdfast.dev/redirects which name it repoints, as path ${example} does: clients would stay with what is lost`;
    problems.add(sourceOf(first.resource, annotationProperty("redirects")), message, asset);
  }
}

function ttlsOf(job: CronJob, { dnsRecords, problems }: Program): Setting[] {
  const name = annotation(job.resource, "redirects");
  if (name === undefined || name === "") return [];
  const source = sourceOf(job.resource, annotationProperty("redirects"));
  const title = titleOf(job.resource);
  const records = dnsRecords.filter((record) => !isUnknown(name) && isSameName(record.name, name));
  if (records.length === 0 || isUnknown(name)) {
    const unknown = unresolved(job.resource, "redirects", "Record of this program");
    problems.unknown(source, unknown, job.protects);
    return [{ value: { unknown }, source }];
  }
  if (!environmentNames(job.pod, name)) {
    problems.add(
      source,
      `${title} says that it repoints ${name}, but no environment value of it names it`,
      job.protects,
    );
  }
  return records.map(({ ttl, facts }) => ({ value: ttl, source: facts.source("ttl") }));
}
