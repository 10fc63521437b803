import type { Resource } from "../../../policies/graph";
import type { OmniverseConfig } from "../../../systems/omniverse/config";
import { kindOf } from "../declared";

/** Where Omniverse is, by its clusters. */
export const sites = ["primary", "secondary"] as const;
/** One of them. */
export type Site = (typeof sites)[number];

/** Somebody at a site who asks an address; the prober lives in a namespace that other programs declare. */
export interface Call {
  who: string;
  site: Site;
  labels?: Record<string, string>;
  url: URL;
}

interface Peer {
  podSelector?: { matchLabels: Record<string, string> };
  namespaceSelector?: { matchLabels: Record<string, string> };
}
interface Policy {
  podSelector: { matchLabels?: Record<string, string> };
  ingress?: { from?: Peer[]; ports?: { port: number }[] }[];
  egress?: { to?: Peer[]; ports?: { port: number }[] }[];
}
interface PodTemplate {
  metadata: { labels: Record<string, string> };
  spec: { containers: { env?: { name: string; value?: string }[] }[] };
}
export interface Objects {
  spec: { jobTemplate: { spec: { template: PodTemplate } }; template: PodTemplate };
  data: Record<string, string>;
  targets: { staticConfig: { static: string[] } };
}

/** A stack as its graph says it. */
export class Estate {
  constructor(
    readonly all: readonly Resource[],
    readonly config: OmniverseConfig,
  ) {}

  of(kind: string, site?: Site): Resource[] {
    return this.all.filter((one) => kindOf(one.type) === kind && (site === undefined || one.provider?.name === site));
  }

  /** What a property of a resource is made from. */
  from({ propertyDependencies }: Resource, property: string): Resource[] {
    return this.all.filter(({ urn }) => propertyDependencies[property]?.includes(urn));
  }

  /** Every address that a job, a probe or a service is told, by whoever is told it. */
  calls(): Call[] {
    return sites.flatMap((site) => {
      const pods = (kind: string, template: (spec: Objects["spec"]) => PodTemplate): Call[] =>
        this.of(kind, site).flatMap(({ name, props }) => {
          const { metadata, spec } = template(props.spec as unknown as Objects["spec"]);
          return spec.containers
            .flatMap(({ env = [] }) => env)
            .filter(({ value = "" }) => /^https?:\/\//.test(value))
            .map((one) => ({
              who: `${name} ${one.name}`,
              site,
              labels: metadata.labels,
              url: new URL(one.value ?? ""),
            }));
        });
      return [
        ...pods("CronJob", (spec) => spec.jobTemplate.spec.template),
        ...pods("Deployment", (spec) => spec.template),
        ...this.of("Probe", site).flatMap(({ name, props }) =>
          (props.spec as unknown as Objects).targets.staticConfig.static
            .filter((target) => target.startsWith("http"))
            .map((target) => ({ who: name, site, url: new URL(target) })),
        ),
      ];
    });
  }

  /** The load balancers that a name of the zone leads to, over other names as well. */
  balancersAt(host: string): Resource[] {
    const records = this.of("Record").filter(({ props }) => props.name === host);
    return records.flatMap((record) => [
      ...this.from(record, "aliases").filter(({ type }) => kindOf(type) === "LoadBalancer"),
      ...((record.props.records ?? []) as string[]).flatMap((next) => this.balancersAt(next)),
    ]);
  }

  /** Networks that a load balancer lets in at a port. */
  admittedAt(balancer: Resource, port: number): string[] {
    const groups = this.from(balancer, "securityGroups");
    return this.of("SecurityGroupIngressRule")
      .filter((rule) => this.from(rule, "securityGroupId").some((one) => groups.includes(one)))
      .filter(({ props }) => Number(props.fromPort) <= port && port <= Number(props.toPort))
      .flatMap(({ props }) => (typeof props.cidrIpv4 === "string" ? [props.cidrIpv4] : []));
  }

  /** Names in the certificate that a load balancer shows. */
  namesAt(balancer: Resource): string[] {
    return this.of("Listener")
      .filter((one) => one.props.protocol === "HTTPS" && this.from(one, "loadBalancerArn").includes(balancer))
      .flatMap((one) => this.from(one, "certificateArn"))
      .flatMap((validation) => this.from(validation, "certificateArn"))
      .flatMap(({ props }) => [props.domainName, ...(props.subjectAlternativeNames as string[])].map(String));
  }

  /** Names in the certificate of the services inside a cluster. */
  namesInside(site: Site): string[] {
    return this.of("Certificate", site).flatMap(
      ({ props }) => (props.spec as unknown as { dnsNames: string[] }).dnsNames,
    );
  }

  /** As Kubernetes decides at one end of a call: of the policies that select a pod, one must allow it. */
  allows(site: Site, end: "ingress" | "egress", pod: Record<string, string>, other: Peer | undefined, port: number) {
    const rules = this.of("NetworkPolicy", site)
      .map(({ props }) => props.spec as unknown as Policy)
      .filter(({ podSelector }) => selects(podSelector.matchLabels, pod))
      .flatMap((policy): { peers: Peer[] | undefined; ports?: { port: number }[] }[] =>
        end === "ingress"
          ? (policy.ingress ?? []).map(({ from, ports = [] }) => ({ peers: from, ports }))
          : (policy.egress ?? []).map(({ to, ports = [] }) => ({ peers: to, ports })),
      );
    return rules.some(
      ({ peers, ports = [] }) =>
        (ports.length === 0 || ports.some((one) => one.port === port)) &&
        (peers === undefined || peers.some((peer) => other !== undefined && isPeer(peer, other))),
    );
  }
}

/** Whether labels have all that are wanted. */
export const selects = (wanted: Record<string, string> = {}, own: Record<string, string> = {}) =>
  Object.entries(wanted).every(([key, value]) => own[key] === value);

function isPeer(peer: Peer, { podSelector, namespaceSelector }: Peer): boolean {
  if (namespaceSelector) return JSON.stringify(peer.namespaceSelector) === JSON.stringify(namespaceSelector);
  return peer.podSelector !== undefined && selects(peer.podSelector.matchLabels, podSelector?.matchLabels);
}
