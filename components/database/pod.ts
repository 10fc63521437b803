import type * as k8s from "@pulumi/kubernetes";
import { type Duration, duration } from "../../recovery/duration";
import { type Amounts, withNodeDisk } from "../kubernetes/nodeDisk";
import { restrictedContainer, restrictedPod } from "../kubernetes/security";
import { type MountedVolume, mountsOf, volumesOf } from "../kubernetes/volume";

/** A probe by command: exit 0 is healthy. */
export interface ProbeArgs {
  command: string[];
  period: Duration;
  timeout: Duration;
  /** Failures in a row that count. */
  failures: number;
}

/** What one pod of the database is. */
export interface DatabasePodArgs {
  /** Name of the container; the guide's kubectl lines name it. */
  container: string;
  image: string;
  command: string[];
  env: Record<string, string>;
  /** Environment from fields of the pod itself: `{ POD_IP: "status.podIP" }`. */
  podFields: Record<string, string>;
  volumes: MountedVolume[];
  ports: Record<string, number>;
  probes: { startup: ProbeArgs; live: ProbeArgs; ready: ProbeArgs };
  resources: Amounts;
  uid: number;
  /** Runs to its end before the container starts, with the same volumes. @default nothing */
  first?: FirstArgs;
  /** Annotations of the pods; a changed one replaces them, one after the other. @default none */
  annotations?: Record<string, string>;
  /** Kernel settings; the kubelet must allow the unsafe ones by name. @default none */
  sysctls?: Record<string, string>;
  /** Until a pod leaves a node that is not ready or not reachable. */
  tolerate: Duration;
  /** Until a pod that was told to stop is killed. */
  stopWithin: Duration;
  /** Zones, and nodes, that pods must be spread over: with fewer of them some pods wait. */
  spreadOver: { zones: number; nodes: number };
}

/** What has to be there before a container starts: credentials that are fetched, for one. */
export interface FirstArgs {
  image: string;
  command: string[];
  env: Record<string, string>;
}

/** A container that runs to its end before the others start. */
export function firstContainer(
  { image, command, env }: FirstArgs,
  volumes: readonly MountedVolume[],
): k8s.types.input.core.v1.Container {
  const amounts = { cpu: "250m", memory: "256Mi" };
  return {
    name: "first",
    image,
    command,
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    resources: { requests: amounts, limits: amounts },
    securityContext: restrictedContainer,
    volumeMounts: mountsOf(volumes),
  };
}

/** The spec of a database pod, spread by force over zones and nodes. */
export function databasePod(
  args: DatabasePodArgs,
  labels: Record<string, string>,
  serviceAccount: string,
): k8s.types.input.core.v1.PodSpec {
  const sysctls = Object.entries(args.sysctls ?? {}).map(([name, value]) => ({ name, value }));
  return {
    serviceAccountName: serviceAccount,
    terminationGracePeriodSeconds: duration(args.stopWithin),
    tolerations: leaving(args.tolerate),
    topologySpreadConstraints: [
      spread("topology.kubernetes.io/zone", labels, args.spreadOver.zones),
      spread("kubernetes.io/hostname", labels, args.spreadOver.nodes),
    ],
    securityContext: { ...restrictedPod(args.uid), ...(sysctls.length > 0 ? { sysctls } : {}) },
    ...(args.first === undefined ? {} : { initContainers: [firstContainer(args.first, args.volumes)] }),
    containers: [
      {
        name: args.container,
        image: args.image,
        command: args.command,
        env: [
          ...Object.entries(args.env).map(([name, value]) => ({ name, value })),
          ...Object.entries(args.podFields).map(([name, fieldPath]) => ({
            name,
            valueFrom: { fieldRef: { fieldPath } },
          })),
        ],
        ports: Object.entries(args.ports).map(([name, containerPort]) => ({ name, containerPort })),
        startupProbe: probe(args.probes.startup),
        livenessProbe: probe(args.probes.live),
        readinessProbe: probe(args.probes.ready),
        resources: withNodeDisk(args.resources, args.volumes),
        securityContext: restrictedContainer,
        volumeMounts: mountsOf(args.volumes),
      },
    ],
    volumes: volumesOf(args.volumes),
  };
}

/** Until a pod leaves a node that is not ready or not reachable. */
export function leaving(tolerate: Duration): k8s.types.input.core.v1.Toleration[] {
  return ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].map((key) => ({
    key,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: duration(tolerate),
  }));
}

/** Pods of these labels on so many nodes or zones at least, or some of them wait. */
export function spread(
  topologyKey: string,
  matchLabels: Record<string, string>,
  minDomains: number,
): k8s.types.input.core.v1.TopologySpreadConstraint {
  return {
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: "DoNotSchedule",
    minDomains,
    labelSelector: { matchLabels },
    // Old and new pods of a rolling update count apart; together they would block each other.
    matchLabelKeys: ["pod-template-hash"],
  };
}

function probe({ command, period, timeout, failures }: ProbeArgs): k8s.types.input.core.v1.Probe {
  return {
    exec: { command },
    periodSeconds: duration(period),
    timeoutSeconds: duration(timeout),
    failureThreshold: failures,
  };
}
