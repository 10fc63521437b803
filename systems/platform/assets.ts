import type { Disruption } from "../../recovery/objective";

/** What every system stands on, in the order in which it is brought back. */
export const assetNames = ["state", "keys", "registry", "dns", "clusters", "monitoring"] as const;

/** One of the platform's assets. */
export type AssetName = (typeof assetNames)[number];

/** What is known of an asset before any stack says anything. */
export interface AssetPlan {
  /** What it is, in a sentence of a page. */
  is: string;
  /** The service that keeps it; none for what runs on the cluster itself. */
  service?: "s3" | "eks" | "route53" | "ecr" | "secretsManager";
  /** Expected size of one export, bytes. */
  bytes: number;
  /** Deadlines of its recovery steps. */
  restore: string;
  verify: string;
  /** Where it is recovered: what only the clean room can open has no other place. */
  recoveredAt: "secondary" | "cleanRoom";
  /** Whether damage is undone where it was done: what is the cluster's own has no other place. */
  mendedInPlace?: true;
}

/** The six, each with the mechanism that keeps it between exports. */
export const assetPlans: Readonly<Record<AssetName, AssetPlan>> = {
  state: {
    is: "the state of every Pulumi stack",
    service: "s3",
    bytes: 200e6,
    restore: "20m",
    verify: "10m",
    recoveredAt: "secondary",
  },
  keys: {
    is: "the secret store, sealed to the clean room",
    service: "secretsManager",
    bytes: 10e6,
    restore: "10m",
    verify: "10m",
    recoveredAt: "cleanRoom",
  },
  registry: {
    is: "the images that run, by digest",
    service: "ecr",
    bytes: 20e9,
    restore: "1h",
    verify: "30m",
    recoveredAt: "secondary",
  },
  dns: {
    is: "the record sets of every zone",
    service: "route53",
    bytes: 10e6,
    restore: "20m",
    verify: "10m",
    recoveredAt: "secondary",
  },
  clusters: {
    is: "the declared objects of the serving cluster, and what the site is",
    service: "eks",
    bytes: 50e6,
    restore: "30m",
    verify: "15m",
    recoveredAt: "secondary",
    mendedInPlace: true,
  },
  monitoring: {
    is: "rules, routes and monitors; no series",
    bytes: 50e6,
    restore: "20m",
    verify: "10m",
    recoveredAt: "secondary",
    mendedInPlace: true,
  },
};

/** Scratch of an asset's jobs: the archive, its parts, what is unpacked, and what that is compared with. */
export function scratchBytes(name: AssetName): number {
  return assetPlans[name].bytes * 4;
}

/** `platform/state`. */
export function assetId(name: AssetName): string {
  return `platform/${name}`;
}

/** Disruptions that an asset is restored after elsewhere: what no service keeps is restored after the small ones too. */
export function restoredAfter(name: AssetName): Disruption[] {
  const { service, mendedInPlace } = assetPlans[name];
  return [
    ...(service === undefined ? (["process", "node", "zone"] as const) : []),
    "region",
    ...(mendedInPlace ? [] : (["corruption"] as const)),
  ];
}

/** Kinds that `platform/clusters` exports, as kubectl names them. */
export const clusterKinds = {
  "": ["namespaces", "configmaps", "services", "serviceaccounts", "persistentvolumeclaims"],
  apps: ["deployments"],
  batch: ["cronjobs"],
  "networking.k8s.io": ["networkpolicies"],
  policy: ["poddisruptionbudgets"],
  "cert-manager.io": ["certificates"],
} as const;

/** Kinds that are exported too, and given back by an administrator alone: whoever may write them may take any right. */
export const adminKinds = {
  "rbac.authorization.k8s.io": ["roles", "rolebindings", "clusterroles", "clusterrolebindings"],
} as const;

/** Kinds that `platform/monitoring` exports. */
export const monitoringKinds = {
  "monitoring.coreos.com": ["prometheusrules", "alertmanagerconfigs", "servicemonitors", "probes"],
} as const;

/** `deployments.apps`, for kubectl. */
export function kindList(kinds: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(kinds)
    .flatMap(([group, names]) => names.map((name) => (group === "" ? name : `${name}.${group}`)))
    .join(" ");
}
