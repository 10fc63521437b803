import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Placement, placed } from "./placement";

type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type IngressRule = k8s.types.input.networking.v1.NetworkPolicyIngressRule;

/** Names of the cluster and of the world. */
export const DNS: EgressRule = {
  ports: [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
  ],
};

/** 6443 as well: API servers that are reached past their Service. */
export const HTTPS: EgressRule = to([], 443, 6443);

/** All pods of a namespace. */
export function namespace(name: string): Peer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

/** Pods of the same namespace. */
export function pods(matchLabels: Readonly<Record<string, string>>): Peer {
  return { podSelector: { matchLabels: { ...matchLabels } } };
}

/** Addresses outside of the cluster. */
export function addresses(blocks: readonly string[]): Peer[] {
  return blocks.map((cidr) => ({ ipBlock: { cidr } }));
}

/** Who calls some ports; anybody else is refused. */
export function from(peers: readonly Peer[], ...ports: readonly number[]): IngressRule {
  return { from: [...peers], ports: ports.map((port) => ({ port, protocol: "TCP" })) };
}

/** Whom one calls at some ports; without peers, anybody. */
export function to(peers: readonly Peer[], ...ports: readonly number[]): EgressRule {
  return {
    ...(peers.length === 0 ? {} : { to: [...peers] }),
    ports: ports.map((port) => ({ port, protocol: "TCP" })),
  };
}

/** Whom some pods call, and who calls them. */
export interface Traffic {
  labels: Readonly<Record<string, string>>;
  from: readonly IngressRule[];
  to: readonly EgressRule[];
}

/** Arguments of `NamespaceTraffic`. */
export interface NamespaceTrafficArgs {
  placement: Placement;
  /** By the name of the policy. */
  allowed: Readonly<Record<string, Traffic>>;
}

/** What pods of a namespace may do on the network: what is allowed here, and nothing besides, whoever comes later. */
export class NamespaceTraffic extends pulumi.ComponentResource {
  constructor(name: string, { placement, allowed }: NamespaceTrafficArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:kubernetes:NamespaceTraffic", name, {}, opts);
    const { namespace: own } = placement;
    new k8s.networking.v1.NetworkPolicy(
      `${name}-nobody`,
      { metadata: { name: "nobody", namespace: own }, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
      placed(this, placement),
    );
    for (const [policy, { labels, from: ingress, to: egress }] of Object.entries(allowed)) {
      new k8s.networking.v1.NetworkPolicy(
        `${name}-${policy}`,
        {
          metadata: { name: policy, namespace: own },
          spec: {
            podSelector: { matchLabels: { ...labels } },
            policyTypes: ["Ingress", "Egress"],
            ingress: [...ingress],
            egress: [...egress],
          },
        },
        placed(this, placement),
      );
    }
    this.registerOutputs({});
  }
}
