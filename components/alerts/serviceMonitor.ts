import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { links } from "../kubernetes/annotations";
import { type Placement, placed } from "../kubernetes/placement";

/** Arguments of `ServiceMonitor`. */
export interface ServiceMonitorArgs {
  placement: Placement;
  /** Name of the ServiceMonitor. */
  monitor: string;
  /** Labels by which Prometheus selects it. */
  selectors: Record<string, string>;
  /** Labels of the Service; the value of `jobLabel` there is the label `job` of its series. */
  service: Record<string, string>;
  jobLabel: string;
  /** Name of the port of the Service. */
  port: string;
  scheme: "http" | "https";
  /** Assets whose service it reads. */
  asset: string;
  interval: string;
  timeout: string;
}

/** Reads what the pods behind a Service export. */
export class ServiceMonitor extends pulumi.ComponentResource {
  constructor(name: string, args: ServiceMonitorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:alerts:ServiceMonitor", name, {}, opts);
    const { placement, monitor, selectors, service, jobLabel, port, scheme, asset, interval, timeout } = args;
    new k8s.apiextensions.CustomResource(
      `${name}-monitor`,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "ServiceMonitor",
        metadata: { name: monitor, namespace: placement.namespace, labels: selectors, annotations: links({ asset }) },
        spec: {
          // With Endpoints instead of slices Prometheus would not see a slice that no controller wrote.
          serviceDiscoveryRole: "EndpointSlice",
          jobLabel,
          selector: { matchLabels: service },
          endpoints: [{ port, scheme, interval, scrapeTimeout: timeout }],
        },
      },
      placed(this, placement),
    );
    this.registerOutputs({});
  }
}
