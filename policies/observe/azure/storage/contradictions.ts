import { isBounded, isUnknown } from "../../../../recovery/bound";
import { formatSeconds } from "../../../../recovery/duration";
import type { Asset } from "../../../../recovery/plan";
import { titleOf } from "../../names";
import type { Program } from "../../program";
import { jobTag } from "../databricks/job";
import { rulesFor } from "./lifecycle";
import { isVersioned, type Store, serviceOf, softDeleted } from "./versions";

/** What Azure refuses under a hierarchical namespace. */
const flatOnly = ["isVersioningEnabled", "restorePolicy.enabled", "changeFeed.enabled"];

/** What an account says and Azure refuses, or what undoes the rest of it. */
export function noteContradictions(store: Store, { problems }: Program): void {
  const { asset, account, settings } = store;
  const service = serviceOf(store);
  const title = titleOf(account.resource);
  const add = (property: string, message: string, from = service) =>
    problems.add(from.source(property), message, asset);
  if (account.hierarchical !== false) {
    for (const property of flatOnly) {
      if (service.flag(property) !== true) continue;
      add(
        property,
        `${property} of ${titleOf(service.resource)} is true, and ${title} has a hierarchical namespace: Azure refuses it`,
      );
    }
    if (account.settings.flag("immutableStorageWithVersioning.enabled") === true) {
      const message = `${title} has a hierarchical namespace, and locks versions (immutableStorageWithVersioning): Azure locks its containers only`;
      add("immutableStorageWithVersioning.enabled", message, account.settings);
    }
  } else if (account.settings.flag("immutableStorageWithVersioning.enabled") === true && isVersioned(store) === false) {
    const message = `${title} locks versions (immutableStorageWithVersioning), and isVersioningEnabled is not true: it keeps none`;
    add("immutableStorageWithVersioning.enabled", message, account.settings);
  }
  if (service.flag("deleteRetentionPolicy.allowPermanentDelete") === true) {
    const message = `allowPermanentDelete of ${titleOf(service.resource)} is true: what is soft-deleted can be deleted for good`;
    add("deleteRetentionPolicy.allowPermanentDelete", message);
  }
  const rules = rulesFor(account, settings);
  if (isUnknown(rules)) {
    problems.unknown(account.facts.source(), `what rules of ${title} delete is not known: ${rules.unknown}`, asset);
    return;
  }
  for (const rule of rules) {
    const property = "definition.actions.baseBlob.delete";
    const prefixes = rule.texts("definition.filters.prefixMatch");
    if (rule.isSilent(property) || (Array.isArray(prefixes) && prefixes.length > 0)) continue;
    add(
      property,
      `a lifecycle rule of ${title} deletes current blobs, which hold ${asset}: name what may go in prefixMatch`,
      rule,
    );
  }
}

/**
 * What is deleted below a table or a service is brought back by soft delete only: it has to last as long as the
 * retention, whatever restore points there are beside it.
 */
export function noteBriefDeletion({ id, retention }: Asset, store: Store, program: Program): void {
  const { problems } = program;
  // Without restore points it is all there is, and a rule of its own says so.
  if (retention === undefined || !hasRestorePoints(id, program)) return;
  const { value, source } = softDeleted(store).keptFor;
  const title = titleOf(store.account.resource);
  if (isUnknown(value)) problems.unknown(source, `how long ${title} keeps what was deleted: ${value.unknown}`, id);
  else if (isBounded(value) && value < retention.atLeast) {
    const message = `${title} keeps what was deleted for ${formatSeconds(value)}, and the retention of ${id} is ${formatSeconds(retention.atLeast)}: set deleteRetentionPolicy and containerDeleteRetentionPolicy`;
    problems.add(source, message, id);
  }
}

function hasRestorePoints(asset: string, { cronJobs, azure }: Program): boolean {
  const takes = ["full", "incremental"];
  return (
    cronJobs.some(({ protects, role }) => protects === asset && takes.includes(role ?? "")) ||
    azure.databricksJobs.some(
      ({ facts }) => jobTag(facts, "protects") === asset && takes.includes(String(jobTag(facts, "role"))),
    )
  );
}
