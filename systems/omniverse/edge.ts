import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { FailoverName } from "../../components/edge/failoverName";
import { SiteCertificate } from "../../components/edge/siteCertificate";
import { SiteEntrance } from "../../components/edge/siteEntrance";
import type { CloudSite } from "./data";
import { services } from "./names";
import { DATABASE_ID } from "./objectives";
import type { OmniverseSite } from "./site";

/** What answers only where Nucleus serves: the runbook's own address. */
export const HEALTH_PATH = "/health";

const tags = { system: "omniverse" };

/** Where people enter, at both sites, and the name that leads them to the one that serves. */
export interface Edge {
  name: FailoverName;
  entrances: Readonly<Record<CloudSite["role"], SiteEntrance>>;
}

/** The way in: the name, a load balancer at each site, and their certificates. */
export function edge(
  parent: pulumi.Resource,
  sites: Readonly<Record<CloudSite["role"], OmniverseSite>>,
  clouds: Readonly<Record<CloudSite["role"], CloudSite>>,
  names: aws.Provider,
): Edge {
  const { dns, edge: own } = sites.primary.config;
  const zone = { id: dns.zoneId, provider: names };
  const certificate = (role: CloudSite["role"], after?: SiteCertificate) =>
    new SiteCertificate(
      `omniverse-${role}-tls`,
      {
        provider: clouds[role].provider,
        zone,
        record: dns.name,
        host: dns.endpoints[role],
        ...(after === undefined ? {} : { after }),
        tags,
      },
      { parent: sites[role].parent },
    );
  const primary = certificate("primary");
  const entrances = {
    primary: entrance(sites.primary, clouds.primary, zone, primary),
    secondary: entrance(sites.secondary, clouds.secondary, zone, certificate("secondary", primary)),
  };
  const { cleanRoom, ...endpoints } = dns.endpoints;
  const name = new FailoverName(
    "omniverse-name",
    {
      provider: names,
      zoneId: dns.zoneId,
      record: dns.name,
      ttl: dns.ttl,
      sites: endpoints,
      // The name itself as well: wherever people are led, that is what an alarm looks at.
      others: { "clean-room": cleanRoom, public: dns.name },
      check: { path: HEALTH_PATH, ...own.check },
      tags,
    },
    { parent },
  );
  return { name, entrances };
}

function entrance(
  { prefix, role, placement, config, parent }: OmniverseSite,
  { provider }: CloudSite,
  zone: { id: string; provider: aws.Provider },
  certificate: SiteCertificate,
): SiteEntrance {
  const { dns, network, namespace, edge: own } = config;
  const { leavesOutWithin, ...check } = own.targets;
  return new SiteEntrance(
    `${prefix}-entrance`,
    {
      provider,
      placement,
      entrance: namespace,
      asset: DATABASE_ID,
      vpc: network[role].vpc,
      subnets: own[role].subnets,
      blocks: own[role].blocks,
      clients: own.clients,
      // The jobs of each site ask both: a name, a fence, a fail-back.
      callers: [...own.primary.callers, ...own.secondary.callers],
      checkers: own[role].checkers,
      nodes: network[role].nodes,
      service: { name: services.edge.workload, port: services.edge.port },
      check: { path: HEALTH_PATH, ...check },
      idle: own.idle,
      leavesOutWithin,
      zone,
      host: dns.endpoints[role],
      certificate,
      tags,
    },
    { parent },
  );
}
