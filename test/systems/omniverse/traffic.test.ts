import { beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "../../../policies/graph";
import {
  JOB_LABELS,
  LOOK_LABELS,
  PAGE,
  SCAN_LABELS,
  SERVICE_LABELS,
  services,
  TOOL_LABELS,
} from "../../../systems/omniverse/names";
import { declaredGraph } from "../../support/declaredGraph";
import { ofSystem } from "../declared";

interface Peer {
  podSelector?: { matchLabels: Record<string, string> };
  namespaceSelector?: { matchLabels: Record<string, string> };
  ipBlock?: { cidr: string };
}
interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { port: number }[];
}
interface Policy {
  podSelector: { matchLabels?: Record<string, string> };
  policyTypes: string[];
  ingress?: Rule[];
  egress?: Rule[];
}

const stacks = ["prod", "staging"] as const;
const sites = ["primary", "secondary"] as const;
const places = stacks.flatMap((stack) => sites.map((site) => [stack, site] as const));
type Place = (typeof places)[number];
const graphs = {} as Record<(typeof stacks)[number], readonly Resource[]>;

beforeAll(async () => {
  for (const stack of stacks) graphs[stack] = ofSystem((await declaredGraph(stack)).resources, "omniverse");
});

/** Every policy in the namespace of a site: one that is named otherwise decides all the same. */
function policiesAt([stack, site]: Place): Policy[] {
  return graphs[stack]
    .filter(({ type, provider }) => type.endsWith(":NetworkPolicy") && provider?.name === site)
    .map(({ props }) => props.spec as unknown as Policy);
}

/** What the addresses of a site's load balancer begin with, by which alone people come. */
const visitors = {
  prod: { primary: "10.20.", secondary: "10.21." },
  staging: { primary: "10.30.", secondary: "10.31." },
} as const;

const others = {
  jobs: JOB_LABELS,
  "the job with tools": { ...JOB_LABELS, ...TOOL_LABELS },
  "the job that looks at certificates": { ...JOB_LABELS, ...LOOK_LABELS },
  "the job that scans": { ...JOB_LABELS, ...SCAN_LABELS },
  page: PAGE.labels,
};

type Who = keyof typeof services | keyof typeof others | "people" | "monitoring" | "a stranger";

const labels = (who: Who): Record<string, string> =>
  who in others
    ? others[who as keyof typeof others]
    : who in services
      ? { ...SERVICE_LABELS, component: who }
      : { app: "stranger" };

const selects = (wanted: Record<string, string> = {}, own: Record<string, string>) =>
  Object.entries(wanted).every(([key, value]) => own[key] === value);

function isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, who: Who, [stack, site]: Place): boolean {
  if (ipBlock !== undefined) return who === "people" && ipBlock.cidr.startsWith(visitors[stack][site]);
  if (namespaceSelector !== undefined) {
    return who === "monitoring" && namespaceSelector.matchLabels["kubernetes.io/metadata.name"] === "monitoring";
  }
  const outside = who === "people" || who === "monitoring";
  return !outside && podSelector !== undefined && selects(podSelector.matchLabels, labels(who));
}

/** As Kubernetes decides: of the policies that select a pod, one must allow the call, at both its ends. */
function mayCall(place: Place, caller: Who, called: Who | "the world", port: number): boolean {
  const policies = policiesAt(place);
  const concerning = (who: Who) => policies.filter((spec) => selects(spec.podSelector.matchLabels, labels(who)));
  const at = (rule: Rule) => rule.ports === undefined || rule.ports.some((one) => one.port === port);
  const out =
    caller === "people" ||
    caller === "monitoring" ||
    concerning(caller).some((spec) =>
      spec.egress?.some(
        (rule) =>
          at(rule) &&
          (rule.to === undefined || (called !== "the world" && rule.to.some((one) => isPeer(one, called, place)))),
      ),
    );
  if (called === "the world" || called === "monitoring") return out;
  return (
    out &&
    concerning(called).some((spec) =>
      spec.ingress?.some((rule) => at(rule) && rule.from?.some((one) => isPeer(one, caller, place))),
    )
  );
}

const { server, navigator, discovery, authentication, edge } = services;

describe.each(places)("on the network of Omniverse in %s at the %s", (...place) => {
  it("nobody may do anything that is not said", () => {
    const policies = policiesAt(place);
    const all = policies.find((spec) => Object.keys(spec.podSelector.matchLabels ?? {}).length === 0);
    expect(all).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    expect(policies.every(({ policyTypes }) => policyTypes.join() === "Ingress,Egress")).toBe(true);
    const open = policies.flatMap(({ ingress }) => ingress ?? []).filter((rule) => (rule.from ?? []).length === 0);
    expect(open).toEqual([]);
  });

  it("no address is let in but those of its own load balancer", () => {
    const [stack, site] = place;
    const admitted = policiesAt(place).flatMap(({ ingress = [] }) =>
      ingress.flatMap(({ from = [] }) => from.flatMap(({ ipBlock }) => ipBlock?.cidr ?? [])),
    );
    expect(admitted.length).toBeGreaterThan(0);
    expect(admitted.filter((cidr) => !cidr.startsWith(visitors[stack][site]))).toEqual([]);
  });

  it.each<[Who, Who | "the world", number, boolean]>([
    ["people", "edge", edge.port, true],
    ["people", "server", server.port, false],
    ["people", "navigator", navigator.port, false],
    ["edge", "server", server.port, true],
    ["edge", "navigator", navigator.port, true],
    ["edge", "discovery", discovery.port, true],
    ["edge", "authentication", authentication.port, true],
    ["edge", "the world", 443, false],
    ["edge", "the world", 5432, false],
    ["navigator", "server", server.port, true],
    ["navigator", "edge", edge.port, false],
    ["server", "authentication", authentication.port, true],
    ["server", "the world", 5432, true],
    ["server", "the world", 443, true],
    ["server", "the world", 53, true],
    ["server", "the world", 25, false],
    ["discovery", "server", server.port, false],
    ["authentication", "discovery", discovery.port, true],
    ["authentication", "server", server.port, false],
    ["authentication", "the world", 636, true],
    ["authentication", "the world", 5432, false],
    ["monitoring", "server", server.metrics, true],
    ["monitoring", "server", server.port, false],
    ["jobs", "server", server.port, true],
    ["jobs", "edge", edge.port, true],
    ["jobs", "authentication", authentication.port, false],
    ["jobs", "the world", 443, true],
    ["jobs", "the world", 5432, true],
    ["jobs", "monitoring", 9091, true],
    ["jobs", "monitoring", 9090, true],
    ["jobs", "server", 3006, false],
    ["the job with tools", "server", 3006, true],
    ["the job with tools", "server", 5555, true],
    ["the job that looks at certificates", "authentication", authentication.port, true],
    ["the job that looks at certificates", "discovery", discovery.port, true],
    ["the job that looks at certificates", "navigator", navigator.port, true],
    ["the job that looks at certificates", "server", server.port, true],
    ["the job that looks at certificates", "server", 3006, false],
    ["the job that scans", "the world", 22, true],
    ["people", "page", edge.port, true],
    ["page", "edge", edge.port, true],
    ["page", "the world", 443, false],
    ["server", "jobs", server.port, false],
    ["a stranger", "server", server.port, false],
    ["a stranger", "the world", 443, false],
  ])("%s to %s at %i: %s", (caller, called, port, expected) => {
    expect(mayCall(place, caller, called, port)).toBe(expected);
  });
});
