import type * as k8s from "@pulumi/kubernetes";

/** Where a database listens, and who may call. */
export interface TrafficArgs {
  /** Name of the Service; its EndpointSlice is `<service>-serving`. */
  service: string;
  ports: Record<string, number>;
  /** Namespaces whose pods may call, by port name. */
  callers: Record<string, string[]>;
}

/** Name of the EndpointSlice that the pod with the lease writes itself into. */
export function servingSlice(service: string): string {
  return `${service}-serving`;
}

/** A Service without a selector: only the pod that holds the lease gets traffic. */
export function serviceSpec({ ports }: TrafficArgs): k8s.types.input.core.v1.ServiceSpec {
  return {
    type: "ClusterIP",
    ports: Object.entries(ports).map(([name, port]) => ({ name, port, targetPort: port, protocol: "TCP" })),
  };
}

/** Ports of the EndpointSlice, named as the Service names them. */
export function slicePorts({ ports }: TrafficArgs): k8s.types.input.discovery.v1.EndpointPort[] {
  return Object.entries(ports).map(([name, port]) => ({ name, port, protocol: "TCP" }));
}

/** The database's pods are called by the callers and their own jobs, and call the API server and DNS only. */
export function networkPolicySpec(
  { ports, callers }: TrafficArgs,
  labels: Record<string, string>,
  jobLabels: Record<string, string>,
): k8s.types.input.networking.v1.NetworkPolicySpec {
  const jobs = { podSelector: { matchLabels: jobLabels } };
  return {
    podSelector: { matchLabels: labels },
    policyTypes: ["Ingress", "Egress"],
    ingress: Object.entries(ports).map(([name, port]) => ({
      from: [jobs, ...(callers[name] ?? []).map(namespace)],
      ports: [{ port, protocol: "TCP" }],
    })),
    egress: [DNS, HTTPS],
  };
}

/** Jobs call the database, the push gateway, the API server and the bucket; nobody calls them. */
export function jobNetworkPolicySpec(
  labels: Record<string, string>,
  jobLabels: Record<string, string>,
  pushgateway: { namespace: string; port: number },
): k8s.types.input.networking.v1.NetworkPolicySpec {
  return {
    podSelector: { matchLabels: jobLabels },
    policyTypes: ["Ingress", "Egress"],
    ingress: [],
    egress: [
      DNS,
      HTTPS,
      { to: [{ podSelector: { matchLabels: labels } }] },
      { to: [namespace(pushgateway.namespace)], ports: [{ port: pushgateway.port, protocol: "TCP" }] },
    ],
  };
}

const DNS: k8s.types.input.networking.v1.NetworkPolicyEgressRule = {
  ports: [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
  ],
};

/** 6443 as well: API servers that are reached past their Service. */
const HTTPS: k8s.types.input.networking.v1.NetworkPolicyEgressRule = {
  ports: [
    { port: 443, protocol: "TCP" },
    { port: 6443, protocol: "TCP" },
  ],
};

function namespace(name: string): k8s.types.input.networking.v1.NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}
