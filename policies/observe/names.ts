import type { Source } from "../../recovery/plan";
import type { Resource } from "../graph";

/** The last part of a type token: `CronJob` of `kubernetes:batch/v1:CronJob`. */
export function kindOf(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

/** What people call a resource: `CronJob omendb-backup`. */
export function titleOf(resource: Resource): string {
  return `${kindOf(resource.type)} ${metadataName(resource) ?? resource.name}`;
}

/** Where a number was read. */
export function sourceOf(resource: Resource, property?: string): Source {
  const source = { resource: resource.urn, name: titleOf(resource) };
  return property === undefined ? source : { ...source, property };
}

/** An entry of the register as a source. */
export function registerSource(entry: string): Source {
  return { resource: `register:${entry}`, name: `Register entry ${entry}` };
}

function metadataName({ props }: Resource): string | undefined {
  const { metadata } = props;
  if (typeof metadata !== "object" || metadata === null || !("name" in metadata)) return undefined;
  return typeof metadata.name === "string" ? metadata.name : undefined;
}
