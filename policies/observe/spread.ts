import { isUnknown } from "../../recovery/bound";
import type { Source } from "../../recovery/plan";
import { heldTogether } from "./placement";
import type { Program } from "./program";
import { type Facts, orDefault, type Read } from "./read";
import type { Workload } from "./resources/workload";

/** Whether the pods of a workload are forced apart: by what, or why not. */
export type Spread = { forced: true; source: Source; reliesOn?: string } | { forced: false; reason: string };

const topologyKeys = { node: "kubernetes.io/hostname", zone: "topology.kubernetes.io/zone" } as const;

/** Whether at least one pod is always in another node or zone than the others. */
export function spreadOver(domain: "node" | "zone", workload: Workload, program: Program): Spread {
  const held = heldTogether(domain, workload, program);
  if (held !== undefined) return { forced: false, reason: held };
  const forced = antiAffinity(domain, workload) ?? constraint(domain, workload, program);
  if (forced.forced || domain === "zone") return forced;
  // Pods in two zones are on two nodes.
  const zones = spreadOver("zone", workload, program);
  return zones.forced ? zones : forced;
}

/** Why only one pod is ever scheduled: the others must be both together with it and apart from it. */
export function aloneBecause(workload: Workload, program: Program): string | undefined {
  for (const domain of ["node", "zone"] as const) {
    const held = heldTogether(domain, workload, program);
    if (held === undefined) continue;
    const apart = antiAffinity(domain, workload) ?? constraint(domain, workload, program);
    if (apart.forced && apart.reliesOn === undefined) return `no two of its pods may share a ${domain}, and ${held}`;
  }
  return undefined;
}

function antiAffinity(domain: "node" | "zone", workload: Workload): Spread | undefined {
  const path = "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution";
  const terms = workload.pod.facts.items(path);
  if (terms === undefined || isUnknown(terms)) return undefined;
  const found = terms.find((term) => term.text("topologyKey") === topologyKeys[domain] && selects(term, workload));
  return found && { forced: true, source: found.source() };
}

function constraint(domain: "node" | "zone", workload: Workload, program: Program): Spread {
  const constraints = workload.pod.facts.items("topologySpreadConstraints");
  if (isUnknown(constraints))
    return { forced: false, reason: `a standby on another ${domain} is not proven: ${constraints.unknown}` };
  const reasons: string[] = [];
  for (const one of constraints ?? []) {
    const key = one.text("topologyKey");
    if (isUnknown(key)) reasons.push(key.unknown);
    if (key !== topologyKeys[domain]) continue;
    const weakness = weaknessOf(one, domain, workload);
    if (weakness === undefined) return withDomains(one, domain, workload, program);
    reasons.push(weakness);
  }
  const reason = reasons[0] ?? `no constraint with topologyKey ${topologyKeys[domain]} spreads them`;
  return { forced: false, reason: `all its pods may be on one ${domain}: ${reason}` };
}

function weaknessOf(one: Facts, domain: string, workload: Workload): string | undefined {
  const action = one.text("whenUnsatisfiable");
  const skew = one.whole("maxSkew");
  if (isUnknown(action)) return action.unknown;
  if (isUnknown(skew)) return skew.unknown;
  if (isUnknown(workload.replicas)) return workload.replicas.unknown;
  if (action !== "DoNotSchedule")
    return `the spread over each ${domain} is soft (whenUnsatisfiable is not DoNotSchedule)`;
  if (skew === undefined || skew >= workload.replicas)
    return `maxSkew allows all ${workload.replicas} on one ${domain}`;
  return selects(one, workload) ? undefined : "its labelSelector does not select the pods";
}

/** A skew counts between domains that exist: with one alone, everything may be there. */
function withDomains(one: Facts, domain: "node" | "zone", { resource }: Workload, { geography }: Program): Spread {
  const source = one.source();
  const least = one.whole("minDomains");
  if (typeof least === "number" && least >= 2) return { forced: true, source };
  const site = geography.siteOf(resource);
  if (domain === "node")
    return { forced: true, source, reliesOn: "two nodes that can take them, as minDomains is not set" };
  if (isUnknown(site))
    return { forced: false, reason: `without minDomains the zones of its site count, and ${site.unknown}` };
  const zones = site.place.zones.length;
  if (zones < 2) return { forced: false, reason: `minDomains is not set and site ${site.name} has one zone` };
  return {
    forced: true,
    source,
    reliesOn: `nodes in two of the ${zones} zones of site ${site.name}, as minDomains is not set`,
  };
}

/** Whether a selector of exact labels picks the workload's own pods; any other selector is not understood. */
function selects(term: Facts, workload: Workload): boolean {
  const wanted = exactLabels(term.at("labelSelector"));
  if (wanted === undefined || wanted.length === 0) return false;
  const labels = workload.facts.at("spec.template.metadata.labels");
  return wanted.every(({ key, value }) => labels.key(key).text() === value);
}

interface Label {
  key: string;
  value: string;
}

/** The labels that a selector asks for; nothing when it asks for more than that, or cannot be read. */
function exactLabels(selector: Facts): Label[] | undefined {
  const keys = orDefault(selector.keys("matchLabels"), []);
  const expressions = orDefault(selector.items("matchExpressions"), []);
  if (isUnknown(keys) || isUnknown(expressions)) return undefined;
  const labels = [
    ...keys.map((key) => labelOf(key, selector.at("matchLabels").key(key).text())),
    ...expressions.map(expressed),
  ].filter((label) => label !== undefined);
  return labels.length === keys.length + expressions.length ? labels : undefined;
}

/** `In` with one value asks for a label; with more of them it may pick other pods instead. */
function expressed(expression: Facts): Label | undefined {
  const values = expression.texts("values");
  if (expression.text("operator") !== "In" || values === undefined || isUnknown(values)) return undefined;
  return values.length === 1 ? labelOf(expression.text("key"), values[0]) : undefined;
}

function labelOf(key: Read<string>, value: Read<string>): Label | undefined {
  return typeof key === "string" && typeof value === "string" ? { key, value } : undefined;
}
