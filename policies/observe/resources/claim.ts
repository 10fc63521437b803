import { isUnknown } from "../../../recovery/bound";
import type { Facts, Read } from "../read";
import { type KubernetesObject, kubernetesObject, type Reader } from "./identity";

/** What a claim asks for. */
export interface ClaimSpec {
  storageClass: Read<string>;
  accessModes: Read<string[]>;
  /** Bytes it asks for. */
  size: Read<number>;
}

/** A PersistentVolumeClaim. */
export interface Claim extends KubernetesObject, ClaimSpec {}

/** PersistentVolumeClaims. */
export const claims: Reader<Claim> = {
  types: ["kubernetes:core/v1:PersistentVolumeClaim"],
  read(resource, surroundings) {
    const object = kubernetesObject(resource, surroundings);
    return { ...object, ...claimSpec(object.facts.at("spec")) };
  },
};

/** Reads a claim's `spec`, its own or that of a template. */
export function claimSpec(spec: Facts): ClaimSpec {
  return {
    storageClass: spec.text("storageClassName"),
    accessModes: spec.texts("accessModes"),
    size: quantity(spec.at("resources.requests.storage")),
  };
}

const units: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** Bytes of a Kubernetes quantity such as `100Gi`, rounded down. */
function quantity(facts: Facts): Read<number> {
  const value = facts.value();
  if (value === undefined || isUnknown(value)) return value;
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?)([kMGTP]i?|Ki)?$/.exec(String(value)) ?? [];
  const factor = units[unit];
  if (count !== undefined && factor !== undefined) return Math.floor(Number(count) * factor);
  return { unknown: `${facts.property} of ${facts.source().name} is not a quantity such as "100Gi"` };
}
