import { packageOf } from "./subject";

/**
 * Inputs whose change replaces the resource, by type or package; names are top-level or dotted. Those of Kubernetes are
 * what its API server refuses to change (422 "field is immutable"), those of AWS what the provider's schema calls
 * ForceNew.
 */
const immutable: Record<string, string[]> = {
  kubernetes: ["apiVersion", "kind", "metadata.name", "metadata.namespace"],
  "kubernetes:apps/v1:Deployment": ["spec.selector"],
  "kubernetes:apps/v1:StatefulSet": ["spec.selector", "spec.serviceName", "spec.volumeClaimTemplates"],
  "kubernetes:batch/v1:Job": ["spec.template", "spec.selector", "spec.completionMode"],
  "kubernetes:core/v1:PersistentVolumeClaim": [
    "spec.accessModes",
    "spec.storageClassName",
    "spec.volumeMode",
    "spec.selector",
    "spec.dataSource",
  ],
  "kubernetes:core/v1:Secret": ["type"],
  "kubernetes:core/v1:Service": ["spec.clusterIP"],
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": ["roleRef"],
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": ["roleRef"],
  "kubernetes:storage.k8s.io/v1:StorageClass": ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
  aws: ["bucket", "identifier", "clusterIdentifier", "availabilityZone", "region", "engine", "storageEncrypted"],
  "aws:iam/role:Role": ["name", "namePrefix", "path"],
  "aws:iam/rolePolicy:RolePolicy": ["name", "namePrefix", "role"],
  "aws:route53/record:Record": ["zoneId", "setIdentifier"],
  "aws:s3/bucket:Bucket": ["bucketPrefix", "bucketNamespace"],
  "azure-native": ["accountName", "resourceGroupName", "location", "serverName", "vaultName", "subscriptionId"],
  random: ["length", "keepers", "special", "lower", "upper", "numeric", "byteLength", "prefix"],
};

/** Settings of a provider whose change replaces it and all that it made: another place, another cluster. */
const otherPlace: Record<string, string[]> = {
  aws: ["region", "allowedAccountIds"],
  kubernetes: ["context", "cluster"],
  "azure-native": ["subscriptionId", "environment"],
};

/** The inputs of `type` whose change replaces it. */
export function replacedBy(type: string): string[] {
  return [...(immutable[packageOf(type)] ?? []), ...(immutable[type] ?? [])];
}

/** The settings of a provider resource, `pulumi:providers:aws`, whose change replaces it. */
export function providerReplacedBy(type: string): string[] {
  return otherPlace[type.split(":").at(-1) ?? ""] ?? [];
}
