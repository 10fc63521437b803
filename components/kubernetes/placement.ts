import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** The namespace of a cluster that a component's objects go to. */
export interface Placement {
  provider: k8s.Provider;
  /** Plain text, so that everything that names the namespace is known before deployment. */
  namespace: string;
  /** What must exist first, usually the Namespace itself. */
  after: pulumi.Resource[];
}

/** Options of a child that goes to a placement. */
export function placed(
  parent: pulumi.Resource,
  placement: Placement,
  more: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  return { parent, provider: placement.provider, dependsOn: placement.after, ...more };
}
