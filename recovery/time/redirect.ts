import { type Bound, isUnknown, type Maybe } from "../bound";
import { isCount, notCounted } from "../count";
import type { Term } from "../plan/term";
import { type Count, reckoned, type Setting, termOf, times } from "./setting";

/** How long a name still leads to the old place: in DNS, and in clients that remember it for longer. */
export interface NameSettings {
  /** Time to live of the record; of an alias the provider's. */
  ttl: Setting;
  /** What clients and resolvers add to it; a JVM may look a name up only once. */
  clientCache: Setting;
}

/** What a service that leads clients elsewhere by itself waits for: until it sees the loss, and until they are there. */
export interface Redirection {
  detect: Term[];
  redirect: Term[];
}

/** Until clients follow a name that now leads elsewhere. */
export function nameRedirect({ ttl, clientCache }: NameSettings): Term[] {
  return [termOf("DNS record lives on", ttl), termOf("clients look the name up again", clientCache)];
}

/** A health check that asks again and again. */
export interface CheckSettings {
  interval: Setting;
  /** How long an attempt may take before it counts as failed. */
  timeout: Setting;
  /** After how many failed attempts in a row the target counts as lost. */
  threshold: Count;
}

/** Until a load balancer sends nothing to a lost target any more; where no target is left, many send to all. */
export function targetDetection({ interval, timeout, threshold }: CheckSettings): Term[] {
  return checked("target", interval, threshold, timeout);
}

/** Failover records of Route 53 with a health check. */
export function route53Redirection({
  interval,
  timeout,
  threshold,
  ...name
}: CheckSettings & NameSettings): Redirection {
  return { detect: checked("endpoint", interval, threshold, timeout), redirect: nameRedirect(name) };
}

/** An Azure Traffic Manager profile. */
export interface TrafficManagerSettings extends NameSettings {
  interval: Setting;
  timeout: Setting;
  /** How many failed probes in a row it tolerates: the next one degrades the endpoint. */
  tolerated: Count;
}

/** A profile of Azure Traffic Manager, which answers DNS queries with endpoints that are not degraded. */
export function trafficManagerRedirection(settings: TrafficManagerSettings): Redirection {
  const { interval, timeout, tolerated, ...name } = settings;
  const threshold = { ...tolerated, value: oneMore(tolerated.value) };
  return { detect: checked("endpoint", interval, threshold, timeout), redirect: nameRedirect(name) };
}

function oneMore(count: Maybe<number>): Maybe<number> {
  return isUnknown(count) ? count : isCount(count) ? count + 1 : notCounted(count);
}

/** An origin group of Azure Front Door. */
export interface FrontDoorSettings {
  probeInterval: Setting;
  /** How many of the last probes it looks at. */
  sampleSize: Count;
  /** How many of them must have succeeded. */
  successesRequired: Count;
}

/** Until one edge of Front Door sends nothing to a lost origin any more; it answers for the name itself, so no DNS. */
export function frontDoorDetection({ probeInterval, sampleSize, successesRequired }: FrontDoorSettings): Term[] {
  const failures = failuresThatTell(sampleSize.value, successesRequired.value);
  const value: Bound = times(probeInterval.value, failures);
  return [reckoned("origin counts as lost", value, [probeInterval, sampleSize, successesRequired])];
}

function failuresThatTell(sampleSize: Maybe<number>, required: Maybe<number>): Maybe<number> {
  if (isUnknown(sampleSize)) return sampleSize;
  if (isUnknown(required)) return required;
  const possible = isCount(sampleSize) && isCount(required, 1) && required <= sampleSize;
  return possible
    ? sampleSize - required + 1
    : { unknown: `${required} successes are required of ${sampleSize} probes` };
}

/** A loss right after an attempt that succeeded: so many more attempts, and the last of them fails at its timeout. */
function checked(what: string, interval: Setting, threshold: Count, timeout: Setting): Term[] {
  return [
    reckoned(`${what} counts as lost`, times(interval.value, threshold.value, 1), [interval, threshold]),
    termOf("last check times out", timeout),
  ];
}
