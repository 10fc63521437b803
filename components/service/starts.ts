import { links } from "../kubernetes/annotations";

/** What a recovery starts a workload as: the standby of it has no pods that would say so. */
export interface Starts {
  /** Pods. */
  replicas: number;
  /** Its turn, from 1: those of an earlier turn are ready before it begins. */
  turn: number;
}

/** Annotations by which the steps of a recovery know what to start, and in which order. */
export function startsAs(starts: Starts | undefined): Record<string, string> {
  if (starts === undefined) return {};
  return links({ replicas: String(starts.replicas), turn: String(starts.turn) });
}
