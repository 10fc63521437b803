import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Placement, placed } from "../kubernetes/placement";

/** Rules that are evaluated together, as a `PrometheusRule` holds them. */
export interface RuleGroupArgs {
  name: string;
  interval: string;
  rules: readonly object[];
}

/** Arguments of `AlertRules`. */
export interface AlertRulesArgs {
  placement: Placement;
  /** Name of both objects. */
  object: string;
  /** Labels by which Prometheus and Alertmanager select them. */
  selectors: Record<string, string>;
  groups: readonly RuleGroupArgs[];
  /** Who is told, as an `AlertmanagerConfig` says it. */
  routes: { route: object; receivers: readonly object[] };
}

/** Alerts of one system at one site, with the way they reach people. */
export class AlertRules extends pulumi.ComponentResource {
  constructor(name: string, args: AlertRulesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:alerts:AlertRules", name, {}, opts);
    const { placement, object, selectors, groups, routes } = args;
    const metadata = { name: object, namespace: placement.namespace, labels: selectors };
    const options = placed(this, placement);
    new k8s.apiextensions.CustomResource(
      `${name}-rules`,
      { apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata, spec: { groups } },
      options,
    );
    new k8s.apiextensions.CustomResource(
      `${name}-routes`,
      { apiVersion: "monitoring.coreos.com/v1alpha1", kind: "AlertmanagerConfig", metadata, spec: routes },
      options,
    );
    this.registerOutputs({});
  }
}
