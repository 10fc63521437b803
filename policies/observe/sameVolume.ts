import { areNeighbours, type KubernetesObject } from "./resources/identity";
import type { Volume } from "./resources/pod";

/** Whether a volume of one object and a volume of a workload are the same data. */
export function isSameVolume(one: Volume, owner: KubernetesObject, own: Volume, workload: KubernetesObject): boolean {
  if (one.refersTo === undefined) return false;
  if (one.kind === "hostPath")
    return own.kind === "hostPath" && own.refersTo === one.refersTo && owner.cluster === workload.cluster;
  if (one.kind !== "claim" || !areNeighbours(owner, workload)) return false;
  // A StatefulSet names the claims of its pods `<template>-<set>-<ordinal>`.
  if (own.kind === "claim template") return one.refersTo.startsWith(`${own.name}-${workload.name}-`);
  return own.kind === "claim" && own.refersTo === one.refersTo;
}
