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
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A number with a decimal exponent or a unit: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const form = /^\+?(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,2})|([mkMGTPE]|[KMGTPE]i))?$/;

/** Bytes of a Kubernetes quantity such as `100Gi` or `500e9`, rounded down. */
function quantity(facts: Facts): Read<number> {
  const value = facts.value();
  if (value === undefined || isUnknown(value)) return value;
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  const [, count, exponent = "0", unit = ""] = form.exec(text) ?? [];
  const factor = units[unit];
  if (count !== undefined && factor !== undefined) return Math.floor(Number(`${count}e${exponent}`) * factor);
  return { unknown: `${facts.property} of ${facts.source().name} is not a quantity such as "100Gi"` };
}
