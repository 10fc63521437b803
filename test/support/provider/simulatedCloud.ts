import type { Backend, ExistingOrder, Live, Order } from "./backend";
import type { Behaviour } from "./behaviour";
import type { Cloud, Thing } from "./cloud";
import { created, planned, updated } from "./computed";
import { idOf, scopeOf } from "./identity";
import { shown } from "./related";
import { packageOf, type Subject } from "./subject";
import { at, type Values, withValue } from "./values";

/** Carries out orders in a simulated cloud. */
export function simulatedBackend(cloud: Cloud, behaviour: Behaviour): Backend {
  const { unset } = behaviour;
  return {
    plan: async (order) => planned({ ...order, unset }),

    create: async (order) => {
      const id = idOf(order.subject, order.inputs, order.provider);
      const outputs = created({ ...order, unset });
      const live = { id, inputs: order.inputs, outputs };
      if (isOutside(order.subject)) return live;
      const key = keyOf(order, id);
      const refusal = cloud.get(key) && alreadyThere(order, id);
      if (refusal) throw new Error(refusal);
      cloud.put({ ...key, urn: order.subject.urn, inputs: order.inputs, outputs });
      return live;
    },

    read: async (order): Promise<Live | undefined> => {
      const { id, old } = order;
      if (isOutside(order.subject)) return { id, ...old };
      const thing = cloud.get(keyOf(order, id)) ?? elsewhere(order, behaviour);
      if (thing === undefined) return undefined;
      const outputs = shown(thing, cloud);
      // Only what the program had set comes back as an input: what others set is theirs.
      const known = Object.keys(old.inputs);
      const inputs =
        known.length === 0
          ? thing.inputs
          : Object.fromEntries(known.map((name) => [name, thing.inputs[name] ?? old.inputs[name] ?? null]));
      return { id, inputs, outputs };
    },

    update: async (order, preview) => {
      const outputs = updated({ ...order, unset }, order.old);
      if (!preview && !isOutside(order.subject)) {
        const key = keyOf(order, order.id);
        if (!cloud.get(key)) throw new Error(`${order.subject.type} ${order.id} not found`);
        cloud.put({ ...key, urn: order.subject.urn, inputs: order.inputs, outputs });
      }
      return outputs;
    },

    remove: async (order) => cloud.remove(keyOf(order, order.id)),
  };
}

/** Does to the cloud what somebody did behind the engine's back. */
export function disturb(cloud: Cloud, { vanished = [], drift = [] }: Behaviour): void {
  for (const name of vanished) for (const thing of cloud.madeBy(name)) cloud.remove(thing);
  for (const { name, path, value } of drift) {
    for (const thing of cloud.madeBy(name)) {
      const inputs = at(thing.inputs, path) === undefined ? thing.inputs : withValue(thing.inputs, path, value);
      cloud.put({ ...thing, inputs, outputs: withValue(thing.outputs, path, value) });
    }
  }
}

/** Random values exist in the engine's state only. */
function isOutside({ type }: Subject): boolean {
  return packageOf(type) === "random";
}

function keyOf({ subject, provider }: Order | ExistingOrder, id: string): Pick<Thing, "scope" | "type" | "id"> {
  return { scope: scopeOf(subject, provider), type: subject.type, id };
}

/** What nobody here made. */
function elsewhere({ subject, id }: ExistingOrder, { exists = [] }: Behaviour): Thing | undefined {
  const found = exists.find((one) => one.type === subject.type && one.id === id);
  return found && { ...found, scope: "", urn: subject.urn, inputs: found.properties, outputs: found.properties };
}

/** The refusal of what exists already; most settings of AWS are simply put again. */
function alreadyThere({ subject, provider, inputs }: Order, id: string): string | undefined {
  const { type } = subject;
  switch (packageOf(type)) {
    case "kubernetes":
      // Since v4.29 the provider creates instead of applying (pulumi-kubernetes#2926).
      if (String(provider.upsertExistingObjects) === "true") return undefined;
      return `${type} "${id}" already exists (AlreadyExists)`;
    case "azure-native":
      return `cannot create already existing resource '${id}'`;
    default:
  }
  if (type === "aws:s3/bucket:Bucket") return `creating S3 Bucket (${id}): BucketAlreadyOwnedByYou`;
  if (type === "aws:iam/role:Role") return `creating IAM Role (${id}): EntityAlreadyExists`;
  if (type === "aws:route53/record:Record" && !isTrue(inputs, "allowOverwrite"))
    return `creating Route53 Record: InvalidChangeBatch: tried to create resource record set ${id} but it already exists`;
  return undefined;
}

function isTrue(values: Values, name: string): boolean {
  return values[name] === true;
}
