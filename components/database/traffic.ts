import type * as k8s from "@pulumi/kubernetes";
import { DNS, from, HTTPS, namespace, pods, to } from "../kubernetes/traffic";

/** Where a database listens, and who may call. */
export interface TrafficArgs {
  /** Name of the Service; its EndpointSlice is `<service>-serving`. */
  service: string;
  ports: Record<string, number>;
  /** Who may call, by port name: namespaces, or pods of the same namespace by their labels. */
  callers: Record<string, (string | Record<string, string>)[]>;
  /** What its pods call beside DNS, the API server and whatever answers on 443, as TCP ports. @default nothing */
  calls?: number[];
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

/** The database's pods are called by the callers and, where they are given, their own jobs; they call no more than they are told to. */
export function networkPolicySpec(
  { ports, callers, calls = [] }: TrafficArgs,
  labels: Record<string, string>,
  jobLabels?: Record<string, string>,
): k8s.types.input.networking.v1.NetworkPolicySpec {
  const jobs = jobLabels === undefined ? [] : [jobLabels];
  return {
    podSelector: { matchLabels: labels },
    policyTypes: ["Ingress", "Egress"],
    ingress: Object.entries(ports).flatMap(([name, port]) => {
      const peers = [...jobs, ...(callers[name] ?? [])].map(peer);
      // A rule from nobody would be one from everybody.
      return peers.length === 0 ? [] : [from(peers, port)];
    }),
    egress: [DNS, HTTPS, ...calls.map((port) => to([], port))],
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
    egress: [DNS, HTTPS, { to: [pods(labels)] }, to([namespace(pushgateway.namespace)], pushgateway.port)],
  };
}

function peer(caller: string | Record<string, string>): k8s.types.input.networking.v1.NetworkPolicyPeer {
  return typeof caller === "string" ? namespace(caller) : pods(caller);
}
