import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type Placement, placed } from "../../components/kubernetes/placement";
import { podSecurity } from "../../components/kubernetes/security";
import type { ClusterSite } from "../config/sites";
import { jobScripts } from "../jobScripts";
import type { ReachedCluster } from "../reach";
import type { OmniverseConfig } from "./config";
import { JOB_LABELS, JOBS_MAP, PROGRESS_MAP } from "./names";

/** A site of Omniverse: one that serves, or one that stands ready to. */
export interface OmniverseSite {
  /** What the names of its resources begin with. */
  prefix: string;
  role: "primary" | "secondary";
  site: ClusterSite;
  placement: Placement;
  config: OmniverseConfig;
  parent: pulumi.Resource;
}

/** Whether the jobs of whoever serves sleep at a site: until the last step of a failover wakes them. */
export function sleeps({ role }: Pick<OmniverseSite, "role">): boolean {
  return role === "secondary";
}

/** The namespace at a cluster with the job scripts. */
export function omniverseSite(
  parent: pulumi.Resource,
  config: OmniverseConfig,
  role: OmniverseSite["role"],
  { site, provider }: ReachedCluster,
): OmniverseSite {
  const prefix = `omniverse-${role}`;
  const { namespace } = config;
  const made = new k8s.core.v1.Namespace(
    `${prefix}-namespace`,
    { metadata: { name: namespace, labels: podSecurity() } },
    { parent, provider, protect: true },
  );
  const placement: Placement = { provider, namespace, after: [made] };
  const jobs = new k8s.core.v1.ConfigMap(
    `${prefix}-jobs`,
    { metadata: { name: JOBS_MAP, namespace, labels: JOB_LABELS }, data: jobScripts("omniverse") },
    placed(parent, placement),
  );
  const progress = new k8s.core.v1.ConfigMap(
    `${prefix}-progress`,
    { metadata: { name: PROGRESS_MAP, namespace, labels: JOB_LABELS }, data: {} },
    // The steps of a recovery write it.
    placed(parent, placement, { ignoreChanges: ["data"] }),
  );
  return { prefix, role, site, config, parent, placement: { ...placement, after: [made, jobs, progress] } };
}
