import * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import { inputsOf } from "./outputs";
import { packageOf, type Subject } from "./subject";
import { digest, isMarked, isValues, textAt, type Value, type Values } from "./values";

/** What a check is given. */
export interface Checking {
  subject: Subject;
  inputs: Values;
  /** Inputs of the resource as it is, when it exists. */
  old: Values;
  provider: Values;
  autonaming?: proto.CheckRequest.AutonamingOptions | undefined;
}

/** Defaults in the schema of terraform-provider-aws, which the provider's check writes into the inputs. */
const defaults: Record<string, Values> = {
  "aws:s3/bucket:Bucket": { forceDestroy: false },
  "aws:s3/bucketObjectv2:BucketObjectv2": { forceDestroy: false },
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": { objectLockEnabled: "Enabled" },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    blockPublicAcls: false,
    blockPublicPolicy: false,
    ignorePublicAcls: false,
    restrictPublicBuckets: false,
  },
  "aws:iam/role:Role": { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
  "aws:kms/key:Key": {
    bypassPolicyLockoutSafetyCheck: false,
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
  },
};

/** Maps of the program's own keys, in which a default has no place. */
const maps = new Set(["tags", "tagsAll", "metadata"]);

/** Kubernetes kinds without a namespace, of those used here. */
const clusterWide = /:(Namespace|ClusterRole|ClusterRoleBinding|StorageClass|PersistentVolume|PriorityClass)$/;

/** The inputs after a check like the real provider's: its own region, defaults and names filled in. */
export function filled(checking: Checking): Values {
  switch (packageOf(checking.subject.type)) {
    case "aws":
      return filledByAws(checking);
    case "azure-native":
      return filledByAzure(checking);
    case "kubernetes":
      return filledByKubernetes(checking);
    default:
      return checking.inputs;
  }
}

/** The values without the list of defaults, which is in no output. */
export function withoutDefaults(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (!isValues(value)) return value;
  const entries = Object.entries(value).filter(([name]) => name !== "__defaults");
  return Object.fromEntries(entries.map(([name, one]) => [name, withoutDefaults(one)]));
}

/**
 * As the Terraform bridge does it: the region of the provider (pulumi-aws provider/region.go), defaults of the schema,
 * a name (pulumi-aws provider/autonaming.go; a bucket is named by `bucket`), and in every object the list of what was
 * not the program's.
 */
function filledByAws({ subject, inputs, old, provider, autonaming }: Checking): Values {
  const accepted = inputsOf(subject.type);
  const result: Values = { ...inputs };
  // Before the bridge's own check, so it is no default.
  if (accepted.has("region") && result.region === undefined && provider.region !== undefined)
    result.region = provider.region;
  const added: string[] = [];
  const add = (name: string, value: Value | undefined) => {
    if (result[name] !== undefined || value === undefined) return;
    result[name] = value;
    added.push(name);
  };
  for (const [name, value] of Object.entries(defaults[subject.type] ?? {})) add(name, value);
  const naming = subject.type === "aws:s3/bucket:Bucket" ? "bucket" : "name";
  if (accepted.get(naming) === "optional" && result[`${naming}Prefix`] === undefined)
    add(naming, nameOf(subject, old, naming, "-", 7, autonaming));
  return { ...listed(result), __defaults: added };
}

function listed(values: Values): Values {
  const nested = (value: Value, name: string): Value => {
    if (Array.isArray(value)) return value.map((one) => nested(one, name));
    if (!isValues(value) || maps.has(name) || isMarked(value)) return value;
    return { ...listed(value), __defaults: [] };
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, nested(value, name)]));
}

/** A location from the configuration, and a name for what has its own name as an optional input. */
function filledByAzure({ subject, inputs, old, provider, autonaming }: Checking): Values {
  const result: Values = { ...inputs };
  const accepted = inputsOf(subject.type);
  if (accepted.has("location") && result.location === undefined && provider.location !== undefined)
    result.location = provider.location;
  const own = [...accepted].find(([name, need]) => need === "optional" && /Name$/.test(name))?.[0];
  if (own !== undefined && result[own] === undefined) {
    const name = nameOf(subject, old, own, "", 8, autonaming);
    if (name !== undefined) result[own] = name;
  }
  return result;
}

/** A name with its annotation, and the provider's or the default namespace. */
function filledByKubernetes({ subject, inputs, old, provider, autonaming }: Checking): Values {
  const metadata = isValues(inputs.metadata) ? { ...inputs.metadata } : {};
  const before = isValues(old.metadata) ? old.metadata : {};
  if (metadata.namespace === undefined && !clusterWide.test(subject.type))
    metadata.namespace = textAt(provider, "namespace") ?? "default";
  if (metadata.name === undefined && metadata.generateName === undefined) {
    const name = nameOf(subject, before, "name", "-", 8, autonaming);
    if (name !== undefined) {
      const annotations = isValues(metadata.annotations) ? metadata.annotations : {};
      metadata.name = name;
      metadata.annotations = { ...annotations, "pulumi.com/autonamed": "true" };
    }
  }
  return { ...inputs, metadata };
}

const { Mode } = proto.CheckRequest.AutonamingOptions;

/** The name it has, else one that the stack's configuration proposes, else the Pulumi name and a suffix. */
function nameOf(
  { name, urn }: Subject,
  old: Values,
  input: string,
  separator: string,
  digits: number,
  autonaming: Checking["autonaming"],
): string | undefined {
  const present = textAt(old, input);
  if (present !== undefined) return present;
  if (autonaming?.getMode() === Mode.DISABLE) return undefined;
  // Not the request's random seed: what a test sees has to be the same every time.
  return autonaming?.getProposedName() || `${name}${separator}${digest(digits, urn)}`;
}
