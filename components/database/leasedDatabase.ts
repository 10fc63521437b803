import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Duration, duration } from "../../recovery/duration";
import { links } from "../kubernetes/annotations";
import { type Placement, placed } from "../kubernetes/placement";
import { type Starts, startsAs } from "../service/starts";
import { type CertificateArgs, certificateSpec } from "./certificate";
import { type MetricsArgs, monitorSpec } from "./metrics";
import { type DatabasePodArgs, databasePod } from "./pod";
import { assetPromise, type DataPromise } from "./promise";
import {
  jobNetworkPolicySpec,
  networkPolicySpec,
  serviceSpec,
  servingSlice,
  slicePorts,
  type TrafficArgs,
} from "./traffic";
import { type ClaimArgs, VolumeClaims } from "./volumeClaims";

/** Arguments of `LeasedDatabase`. */
export interface LeasedDatabaseArgs {
  placement: Placement;
  /** Name of Deployment, Lease and Service. */
  workload: string;
  labels: Record<string, string>;
  /** Labels of the jobs that may call it on every port, and then call little else. @default the namespace's own policies */
  jobs?: { labels: Record<string, string>; pushgateway: { namespace: string; port: number } };
  promise: DataPromise;
  /** 0 where a recovery starts it. */
  replicas: number;
  /** Pods that a drain must leave. */
  keep: number;
  pod: DatabasePodArgs;
  serviceAccount: string;
  lease: {
    /** Until a holder that renews no more counts as gone, and has stopped itself. */
    duration: Duration;
    /** Longest start of the database after a takeover. */
    startWithin: Duration;
  };
  claims: ClaimArgs[];
  traffic: TrafficArgs;
  certificate: CertificateArgs;
  /** @default somebody else reads its metrics */
  metrics?: MetricsArgs;
  /** What the asset is, in a word. @default "database" */
  kind?: string;
  /** Claims that hold the asset, where no reader knows the engine. @default all that its pods may write to */
  holds?: string[];
  /** What a recovery starts it as. @default what the program declares */
  starts?: Starts;
}

/**
 * A database of which one pod serves at a time: it holds a Lease and stops itself when it cannot renew it, so the next
 * holder may open the same zone-redundant volume. The others wait, started.
 */
export class LeasedDatabase extends pulumi.ComponentResource {
  constructor(name: string, args: LeasedDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:database:LeasedDatabase", name, {}, opts);
    const { placement, workload, labels, jobs, metrics, promise, replicas, traffic } = args;
    const options = placed(this, placement);
    const named = (object: string, annotations: Record<string, string> = {}) => ({
      name: object,
      namespace: placement.namespace,
      labels,
      annotations,
    });
    const serves = replicas > 0;

    const claims = new VolumeClaims(`${name}-claims`, { placement, labels, claims: args.claims }, { parent: this });
    const lease = new k8s.coordination.v1.Lease(
      `${name}-lease`,
      {
        metadata: named(workload, links({ "start-deadline": `${duration(args.lease.startWithin)}s` })),
        spec: { leaseDurationSeconds: duration(args.lease.duration) },
      },
      // The holder and its renewals are the pods' to write.
      {
        ...options,
        ignoreChanges: ["spec.holderIdentity", "spec.renewTime", "spec.acquireTime", "spec.leaseTransitions"],
      },
    );
    const certificate = new k8s.apiextensions.CustomResource(
      `${name}-certificate`,
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: named(workload),
        spec: certificateSpec(args.certificate),
      },
      options,
    );
    new k8s.core.v1.Service(
      `${name}-service`,
      { metadata: named(traffic.service, NO_WAIT), spec: serviceSpec(traffic) },
      options,
    );
    new k8s.discovery.v1.EndpointSlice(
      `${name}-serving`,
      {
        metadata: { ...named(servingSlice(traffic.service)), labels: { ...labels, ...sliceLabels(traffic.service) } },
        addressType: "IPv4",
        endpoints: [],
        ports: slicePorts(traffic),
      },
      // The pod with the lease writes its own address.
      { ...options, ignoreChanges: ["endpoints"] },
    );
    new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        // A standby says so too: without pods it serves nobody, and a recovery finds it whole.
        metadata: named(workload, {
          ...links({ asset: promise.id, lease: workload, holds: args.holds }),
          ...startsAs(args.starts),
        }),
        spec: {
          replicas,
          selector: { matchLabels: labels },
          // A surge pod would find no zone that is still free.
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
          template: {
            metadata: { labels, annotations: args.pod.annotations ?? {} },
            spec: databasePod(args.pod, labels, args.serviceAccount),
          },
        },
      },
      { ...options, dependsOn: [...placement.after, claims, lease, certificate], protect: true },
    );
    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-budget`,
      { metadata: named(workload), spec: { minAvailable: args.keep, selector: { matchLabels: labels } } },
      options,
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-network`,
      { metadata: named(workload), spec: networkPolicySpec(traffic, labels, jobs?.labels) },
      options,
    );
    if (jobs) {
      new k8s.networking.v1.NetworkPolicy(
        `${name}-job-network`,
        { metadata: named(`${workload}-jobs`), spec: jobNetworkPolicySpec(labels, jobs.labels, jobs.pushgateway) },
        options,
      );
    }
    if (metrics) {
      new k8s.apiextensions.CustomResource(
        `${name}-monitor`,
        {
          apiVersion: "monitoring.coreos.com/v1",
          kind: "ServiceMonitor",
          metadata: {
            ...named(workload, serves ? links({ asset: promise.id }) : {}),
            labels: { ...labels, ...metrics.selectors },
          },
          spec: monitorSpec(metrics, labels, args.certificate.secret),
        },
        options,
      );
    }
    this.registerOutputs(serves ? { asset: assetPromise(promise, args.kind) } : {});
  }
}

/** A Service without endpoints is the ordinary state until a pod holds the lease. */
const NO_WAIT = { "pulumi.com/skipAwait": "true" };

function sliceLabels(service: string): Record<string, string> {
  return { "kubernetes.io/service-name": service, "endpointslice.kubernetes.io/managed-by": "holdfast.dev" };
}
