import { add, isUnknown } from "../../../recovery/bound";
import { seconds } from "../../../recovery/duration";
import { dns, type Fact } from "../../../recovery/facts";
import { type CheckSettings, type Count, countFrom, type Setting, spanFrom } from "../../../recovery/time";
import type { Resource } from "../../graph";
import { type Facts, facts, type Read } from "../read";
import type { Reader } from "./identity";

/** A health check of Amazon Route 53. */
export interface HealthCheck {
  resource: Resource;
  facts: Facts;
  /** The host it asks. */
  host: Read<string>;
  /** What it asks for there. */
  path: Read<string>;
}

/** Health checks of Route 53. */
export const healthChecks: Reader<HealthCheck> = {
  types: ["aws:route53/healthCheck:HealthCheck"],
  read(resource) {
    const own = facts(resource);
    return { resource, facts: own, host: own.text("fqdn"), path: own.text("resourcePath") };
  },
};

/** How often it asks, how long it waits, and after how many answers in a row it changes its mind. */
export function settingsOf({ facts: own }: HealthCheck): CheckSettings {
  const timeout = spanFrom(dns.route53Timeout);
  const interval = spanSetting(own, "requestInterval", dns.route53Interval);
  return {
    // It counts from one answer to the next question, so a check that times out makes it longer.
    interval: { ...interval, value: add(interval.value, timeout.value), facts: [dns.route53Spacing.id] },
    timeout,
    threshold: countSetting(own, "failureThreshold", dns.route53Threshold),
  };
}

/** A whole number of seconds that a resource says, or what it is when it says none. */
export function spanSetting(own: Facts, property: string, otherwise: Fact): Setting {
  const value = own.whole(property);
  const source = own.source(property);
  if (value === undefined) return spanFrom(otherwise, source);
  return { value: isUnknown(value) ? value : seconds(value), source };
}

/** A count that a resource says, or what it is when it says none. */
export function countSetting(own: Facts, property: string, otherwise: Fact): Count {
  const value = own.whole(property);
  const source = own.source(property);
  return value === undefined ? countFrom(otherwise, source) : { value, source };
}
