import { links } from "../kubernetes/annotations";

/** What a recovery starts a workload as: the standby of it has no pods that would say so. */
export interface Starts {
  /** Pods. */
  replicas: number;
  /** Zones that they are spread over by force. */
  zones: number;
  /** Its turn, from 1: those of an earlier turn are ready before it begins. */
  turn: number;
}

/** Annotations by which the steps of a recovery know what to start, in which order, and when to go on. */
export function startsAs(starts: Starts | undefined): Record<string, string> {
  if (starts === undefined) return {};
  return links({ replicas: String(starts.replicas), turn: String(starts.turn), ready: String(readyOf(starts)) });
}

/**
 * Pods that can run when a zone is lost, so that a recovery waits for no more. With fewer zones than `minDomains` the least
 * of any zone counts as none (https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/), and as
 * zones may differ by one pod each that is left then takes one.
 */
export function readyOf({ replicas, zones }: Omit<Starts, "turn">): number {
  return zones > 1 ? Math.min(replicas, zones - 1) : replicas;
}
