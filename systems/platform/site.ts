import type * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../../components/kubernetes/placement";
import type { ClusterSite, Site } from "../config/sites";
import { jobNamespace } from "../jobNamespace";
import { jobScripts } from "../jobScripts";
import type { ReachedCluster } from "../reach";
import type { PlatformConfig } from "./config";
import { JOB_LABELS, JOBS_MAP, SITE_MAP } from "./names";

/** A site that runs jobs of the platform: exports where things are, recoveries where they are brought back. */
export interface PlatformSite {
  /** What the names of its resources begin with. */
  prefix: string;
  /** What the platform does there: it is exported, it is brought back, or the site is checked and no more. */
  role: "primary" | "secondary" | "checked";
  name: string;
  site: ClusterSite;
  placement: Placement;
  config: PlatformConfig;
  parent: pulumi.Resource;
}

/** The namespace at a cluster with the job scripts and what the register says of the site. */
export function platformSite(
  parent: pulumi.Resource,
  config: PlatformConfig,
  role: PlatformSite["role"],
  { name, site, provider }: ReachedCluster,
  unreached: readonly NamedSite[],
): PlatformSite {
  const prefix = `platform-${role === "checked" ? name : role}`;
  const scripts = role === "checked" ? checkScripts() : jobScripts("platform");
  const claims = { "claims.json": `${JSON.stringify(claimsOf(site, config, unreached), undefined, 2)}\n` };
  const placement = jobNamespace(parent, {
    prefix,
    namespace: config.namespace,
    provider,
    labels: JOB_LABELS,
    maps: [
      { name: JOBS_MAP, object: JOBS_MAP, data: scripts },
      { name: SITE_MAP, object: SITE_MAP, data: claims },
    ],
  });
  return { prefix, role, name, site, config, parent, placement };
}

/** The scripts of a site check in Azure; how Azure is called is shared with the jobs of analytics. */
export function checkScripts(): Record<string, string> {
  const of = (system: string, ...files: string[]) =>
    Object.entries(jobScripts(system)).filter(([file]) => files.includes(file));
  return Object.fromEntries([
    ...of("platform", "common.sh", "site-check.sh", "account.sh"),
    ...of("analytics", "azure.sh"),
  ]);
}

/** A site under its name. */
export type NamedSite = Omit<Site, "cluster"> & { name: string };

/** What the register says of a site, as jobs/site-check.sh compares it, and of those that nothing here can look at. */
export function claimsOf(
  { cloud, account, region, zones, endpoint, rolesBoundaries, cluster }: ClusterSite,
  { kubernetes }: PlatformConfig,
  unreached: readonly NamedSite[],
) {
  const { storageClasses, nodeGrace, controllerTimeZone, issuer, oidcIssuer, ingressNamespace, monitoring } = cluster;
  return {
    ...{ cloud, account, region, zones, endpoint, rolesBoundaries, kubernetes },
    ...{ storageClasses, nodeGrace, controllerTimeZone, issuer, oidcIssuer, ingressNamespace },
    monitoring: { namespace: monitoring.namespace, selectors: monitoring.selectors },
    unreached,
  };
}
