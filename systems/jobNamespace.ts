import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type Placement, placed } from "../components/kubernetes/placement";
import { podSecurity } from "../components/kubernetes/security";

/** A ConfigMap that the jobs of a site read. */
export interface JobMap {
  /** What its resource is named after the site's prefix: `jobs`. */
  name: string;
  /** Its name in the cluster. */
  object: string;
  data: Record<string, string>;
  /** Whether the jobs write it, so that no deployment takes back what they wrote. @default false */
  written?: boolean;
}

/** Where the jobs of a system run at one of its sites. */
export interface JobNamespaceArgs {
  /** What the names of its resources begin with. */
  prefix: string;
  namespace: string;
  provider: k8s.Provider;
  /** Labels of its ConfigMaps. */
  labels: Record<string, string>;
  maps: readonly JobMap[];
}

/** The namespace of a system's jobs with what they read; whatever is placed there waits for all of it. */
export function jobNamespace(parent: pulumi.Resource, args: JobNamespaceArgs): Placement {
  const { prefix, namespace, provider, labels, maps } = args;
  const made = new k8s.core.v1.Namespace(
    `${prefix}-namespace`,
    { metadata: { name: namespace, labels: podSecurity() } },
    { parent, provider, protect: true },
  );
  const placement: Placement = { provider, namespace, after: [made] };
  const read = maps.map(
    ({ name, object, data, written = false }) =>
      new k8s.core.v1.ConfigMap(
        `${prefix}-${name}`,
        { metadata: { name: object, namespace, labels }, data },
        placed(parent, placement, written ? { ignoreChanges: ["data"] } : {}),
      ),
  );
  return { ...placement, after: [made, ...read] };
}
