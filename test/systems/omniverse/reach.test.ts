import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readProject } from "../../../preview/project";
import { readConfig } from "../../../systems/config";
import { declaredGraph } from "../../support/declaredGraph";
import { ofSystem } from "../declared";
import { type Call, Estate, type Objects, type Site, selects, sites } from "./estate";

const program = path.resolve(__dirname, "../../..");
const stacks = ["prod", "staging"] as const;

interface Service {
  metadata: { name: string; labels: Record<string, string> };
  spec: { selector?: Record<string, string> };
}

/** What keeps a call from being answered: nothing, or what is shut and what nobody knows. */
function shut(estate: Estate, { site, labels, url }: Call): string[] {
  const { config } = estate;
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const leaves = (other: Parameters<Estate["allows"]>[3]) =>
    labels === undefined || estate.allows(site, "egress", labels, other, port) ? [] : [`may not call ${port}`];
  const [service = "", namespace, ...rest] = url.hostname.split(".");
  if (url.hostname === "localhost") return [];
  if (rest.join(".") === "svc") {
    if (namespace !== config.namespace) {
      return leaves({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace ?? "" } } });
    }
    const found = estate.of("Service", site).map(({ props }) => props as unknown as Service);
    const called = found.find(({ metadata }) => metadata.name === service);
    if (called === undefined) return [`no Service ${service}`];
    // Whoever holds the Lease puts itself behind one without a selector; the Service has the labels of its pods.
    const selector = called.spec.selector ?? called.metadata.labels;
    // A service is told where it is itself.
    if (labels !== undefined && selects(selector, labels)) return [];
    const admits = estate.allows(site, "ingress", selector, { podSelector: { matchLabels: labels ?? {} } }, port);
    return [...leaves({ podSelector: { matchLabels: selector } }), ...(admits ? [] : [`${service} lets nobody in`])];
  }
  const balancers = estate.balancersAt(url.hostname);
  if (balancers.length === 0) {
    const known = [config.dns.endpoints.cleanRoom, ...[config.notifications, config.operations.updates].map(hostOf)];
    return known.includes(url.hostname) ? leaves(undefined) : [`nothing is known of ${url.hostname}`];
  }
  // Whoever leaves a cluster for the internet comes from its NAT gateways.
  const closed = balancers.flatMap((balancer) => {
    const admitted = estate.admittedAt(balancer, port);
    return config.edge[site].callers
      .filter((one) => !admitted.includes(one))
      .map((one) => `${balancer.name} is shut to ${one}`);
  });
  return [...leaves(undefined), ...closed];
}

const hostOf = (url: string) => new URL(url).hostname;

const estates = {} as Record<(typeof stacks)[number], Estate>;
beforeAll(async () => {
  for (const stack of stacks) {
    const values = readProject(program, stack).config;
    const { omniverse } = readConfig({ stack, values, isSecret: () => false, root: program });
    if (omniverse === undefined) throw new Error(`${stack} declares no Omniverse`);
    const graph = await declaredGraph(stack);
    estates[stack] = new Estate(ofSystem(graph.resources, "omniverse"), omniverse);
  }
});

describe.each(stacks)("who asks in %s", (stack) => {
  it("is let in wherever a job, a probe or a service is told to ask", () => {
    const estate = estates[stack];
    const calls = estate.calls();
    // Of each kind, or nothing would have been looked at.
    const toBalancers = calls.filter(({ url }) => estate.balancersAt(url.hostname).length > 0);
    expect(new Set(toBalancers.map(({ site, url }) => `${site} ${url.hostname}`)).size).toBeGreaterThanOrEqual(5);
    expect(toBalancers.filter(({ labels }) => labels === undefined)).toHaveLength(2);
    expect(calls.filter(({ url }) => url.hostname.endsWith(`.${estate.config.namespace}.svc`)).length).toBeGreaterThan(
      9,
    );
    const problems = calls.flatMap((call) =>
      shut(estate, call).map((why) => `${call.who} at ${call.url.href}: ${why}`),
    );
    expect(problems).toEqual([]);
  });

  it("is shown a certificate that names what was asked", () => {
    const estate = estates[stack];
    const asked = [
      ...estate.calls().map(({ site, url }) => ({ site, url })),
      // Route 53 names the host as well.
      ...estate
        .of("HealthCheck")
        .map(({ props }) => ({ site: "primary" as const, url: new URL(`https://${String(props.fqdn)}`) })),
    ].filter(({ url }) => url.protocol === "https:");
    const wrong = asked.flatMap(({ site, url }) => {
      const { hostname } = url;
      const inside = hostname.endsWith(".svc") || hostname === "localhost";
      const shown = inside
        ? [estate.namesInside(site)]
        : estate.balancersAt(hostname).map((one) => estate.namesAt(one));
      return shown
        .filter((names) => !names.includes(hostname))
        .map((names) => `${hostname}: ${names.join(", ") || "none"}`);
    });
    expect(wrong).toEqual([]);
    // nginx asks by name too.
    for (const site of sites) {
      const settings = estate
        .of("ConfigMap", site)
        .flatMap(({ props }) => (props as unknown as Objects).data?.["nginx.conf"] ?? []);
      const names = settings.flatMap((text) => [...text.matchAll(/proxy_ssl_name (\S+);/g)].map(([, name]) => name));
      expect(settings).toHaveLength(2);
      expect(names.length).toBeGreaterThan(6);
      expect(names.filter((name) => !estate.namesInside(site).includes(name ?? ""))).toEqual([]);
    }
  });

  it("is not cut off by nginx before the load balancer would: that would be a 502 for the next one", () => {
    const estate = estates[stack];
    for (const site of sites) {
      const [balancer] = estate.of("LoadBalancer", `${site}-aws` as Site);
      const idle = Number(balancer?.props.idleTimeout);
      expect(idle).toBeGreaterThan(60);
      const [proxy = "", page = ""] = estate
        .of("ConfigMap", site)
        .flatMap(({ props }) => (props as unknown as Objects).data?.["nginx.conf"] ?? [])
        .sort((a, b) => b.length - a.length);
      // Those of the server, not of one of its locations.
      const waits = (text: string) =>
        Object.fromEntries(
          [...text.matchAll(/^ {4}(\w+_timeout) (\d+)s;$/gm)].map(([, name, value]) => [name, Number(value)]),
        );
      expect(Object.keys(waits(proxy)).sort()).toEqual([
        "client_body_timeout",
        "keepalive_timeout",
        "proxy_read_timeout",
        "proxy_send_timeout",
        "send_timeout",
      ]);
      expect(Object.keys(waits(page))).toEqual(["keepalive_timeout"]);
      for (const value of [...Object.values(waits(proxy)), ...Object.values(waits(page))]) {
        expect(value).toBeGreaterThan(idle);
      }
    }
  });
});
