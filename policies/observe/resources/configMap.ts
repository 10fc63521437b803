import { type KubernetesObject, kubernetesObject, type Reader } from "./identity";

/** A ConfigMap; readers of a file in it show only the settings they declare as facts. */
export type ConfigMap = KubernetesObject;

/** ConfigMaps. */
export const configMaps: Reader<ConfigMap> = {
  types: ["kubernetes:core/v1:ConfigMap"],
  read: kubernetesObject,
};
