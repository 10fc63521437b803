import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { links } from "../kubernetes/annotations";
import { type Placement, placed } from "../kubernetes/placement";

/** Arguments of `PushgatewayMonitor`. */
export interface PushgatewayMonitorArgs {
  placement: Placement;
  /** Name of the ServiceMonitor. */
  monitor: string;
  selectors: Record<string, string>;
  /** Namespace and labels of the Service of the Pushgateway, and the name of its port. */
  gateway: { namespace: string; labels: Record<string, string>; port: string };
  /** Assets whose jobs push to it, `platform/*`; what is pushed of others is theirs to read, or it would be read twice. */
  asset: string;
  /** Whether it reads what names no asset as well. @default false */
  unnamed?: boolean;
  interval: string;
  timeout: string;
}

/** Scrapes the Pushgateway as often as the alerts on what jobs push count on. */
export class PushgatewayMonitor extends pulumi.ComponentResource {
  constructor(name: string, args: PushgatewayMonitorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:alerts:PushgatewayMonitor", name, {}, opts);
    const { placement, monitor, selectors, gateway, asset, unnamed, interval, timeout } = args;
    const names = asset.replace(/\*$/, ".*");
    new k8s.apiextensions.CustomResource(
      `${name}-monitor`,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "ServiceMonitor",
        metadata: { name: monitor, namespace: placement.namespace, labels: selectors, annotations: links({ asset }) },
        spec: {
          namespaceSelector: { matchNames: [gateway.namespace] },
          selector: { matchLabels: gateway.labels },
          // The labels that a job pushed say what it is about; the Pushgateway's own would rename them.
          endpoints: [
            {
              port: gateway.port,
              honorLabels: true,
              interval,
              scrapeTimeout: timeout,
              metricRelabelings: [{ sourceLabels: ["asset"], regex: unnamed ? `(${names})?` : names, action: "keep" }],
            },
          ],
        },
      },
      placed(this, placement),
    );
    this.registerOutputs({});
  }
}
