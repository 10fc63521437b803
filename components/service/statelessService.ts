import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Duration, duration } from "../../recovery/duration";
import { type FirstArgs, firstContainer, leaving, spread } from "../database/pod";
import { withNodeDisk } from "../kubernetes/nodeDisk";
import { type Placement, placed } from "../kubernetes/placement";
import { restrictedContainer, restrictedPod } from "../kubernetes/security";
import { type MountedVolume, mountsOf, volumesOf } from "../kubernetes/volume";
import { type Starts, startsAs } from "./starts";

/** What a probe asks: whether a port takes connections, or a path that answers over TLS. */
export type Asks = { port: number } | { port: number; path: string };

/** Arguments of `StatelessService`. */
export interface StatelessServiceArgs {
  placement: Placement;
  /** Name of Deployment and Service. */
  workload: string;
  labels: Record<string, string>;
  /** 0 where a recovery starts it. */
  replicas: number;
  starts: Starts;
  /** Pods that a drain must leave. */
  keep: number;
  /** Image pinned by digest. */
  image: string;
  /** @default the image's own */
  command?: string[];
  /** Plain values, nothing secret. */
  env: Record<string, string>;
  volumes: MountedVolume[];
  /** Ports by name; the Service has the same. */
  ports: Record<string, number>;
  asks: Asks;
  /** Longest start; a pod that takes longer is started again. */
  startWithin: Duration;
  /** What has to be there before it starts. @default nothing */
  first?: FirstArgs;
  /** Service account whose role in AWS its pods take. @default the namespace's own, without any right */
  serviceAccount?: string;
  /** Annotations of the pods; a changed one replaces them, one after the other. @default none */
  annotations?: Record<string, string>;
  resources: Record<"cpu" | "memory", string>;
  uid: number;
  /** Until a pod leaves a node that is not ready or not reachable. */
  tolerate: Duration;
  /** Zones that pods must be spread over: with fewer of them some pods wait. */
  zones: number;
}

/** A service that keeps nothing: any of its pods does, in any zone. */
export class StatelessService extends pulumi.ComponentResource {
  constructor(name: string, args: StatelessServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:service:StatelessService", name, {}, opts);
    const { placement, workload, labels, replicas, ports } = args;
    const options = placed(this, placement);
    const metadata = { name: workload, namespace: placement.namespace, labels };
    new k8s.core.v1.Service(
      `${name}-service`,
      {
        // A Service without pods is the ordinary state of a standby.
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          type: "ClusterIP",
          selector: labels,
          ports: Object.entries(ports).map(([port, number]) => ({
            name: port,
            port: number,
            targetPort: number,
            protocol: "TCP",
          })),
        },
      },
      options,
    );
    new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata: { ...metadata, annotations: startsAs(args.starts) },
        spec: {
          replicas,
          selector: { matchLabels: labels },
          // A surge pod would find no zone that is still free.
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
          template: { metadata: { labels, annotations: args.annotations ?? {} }, spec: podSpec(args) },
        },
      },
      options,
    );
    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-budget`,
      { metadata, spec: { minAvailable: args.keep, selector: { matchLabels: labels } } },
      options,
    );
    this.registerOutputs({});
  }
}

function podSpec(args: StatelessServiceArgs): k8s.types.input.core.v1.PodSpec {
  const { workload, labels, asks, first, serviceAccount, resources } = args;
  return {
    ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
    // It never calls the API server.
    automountServiceAccountToken: false,
    securityContext: restrictedPod(args.uid),
    tolerations: leaving(args.tolerate),
    topologySpreadConstraints: [spread("topology.kubernetes.io/zone", labels, args.zones)],
    ...(first === undefined ? {} : { initContainers: [firstContainer(first, args.volumes)] }),
    containers: [
      {
        name: workload,
        image: args.image,
        ...(args.command === undefined ? {} : { command: args.command }),
        env: Object.entries(args.env).map(([key, value]) => ({ name: key, value })),
        ports: Object.entries(args.ports).map(([port, containerPort]) => ({ name: port, containerPort })),
        startupProbe: probe(asks, Math.max(1, Math.ceil(duration(args.startWithin) / PERIOD))),
        livenessProbe: probe(asks, 3),
        readinessProbe: probe(asks, 2),
        resources: withNodeDisk({ requests: resources, limits: resources }, args.volumes),
        securityContext: restrictedContainer,
        volumeMounts: mountsOf(args.volumes),
      },
    ],
    volumes: volumesOf(args.volumes),
  };
}

/** Seconds between two probes. */
const PERIOD = 5;

function probe(asks: Asks, failureThreshold: number): k8s.types.input.core.v1.Probe {
  const asked =
    "path" in asks
      ? { httpGet: { path: asks.path, port: asks.port, scheme: "HTTPS" } }
      : { tcpSocket: { port: asks.port } };
  return { ...asked, periodSeconds: PERIOD, timeoutSeconds: 3, failureThreshold };
}
