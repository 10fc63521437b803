import * as aws from "@pulumi/aws";
import { duration } from "../../recovery/duration";
import type { OmendbSite } from "./site";

/** The name that clients use; a recovery repoints it. */
export function serviceName(at: OmendbSite, provider: aws.Provider): aws.route53.Record {
  const { dns } = at.config;
  return new aws.route53.Record(
    "omendb-name",
    { zoneId: dns.zoneId, name: dns.name, type: "CNAME", ttl: duration(dns.ttl), records: [at.site.endpoint] },
    // After a failover the recovery job has written another value; an update must not send clients back to a lost region.
    { parent: at.parent, provider, ignoreChanges: ["records"] },
  );
}
