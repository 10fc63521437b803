import { kindOf, packageOf, type Subject } from "./subject";
import { digest, textAt, type Values } from "./values";

/** Input that is the physical name, by type of AWS resource; the rest are named by `name`, or by nothing. */
const nameInputs: Record<string, string> = {
  "aws:s3/bucketObjectv2:BucketObjectv2": "key",
  "aws:rds/instance:Instance": "identifier",
  "aws:rds/cluster:Cluster": "clusterIdentifier",
};

/** The id of a resource that is created with these inputs. */
export function idOf(subject: Subject, inputs: Values, provider: Values): string {
  const { type, name } = subject;
  const own = physicalName(type, inputs);
  switch (packageOf(type)) {
    case "kubernetes": {
      const namespace = textAt(inputs, "metadata.namespace");
      const object = textAt(inputs, "metadata.name") ?? name;
      return namespace === undefined ? object : `${namespace}/${object}`;
    }
    case "azure-native": {
      const group = textAt(inputs, "resourceGroupName") ?? name;
      const kind = type.split(":").slice(1).join("/");
      return `/subscriptions/${textAt(provider, "subscriptionId") ?? "simulated"}/resourceGroups/${group}/providers/${kind}/${own ?? name}`;
    }
    case "random":
      return kindOf(type) === "RandomPassword" ? "none" : digest(16, subject.urn);
    default:
  }
  // As the AWS provider composes them.
  if (type === "aws:iam/rolePolicy:RolePolicy") return `${textAt(inputs, "role")}:${own ?? name}`;
  if (type === "aws:route53/record:Record")
    return [textAt(inputs, "zoneId"), own, textAt(inputs, "type"), textAt(inputs, "setIdentifier")]
      .filter((part) => part !== undefined)
      .join("_");
  const bucket = textAt(inputs, "bucket");
  if (type.startsWith("aws:s3/") && bucket !== undefined) return own === undefined ? bucket : `${bucket}/${own}`;
  return own ?? `${name}-${digest(8, subject.urn)}`;
}

/** The name that the program or check gave. */
export function physicalName(type: string, inputs: Values): string | undefined {
  if (packageOf(type) === "kubernetes") return textAt(inputs, "metadata.name");
  return textAt(inputs, nameInputs[type] ?? "name");
}

/** The ARN of an AWS resource; names of buckets and of what IAM keeps are the same in every region. */
export function arnOf(subject: Subject, id: string, provider: Values): string {
  const service = (subject.type.split(":")[1] ?? "").split("/")[0] ?? "";
  const kind = kindOf(subject.type);
  if (service === "s3") return `arn:aws:s3:::${id}`;
  const region = service === "iam" || service === "route53" ? "" : (textAt(provider, "region") ?? "");
  return `arn:aws:${service}:${region}:${accountOf(provider)}:${kind.charAt(0).toLowerCase()}${kind.slice(1)}/${id}`;
}

/** The account that a provider may act in, else the one of AWS's own examples. */
export function accountOf(provider: Values): string {
  const allowed = provider.allowedAccountIds;
  // The engine hands nested provider arguments on as JSON text.
  const ids: unknown = typeof allowed === "string" ? JSON.parse(allowed) : allowed;
  return Array.isArray(ids) && typeof ids[0] === "string" ? ids[0] : "123456789012";
}

/** Where a resource's id is unique: its account and region, or its cluster. */
export function scopeOf(subject: Subject, provider: Values): string {
  switch (packageOf(subject.type)) {
    case "kubernetes":
      return textAt(provider, "context") ?? "";
    case "aws":
      // One S3 for everybody: a bucket's name is taken in every region and account.
      if (subject.type.startsWith("aws:s3/")) return "";
      return subject.type.startsWith("aws:iam/")
        ? accountOf(provider)
        : `${accountOf(provider)}/${textAt(provider, "region") ?? ""}`;
    default:
      return "";
  }
}
