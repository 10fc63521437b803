import { type Bound, isUnknown, type Maybe } from "../bound";
import { isCount, notCounted } from "../count";
import { seconds } from "../duration";
import { factSeconds } from "../facts/fact";
import { kubernetes } from "../facts/kubernetes";
import type { Term } from "../plan/term";
import { numberFrom, reckoned, type Setting, spanFrom, termOf, times } from "./setting";

/** Until a loss is acted upon, and the steps one after the other. */
export interface Restart {
  detect: Term[];
  steps: Term[];
}

/** A process that hung or crashed, started again in place. */
export interface ProcessSettings {
  /** Until a hung process is noticed (`probeDetection`); absent for a crash, which the kubelet sees at once. */
  hang?: Setting;
  /** How long a hung process is given to end by itself. */
  terminationGrace: Setting;
  /** @default the fact `kubernetes.restart-back-off` */
  backOff?: Setting;
  /** Until it serves again (`probeBudget` of its start-up probe). */
  start: Setting;
}

/** Starts the container again where it was. */
export function processRestart({ hang, terminationGrace, backOff, start }: ProcessSettings): Restart {
  const hung = hang && [termOf("hung process is noticed", hang), termOf("termination grace", terminationGrace)];
  return {
    detect: [...(hung ?? []), termOf("restart back-off", backOff ?? spanFrom(kubernetes.restartBackOff, start.source))],
    steps: [termOf("start", start)],
  };
}

/** What a pod has mounted: nothing that persists, what several nodes may mount, or what one node has to itself. */
export type VolumeUse = "none" | "shared" | "exclusive";

/** A pod on a node that is lost. */
export interface NodeSettings {
  workload: "Deployment" | "StatefulSet";
  /** How long a silent node is waited for; a flag of the control plane. */
  nodeGrace: Setting;
  /** How long the pod may stay on a lost node: the larger of `not-ready` and `unreachable`. */
  toleration: Setting;
  volume: Setting<Maybe<VolumeUse>>;
  imagePull: Setting;
  start: Setting;
}

/** Starts the pod on another node once it was evicted and its volume taken from the lost one. */
export function nodeRestart(settings: NodeSettings): Restart {
  const { workload, nodeGrace, toleration, volume, imagePull, start } = settings;
  return {
    detect: [termOf("silent node counts as lost", nodeGrace), termOf("pod is tolerated on it", toleration)],
    steps: [volumeRelease(workload, volume), termOf("image is pulled", imagePull), termOf("start", start)],
  };
}

function volumeRelease(workload: NodeSettings["workload"], volume: NodeSettings["volume"]): Term {
  const name = "volume leaves the lost node";
  if (workload === "StatefulSet") {
    const value = { unbounded: "a pod of a StatefulSet stays Terminating on a lost node until someone acts" };
    return reckoned(name, value, [{ ...volume, facts: [kubernetes.statefulSetStays.id] }]);
  }
  if (isUnknown(volume.value)) return reckoned(name, volume.value, [volume]);
  if (volume.value !== "exclusive") return reckoned(name, seconds(0), [volume]);
  const forced = spanFrom(kubernetes.forceDetach, volume.source);
  return reckoned(name, forced.value, [volume, forced]);
}

/** The nodes of a zone that is lost. */
export interface ZoneNodes {
  /** How many nodes it has, and how many of them are lost. */
  all: number;
  lost: number;
  /** Whether a node in another zone still answers. */
  othersStand: boolean;
}

/** A pod in a zone that is lost. */
export interface ZoneSettings extends NodeSettings {
  /** Absent where nobody says which nodes there are: then the worst counts. */
  nodes?: Setting<Maybe<ZoneNodes>>;
}

/** Starts the pod in another zone; its turn comes after the other nodes that are lost with it. */
export function zoneRestart({ nodes, ...settings }: ZoneSettings): Restart {
  const { detect, steps } = nodeRestart(settings);
  const from: Setting<unknown> = nodes ?? settings.nodeGrace;
  const wait = reckoned("its node's turn to be evicted", evictionWait(nodes?.value), [
    { ...from, facts: [...(from.facts ?? []), ...evictionFacts] },
  ]);
  return { detect: [...detect.slice(0, 1), wait, ...detect.slice(1)], steps };
}

/**
 * How long the last node of a lost zone waits for its turn: one after the other, and none while most of a small zone, or
 * every node of every zone, is lost. The controller counts the nodes of the zone, not of the cluster as its guide says
 * (`ComputeZoneState`, `ReducedQPSFunc` in
 * kubernetes/kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go).
 */
export function evictionWait(nodes?: Maybe<ZoneNodes>): Bound {
  if (nodes === undefined) return { unbounded: "evictions may stop when most nodes of a zone are lost" };
  if (isUnknown(nodes)) return nodes;
  const { all, lost, othersStand } = nodes;
  if (!isCount(all) || !isCount(lost)) return notCounted(isCount(all) ? lost : all);
  const isWhole = lost >= all;
  if (isWhole && !othersStand) return { unbounded: "evictions stop when no node of any zone answers" };
  const isMost =
    lost > numberFrom(kubernetes.alwaysEvicted) && lost * 100 >= numberFrom(kubernetes.zoneEvictionStop) * all;
  // A zone of which nothing is left is taken for lost indeed, and evicted at the usual rate.
  const isSuspect = isMost && !isWhole;
  if (isSuspect && all <= numberFrom(kubernetes.smallCluster)) {
    return { unbounded: `evictions stop when ${lost} of the ${all} nodes of a zone are lost` };
  }
  const interval = isSuspect ? kubernetes.slowEvictionInterval : kubernetes.evictionInterval;
  return times(factSeconds(interval), Math.max(0, lost - 1));
}

const evictionFacts = [
  kubernetes.evictionInterval,
  kubernetes.slowEvictionInterval,
  kubernetes.zoneEvictionStop,
  kubernetes.smallCluster,
].map(({ id }) => id);
