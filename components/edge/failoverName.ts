import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Duration, duration } from "../../recovery/duration";

/** How a site is asked whether it serves. */
export interface SiteCheck {
  /** Path that answers only where the service does. */
  path: string;
  /** Route 53 knows these two. */
  interval: "10s" | "30s";
  /** Answers in a row that change its mind. */
  threshold: number;
}

/** Arguments of `FailoverName`. */
export interface FailoverNameArgs {
  provider: aws.Provider;
  zoneId: string;
  /** The name that clients use. */
  record: string;
  ttl: Duration;
  /** The names at which the sites are reached, in the order in which clients are led to them. */
  sites: { primary: string; secondary: string };
  /** Other names with a check of each: sites that a recovery may lead clients to as well, or what an alarm is to see. */
  others?: Readonly<Record<string, string>>;
  check: SiteCheck;
  tags?: Record<string, string>;
}

/**
 * A name that leads to the second site while the first does not answer and the second does. Route 53 does that by
 * itself; a recovery that has ended writes both records, so that nothing leads back.
 */
export class FailoverName extends pulumi.ComponentResource {
  /** The check of each site, by its role. */
  declare readonly checks: Readonly<Record<string, aws.route53.HealthCheck>>;

  constructor(name: string, args: FailoverNameArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:edge:FailoverName", name, {}, opts);
    const { provider, zoneId, record, ttl, sites, others = {} } = args;
    refuseOneSite(name, sites);
    const options = { parent: this, provider };
    const checks: Record<string, aws.route53.HealthCheck> = {};
    for (const [role, host] of Object.entries({ ...sites, ...others })) {
      checks[role] = new aws.route53.HealthCheck(`${name}-${role}-check`, checkOf(host, args), options);
    }
    this.checks = checks;
    const placed = (role: keyof typeof sites) => ({
      zoneId,
      name: record,
      type: "CNAME",
      ttl: duration(ttl),
      records: [sites[role]],
      setIdentifier: role,
      failoverRoutingPolicies: [{ type: role.toUpperCase() }],
      ...(checks[role] === undefined ? {} : { healthCheckId: checks[role].id }),
    });
    // What a recovery has written stays: an update must not send clients back to a lost or a stale site.
    const written = { ignoreChanges: ["records", "healthCheckId"] };
    const first = new aws.route53.Record(`${name}-primary`, placed("primary"), {
      ...options,
      ...written,
      // A name has one plain record or a pair, never both: what was plain goes before the pair comes.
      aliases: [{ name, ...(opts?.parent === undefined ? {} : { parent: opts.parent }) }],
      deleteBeforeReplace: true,
    });
    new aws.route53.Record(`${name}-secondary`, placed("secondary"), { ...options, ...written, dependsOn: [first] });
    this.registerOutputs({});
  }
}

function checkOf(host: string, { check, tags = {} }: FailoverNameArgs): aws.route53.HealthCheckArgs {
  return {
    type: "HTTPS",
    fqdn: host,
    port: 443,
    resourcePath: check.path,
    requestInterval: duration(check.interval),
    failureThreshold: check.threshold,
    enableSni: true,
    tags: { ...tags, Name: host },
  };
}

function refuseOneSite(name: string, { primary, secondary }: FailoverNameArgs["sites"]): void {
  if (primary !== secondary) return;
  throw new RangeError(`${name}: sites.secondary must be another site than sites.primary, got ${secondary}`);
}
