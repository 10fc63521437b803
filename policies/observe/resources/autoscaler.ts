import type { Read } from "../read";
import { type KubernetesObject, kubernetesObject, type Reader } from "./identity";

/** What decides how many pods a workload has, whatever the workload itself says. */
export interface Autoscaler extends KubernetesObject {
  kind: Read<string>;
  target: Read<string>;
  least: Read<number>;
}

/** HorizontalPodAutoscalers. */
export const autoscalers: Reader<Autoscaler> = {
  types: ["v1", "v2", "v2beta1", "v2beta2"].map(
    (version) => `kubernetes:autoscaling/${version}:HorizontalPodAutoscaler`,
  ),
  read(resource, surroundings) {
    const object = kubernetesObject(resource, surroundings);
    const spec = object.facts.at("spec");
    return {
      ...object,
      kind: spec.text("scaleTargetRef.kind"),
      target: spec.text("scaleTargetRef.name"),
      least: spec.whole("minReplicas"),
    };
  },
};
