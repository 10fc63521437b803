import { z } from "zod";
import type { ConfigProblem } from "../config/problems";
import * as is from "../config/settings";

const span = (value: string) => is.span().default(value);

/** A block of addresses; the whole internet is none that a company's own service is for. */
const block = (example: string) =>
  is.matching(
    `a block of IPv4 addresses of /8 to /32, such as "${example}"`,
    /^(\d{1,3}\.){3}\d{1,3}\/([89]|[12]\d|3[0-2])$/,
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
  /** Amazon's list com.amazonaws.<region>.route53-healthchecks: it keeps the addresses of the checkers up to date. */
  checkers: is.matching("the id of a managed prefix list, such as pl-0123456789abcdef0", /^pl-[0-9a-f]{8,17}$/),
});

/** Everything about the way in that a stack can say. */
export const edgeSchema = z.strictObject({
  /** Networks of the people who work with Nucleus: it is no service for the public, so somebody has to name them. */
  clients: is.some(block("203.0.113.0/24"), '["203.0.113.0/24"]'),
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

/** What no single setting can tell. */
export function edgeContradictions(raw: unknown): ConfigProblem[] {
  const read = edgeSchema.safeParse(raw);
  if (!read.success) return [];
  const { subnets } = read.data.primary;
  const shared = read.data.secondary.subnets.filter((one) => subnets.includes(one));
  if (shared.length === 0) return [];
  const message = `must be other subnets than edge.primary.subnets, or both sites are lost together, got ${JSON.stringify(shared)}`;
  return [{ key: "edge.secondary.subnets", message }];
}
