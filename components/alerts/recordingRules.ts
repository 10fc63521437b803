import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Placement, placed } from "../kubernetes/placement";

/** A series that Prometheus makes from others, under a name of its own. */
export interface RecordingRule {
  record: string;
  expr: string;
  labels?: Record<string, string>;
}

/** Arguments of `RecordingRules`. */
export interface RecordingRulesArgs {
  placement: Placement;
  /** Name of the object and of its group. */
  object: string;
  /** Labels by which Prometheus selects it. */
  selectors: Record<string, string>;
  /** How often they are evaluated; alerts on them are that much later. */
  interval: string;
  rules: readonly RecordingRule[];
}

/** Series under the names that alerts and reports use. */
export class RecordingRules extends pulumi.ComponentResource {
  constructor(name: string, args: RecordingRulesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:alerts:RecordingRules", name, {}, opts);
    const { placement, object, selectors, interval, rules } = args;
    new k8s.apiextensions.CustomResource(
      `${name}-rules`,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: { name: object, namespace: placement.namespace, labels: selectors },
        spec: { groups: [{ name: object, interval, rules }] },
      },
      placed(this, placement),
    );
    this.registerOutputs({});
  }
}
