import { isUnknown, type Unknown } from "../../recovery/bound";
import type { Source } from "../../recovery/plan";
import { titleOf } from "./names";
import type { Program } from "./program";
import type { Facts } from "./read";
import type { NamedKind } from "./resources/declaredObject";
import { areNeighbours, type KubernetesObject } from "./resources/identity";
import type { Pod } from "./resources/pod";

type Kind = NamedKind | "ConfigMap" | "PersistentVolumeClaim";

/** Something that a pod needs to start. */
interface Reference {
  kind: Kind;
  name: string | Unknown;
  /** What in the pod names it: `volume tls`. */
  by: string;
  source: Source;
}

/** A pod, and the object that makes it. */
type User = KubernetesObject & { pod: Pod; about: string | undefined };

/**
 * What the pods of a program call by a name that nothing has, or that is not known before deployment: a pod that misses
 * anything of it never starts.
 */
export function noteMissing(program: Program): void {
  const users: User[] = [
    ...program.workloads.filter(({ asset }) => asset !== undefined).map((one) => ({ ...one, about: one.asset })),
    ...program.cronJobs.filter(({ role }) => role !== undefined).map((one) => ({ ...one, about: one.protects })),
  ];
  const missing = new Map<string, { reference: Reference; users: User[] }>();
  for (const user of users) {
    for (const reference of referencesOf(user.pod)) {
      const { kind, name, by } = reference;
      if (isUnknown(name) ? dependsOn(user, kind, program) : isDeclared(kind, name, user, program)) continue;
      const key = JSON.stringify([user.cluster, user.namespace, kind, by]);
      const known = missing.get(key) ?? { reference, users: [] };
      if (!known.users.includes(user)) missing.set(key, { ...known, users: [...known.users, user] });
    }
  }
  for (const { reference, users: all } of missing.values()) {
    const [first, ...others] = all;
    if (first === undefined) continue;
    const also = others.length === 0 ? "" : ` and ${others.length} more`;
    const what = reference.kind === "PersistentVolumeClaim" ? "claim" : reference.kind;
    const message = `${reference.by} of ${titleOf(first.resource)}${also} names no ${what} that this program declares in namespace ${first.namespace} of that cluster, or one that is not known before deployment`;
    const about = all.every((one) => one.about === first.about) ? first.about : undefined;
    program.problems.unknown(reference.source, message, about);
  }
}

/** What a pod names and cannot start without. */
function referencesOf({ facts }: Pod): Reference[] {
  const volumes = listOf(facts, "volumes");
  const containers = [...listOf(facts, "containers"), ...listOf(facts, "initContainers")];
  return [
    ...named("ServiceAccount", facts, "serviceAccountName", "serviceAccountName"),
    ...volumes.flatMap((volume) => {
      const by = `volume ${nameOf(volume)}`;
      return [
        ...named("PersistentVolumeClaim", volume, "persistentVolumeClaim.claimName", by),
        ...named("Secret", volume.at("secret"), "secretName", by),
        ...[volume, ...listOf(volume.at("projected"), "sources")].flatMap((one) => [
          ...named("Secret", one.at("secret"), "name", by),
          ...named("ConfigMap", one.at("configMap"), "name", by),
        ]),
      ];
    }),
    ...containers.flatMap((container) => [
      ...listOf(container, "envFrom").flatMap((one) => {
        const by = `envFrom of container ${nameOf(container)}`;
        return [
          ...named("Secret", one.at("secretRef"), "name", by),
          ...named("ConfigMap", one.at("configMapRef"), "name", by),
        ];
      }),
      ...listOf(container, "env").flatMap((variable) => {
        const from = variable.at("valueFrom");
        const by = `variable ${nameOf(variable)}`;
        return [
          ...named("Secret", from.at("secretKeyRef"), "name", by),
          ...named("ConfigMap", from.at("configMapKeyRef"), "name", by),
        ];
      }),
    ]),
  ];
}

function nameOf(facts: Facts): string {
  const name = facts.text("name");
  return typeof name === "string" ? name : "without a known name";
}

function named(kind: Kind, facts: Facts, property: string, by: string): Reference[] {
  if (facts.isSilent(property) || facts.flag("optional") === true) return [];
  const name = facts.text(property);
  return name === undefined || name === "" ? [] : [{ kind, name, by, source: facts.source(property) }];
}

function listOf(facts: Facts, property: string): Facts[] {
  const items = facts.items(property);
  return items === undefined || isUnknown(items) ? [] : items;
}

function isDeclared(kind: Kind, name: string, user: User, program: Program): boolean {
  // Kubernetes itself makes these in every namespace.
  if (kind === "ServiceAccount" && name === "default") return true;
  if (kind === "ConfigMap" && name === "kube-root-ca.crt") return true;
  return declaredOf(kind, program).some((one) => areNeighbours(one, user) && isCalled(one, name));
}

/** A StatefulSet makes claims named `<template>-<set>-<ordinal>`. */
function isCalled(one: KubernetesObject & { templates?: readonly string[] }, name: string): boolean {
  if (one.templates === undefined) return one.name === name;
  return one.templates.some((template) => name.startsWith(`${template}-${one.name}-`));
}

function declaredOf(kind: Kind, program: Program): (KubernetesObject & { templates?: readonly string[] })[] {
  switch (kind) {
    case "ConfigMap":
      return program.configMaps;
    case "PersistentVolumeClaim":
      return [
        ...program.claims,
        ...program.workloads.map((one) => ({
          ...one,
          templates: one.pod.volumes.flatMap((volume) => (volume.kind === "claim template" ? [volume.name] : [])),
        })),
      ];
    default:
      return program.declaredObjects.filter((one) => one.kind === kind);
  }
}

/** A name that is only made on creation is that of what the object depends on and that is named on creation. */
function dependsOn({ resource }: User, kind: Kind, program: Program): boolean {
  const upstream = new Set([...resource.dependencies, ...Object.values(resource.propertyDependencies).flat()]);
  return declaredOf(kind, program).some(
    (one) => one.templates === undefined && upstream.has(one.resource.urn) && isNamedLater(one),
  );
}

function isNamedLater({ facts }: KubernetesObject): boolean {
  return typeof facts.text("metadata.name") !== "string";
}
