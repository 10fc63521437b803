import type * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../../components/kubernetes/placement";
import type { ClusterSite } from "../config/sites";
import { jobNamespace } from "../jobNamespace";
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
  const placement = jobNamespace(parent, {
    prefix,
    namespace: config.namespace,
    provider,
    labels: JOB_LABELS,
    maps: [
      { name: "jobs", object: JOBS_MAP, data: jobScripts("omniverse") },
      // The steps of a recovery write it.
      { name: "progress", object: PROGRESS_MAP, data: {}, written: true },
    ],
  });
  return { prefix, role, site, config, parent, placement };
}
