import { type Bound, isUnknown } from "../../../recovery/bound";
import { seconds } from "../../../recovery/duration";
import { dns } from "../../../recovery/facts";
import { spanFrom } from "../../../recovery/time/setting";
import type { Resource } from "../../graph";
import { type Facts, facts, type Read } from "../read";
import type { Reader } from "./identity";

/** A DNS record. */
export interface DnsRecord {
  resource: Resource;
  facts: Facts;
  name: Read<string>;
  /** How long resolvers keep what they know. */
  ttl: Bound;
  /** What it is of a pair of failover records; nothing where it belongs to none. */
  role: Read<string>;
}

/** Route 53 records. */
export const dnsRecords: Reader<DnsRecord> = {
  types: ["aws:route53/record:Record"],
  read(resource) {
    const own = facts(resource);
    return {
      resource,
      facts: own,
      name: own.text("name"),
      ttl: ttlOf(own),
      role: own.text("failoverRoutingPolicies[0].type"),
    };
  },
};

/** Where it leads when it is made; a recovery that writes it later leads elsewhere. */
export function firstTargets({ facts: own }: DnsRecord): Read<string[]> {
  return own.asDeclared().texts("records");
}

/** Whether two DNS names are the same, with or without the dot at the end. */
export function isSameName(a: Read<string>, b: string): boolean {
  const plain = (name: string) => name.toLowerCase().replace(/\.$/, "");
  return typeof a === "string" && plain(a) === plain(b);
}

/** Part of the URN of every load balancer. */
const loadBalancer = "aws:lb/loadBalancer:LoadBalancer::";

function ttlOf(record: Facts): Bound {
  const aliases = record.items("aliases");
  if (isUnknown(aliases)) return aliases;
  if ((aliases ?? []).length > 0) {
    const upstream = record.resource.propertyDependencies.aliases ?? [];
    if (upstream.some((urn) => urn.includes(loadBalancer))) return spanFrom(dns.route53AliasTtl).value;
    return { unknown: "an alias has the TTL of what it points to" };
  }
  const ttl = record.whole("ttl");
  if (isUnknown(ttl)) return ttl;
  return ttl === undefined ? { unknown: "the record names no ttl" } : seconds(ttl);
}
