import { type OutputKind, outputsOf } from "./outputs";
import { digest, isValues, reveal, secret, unknown, type Value, type Values } from "./values";

/** What identifies a resource to the simulated cloud. */
export interface Subject {
  urn: string;
  /** Type token. */
  type: string;
  /** Pulumi name. */
  name: string;
}

/** How the simulated cloud answers. */
export interface Answers {
  /**
   * What becomes of an output that the SDK always has and that the program did not set: `unknown` at preview and
   * made up afterwards, as the bridged providers do, or `absent`. @default "unknown"
   */
  unset?: "unknown" | "absent";
  /** `filled`: check gives names to what has none, as the real providers do; `echo`: it changes nothing. @default "echo" */
  check?: "echo" | "filled";
}

/** Inputs whose change replaces the resource, by type or package; names are top-level or dotted. */
const immutable: Record<string, string[]> = {
  kubernetes: ["apiVersion", "kind", "metadata.name", "metadata.namespace"],
  aws: ["bucket", "identifier", "clusterIdentifier", "availabilityZone", "region", "engine", "storageEncrypted"],
  "azure-native": ["accountName", "resourceGroupName", "location", "serverName", "vaultName", "subscriptionId"],
  random: ["length", "keepers", "special", "lower", "upper", "numeric", "byteLength", "prefix"],
};

/** The inputs of `type` whose change replaces it. */
export function replacedBy(type: string): string[] {
  return immutable[type] ?? immutable[packageOf(type)] ?? [];
}

/** The package of a type token. */
export function packageOf(type: string): string {
  return type.split(":")[0] ?? "";
}

/** The value at a dotted path, unmarked. */
export function at(values: Value | undefined, dotted: string): Value | undefined {
  return dotted.split(".").reduce<Value | undefined>((value, name) => {
    const object = reveal(value);
    return isValues(object) ? object[name] : undefined;
  }, values);
}

/** The inputs after the provider's check. */
export function checked(subject: Subject, inputs: Values, answers: Answers): Values {
  if (answers.check !== "filled") return inputs;
  const suffix = digest(8, subject.urn);
  if (packageOf(subject.type) === "kubernetes") {
    const metadata = isValues(inputs.metadata) ? inputs.metadata : {};
    if (metadata.name !== undefined || metadata.generateName !== undefined) return inputs;
    const annotations = isValues(metadata.annotations) ? metadata.annotations : {};
    return {
      ...inputs,
      metadata: {
        ...metadata,
        name: `${subject.name}-${suffix}`,
        annotations: { ...annotations, "pulumi.com/autonamed": "true" },
      },
    };
  }
  if (subject.type === "aws:s3/bucket:Bucket" && inputs.bucket === undefined && inputs.bucketPrefix === undefined)
    return { ...inputs, bucket: `${subject.name}-${suffix.slice(0, 7)}` };
  return inputs;
}

/** The outputs of a resource that does not exist yet: what only the cloud can tell is unknown. */
export function planned(subject: Subject, inputs: Values, provider: Values, answers: Answers): Values {
  return withComputed(subject, inputs, provider, answers, () => unknown);
}

/** The outputs of a resource that has been created. */
export function created(subject: Subject, inputs: Values, provider: Values, answers: Answers): Values {
  return withComputed(subject, inputs, provider, answers, (name, kind) => madeUp(subject, inputs, name, kind));
}

/** The outputs of a resource after an update: what was computed stays. */
export function updated(subject: Subject, inputs: Values, oldInputs: Values, old: Values, answers: Answers): Values {
  const kept = Object.entries(old).filter(([name]) => !(name in oldInputs));
  const fresh = packageOf(subject.type) === "kubernetes" ? withIdentity(subject, inputs, old) : inputs;
  return answers.unset === "absent" ? { ...fresh } : { ...Object.fromEntries(kept), ...fresh };
}

/** The id of a resource that has been created. */
export function idOf(subject: Subject, inputs: Values): string {
  if (packageOf(subject.type) === "kubernetes") {
    const name = textAt(inputs, "metadata.name") ?? subject.name;
    const namespace = textAt(inputs, "metadata.namespace");
    return namespace === undefined ? name : `${namespace}/${name}`;
  }
  if (packageOf(subject.type) === "azure-native") {
    const group = textAt(inputs, "resourceGroupName") ?? subject.name;
    const kind = subject.type.split(":").slice(1).join("/");
    return `/subscriptions/simulated/resourceGroups/${group}/providers/${kind}/${subject.name}`;
  }
  return textAt(inputs, "bucket") ?? `${subject.name}-${digest(8, subject.urn)}`;
}

function withComputed(
  subject: Subject,
  inputs: Values,
  provider: Values,
  answers: Answers,
  computed: (name: string, kind: OutputKind) => Value,
): Values {
  if (packageOf(subject.type) === "kubernetes") {
    return computed("", "string") === unknown ? inputs : withIdentity(subject, inputs, {});
  }
  const outputs: Values = { ...inputs };
  if (answers.unset !== "absent") {
    for (const [name, kind] of outputsOf(subject.type)) {
      if (outputs[name] !== undefined) continue;
      const value = name === "region" ? (provider.region ?? computed(name, kind)) : computed(name, kind);
      outputs[name] = isSecretOutput(subject.type, name) ? secret(value) : value;
    }
  }
  return outputs;
}

/** A Kubernetes object is its inputs and what the API server adds to its metadata. */
function withIdentity(subject: Subject, inputs: Values, old: Values): Values {
  const metadata = isValues(inputs.metadata) ? inputs.metadata : {};
  const oldMetadata = isValues(old.metadata) ? old.metadata : {};
  const version = Number(oldMetadata.resourceVersion ?? "0") + 1;
  const uid = oldMetadata.uid ?? digest(32, "uid", subject.urn);
  return {
    ...inputs,
    metadata: { name: subject.name, ...metadata, uid, resourceVersion: String(version) },
  };
}

function isSecretOutput(type: string, name: string): boolean {
  return type.endsWith(":RandomPassword") && (name === "result" || name === "bcryptHash");
}

function madeUp(subject: Subject, inputs: Values, name: string, kind: OutputKind): Value {
  const text = digest(12, subject.urn, name);
  switch (kind) {
    case "number":
      return 0;
    case "boolean":
      return false;
    case "list":
      return [];
    case "object":
      return {};
    case "string":
      break;
  }
  if (packageOf(subject.type) === "random") return digest(Number(reveal(inputs.length) ?? 32), subject.urn);
  if (/arn$/i.test(name)) return `arn:simulated:${subject.type.split(":")[1]}:::${subject.name}`;
  if (name === "name" || name === "bucket" || name === "identifier") return idOf(subject, inputs);
  if (/endpoint|domain|url|address|host/i.test(name)) return `${subject.name}.${text}.simulated.invalid`;
  return `simulated-${name}-${text}`;
}

function textAt(values: Values, dotted: string): string | undefined {
  const value = at(values, dotted);
  return typeof value === "string" && value !== unknown ? value : undefined;
}
