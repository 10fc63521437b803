import { isUnknown, type Maybe } from "../../../recovery/bound";
import { annotation, annotationProperty, link } from "../annotations";
import { orDefault } from "../read";
import { type KubernetesObject, kubernetesObject, type Reader } from "./identity";
import { type Pod, readPod, type Volume } from "./pod";

/** A Deployment or StatefulSet. */
export interface Workload extends KubernetesObject {
  kind: "Deployment" | "StatefulSet";
  /** The asset it serves. */
  asset?: string;
  /** Name of the Lease its serving pod holds. */
  lease?: Maybe<string>;
  replicas: Maybe<number>;
  pod: Pod;
}

/** Deployments and StatefulSets. */
export const workloads: Reader<Workload> = {
  types: ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"],
  read(resource, surroundings) {
    const object = kubernetesObject(resource, surroundings);
    const asset = link(resource, "asset", surroundings.problems);
    const lease = annotation(resource, "lease");
    const pod = readPod(object.facts.at("spec.template.spec"));
    const templates = claimTemplates(object);
    return {
      ...object,
      kind: resource.type.endsWith("StatefulSet") ? "StatefulSet" : "Deployment",
      ...(asset === undefined ? {} : { asset }),
      ...(lease === undefined || lease === "" ? {} : { lease }),
      // Kubernetes runs one pod where the object does not say how many.
      replicas: orDefault(object.facts.whole("spec.replicas"), 1),
      pod: { ...pod, volumes: [...pod.volumes, ...templates] },
    };
  },
};

function claimTemplates(object: KubernetesObject): Volume[] {
  const templates = object.facts.items("spec.volumeClaimTemplates");
  if (templates === undefined || isUnknown(templates)) return [];
  return templates.flatMap((facts) => {
    const name = facts.text("metadata.name");
    return typeof name === "string" ? [{ name, facts: facts.at("spec"), kind: "claim template" as const }] : [];
  });
}

/** Objectives and retention that a workload promises where no component does, as JSON. */
export function promisesOf({ resource }: Workload): { key: "objectives" | "retention"; text: string | undefined }[] {
  return (["objectives", "retention"] as const).map((key) => {
    const text = annotation(resource, key);
    return { key, text: isUnknown(text) ? undefined : text };
  });
}

/** Where a workload says which asset it serves. */
export const assetProperty = annotationProperty("asset");
