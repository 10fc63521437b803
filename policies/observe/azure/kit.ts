import { isUnknown } from "../../../recovery/bound";
import { annotation, annotationProperty, listOf } from "../annotations";
import { sourceOf, titleOf } from "../names";
import type { Program } from "../program";
import type { Facts } from "../read";
import type { CronJob } from "../resources/cronJob";
import { pointsTo } from "./arm";
import { type Container, containersOf } from "./storage/copies";
import { rulesFor } from "./storage/lifecycle";

/** What a blob says of the CronJobs that it brings along; what is in a file nobody reads before deployment. */
const jobsIn = "metadata.holdfast_jobs";

/**
 * A recovery at a site that no provider here reaches finds its jobs beside the restore points: as blobs of their
 * container, under its lock, one of which says that it holds them all.
 */
export function noteContainerKit(
  path: string,
  jobs: readonly CronJob[],
  asset: string,
  name: string | undefined,
  program: Program,
): void {
  const { register, azure, problems } = program;
  const container = containersOf(program).find((one) => one.name === name);
  const away = jobs.find(({ resource }) => {
    const site = annotation(resource, "runs-at");
    return register.sites.some((one) => one.name === site && one.context === undefined);
  });
  if (container === undefined || away === undefined) return;
  const source = sourceOf(away.resource, annotationProperty("kit"));
  const title = titleOf(container.container.resource);
  const written = jobs.map(({ resource }) => annotation(resource, "kit"));
  const keys = [...new Set(written.flatMap((one) => (isUnknown(one) ? [] : listOf(one))))].sort();
  const found = keys.flatMap(
    (key) => azure.blobs.find((one) => isIn(one, container) && one.text("blobName") === key) ?? [],
  );
  if (keys.length === 0 || found.length < keys.length || written.some(isUnknown)) {
    const message = `path ${path} runs where no provider reaches: what its holdfast.dev/kit names must all be blobs of ${title} that this program declares, and known before deployment`;
    problems.unknown(source, message, asset);
    return;
  }
  for (const one of found) noteExpiry(one, container, asset, program);
  const names = jobs.map((job) => job.name);
  const holding = found.some((one) => {
    const said = one.text(jobsIn);
    return typeof said === "string" && names.every((job) => listOf(said).includes(job));
  });
  if (holding) return;
  const message = `path ${path} runs where no provider reaches, but no blob that its holdfast.dev/kit names in ${title} says in its metadata holdfast_jobs that it holds all of its ${jobs.length} CronJobs`;
  problems.add(source, message, asset);
}

function isIn(blob: Facts, { account, container }: Container): boolean {
  const upstream = blob.resource.propertyDependencies.containerName ?? [];
  const named = blob.text("containerName") === container.facts.text("containerName");
  return pointsTo(blob, "accountName", account) && (upstream.includes(container.resource.urn) || named);
}

/** What was put there once is deleted as soon as a rule that reaches it says so. */
function noteExpiry(blob: Facts, { account, name }: Container, asset: string, { azure, problems }: Program): void {
  const [, container = ""] = name.split("/");
  const rules = rulesFor(account, azure.storageSettings, `${container}/${blob.text("blobName")}`);
  const source = blob.source("blobName");
  const title = titleOf(blob.resource);
  if (isUnknown(rules))
    problems.unknown(source, `whether a rule deletes ${title} is not known: ${rules.unknown}`, asset);
  else if (rules.some((rule) => !rule.isSilent("definition.actions.baseBlob.delete"))) {
    const message = `${title} is part of a recovery kit, and a lifecycle rule of ${titleOf(account.resource)} deletes it: name in prefixMatch what may go`;
    problems.add(source, message, asset);
  }
}
