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
  source: Source;
}

/** A pod, and the object that makes it. */
type User = KubernetesObject & { pod: Pod; about: string | undefined };

/** What the pods of a program call by a name that nothing has: a pod that misses anything of it never starts. */
export function noteMissing(program: Program): void {
  const users: User[] = [
    ...program.workloads.filter(({ asset }) => asset !== undefined).map((one) => ({ ...one, about: one.asset })),
    ...program.cronJobs.filter(({ role }) => role !== undefined).map((one) => ({ ...one, about: one.protects })),
  ];
  const missing = new Map<string, { reference: Reference; name: string; users: User[] }>();
  for (const user of users) {
    for (const reference of referencesOf(user.pod)) {
      const { kind, name } = reference;
      if (isUnknown(name)) {
        if (!dependsOn(user, kind, program)) program.problems.unknown(reference.source, name.unknown, user.about);
        continue;
      }
      if (isDeclared(kind, name, user, program)) continue;
      const key = JSON.stringify([user.cluster, user.namespace, kind, name]);
      const known = missing.get(key) ?? { reference, name, users: [] };
      if (!known.users.includes(user)) missing.set(key, { ...known, users: [...known.users, user] });
    }
  }
  for (const { reference, name, users: all } of missing.values()) {
    const [first, ...others] = all;
    if (first === undefined) continue;
    const also = others.length === 0 ? "" : ` and ${others.length} more`;
    const what = reference.kind === "PersistentVolumeClaim" ? "claim" : reference.kind;
    const message = `${titleOf(first.resource)}${also} need ${what} ${name}, which this program does not declare in namespace ${first.namespace} of that cluster`;
    const about = all.every((one) => one.about === first.about) ? first.about : undefined;
    program.problems.unknown(reference.source, also === "" ? message.replace(" need ", " needs ") : message, about);
  }
}

/** What a pod names and cannot start without. */
function referencesOf({ facts }: Pod): Reference[] {
  const volumes = listOf(facts, "volumes");
  const containers = [...listOf(facts, "containers"), ...listOf(facts, "initContainers")];
  const environment = containers.flatMap((one) => listOf(one, "env").map((variable) => variable.at("valueFrom")));
  const sources = [...volumes, ...volumes.flatMap((volume) => listOf(volume.at("projected"), "sources"))];
  return [
    ...named("ServiceAccount", facts, "serviceAccountName"),
    ...volumes.flatMap((volume) => named("PersistentVolumeClaim", volume, "persistentVolumeClaim.claimName")),
    ...volumes.flatMap((volume) => named("Secret", volume.at("secret"), "secretName")),
    ...sources.flatMap((one) => named("Secret", one.at("secret"), "name")),
    ...sources.flatMap((one) => named("ConfigMap", one.at("configMap"), "name")),
    ...containers
      .flatMap((one) => listOf(one, "envFrom"))
      .flatMap((one) => [
        ...named("Secret", one.at("secretRef"), "name"),
        ...named("ConfigMap", one.at("configMapRef"), "name"),
      ]),
    ...environment.flatMap((one) => [
      ...named("Secret", one.at("secretKeyRef"), "name"),
      ...named("ConfigMap", one.at("configMapKeyRef"), "name"),
    ]),
  ];
}

function named(kind: Kind, facts: Facts, property: string): Reference[] {
  if (facts.isSilent(property) || facts.flag("optional") === true) return [];
  const name = facts.text(property);
  return name === undefined || name === "" ? [] : [{ kind, name, source: facts.source(property) }];
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

/** A name that is only made on creation is that of what the object depends on. */
function dependsOn({ resource }: User, kind: Kind, program: Program): boolean {
  const upstream = new Set([...resource.dependencies, ...Object.values(resource.propertyDependencies).flat()]);
  return declaredOf(kind, program).some((one) => one.templates === undefined && upstream.has(one.resource.urn));
}
