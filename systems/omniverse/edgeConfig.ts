import { z } from "zod";
import { duration, formatSeconds, type Seconds, seconds } from "../../recovery/duration";
import type { ConfigProblem } from "../config/problems";
import * as is from "../config/settings";

const span = (value: string) => is.span().default(value);

const OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ADDRESS = `(${OCTET}\\.){3}${OCTET}`;

/** A block of addresses; the whole internet is none that a company's own service is for. */
const block = (example: string) =>
  is.matching(
    `a block of IPv4 addresses of /8 to /32, such as "${example}"`,
    new RegExp(`^${ADDRESS}\\/([89]|[12]\\d|3[0-2])$`),
  );

/** Of RFC 1918, RFC 6598, the loopback and the link: none of them arrives from the internet. */
const PRIVATE = "(10|127|169\\.254|192\\.168|172\\.(1[6-9]|2\\d|3[01])|100\\.(6[4-9]|[7-9]\\d|1[01]\\d|12[0-7]))\\.";

const publicBlock = is.matching(
  'a block of public IPv4 addresses of /24 to /32, such as "192.0.2.10/32": the load balancer sees the NAT gateway, not the pod',
  new RegExp(`^(?!${PRIVATE})${ADDRESS}\\/(2[4-9]|3[0-2])$`),
);

/** Where people enter a site; its network is declared by other programs. */
const entrance = z.strictObject({
  /** With a way to the internet, each in another zone. */
  subnets: is
    .some(
      is.matching("the id of a subnet, such as subnet-0123456789abcdef0", /^subnet-[0-9a-f]{8,17}$/),
      '["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]',
    )
    .min(2, { error: () => "must be two subnets at least: what stands in one zone is lost with it" }),
  /** Addresses of these subnets: the load balancer calls the pods from there. */
  blocks: is.some(block("10.0.0.0/24"), '["10.0.0.0/24", "10.0.1.0/24"]'),
  /** Addresses of the NAT gateways by which jobs and probes of this site's cluster leave it: both sites let them in. */
  callers: is.some(publicBlock, '["192.0.2.10/32", "192.0.2.11/32"]'),
  /** Amazon's list com.amazonaws.<region>.route53-healthchecks: it keeps the addresses of the checkers up to date. */
  checkers: is.matching("the id of a managed prefix list, such as pl-0123456789abcdef0", /^pl-[0-9a-f]{8,17}$/),
});

/** Everything about the way in that a stack can say. */
export const edgeSchema = z.strictObject({
  /** Networks of the people who work with Nucleus: it is no service for the public, so somebody has to name them. */
  clients: is.some(block("203.0.113.0/24"), '["203.0.113.0/24"]'),
  /**
   * How long a session may say nothing before its connection is closed. Nucleus keeps WebSockets open, over which its
   * clients ask for each other every 60 s; the default of AWS is 60 s as well, which is too soon.
   */
  idle: span("1h"),
  primary: entrance,
  secondary: entrance,
  /** How Route 53 asks each site whether it serves. */
  check: z
    .strictObject({ interval: is.oneOf("10s", "30s").default("10s"), threshold: is.whole(1, 10, 3).default(3) })
    .prefault({}),
  /** How soon clients follow once the other site serves, even if nobody can write the name. */
  redirectWithin: span("3m"),
  /** How a load balancer asks each of its targets, and how soon it leaves a lost one out. */
  targets: z
    .strictObject({
      interval: span("10s"),
      timeout: span("5s"),
      threshold: is.whole(2, 10, 2).default(2),
      leavesOutWithin: span("40s"),
    })
    .prefault({}),
  /** Until it has to be a new one, AWS renews a certificate 60 days before its end: later, something keeps it from that. */
  certificate: z.strictObject({ warnBefore: span("30d"), pageBefore: span("7d") }).prefault({}),
});

/** What a stack says of the way in, with what it left out filled in. */
export type EdgeConfig = z.output<typeof edgeSchema>;

/** Twice what Nucleus' clients leave between two questions, and the most that a load balancer of AWS takes. */
const IDLE = { least: seconds(120), most: seconds(4_000) };

/** What the settings of an nginx behind the load balancer are made from. */
export interface ProxiedArgs {
  namespace: string;
  edge: Pick<EdgeConfig, "idle">;
}

/**
 * How long what stands behind the load balancer waits for a connection that says nothing: longer than the load balancer
 * does, or somebody gets a 502 from one that has just been closed.
 */
export function behindWaits({ idle }: ProxiedArgs["edge"]): Seconds {
  return seconds(duration(idle) + 60);
}

/** What no single setting can tell. */
export function edgeContradictions(raw: unknown): ConfigProblem[] {
  const read = edgeSchema.safeParse(raw);
  if (!read.success) return [];
  const { primary, secondary, idle } = read.data;
  const problems: ConfigProblem[] = [];
  const sharedBy = (key: "subnets" | "callers", why: string) => {
    const shared = secondary[key].filter((one) => primary[key].includes(one));
    if (shared.length === 0) return;
    const message = `must be other ${key} than edge.primary.${key}, ${why}, got ${JSON.stringify(shared)}`;
    problems.push({ key: `edge.secondary.${key}`, message });
  };
  sharedBy("subnets", "or both sites are lost together");
  sharedBy("callers", "because a NAT gateway stands in one region");
  if (duration(idle) < IDLE.least || duration(idle) > IDLE.most) {
    const message = `must be ${formatSeconds(IDLE.least)} to ${formatSeconds(IDLE.most)}, the most that AWS allows, such as "1h", got ${JSON.stringify(idle)}`;
    problems.push({ key: "edge.idle", message });
  }
  return problems;
}
