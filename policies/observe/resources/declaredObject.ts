import { type KubernetesObject, kubernetesObject, type Reader } from "./identity";

/** What a pod may name beside claims and ConfigMaps. */
export type NamedKind = "Secret" | "ServiceAccount";

/** An object that gives pods a Secret or a ServiceAccount, by the name they call it. */
export interface DeclaredObject extends KubernetesObject {
  kind: NamedKind;
}

/** The objects, and where those that make a Secret of another name say it. */
const makers: Readonly<Record<string, { kind: NamedKind; named?: string }>> = {
  "kubernetes:core/v1:ServiceAccount": { kind: "ServiceAccount" },
  "kubernetes:core/v1:Secret": { kind: "Secret" },
  "kubernetes:cert-manager.io/v1:Certificate": { kind: "Secret", named: "spec.secretName" },
  "kubernetes:external-secrets.io/v1:ExternalSecret": { kind: "Secret", named: "spec.target.name" },
  "kubernetes:external-secrets.io/v1beta1:ExternalSecret": { kind: "Secret", named: "spec.target.name" },
  "kubernetes:bitnami.com/v1alpha1:SealedSecret": { kind: "Secret" },
};

/** Secrets, ServiceAccounts, and what makes Secrets; nothing of what they hold is read. */
export const declaredObjects: Reader<DeclaredObject> = {
  types: Object.keys(makers),
  read(resource, surroundings) {
    const object = kubernetesObject(resource, surroundings);
    const { kind, named } = makers[resource.type] ?? { kind: "Secret" };
    const name = named === undefined ? undefined : object.facts.text(named);
    return { ...object, kind, ...(typeof name === "string" ? { name } : {}) };
  },
};
