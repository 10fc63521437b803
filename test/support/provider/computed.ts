import type { Behaviour } from "./behaviour";
import { withoutDefaults } from "./filled";
import { arnOf, idOf, physicalName } from "./identity";
import { inputsOf, type OutputKind, outputsOf } from "./outputs";
import { kindOf, packageOf, type Subject } from "./subject";
import { digest, isValues, reveal, revealed, secret, unknown, type Value, type Values } from "./values";

/** A resource and what its outputs depend on. */
export interface Making {
  subject: Subject;
  inputs: Values;
  provider: Values;
  unset: Behaviour["unset"];
}

/** The outputs of a resource that does not exist yet: what only the cloud can tell is unknown. */
export function planned(making: Making): Values {
  if (packageOf(making.subject.type) === "kubernetes") return withSecrets(making.subject.type, making.inputs);
  return withComputed(making, () => unknown);
}

/** The outputs of a resource that has been created. */
export function created(making: Making): Values {
  const { subject, inputs } = making;
  if (packageOf(subject.type) === "kubernetes") return objectOf(subject, inputs, {});
  const id = idOf(subject, inputs, making.provider);
  return withComputed(making, (name, kind) => madeUp(making, id, name, kind));
}

/** The outputs of a resource after an update: what was computed stays. */
export function updated({ subject, inputs, unset }: Making, old: { inputs: Values; outputs: Values }): Values {
  if (packageOf(subject.type) === "kubernetes") return objectOf(subject, inputs, old.outputs);
  if (unset === "absent") return plainOf(inputs);
  const kept = Object.entries(old.outputs).filter(([name]) => !(name in old.inputs));
  return { ...Object.fromEntries(kept), ...plainOf(inputs) };
}

function plainOf(inputs: Values): Values {
  const plain = withoutDefaults(inputs);
  return isValues(plain) ? { ...plain } : {};
}

/** A Kubernetes object is its inputs and what the API server adds. */
function objectOf(subject: Subject, inputs: Values, old: Values): Values {
  const metadata = isValues(inputs.metadata) ? inputs.metadata : {};
  const before = isValues(old.metadata) ? old.metadata : {};
  const version = Number(before.resourceVersion ?? "0") + 1;
  const uid = before.uid ?? digest(32, "uid", subject.urn);
  const full = { name: subject.name, ...metadata, uid, resourceVersion: String(version) };
  return withSecrets(subject.type, { ...inputs, metadata: full });
}

/** The API server keeps a Secret's `stringData` as base64 under `data`; the provider marks both as secret. */
function withSecrets(type: string, object: Values): Values {
  if (type !== "kubernetes:core/v1:Secret") return object;
  const texts = revealed(object.stringData ?? {});
  if (!isValues(texts)) return object;
  const given = revealed(object.data ?? {});
  const encoded = Object.entries(texts).map(([name, value]): [string, Value] => [
    name,
    typeof value === "string" && value !== unknown ? Buffer.from(value).toString("base64") : value,
  ]);
  const marked: Values = { data: secret({ ...(isValues(given) ? given : {}), ...Object.fromEntries(encoded) }) };
  if (object.stringData !== undefined) marked.stringData = secret(texts);
  return { ...object, ...marked };
}

function withComputed(making: Making, computed: (name: string, kind: OutputKind) => Value): Values {
  const { subject, inputs, provider } = making;
  const outputs = plainOf(inputs);
  if (making.unset === "absent") return outputs;
  for (const [name, kind] of outputsOf(subject.type)) {
    if (outputs[name] !== undefined) continue;
    const value = name === "region" ? (provider.region ?? computed(name, kind)) : computed(name, kind);
    outputs[name] = isSecretOutput(subject.type, name) ? secret(value) : value;
  }
  return outputs;
}

function isSecretOutput(type: string, name: string): boolean {
  if (kindOf(type) === "RandomPassword") return name === "result" || name === "bcryptHash";
  // Answers of Azure's listKeys and the like.
  return packageOf(type) === "azure-native" && /key|connectionstring|password|secret/i.test(name);
}

/** The record by which ACM validates each name of a certificate: of one account the same in every region. */
function proofsOf({ domainName, subjectAlternativeNames }: Values): Value {
  const others = Array.isArray(subjectAlternativeNames) ? subjectAlternativeNames : [];
  return [domainName, ...others].map((domain) => ({
    domainName: String(domain),
    resourceRecordName: `_${digest(32, String(domain))}.${String(domain)}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_${digest(32, String(domain), "value")}.acm-validations.invalid.`,
  }));
}

const empty: Record<OutputKind, Value> = { number: 0, boolean: false, list: [], object: {}, string: "" };

function madeUp({ subject, inputs, provider }: Making, id: string, name: string, kind: OutputKind): Value {
  if (packageOf(subject.type) === "random" && kind === "string")
    return digest(Number(reveal(inputs.length) ?? 32), subject.urn, name === "result" ? "" : name);
  if (/arn$/i.test(name)) return arnOf(subject, id, provider);
  if (name === "name" || name === "bucket" || name === "identifier") return physicalName(subject.type, inputs) ?? id;
  if (name === "domainValidationOptions") return proofsOf(inputs);
  // What the program might have set and did not is empty until somebody sets it, as other resources do.
  if (kind !== "string" || inputsOf(subject.type).has(name)) return empty[kind];
  const text = digest(12, subject.urn, name);
  if (/endpoint|domain|url|address|host/i.test(name)) return `${subject.name}.${text}.simulated.invalid`;
  return `simulated-${name}-${text}`;
}
