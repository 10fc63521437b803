import { isUnknown } from "../../recovery/bound";
import type { Program } from "./program";
import type { Facts, Read } from "./read";
import type { Workload } from "./resources/workload";

type Domain = "node" | "zone";

/** Labels of nodes that tell their domain, the outdated ones too. */
const labels: Record<Domain, readonly string[]> = {
  node: ["kubernetes.io/hostname"],
  zone: ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"],
};

const places: Record<Domain, string> = { node: "on one node", zone: "in one zone" };

const scheduler = "default-scheduler";

/** Why a pod that lost its node finds no other; nothing where it may go elsewhere. */
export function tiedToNode(workload: Workload, program: Program): string | undefined {
  const pod = workload.pod.facts;
  return byNode(pod) ?? bySelector("node", pod) ?? byNodeAffinity("node", workload, program);
}

/** Why no standby waits on another node, or in another zone, however its pods are to be spread; nothing where none is seen. */
export function heldTogether(domain: Domain, workload: Workload, program: Program): string | undefined {
  const pod = workload.pod.facts;
  return (
    byScheduler(pod) ??
    byNode(pod) ??
    bySelector(domain, pod) ??
    byNodeAffinity(domain, workload, program) ??
    byPodAffinity(domain, pod)
  );
}

function byScheduler(pod: Facts): string | undefined {
  const name = pod.text("schedulerName");
  if (isUnknown(name)) return unproven(name.unknown);
  if (name === undefined || name === scheduler) return undefined;
  return unproven(`whether scheduler ${name} keeps its constraints is not known`);
}

function byNode(pod: Facts): string | undefined {
  const name = pod.text("nodeName");
  if (isUnknown(name)) return unproven(name.unknown);
  return name === undefined || name === "" ? undefined : "all its pods are on one node: spec.nodeName names it";
}

function bySelector(domain: Domain, pod: Facts): string | undefined {
  const keys = pod.keys("nodeSelector");
  if (isUnknown(keys)) return unproven(keys.unknown);
  const pin = keys?.find((key) => tells(domain, key));
  return pin && `all its pods are ${places[domainOf(pin)]}: spec.nodeSelector has ${pin}`;
}

/** Of the terms of a node affinity any may hold, of the expressions of a term all must. */
function byNodeAffinity(domain: Domain, workload: Workload, program: Program): string | undefined {
  const path = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution";
  const terms = workload.pod.facts.items(`${path}.nodeSelectorTerms`);
  if (isUnknown(terms)) return unproven(terms.unknown);
  if (terms === undefined) return undefined;
  for (const level of ["node", "zone"] as const) {
    // Nodes of one zone may still be apart; one node is in one zone.
    if (level === "zone" && domain === "node") continue;
    const allowed = new Set<string>();
    let any = false;
    for (const term of terms) {
      const left = allowedBy(term, level, workload, program);
      if (isUnknown(left)) return unproven(left.unknown);
      if (left === undefined) any = true;
      for (const one of left ?? []) allowed.add(one);
    }
    if (!any && allowed.size < 2) return `all its pods are ${places[level]}: its nodeAffinity allows no other`;
  }
  return undefined;
}

/** The nodes or zones that a term allows; nothing where it allows all. */
function allowedBy(term: Facts, level: Domain, workload: Workload, program: Program): Read<string[]> {
  const lists = [term.items("matchExpressions"), term.items("matchFields")];
  let allowed: string[] | undefined;
  for (const list of lists) {
    if (isUnknown(list)) return list;
    for (const one of list ?? []) {
      const key = one.text("key");
      const operator = one.text("operator");
      const values = one.texts("values");
      if (isUnknown(key)) return key;
      if (key === undefined || !isOf(level, key)) continue;
      if (isUnknown(operator)) return operator;
      if (isUnknown(values)) return values;
      const wanted = values ?? [];
      if (operator === "In") allowed = (allowed ?? wanted).filter((value) => wanted.includes(value));
      else if (operator === "NotIn" && level === "zone") {
        const site = program.geography.siteOf(workload.resource);
        if (isUnknown(site)) return site;
        allowed = (allowed ?? site.place.zones).filter((value) => !wanted.includes(value));
      } else if (operator !== "Exists" && operator !== "NotIn") {
        return {
          unknown: `what its nodeAffinity allows is not understood: ${key} with operator ${operator ?? "none"}`,
        };
      }
    }
  }
  return allowed;
}

function byPodAffinity(domain: Domain, pod: Facts): string | undefined {
  const terms = pod.items("affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution");
  if (isUnknown(terms)) return unproven(terms.unknown);
  for (const term of terms ?? []) {
    const key = term.text("topologyKey");
    if (isUnknown(key)) return unproven(key.unknown);
    if (key !== undefined && tells(domain, key)) return `its podAffinity wants its pods ${places[domainOf(key)]}`;
  }
  return undefined;
}

/** Whether pods that agree on a label of their nodes are in one domain: one node is in one zone. */
function tells(domain: Domain, key: string): boolean {
  return labels.node.includes(key) || (domain === "zone" && labels.zone.includes(key));
}

function isOf(level: Domain, key: string): boolean {
  return labels[level].includes(key) || (level === "node" && key === "metadata.name");
}

function domainOf(key: string): Domain {
  return labels.node.includes(key) ? "node" : "zone";
}

function unproven(reason: string): string {
  return `a pod elsewhere is not proven: ${reason}`;
}
