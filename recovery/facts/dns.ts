import { factsOf } from "./group";

const route53 = {
  source: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html",
  read: "2026-11-21",
};
const dnsFailover = {
  source: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-failover.html",
  read: "2026-11-21",
};
const endpointHealth = {
  source: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html",
  read: "2026-11-21",
};
const failoverSet = {
  source: "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html, Failover",
  read: "2026-11-21",
};
const trafficManager = {
  source: "hashicorp/terraform-provider-azurerm website/docs/r/traffic_manager_profile.html.markdown",
  read: "2026-11-21",
};
const trafficManagerPage = {
  source: "https://learn.microsoft.com/en-us/azure/traffic-manager/traffic-manager-monitoring",
  read: "2018",
};
const frontDoor = {
  source: "MicrosoftDocs/azure-docs articles/frontdoor/health-probes.md @04cb5e0",
  read: "2026-11-21",
};
const frontDoorSdk = {
  source: "@pulumi/azure-native 3.28.0 types/input.d.ts, HealthProbeParametersArgs",
  read: "2026-11-21",
};

/** What services that lead clients to another place do, and how long it takes them. */
export const dns = factsOf("dns", {
  route53Interval: {
    says: "Route 53 checks an endpoint this often.",
    value: 30,
    unit: "seconds",
    standing: "design",
    ...route53,
  },
  route53FastInterval: {
    says: "Route 53 checks an endpoint this often where requestInterval is set to the fast one.",
    value: 10,
    unit: "seconds",
    standing: "design",
    ...route53,
  },
  route53Threshold: {
    says: "Route 53 takes an endpoint for lost after this many failed checks in a row.",
    value: 3,
    unit: "count",
    standing: "design",
    ...route53,
  },
  route53ThresholdMost: {
    says: "The failure threshold of a Route 53 check cannot be higher than this.",
    value: 10,
    unit: "count",
    standing: "design",
    ...route53,
  },
  route53Timeout: {
    says: "A Route 53 check by HTTP or HTTPS fails after 4 s without a connection, or 2 s later without an answer.",
    value: 6,
    unit: "seconds",
    standing: "design",
    ...endpointHealth,
  },
  route53Spacing: {
    says: "The interval of a Route 53 check is the time from one answer to the next question.",
    standing: "design",
    source: "@pulumi/aws 7.48.0 route53/healthCheck.d.ts, requestInterval",
    read: "2026-11-21",
  },
  route53Disabled: {
    says: "Route 53 takes an endpoint whose check is disabled for healthy, whatever it is.",
    standing: "design",
    source: "@pulumi/aws 7.48.0 route53/healthCheck.d.ts, disabled",
    read: "2026-11-21",
  },
  route53Unchecked: {
    says: "Route 53 takes a SECONDARY record without a health check for healthy, whatever stands there.",
    standing: "design",
    ...failoverSet,
  },
  route53AllUnhealthy: {
    says: "While its SECONDARY is unhealthy, Route 53 answers with the PRIMARY, healthy or not.",
    standing: "design",
    ...failoverSet,
  },
  route53AliasTtl: {
    says: "An alias of a load balancer is remembered as long as the load balancer's own name.",
    value: 60,
    unit: "seconds",
    standing: "design",
    source:
      "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html",
    read: "2026-11-21",
  },
  route53Public: {
    says: "The health checks of Route 53 reach endpoints on the internet only.",
    standing: "design",
    ...route53,
  },
  route53Ttl: {
    says: "Amazon advises a TTL of at most this for a record that fails over.",
    value: 60,
    unit: "seconds",
    standing: "typical",
    ...dnsFailover,
  },
  clientCaches: {
    says: "A resolver or a client may keep an address longer than its TTL; nobody bounds it.",
    standing: "none",
    ...dnsFailover,
  },
  trafficManagerInterval: {
    says: "Traffic Manager probes an endpoint this often.",
    value: 30,
    unit: "seconds",
    standing: "design",
    ...trafficManager,
  },
  trafficManagerFastInterval: {
    says: "Traffic Manager probes an endpoint this often where the fast interval is set.",
    value: 10,
    unit: "seconds",
    standing: "design",
    ...trafficManager,
  },
  trafficManagerTolerated: {
    says: "Traffic Manager tolerates this many failed probes in a row: the next one degrades the endpoint.",
    value: 3,
    unit: "count",
    standing: "design",
    ...trafficManager,
  },
  trafficManagerTimeout: {
    says: "A probe of Traffic Manager fails after this long.",
    value: 10,
    unit: "seconds",
    standing: "design",
    ...trafficManager,
  },
  trafficManagerAllDegraded: {
    says: "Once every endpoint is degraded, Traffic Manager hands out all of them.",
    standing: "design",
    ...trafficManagerPage,
  },
  frontDoorInterval: {
    says: "By its guide each edge of Front Door probes an origin this often.",
    value: 30,
    unit: "seconds",
    standing: "typical",
    ...frontDoor,
  },
  frontDoorArmInterval: {
    says: "Front Door probes an origin this often where the resource names no probeIntervalInSeconds.",
    value: 240,
    unit: "seconds",
    standing: "design",
    ...frontDoorSdk,
  },
  frontDoorIdle: {
    says: "An edge of Front Door that nobody asks probes less often than was set; how much less nobody says.",
    standing: "none",
    ...frontDoor,
  },
  frontDoorAllUnhealthy: {
    says: "Once no origin is healthy, Front Door sends to all of them in turn.",
    standing: "design",
    ...frontDoor,
  },
});
