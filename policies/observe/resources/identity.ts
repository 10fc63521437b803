import type { Maybe } from "../../../recovery/bound";
import type { Place } from "../../../recovery/plan";
import type { Resource } from "../../graph";
import type { Geography } from "../geography";
import type { Problems } from "../problems";
import { type Facts, facts } from "../read";

/** What every reader may ask beside its resource. */
export interface Surroundings {
  geography: Geography;
  problems: Problems;
}

/** Reads resources of some types; no other reader reads those. */
export interface Reader<T> {
  types: readonly string[];
  read(resource: Resource, surroundings: Surroundings): T;
}

/** Which Kubernetes object a resource is. */
export interface KubernetesObject {
  resource: Resource;
  facts: Facts;
  name: string;
  namespace: string;
  cluster: string;
  at: Maybe<Place>;
}

/** Name, namespace and cluster of a Kubernetes object; what is named on creation goes by its logical name. */
export function kubernetesObject(resource: Resource, { geography }: Surroundings): KubernetesObject {
  const own = facts(resource);
  const name = own.text("metadata.name");
  const namespace = own.text("metadata.namespace");
  return {
    resource,
    facts: own,
    name: typeof name === "string" ? name : resource.name,
    namespace: typeof namespace === "string" ? namespace : "default",
    cluster: geography.clusterOf(resource),
    at: geography.placeOf(resource),
  };
}

/** Whether two objects are in the same namespace of the same cluster. */
export function areNeighbours(a: KubernetesObject, b: KubernetesObject): boolean {
  return a.cluster === b.cluster && a.namespace === b.namespace;
}
