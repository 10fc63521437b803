import { beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "../../../policies/graph";
import { SERVICE_LABELS, services } from "../../../systems/omniverse/names";
import { proxySettings } from "../../../systems/omniverse/proxy";
import { serverContradictions, serverSettings } from "../../../systems/omniverse/serverConfig";
import { declaredGraph } from "../../support/declaredGraph";
import { kindOf, metadataOf, ofSystem } from "../declared";

let own: readonly Resource[] = [];
beforeAll(async () => {
  const graph = await declaredGraph("prod");
  own = ofSystem(graph.resources, "omniverse");
});

interface Pod {
  automountServiceAccountToken?: boolean;
  volumes: { name: string; emptyDir?: { medium?: string } }[];
  containers: { image: string; env: { name: string; value?: string }[] }[];
  initContainers?: Pod["containers"];
}
interface Deployment {
  metadata: { name: string; labels: Record<string, string> };
  spec: { replicas: number; template: { metadata: { labels: Record<string, string> }; spec: Pod } };
}
const deployments = (site: string) =>
  own
    .filter(({ type, provider }) => kindOf(type) === "Deployment" && provider?.name === site)
    .map(({ props }) => props as never as Deployment)
    .filter(({ metadata }) => metadata.labels.app === SERVICE_LABELS.app);

describe("Omniverse's servers", () => {
  it("are the runbook's five at both sites: three of each here, none there until a recovery starts them", () => {
    const workloads = Object.values(services).map(({ workload }) => workload);
    for (const [site, replicas] of [
      ["primary", 3],
      ["secondary", 0],
    ] as const) {
      const found = deployments(site);
      expect(found.map(({ metadata }) => metadata.name).sort()).toEqual([...workloads].sort());
      expect(found.map(({ spec }) => spec.replicas)).toEqual(workloads.map(() => replicas));
      for (const { metadata, spec } of found) {
        expect(spec.template.metadata.labels).toEqual(metadata.labels);
      }
    }
  });

  it("run images by digest; only the one that holds the Lease may speak to the cluster", () => {
    for (const { metadata, spec } of [...deployments("primary"), ...deployments("secondary")]) {
      const pod = spec.template.spec;
      for (const { image } of pod.containers) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
      if (metadata.name !== "nucleus-server") expect(pod.automountServiceAccountToken).toBe(false);
    }
  });

  it("get passwords and tokens as files: no variable has one", () => {
    const values = [...deployments("primary"), ...deployments("secondary")].flatMap(({ spec }) =>
      spec.template.spec.containers.flatMap(({ env }) => env.filter(({ name }) => /PASSWORD|TOKEN|SECRET/.test(name))),
    );
    expect(values.length).toBeGreaterThan(2);
    const inMemory = deployments("primary").filter(({ spec }) =>
      spec.template.spec.volumes.some(({ name, emptyDir }) => name === "credentials" && emptyDir?.medium === "Memory"),
    );
    expect(inMemory).toHaveLength(2);
    for (const { value } of values) expect(value).toMatch(/^\/run\/nucleus/);
  });

  it.each([
    ["primary", "omniverse-prod"],
    ["secondary", "omniverse-prod-replica"],
  ])("ask for the database by the name that it serves under at the %s", (site, instance) => {
    const server = deployments(site).find(({ metadata }) => metadata.name === "nucleus-server");
    const asked = server?.spec.template.spec.initContainers?.flatMap(({ env }) => env);
    expect(asked).toContainEqual({ name: "DB_INSTANCE", value: instance });
  });

  it("are called by a name of their certificate, and watched where no controller writes their addresses", () => {
    const named = own.find(({ name }) => name === "omniverse-primary-server-certificate")?.props as never as {
      spec: { dnsNames: string[] };
    };
    const hosts = own.flatMap(({ props }) =>
      [...JSON.stringify(props).matchAll(/"https:\/\/(nucleus-server[^":/]*)/g)].map(([, host]) => host),
    );
    expect(hosts.length).toBeGreaterThan(5);
    for (const host of hosts) expect(named.spec.dnsNames).toContain(host);
    const monitors = own.filter(({ type }) => kindOf(type) === "ServiceMonitor");
    expect(monitors.map(({ name }) => name)).toContain("omniverse-primary-nucleus-monitor");
    const server = monitors.find(({ name }) => name === "omniverse-primary-nucleus-monitor");
    expect(server?.props.spec).toMatchObject({ serviceDiscoveryRole: "EndpointSlice" });
  });

  it("open the ports of the vendor's tools to the one job that copies accounts, and to nobody else", () => {
    const policy = own.find(({ name }) => name === "omniverse-primary-server-network")?.props as never as {
      spec: {
        ingress: { from: { podSelector?: { matchLabels: Record<string, string> } }[]; ports: { port: number }[] }[];
      };
    };
    const tools = policy.spec.ingress.filter(({ ports }) => ports.some(({ port }) => port === 3006 || port === 5555));
    expect(tools.map(({ from }) => from)).toEqual(
      [1, 2].map(() => [{ podSelector: { matchLabels: { "calls-tools": "yes" } } }]),
    );
    const callers = own
      .filter((one) => kindOf(one.type) === "CronJob")
      .filter(({ props }) => JSON.stringify(props).includes('"calls-tools":"yes"'))
      .map((one) => `${one.provider?.name} ${metadataOf(one).name}`);
    expect(callers.sort()).toEqual(["primary omniverse-backup-accounts", "secondary omniverse-backup-accounts"]);
  });

  it("have a place for the directory's password in both regions, which the program leaves empty", () => {
    const [secret, ...others] = own.filter(({ name }) => name.startsWith("omniverse-directory"));
    expect(others).toEqual([]);
    expect(secret).toMatchObject({ protect: true, props: { name: "omniverse-prod-directory" } });
    expect(secret?.props.replicas).toEqual([expect.objectContaining({ region: "eu-west-1" })]);
  });
});

describe("the proxy", () => {
  const settings = proxySettings({ namespace: "here", edge: { idle: "1h" } });

  it("answers /health as the server behind it does, and never by itself", () => {
    const [, health] = /location = \/health \{([^}]*)\}/.exec(settings) ?? [];
    expect(health).toContain("proxy_pass https://server/health;");
    expect(health).not.toMatch(/return|proxy_intercept_errors|error_page/);
    expect(settings).toContain("server nucleus-server.here.svc:3009;");
  });

  it("asks every service for its certificate", () => {
    expect(settings).toContain("proxy_ssl_verify on;");
    const passes = settings.match(/proxy_pass/g)?.length ?? 0;
    expect(passes).toBeGreaterThan(4);
    expect(settings.match(/proxy_pass https:/g)).toHaveLength(passes);
    expect(settings.match(/proxy_ssl_name/g)).toHaveLength(passes);
  });

  it("closes every bracket that it opens", () => {
    expect(settings.match(/\{/g)?.length).toBe(settings.match(/\}/g)?.length);
  });
});

describe("settings of the servers", () => {
  const servers = serverSettings.servers.parse({});
  const at = (...zones: string[]) => zones.map((zone, i) => ({ host: `dc${i}.company.com`, zone }));
  const directory = (primary: { host: string; zone: string }[]) => ({
    primary,
    secondary: at("b1", "b2"),
    base: "dc=company",
    user: "cn=nucleus",
  });

  it("are refused where a site has one directory server, or several that are lost together", () => {
    expect(serverContradictions(servers, directory(at("a1", "a2")))).toEqual([]);
    const same = { host: "dc0.company.com", zone: "a2" };
    for (const primary of [at("a1"), at("a1", "a1"), [...at("a1"), same]]) {
      const [problem, ...others] = serverContradictions(servers, directory(primary));
      expect(others).toEqual([]);
      expect(problem).toMatchObject({ key: "directory.primary", must: expect.stringContaining("different zones") });
    }
  });

  it.each([
    ["17d", 1],
    ["18d", 0],
  ])(
    "renew a certificate early enough for a Sunday before somebody is told: %s is refused %i times",
    (renewBefore, times) => {
      const early = { ...servers, certificate: { ...servers.certificate, renewBefore } };
      const found = serverContradictions(early as typeof servers, undefined);
      expect(found.map(({ key }) => key)).toEqual(Array(times).fill("servers.certificate.renewBefore"));
    },
  );

  it("are refused where no node could ever be drained", () => {
    const problems = serverContradictions({ ...servers, keep: 3 }, undefined);
    expect(problems).toMatchObject([{ key: "servers.keep", got: 3 }]);
    expect(serverContradictions(servers, undefined)).toEqual([]);
  });
});
