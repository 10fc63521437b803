import { kindOf } from "../names";
import { type KubernetesObject, kubernetesObject, type Reader } from "./identity";
import { type Pod, readPod } from "./pod";

/** Something that runs pods and serves no asset: it matters for what it may write to. */
export interface OtherPods extends KubernetesObject {
  pod: Pod;
}

/** DaemonSets, ReplicaSets, Jobs and lone Pods. */
export const otherPods: Reader<OtherPods> = {
  types: [
    "kubernetes:apps/v1:DaemonSet",
    "kubernetes:apps/v1:ReplicaSet",
    "kubernetes:core/v1:ReplicationController",
    "kubernetes:batch/v1:Job",
    "kubernetes:core/v1:Pod",
  ],
  read(resource, surroundings) {
    const object = kubernetesObject(resource, surroundings);
    const spec = kindOf(resource.type) === "Pod" ? "spec" : "spec.template.spec";
    return { ...object, pod: readPod(object.facts.at(spec)) };
  },
};
