import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Duration, duration } from "../../recovery/duration";
import { type Placement, placed } from "../kubernetes/placement";
import { callersOf } from "./callers";
import type { SiteCertificate } from "./siteCertificate";

/** How a load balancer asks a target whether it serves. */
export interface TargetCheck {
  path: string;
  interval: Duration;
  timeout: Duration;
  /** Failed answers in a row. */
  threshold: number;
}

/** Arguments of `SiteEntrance`. */
export interface SiteEntranceArgs {
  provider: aws.Provider;
  placement: Placement;
  /** Name of the load balancer and of what it sends to, at most 32 characters. */
  entrance: string;
  /** Asset that is served through it. */
  asset: string;
  vpc: string;
  /** Subnets with a way to the internet, in two zones at least: one is lost with its zone. */
  subnets: readonly string[];
  /** CIDR blocks of these subnets: it calls its targets from there. */
  blocks: readonly string[];
  /** Networks that may call, as CIDR blocks. */
  clients: readonly string[];
  /** Networks from which jobs and probes call, whatever their site, as CIDR blocks. */
  callers: readonly string[];
  /** Prefix list of the health checkers of Route 53 in this region. */
  checkers: string;
  /** Security group of the nodes on which the targets run. */
  nodes: string;
  /** Service that it leads to, and the port at which that speaks TLS. */
  service: { name: string; port: number };
  check: TargetCheck;
  /** How long a connection may say nothing before it is closed; the service has to wait longer. */
  idle: Duration;
  /** How soon a lost target is left out. */
  leavesOutWithin: Duration;
  /** Zone of the names, and who may write it. */
  zone: { id: string; provider: aws.Provider };
  /** Name of this site. */
  host: string;
  certificate: SiteCertificate;
  tags?: Record<string, string>;
}

/** Where people enter a site: a load balancer over its zones, which speaks TLS and knows which targets serve. */
export class SiteEntrance extends pulumi.ComponentResource {
  declare readonly balancer: aws.lb.LoadBalancer;
  declare readonly targets: aws.lb.TargetGroup;

  constructor(name: string, args: SiteEntranceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:edge:SiteEntrance", name, {}, opts);
    const { provider, entrance, asset, subnets, idle, tags = {} } = args;
    refuseLongName(name, entrance);
    refuseOneZone(name, subnets);
    const options = { parent: this, provider };
    const callers = callersOf(name, args, options);
    this.balancer = new aws.lb.LoadBalancer(
      `${name}-balancer`,
      {
        name: entrance,
        loadBalancerType: "application",
        internal: false,
        subnets: [...subnets],
        securityGroups: [callers.id],
        dropInvalidHeaderFields: true,
        idleTimeout: duration(idle),
        enableDeletionProtection: true,
        tags: { ...tags, "holdfast.dev/asset": asset },
      },
      { ...options, protect: true },
    );
    this.targets = new aws.lb.TargetGroup(`${name}-targets`, targetsOf(args), options);
    this.#listen(name, args, options);
    this.#lead(name, args);
    this.registerOutputs({});
  }

  #listen(name: string, { certificate, tags = {} }: SiteEntranceArgs, options: pulumi.CustomResourceOptions): void {
    const shared = { loadBalancerArn: this.balancer.arn, tags };
    new aws.lb.Listener(
      `${name}-https`,
      {
        ...shared,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificateArn: certificate.validated,
        defaultActions: [{ type: "forward", targetGroupArn: this.targets.arn }],
      },
      options,
    );
    new aws.lb.Listener(
      `${name}-http`,
      {
        ...shared,
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } }],
      },
      options,
    );
  }

  /** Its pods become the targets, and the name of the site leads to it. */
  #lead(name: string, { placement, entrance, blocks, service, zone, host }: SiteEntranceArgs): void {
    new k8s.apiextensions.CustomResource(
      `${name}-binding`,
      {
        apiVersion: "elbv2.k8s.aws/v1beta1",
        kind: "TargetGroupBinding",
        metadata: { name: service.name, namespace: placement.namespace },
        // By name: the ARN is known only once AWS has made it.
        spec: {
          serviceRef: service,
          targetGroupName: entrance,
          targetType: "ip",
          // The controller opens the nodes' security group to these alone; the group is another program's.
          networking: {
            ingress: [
              {
                from: blocks.map((cidr) => ({ ipBlock: { cidr } })),
                ports: [{ port: service.port, protocol: "TCP" }],
              },
            ],
          },
        },
      },
      placed(this, placement, { dependsOn: [...placement.after, this.targets] }),
    );
    const { dnsName, zoneId } = this.balancer;
    new aws.route53.Record(
      `${name}-name`,
      // The name that clients use decides by its own check; this one only says where the site is.
      { zoneId: zone.id, name: host, type: "A", aliases: [{ name: dnsName, zoneId, evaluateTargetHealth: false }] },
      { parent: this, provider: zone.provider },
    );
  }
}

function targetsOf({ entrance, asset, vpc, service, check, ...args }: SiteEntranceArgs): aws.lb.TargetGroupArgs {
  return {
    name: entrance,
    vpcId: vpc,
    targetType: "ip",
    protocol: "HTTPS",
    port: service.port,
    deregistrationDelay: 30,
    healthCheck: {
      protocol: "HTTPS",
      path: check.path,
      matcher: "200",
      interval: duration(check.interval),
      timeout: duration(check.timeout),
      healthyThreshold: 2,
      unhealthyThreshold: check.threshold,
    },
    tags: { ...args.tags, "holdfast.dev/asset": asset, "holdfast.dev/redirect-within": args.leavesOutWithin },
  };
}

function refuseOneZone(name: string, subnets: readonly string[]): void {
  if (new Set(subnets).size >= 2) return;
  throw new RangeError(`${name}: subnets must be in two zones at least, got ${subnets.join(", ") || "none"}`);
}

function refuseLongName(name: string, entrance: string): void {
  if (entrance.length <= 32) return;
  throw new RangeError(`${name}: entrance must have 32 characters at most, got ${entrance}`);
}
