import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Resource, UNKNOWN, type Value } from "../../../policies/graph";
import { loadGraph } from "../../../preview/offline";
import type { Subject } from "../provider/subject";
import { secret, type Values } from "../provider/values";

/** A Kubernetes object that a program declares. */
export interface Declared {
  subject: Subject;
  inputs: Values;
}

/** The names of the stacks of a program, by its configuration files. */
export function stacksOf(program: string): string[] {
  return readdirSync(program)
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? "")
    .filter((stack) => stack !== "")
    .sort();
}

/** The Kubernetes objects of a program by the context of the cluster that they go to, namespaces first. */
export async function declaredBy(program: string, stack: string): Promise<Map<string, Declared[]>> {
  const { graph } = await loadGraph({ program: join(program), stack });
  const declared = new Map<string, Declared[]>();
  for (const resource of graph.resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
    const context = String(resource.provider?.props.context);
    const { urn, type, name } = resource;
    const one = { subject: { urn, type, name }, inputs: inputsOf(resource) };
    declared.set(context, [...(declared.get(context) ?? []), one]);
  }
  for (const objects of declared.values()) objects.sort((a, b) => turnOf(a) - turnOf(b));
  return declared;
}

/** The engine creates in the order of dependencies. */
function turnOf({ inputs }: Declared): number {
  return inputs.kind === "Namespace" ? 0 : 1;
}

/**
 * Passwords are made by the engine, so that all that is computed of them is unknown here: a sample stands for what a
 * Secret holds. Nothing else that a cluster gets may be unknown.
 */
function inputsOf({ name, props }: Resource): Values {
  const sampled = props.kind === "Secret" && props.stringData === UNKNOWN;
  return known(sampled ? { ...props, stringData: secret({ sample: "sample" }) } : props, name) as Values;
}

/** What a cloud makes up as it makes the resource, by the end of its place: an example of the same form stands for it. */
const madeByCloud: Readonly<Record<string, string>> = {
  "azure.workload.identity/client-id": "11111111-2222-3333-4444-555555555555",
};

function known(value: Value, at: string): unknown {
  const example = Object.entries(madeByCloud).find(([end]) => value === UNKNOWN && at.endsWith(end))?.[1];
  if (example !== undefined) return example;
  if (value === UNKNOWN) throw new Error(`${at} is not known offline, and an API server has to be told something`);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Value, index) => known(item, `${at}[${index}]`));
  const set = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(set.map(([member, item]) => [member, known(item as Value, `${at}.${member}`)]));
}
