import type { KubeObject } from "../kube/client";
import type { ExistingOrder } from "./backend";
import type { Subject } from "./subject";
import { digest, isValues, revealed, same, type Value, type Values } from "./values";

/** The object that the inputs of a resource describe. */
export function objectOf(subject: Subject, inputs: Values): KubeObject {
  const { apiVersion, kind, metadata, ...rest } = revealed(inputs) as Values;
  if (typeof apiVersion !== "string" || typeof kind !== "string")
    throw new Error(`${subject.name}: ${subject.type} is no Kubernetes object`);
  return { ...rest, apiVersion, kind, metadata: { name: subject.name, ...(isValues(metadata) ? metadata : {}) } };
}

/** What tells an object that exists from others: its id, and its kind as the inputs or else the type tell it. */
export function identified({ subject, id, inputs }: ExistingOrder): KubeObject {
  const [, module = "", type = ""] = subject.type.split(":");
  const { apiVersion = module.replace(/^core\//, ""), kind = type } = revealed(inputs) as Values;
  const [name = "", namespace] = id.split("/").reverse();
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return { apiVersion: String(apiVersion), kind: String(kind), metadata };
}

/** As the provider writes it: `namespace/name`. */
export function idOf({ metadata: { namespace, name } }: KubeObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Every resource owns its fields by itself; here by a name that is always the same. */
export function fieldManagerOf(subject: Subject, object: KubeObject): string {
  return annotation(object, "patchFieldManager") ?? `pulumi-kubernetes-${digest(8, subject.urn)}`;
}

/** What the program tells the provider by an annotation. */
export function annotation({ metadata: { annotations } }: KubeObject, name: string): string | undefined {
  const value = isValues(annotations) ? annotations[`pulumi.com/${name}`] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** A live object without what only the API server writes. */
export function written({ status: _, metadata, ...rest }: KubeObject): Values {
  const { creationTimestamp, generation, managedFields, resourceVersion, uid, ...kept } = metadata;
  return { ...rest, metadata: kept };
}

/** The API server keeps in `data`, encoded, what is written as `stringData`. */
export function readable(live: KubeObject): Values {
  if (live.kind !== "Secret" || !isValues(live.data)) return live;
  const texts = Object.entries(live.data).map(([name, text]) => [name, Buffer.from(String(text), "base64").toString()]);
  return { ...live, stringData: Object.fromEntries(texts) };
}

/**
 * The inputs as they would have to be for the live object to be what they make; `anew` is what they make of it, and
 * tells a change from what the server only writes in another way: 1000m as 1.
 */
export function nowOf(live: Value | undefined, anew: Value | undefined, input: Value): Value {
  if (same(live, anew)) return input;
  if (isValues(live) && isValues(input)) {
    const before = isValues(anew) ? anew : {};
    const kept = Object.entries(input).filter(([name]) => live[name] !== undefined || before[name] === undefined);
    return Object.fromEntries(kept.map(([name, item]) => [name, nowOf(live[name], before[name], item)]));
  }
  if (Array.isArray(live) && Array.isArray(input) && Array.isArray(anew))
    return live.map((item, index) => nowOf(item, anew[index], input[index] ?? null));
  return live ?? null;
}
