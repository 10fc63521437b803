import type { Facts } from "../read";
import { type KubernetesObject, kubernetesObject, type Reader } from "./identity";

/** An AlertmanagerConfig: routes and receivers of the alerts of its namespace. */
export interface AlertmanagerConfig extends KubernetesObject {
  route: Facts;
  receivers: Facts;
  inhibitRules: Facts;
}

/** AlertmanagerConfigs. */
export const alertmanagerConfigs: Reader<AlertmanagerConfig> = {
  types: [
    "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig",
    "kubernetes:monitoring.coreos.com/v1beta1:AlertmanagerConfig",
  ],
  read(resource, surroundings) {
    const object = kubernetesObject(resource, surroundings);
    const spec = object.facts.at("spec");
    return {
      ...object,
      route: spec.at("route"),
      receivers: spec.at("receivers"),
      inhibitRules: spec.at("inhibitRules"),
    };
  },
};
