import { type Bound, isBounded, type Maybe, max, sum } from "../bound";
import { formatSeconds, seconds } from "../duration";
import type { Term } from "../plan/term";
import { reckoned, type Setting, termOf, times } from "./setting";

/** What an alert waits for, from the fault to its notification. */
export interface PrometheusSettings {
  scrape: Setting;
  scrapeTimeout: Setting;
  evaluation: Setting;
  /** How long its expression must hold. */
  for: Setting;
  /** `group_wait`; `group_interval` where its group may have been notified of another alert already. */
  wait: Setting;
}

/**
 * From a fault right after a scrape until Alertmanager tells somebody: the next scrape, at worst until it times out, the
 * next evaluation, the evaluations for which the alert holds, and the wait of its group.
 */
export function prometheusDetection(settings: PrometheusSettings): Term[] {
  const { scrape, scrapeTimeout, evaluation, for: holds, wait } = settings;
  return [
    termOf("scrape", scrape),
    termOf("scrape timeout", scrapeTimeout),
    termOf("evaluation", evaluation),
    reckoned("alert holds", roundedUp(holds.value, evaluation.value), [holds, evaluation]),
    termOf("notification", wait),
  ];
}

/** An alert fires at an evaluation, so what it waits is a multiple of their interval. */
function roundedUp(span: Bound, evaluation: Bound): Bound {
  if (!isBounded(span) || span === 0) return span;
  if (!isBounded(evaluation)) return evaluation;
  return evaluation === 0 ? span : seconds(Math.ceil(span / evaluation) * evaluation);
}

/** An alert that always fires, and who notices outside when it no longer does. */
export interface HeartbeatSettings {
  groupInterval: Setting;
  repeatInterval: Setting;
  /** After how long without a heartbeat somebody outside is told. */
  silence: Setting;
}

/** From a fault right after a heartbeat until somebody is told that none came. */
export function heartbeatDetection({ groupInterval, repeatInterval, silence }: HeartbeatSettings): Term[] {
  const gap = heartbeatGap(groupInterval.value, repeatInterval.value);
  return [reckoned("heartbeat stays away", awaited(silence.value, gap), [silence, groupInterval, repeatInterval])];
}

/**
 * Longest time between two heartbeats while all is well. Alertmanager looks once in a group interval whether more than
 * the repeat interval has passed since it last sent: with 5 minutes for both it sends every 10, with 1 and 3 every 4
 * (https://github.com/prometheus/alertmanager/issues/676, https://github.com/prometheus/alertmanager/issues/917).
 */
export function heartbeatGap(groupInterval: Bound, repeatInterval: Bound): Bound {
  if (!isBounded(groupInterval) || !isBounded(repeatInterval)) return sum([groupInterval, repeatInterval]);
  if (groupInterval === 0) return { unknown: "a group interval of 0s, which Alertmanager refuses" };
  return seconds((Math.floor(repeatInterval / groupInterval) + 1) * groupInterval);
}

function awaited(silence: Bound, gap: Bound): Bound {
  if (!isBounded(silence) || !isBounded(gap)) return max(silence, gap);
  if (silence > gap) return silence;
  return {
    unbounded: `a heartbeat is awaited for ${formatSeconds(silence)}, but comes every ${formatSeconds(gap)} at worst: it is missed on healthy days, and nobody believes it`,
  };
}

/** A probe of the kubelet. */
export interface Probe {
  initialDelay: Bound;
  period: Bound;
  timeout: Bound;
  failures: Maybe<number>;
}

/**
 * From a hang, at worst right after an attempt that succeeded, until the last attempt has timed out. A container that
 * hangs as it starts is left alone for the initial delay first.
 */
export function probeDetection(probe: Probe): Bound {
  return sum([probeBudget(probe), probe.timeout]);
}

/** From the start of a container until its probe gives up. */
export function probeBudget({ initialDelay, period, timeout, failures }: Probe): Bound {
  // The kubelet makes one attempt after the other: one that takes longer than the period delays the next.
  return sum([initialDelay, times(max(period, timeout), failures, 1)]);
}
