import { z } from "zod";
import { duration } from "../../recovery/duration";
import * as is from "../config/settings";

const span = (value: string) => is.span().default(value);

const count = (value: number) => is.whole(1, 32, value).default(value);

const amounts = (cores: number, gib: number) =>
  z
    .strictObject({ cores: is.whole(1, 128, cores).default(cores), gib: is.whole(1, 1024, gib).default(gib) })
    .prefault({});

const probe = (period: string, timeout: string, failures: number) =>
  z
    .strictObject({
      period: span(period),
      timeout: span(timeout),
      failures: is.whole(1, 100, failures).default(failures),
    })
    .prefault({});

/** Directory servers of a site: one that is lost with its zone must leave another. */
const directoryServers = is.some(
  z.strictObject({
    host: is.dnsName(),
    zone: is.words("eu-central-1a"),
  }),
  "[{ host: dc1.company.com, zone: eu-central-1a }, { host: dc2.company.com, zone: eu-central-1b }]",
);

/** What a stack says of the servers: Nucleus itself, and what stands before and beside it. */
export const serverSettings = {
  /** One image for each of the runbook's services, by digest. */
  images: z.strictObject({
    /** Runs serve.sh: bash, curl, jq and setsid beside Nucleus. */
    server: is.image(),
    authentication: is.image(),
    discovery: is.image(),
    navigator: is.image(),
    /** nginx that runs without root. */
    edge: is.image(),
  }),
  servers: z
    .strictObject({
      /** What `images.server` says of itself: accounts and tags come back to the version that wrote them, or not at all. */
      version: is.matching('a version of Nucleus, such as "2023.2.9"', /^\d{4}\.\d+\.\d+$/).default("2023.2.9"),
      /** Pods of each service: one for each zone. */
      replicas: count(3),
      /** Pods of each that a drain must leave. */
      keep: count(2),
      size: z.strictObject({ server: amounts(8, 16), other: amounts(1, 2) }).prefault({}),
      lease: z.strictObject({ duration: span("15s"), startWithin: span("3m") }).prefault({}),
      /** A standby is up once it has its credentials; how long Nucleus may take is the lease's. */
      probes: z
        .strictObject({ startup: probe("5s", "5s", 12), live: probe("10s", "5s", 3), ready: probe("5s", "5s", 2) })
        .prefault({}),
      /** Longest start of the others. */
      startWithin: span("2m"),
      tolerate: span("30s"),
      stopWithin: span("30s"),
      certificate: z
        .strictObject({ lifetime: is.days().default("365d"), renewBefore: is.days().default("30d") })
        .prefault({}),
      /** When somebody looks what they serve; at night, because what serves an old one is restarted on Sundays. */
      renewal: is.timing("40 2 * * *", "1m", "30m"),
      /** Class of their volumes; it decides what accounts and tags outlive. */
      storageClass: is.objectName().default("zone-redundant"),
      logsGib: is.whole(1, 65_536, 100).default(100),
      cacheGib: is.whole(1, 65_536, 200).default(200),
    })
    .prefault({}),
  /** Accounts and tags: what is left of the vendor's data folder. */
  accounts: z
    .strictObject({
      /** Expected size, bytes. */
      bytes: is.whole(1, 1e12, 5e9).default(5e9),
    })
    .prefault({}),
  /** Active Directory: somebody else's, and no recovery of ours brings it back. */
  directory: z.strictObject({
    primary: directoryServers,
    secondary: directoryServers,
    /** Where people are looked up. */
    base: is.words("dc=company,dc=com"),
    /** Who looks them up; the password is filled into its secret by hand. */
    user: is.words("cn=nucleus,ou=services,dc=company,dc=com"),
  }),
};

type Servers = z.output<typeof serverSettings.servers>;
type Directory = z.output<typeof serverSettings.directory>;

/** Of it a week passes until Sunday, and more than half must then be left. */
const LEAST_EARLY = "18d";

/** What settings of the servers contradict each other, with the key of the one to change. */
export function serverContradictions(
  servers: Servers | undefined,
  directory: Directory | undefined,
): { key: string; must: string; got: unknown }[] {
  const found: { key: string; must: string; got: unknown }[] = [];
  if (servers && servers.keep >= servers.replicas) {
    const must = `below servers.replicas ${servers.replicas}, or no node could ever be drained`;
    found.push({ key: "servers.keep", must, got: servers.keep });
  }
  const early = servers?.certificate.renewBefore;
  if (early !== undefined && duration(early) < duration(LEAST_EARLY)) {
    const must = `at least ${LEAST_EARLY}: what serves is restarted on Sundays, before somebody is told at half of it`;
    found.push({ key: "servers.certificate.renewBefore", must, got: early });
  }
  for (const site of ["primary", "secondary"] as const) {
    const there = directory?.[site] ?? [];
    const zones = new Set(there.map(({ zone }) => zone));
    const hosts = new Set(there.map(({ host }) => host));
    if (directory && (zones.size < 2 || hosts.size < 2)) {
      const must = "at least two servers in different zones, or nobody can log in when one is lost";
      found.push({ key: `directory.${site}`, must, got: there.map(({ host, zone }) => `${host} in ${zone}`) });
    }
  }
  return found;
}
