import { setTimeout as sleep } from "node:timers/promises";
import { type Access, type Answer, type ApplyOptions, connect, type KubeObject } from "../kube/client";
import type { Backend, Order } from "./backend";
import { annotation, fieldManagerOf, identified, idOf, nowOf, objectOf, readable, written } from "./kubernetesObject";
import { hasUnknown, keepSecret } from "./secrets";
import { packageOf, type Subject } from "./subject";
import { revealed, type Value, type Values } from "./values";

/** Carries out the orders for Kubernetes objects in a real API server. */
export interface KubernetesBackend extends Backend {
  close(): void;
}

/** Told of each warning of the API server. */
export type Warn = (text: string) => void;

/** The provider tries again where a namespace or a kind is on its way. */
const tries = 5;

/**
 * Answers as the Kubernetes provider does (server-side apply, a dry run at preview, what exists already is refused), by
 * the API server of the cluster. Other than the provider it validates strictly, where that one only warns, and waits
 * for nothing to become ready: no controller runs.
 */
export function kubernetesOf(cluster: Access, warn: Warn = () => undefined): KubernetesBackend {
  const client = connect(cluster);

  const apply = async ({ subject, provider }: Order, object: KubeObject, options: ApplyOptions = {}) => {
    const force = annotation(object, "patchForce") === "true" || isTrue(provider.enablePatchForce);
    const answer = await client.apply(object, { fieldManager: fieldManagerOf(subject, object), force, ...options });
    for (const warning of answer.warnings) warn(`${subject.name}: ${warning}`);
    return answer;
  };

  return {
    plan: async (order) => {
      const { subject, provider, inputs } = order;
      if (hasUnknown(inputs)) return inputs;
      const object = objectOf(subject, inputs);
      const isThere = (await client.get(object)).ok && !upserts(provider);
      if (isThere || !(await client.serves(object.apiVersion, object.kind))) return inputs;
      const answer = await apply(order, object, { dryRun: true });
      // The namespace is made by this very deployment.
      return isMissing(answer) ? inputs : planned(subject, accepted(subject, answer), inputs);
    },

    create: async (order) => {
      const { subject, provider, inputs } = order;
      const object = objectOf(subject, inputs);
      if (!upserts(provider) && (await client.get(object)).ok)
        throw refused(subject, `${object.kind} "${object.metadata.name}" already exists`);
      let answer = await apply(order, object);
      for (let tried = 1; tried < tries && isMissing(answer); tried += 1) {
        await sleep(100 * 2 ** tried);
        answer = await apply(order, object);
      }
      const live = accepted(subject, answer);
      return { id: idOf(live), inputs, outputs: outputsOf(subject, live, inputs) };
    },

    read: async (order) => {
      const { subject, id, inputs } = order;
      const found = await client.get(identified(order));
      if (isMissing(found)) return undefined;
      const live = accepted(subject, found);
      if (Object.keys(inputs).length === 0) {
        const all = written(live);
        return { id, inputs: keepSecret(all, all), outputs: outputsOf(subject, live, all) };
      }
      const anew = await apply(order, objectOf(subject, inputs), { dryRun: true, force: true });
      const now = nowOf(readable(live), anew.ok ? readable(anew.object) : undefined, revealed(inputs)) as Values;
      return { id, inputs: keepSecret(now, inputs), outputs: outputsOf(subject, live, inputs) };
    },

    update: async (order, preview) => {
      const { subject, inputs } = order;
      if (preview && hasUnknown(inputs)) return inputs;
      const object = objectOf(subject, inputs);
      accepted(subject, await client.get(object));
      const live = accepted(subject, await apply(order, object, { dryRun: preview }));
      return preview ? planned(subject, live, inputs) : outputsOf(subject, live, inputs);
    },

    remove: async (order) => {
      const answer = await client.remove(identified(order));
      if (!isMissing(answer)) accepted(order.subject, answer);
    },

    close: () => client.close(),
  };
}

/** Carries out the orders for Kubernetes objects in the cluster of the provider's context. */
export function clustersOf(clusters: Readonly<Record<string, Access>>, warn?: Warn) {
  const backends = new Map(Object.entries(clusters).map(([context, one]) => [context, kubernetesOf(one, warn)]));
  return {
    backendOf: ({ type, name }: Subject, { context }: Values): Backend | undefined => {
      if (packageOf(type) !== "kubernetes" || backends.size === 0) return undefined;
      const backend = backends.get(String(context));
      if (backend === undefined) throw new Error(`${name}: no cluster runs for context ${context}`);
      return backend;
    },
    close: () => {
      for (const backend of backends.values()) backend.close();
    },
  };
}

/** Since v4.29 the provider does so only where it is told to (pulumi-kubernetes#4278). */
function upserts(provider: Values): boolean {
  return isTrue(provider.upsertExistingObjects);
}

/** The engine hands a provider's settings on as text. */
function isTrue(setting: Value | undefined): boolean {
  return String(setting) === "true";
}

/** What the provider keeps of an object. */
function outputsOf(subject: Subject, live: KubeObject, inputs: Values): Values {
  const owned = { __initialApiVersion: live.apiVersion, __fieldManager: fieldManagerOf(subject, live) };
  return { ...keepSecret(live, inputs), ...owned };
}

/** A dry run knows no status (pulumi-kubernetes#2615). */
function planned(subject: Subject, { status: _, ...live }: KubeObject, inputs: Values): Values {
  return outputsOf(subject, live as KubeObject, inputs);
}

/** The object, its namespace or its kind is not there. */
function isMissing(answer: Answer): boolean {
  return !answer.ok && answer.code === 404;
}

function accepted(subject: Subject, answer: Answer): KubeObject {
  if (answer.ok) return answer.object;
  throw refused(subject, answer.message);
}

function refused({ name }: Subject, message: string): Error {
  return new Error(`resource ${name} was not accepted by the Kubernetes API server: ${message}`);
}
