import type * as aws from "@pulumi/aws";
import { describe, expect, it } from "vitest";
import { FailoverName, type FailoverNameArgs } from "../../components/edge/failoverName";
import { SiteCertificate } from "../../components/edge/siteCertificate";
import { SiteEntrance, type SiteEntranceArgs } from "../../components/edge/siteEntrance";
import type { Registration } from "../../preview/monitor";
import { account, declared, named, namesOf, placement } from "./declare";

const sites = { primary: "one.example.com", secondary: "two.example.com" };
const zone = (provider: aws.Provider) => ({ id: "Z1", provider });

const name = (more: Partial<FailoverNameArgs> = {}) =>
  declared(
    () =>
      new FailoverName("shop", {
        provider: account(),
        zoneId: "Z1",
        record: "shop.example.com",
        ttl: "60s",
        sites,
        others: { refuge: "three.example.com" },
        check: { path: "/health", interval: "10s", threshold: 3 },
        ...more,
      }),
  );

describe("a name that fails over", () => {
  it("is a pair of records, and a check of every site that clients may be led to", async () => {
    const all = await name();
    expect(namesOf(all)).toEqual([
      "aws:route53/healthCheck:HealthCheck shop-primary-check",
      "aws:route53/healthCheck:HealthCheck shop-refuge-check",
      "aws:route53/healthCheck:HealthCheck shop-secondary-check",
      "aws:route53/record:Record shop-primary",
      "aws:route53/record:Record shop-secondary",
      "holdfast:edge:FailoverName shop",
    ]);
    expect(named(all, "shop-refuge-check").props).toEqual({
      type: "HTTPS",
      fqdn: "three.example.com",
      port: 443,
      resourcePath: "/health",
      requestInterval: 10,
      failureThreshold: 3,
      enableSni: true,
      tags: { Name: "three.example.com" },
    });
  });

  it.each([
    ["primary", "PRIMARY"],
    ["secondary", "SECONDARY"],
  ] as const)(
    "leads by its %s record to that site while its check says so, until a recovery writes it",
    async (role, type) => {
      const record = named(await name(), `shop-${role}`);
      expect(record.props).toMatchObject({
        zoneId: "Z1",
        name: "shop.example.com",
        type: "CNAME",
        ttl: 60,
        records: [sites[role]],
        setIdentifier: role,
        failoverRoutingPolicies: [{ type }],
      });
      expect(record.propertyDependencies.healthCheckId?.map((urn) => urn.split("::").at(-1))).toEqual([
        `shop-${role}-check`,
      ]);
      expect(record.ignoreChanges).toEqual(["records", "healthCheckId"]);
    },
  );

  it("refuses two names of one site", async () => {
    const same = { primary: "one.example.com", secondary: "one.example.com" };
    await expect(name({ sites: same })).rejects.toThrow(
      "shop: sites.secondary must be another site than sites.primary, got one.example.com",
    );
  });
});

const entrance = (more: Partial<SiteEntranceArgs> = {}) =>
  declared(() => {
    const provider = account();
    const certificate = new SiteCertificate("tls", {
      provider,
      zone: zone(provider),
      record: "shop.example.com",
      host: sites.primary,
    });
    new SiteEntrance("door", {
      provider,
      placement: placement(),
      entrance: "shop-prod",
      asset: "shop/orders",
      vpc: "vpc-1",
      subnets: ["subnet-1", "subnet-2"],
      blocks: ["10.0.0.0/24"],
      clients: ["203.0.113.0/24"],
      callers: ["192.0.2.1/32", "192.0.2.2/32"],
      idle: "1h",
      checkers: "pl-1",
      nodes: "sg-nodes",
      service: { name: "nginx", port: 8443 },
      check: { path: "/health", interval: "10s", timeout: "5s", threshold: 2 },
      leavesOutWithin: "40s",
      zone: zone(provider),
      host: sites.primary,
      certificate,
      ...more,
    });
  });

const rules = (all: readonly Registration[]) =>
  all
    .filter(({ type }) => type.includes("SecurityGroup") && type.endsWith("Rule"))
    .map(({ name: rule, props }) => [
      rule,
      props.fromPort,
      props.cidrIpv4 ?? props.prefixListId ?? props.referencedSecurityGroupId,
    ])
    .sort();

describe("where people enter a site", () => {
  it("is a load balancer over its zones that nobody deletes by one call", async () => {
    const balancer = named(await entrance(), "door-balancer");
    expect(balancer.protect).toBe(true);
    expect(balancer.props).toMatchObject({
      name: "shop-prod",
      loadBalancerType: "application",
      internal: false,
      subnets: ["subnet-1", "subnet-2"],
      enableDeletionProtection: true,
      dropInvalidHeaderFields: true,
      idleTimeout: 3_600,
      tags: { "holdfast.dev/asset": "shop/orders" },
    });
  });

  it("lets in clients, jobs and the checkers of Route 53, and calls the service on the nodes alone", async () => {
    expect(rules(await entrance())).toEqual([
      ["door-from-callers-0", 443, "192.0.2.1/32"],
      ["door-from-callers-1", 443, "192.0.2.2/32"],
      ["door-from-checkers", 443, "pl-1"],
      ["door-from-clients-0-443", 443, "203.0.113.0/24"],
      ["door-from-clients-0-80", 80, "203.0.113.0/24"],
      ["door-to-nodes", 8443, "sg-nodes"],
    ]);
  });

  it("lets nobody in twice, which AWS refuses", async () => {
    const both = { clients: ["192.0.2.1/32"], callers: ["192.0.2.1/32", "192.0.2.2/32", "192.0.2.2/32"] };
    expect(rules(await entrance(both)).filter(([, port]) => port === 443)).toEqual([
      ["door-from-callers-0", 443, "192.0.2.2/32"],
      ["door-from-checkers", 443, "pl-1"],
      ["door-from-clients-0-443", 443, "192.0.2.1/32"],
    ]);
  });

  it("speaks TLS with a certificate that is valid, and sends what comes without there", async () => {
    const all = await entrance();
    const [https, http] = [named(all, "door-https"), named(all, "door-http")];
    expect(https.props).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
    });
    expect(https.propertyDependencies.certificateArn?.join()).toContain("CertificateValidation::tls-validation");
    expect(http.props.defaultActions).toEqual([
      { type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } },
    ]);
  });

  it("sends to the pods of the service that answer, and to nothing else", async () => {
    const all = await entrance();
    expect(named(all, "door-targets").props).toMatchObject({
      name: "shop-prod",
      targetType: "ip",
      protocol: "HTTPS",
      port: 8443,
      healthCheck: {
        protocol: "HTTPS",
        path: "/health",
        matcher: "200",
        interval: 10,
        timeout: 5,
        unhealthyThreshold: 2,
      },
      tags: { "holdfast.dev/asset": "shop/orders", "holdfast.dev/redirect-within": "40s" },
    });
    expect(named(all, "door-binding").props.spec).toEqual({
      serviceRef: { name: "nginx", port: 8443 },
      targetGroupName: "shop-prod",
      targetType: "ip",
      networking: {
        ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/24" } }], ports: [{ port: 8443, protocol: "TCP" }] }],
      },
    });
  });

  it.each<[string, Partial<SiteEntranceArgs>, string]>([
    [
      "one zone",
      { subnets: ["subnet-1", "subnet-1"] },
      "door: subnets must be in two zones at least, got subnet-1, subnet-1",
    ],
    [
      "a name that AWS refuses",
      { entrance: "s".repeat(33) },
      `door: entrance must have 32 characters at most, got ${"s".repeat(33)}`,
    ],
  ])("refuses %s", async (_, more, message) => {
    await expect(entrance(more)).rejects.toThrow(message);
  });
});

describe("the certificate of a site", () => {
  it("is for the clients' name and the site's own, and stays valid by records that are declared", async () => {
    const all = await entrance();
    expect(named(all, "tls-certificate").props).toMatchObject({
      domainName: "shop.example.com",
      subjectAlternativeNames: ["one.example.com"],
      validationMethod: "DNS",
    });
    const waits = named(all, "tls-validation").propertyDependencies.validationRecordFqdns ?? [];
    expect(waits.map((urn) => urn.split("::").at(-1)).sort()).toEqual(
      expect.arrayContaining(["tls-own-proof", "tls-shared-proof"]) as string[],
    );
  });

  it("of a second site stands on the record of the first: AWS asks for the same one", async () => {
    const all = await declared(() => {
      const provider = account();
      const common = { provider, zone: zone(provider), record: "shop.example.com" };
      const after = new SiteCertificate("first", { ...common, host: sites.primary });
      new SiteCertificate("second", { ...common, host: sites.secondary, after });
    });
    expect(namesOf(all).filter((one) => one.includes("proof"))).toEqual([
      "aws:route53/record:Record first-own-proof",
      "aws:route53/record:Record first-shared-proof",
      "aws:route53/record:Record second-own-proof",
    ]);
  });
});
