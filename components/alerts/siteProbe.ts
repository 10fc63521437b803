import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { links } from "../kubernetes/annotations";
import { type Placement, placed } from "../kubernetes/placement";

/** Arguments of `SiteProbe`. */
export interface SiteProbeArgs {
  /** Where the probe runs: another region than what it asks. */
  placement: Placement;
  /** Name of the Probe, and of the `job` of its series. */
  probe: string;
  selectors: Record<string, string>;
  /** Asset whose service it asks for. @default none: nothing is promised for it here */
  asset?: string;
  /** Host and port of the blackbox exporter. */
  prober: string;
  url: string | readonly string[];
  /** Module of the blackbox exporter, one that it has by itself. @default "http_2xx" */
  module?: "http_2xx" | "tcp_connect";
  interval: string;
  timeout: string;
}

/** Asks a service from another site, because a lost region cannot say that it is lost. */
export class SiteProbe extends pulumi.ComponentResource {
  constructor(name: string, args: SiteProbeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:alerts:SiteProbe", name, {}, opts);
    const { placement, probe, selectors, asset, prober, url, module, interval, timeout } = args;
    new k8s.apiextensions.CustomResource(
      `${name}-probe`,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "Probe",
        metadata: { name: probe, namespace: placement.namespace, labels: selectors, annotations: links({ asset }) },
        spec: {
          jobName: probe,
          prober: { url: prober },
          module: module ?? "http_2xx",
          targets: { staticConfig: { static: [url].flat() } },
          interval,
          scrapeTimeout: timeout,
        },
      },
      placed(this, placement),
    );
    this.registerOutputs({});
  }
}
