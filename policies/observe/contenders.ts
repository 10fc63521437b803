import { isUnknown } from "../../recovery/bound";
import type { Resource } from "../graph";
import { annotation } from "./annotations";
import { kindOf, sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import type { Autoscaler } from "./resources/autoscaler";
import { areNeighbours, type KubernetesObject, kubernetesObject } from "./resources/identity";
import type { Workload } from "./resources/workload";

/** Kinds that decide something about recovery only where they say so. */
const speaking: readonly string[] = ["Deployment", "StatefulSet", "CronJob"];

/** What also decides about an object that is judged: which of the two wins is not known before deployment. */
export function noteContenders(resources: readonly Resource[], program: Program): void {
  const judged = new Map<string, KubernetesObject[]>();
  for (const one of judgedObjects(program)) {
    const kind = kindOf(one.resource.type);
    const alike = judged.get(kind) ?? [];
    alike.push(one);
    judged.set(kind, alike);
  }
  for (const resource of resources) {
    if (!resource.type.startsWith("kubernetes:")) continue;
    const kind = kindOf(resource.type);
    const patched = kind.endsWith("Patch") ? kind.slice(0, -"Patch".length) : undefined;
    const alike = judged.get(patched ?? kind) ?? [];
    if (alike.length === 0) continue;
    const own = kubernetesObject(resource, program);
    const isRival = isJudged(resource);
    // Of two that are judged the later one is named.
    const rival = alike.find((one) => !(isRival && resource.urn <= one.resource.urn) && isSameObject(own, one));
    if (rival === undefined) continue;
    program.problems.unknown(
      sourceOf(resource),
      patched === undefined
        ? `${titleOf(resource)} is declared twice, by ${rival.resource.name} and ${resource.name}: which of them is deployed is not known`
        : `${titleOf(resource)} may change what ${titleOf(rival.resource)} declares: say it there`,
      assetOf(rival),
    );
  }
  for (const scaler of program.autoscalers) noteAutoscaler(scaler, program);
}

function isJudged(resource: Resource): boolean {
  const kind = kindOf(resource.type);
  return !kind.endsWith("Patch") && (!speaking.includes(kind) || isLinked(resource));
}

function judgedObjects(program: Program): KubernetesObject[] {
  const { workloads, cronJobs, leases, claims, configMaps, prometheusRules, monitors, alertmanagerConfigs } = program;
  return [workloads, cronJobs, leases, claims, configMaps, prometheusRules, monitors, alertmanagerConfigs]
    .flat()
    .filter(({ resource }) => isJudged(resource));
}

function isLinked(resource: Resource): boolean {
  return ["asset", "role"].some((key) => annotation(resource, key) !== undefined);
}

/** A patch of an object whose name is not known may be one of any of its kind. */
function isSameObject(own: KubernetesObject, judged: KubernetesObject): boolean {
  const { resource } = own;
  if (judged.resource === resource || !areNeighbours(own, judged)) return false;
  if (groupOf(judged.resource) !== groupOf(resource)) return false;
  const name = own.facts.text("metadata.name");
  // Objects without a name get one of their own each.
  if (name === undefined || judged.facts.text("metadata.name") === undefined) return false;
  return isUnknown(name) ? kindOf(resource.type) !== kindOf(judged.resource.type) : name === judged.name;
}

/** `kubernetes:apps/v1:Deployment` is of the group `kubernetes:apps`. */
function groupOf({ type }: Resource): string {
  return type.slice(0, type.search(/\/|:[^:]*$/));
}

function assetOf({ resource }: KubernetesObject): string | undefined {
  const asset = annotation(resource, "asset") ?? annotation(resource, "protects");
  return typeof asset === "string" ? asset : undefined;
}

/** A scaler that never asks for fewer pods than the workload says takes nothing away. */
function noteAutoscaler(scaler: Autoscaler, { workloads, problems }: Program): void {
  const workload = workloads.find((one) => one.asset !== undefined && scales(scaler, one));
  if (workload === undefined) return;
  const { least } = scaler;
  const { replicas } = workload;
  if (typeof least === "number" && typeof replicas === "number" && least >= replicas) return;
  problems.unknown(
    scaler.facts.source("spec.minReplicas"),
    `${titleOf(scaler.resource)} decides how many pods ${titleOf(workload.resource)} has: its spec.minReplicas must not be below spec.replicas there`,
    workload.asset,
  );
}

function scales(scaler: Autoscaler, workload: Workload): boolean {
  if (!areNeighbours(scaler, workload)) return false;
  return (
    (isUnknown(scaler.kind) || scaler.kind === workload.kind) &&
    (isUnknown(scaler.target) || scaler.target === workload.name)
  );
}
