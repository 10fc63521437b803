import * as resources from "@pulumi/azure-native/resources";
import * as databricks from "@pulumi/databricks";
import type * as pulumi from "@pulumi/pulumi";
import type { AzureSite } from "../../components/azure/place";
import type { Placement } from "../../components/kubernetes/placement";
import type { AssumptionArgs } from "../../recovery/plan";
import type { ClusterSite } from "../config/sites";
import { jobNamespace } from "../jobNamespace";
import { jobScripts } from "../jobScripts";
import type { Reach } from "../reach";
import type { AnalyticsConfig } from "./config";
import { workspaceId } from "./ids";
import { type AnalyticsNames, JOB_LABELS, JOBS_MAP, names } from "./names";

/** The region that works, and the one that stands ready. */
export type Role = "primary" | "secondary";

/** A region of the platform: what of Azure is there, its workspace of Databricks, and the cluster that runs jobs. */
export interface AnalyticsSite {
  /** What the names of its resources begin with. */
  prefix: string;
  role: Role;
  /** Name of the site in the register. */
  name: string;
  site: ClusterSite;
  azure: AzureSite;
  /** Id of the subscription. */
  subscription: string;
  /** Its resource group, plain. */
  group: string;
  region: string;
  /** The group itself, for what has to wait for it. */
  made: pulumi.Resource;
  databricks: databricks.Provider;
  placement: Placement;
}

/** Everything that a part of the platform is declared with. */
export interface Estate {
  config: AnalyticsConfig;
  names: AnalyticsNames;
  primary: AnalyticsSite;
  secondary: AnalyticsSite;
  /** Assumptions of the register; alerts count on the same answers as the recovery times. */
  assumptions: readonly AssumptionArgs[];
  reach: Reach;
  parent: pulumi.Resource;
}

/** What stands ready in the secondary; all of its objects go into the recovery kit as well. */
interface Parents {
  primary: pulumi.Resource;
  secondary: pulumi.Resource;
}

/** Both regions, each with its resource group, its providers and the job scripts in its cluster. */
export function estate(
  config: AnalyticsConfig,
  reach: Reach,
  assumptions: readonly AssumptionArgs[],
  parents: Parents,
): Estate {
  const known = names(config);
  const at = (role: Role) => analyticsSite(parents[role], config, known, role, reach);
  const [primary, secondary] = [at("primary"), at("secondary")];
  return { config, names: known, primary, secondary, assumptions, reach, parent: parents.primary };
}

function analyticsSite(
  parent: pulumi.Resource,
  config: AnalyticsConfig,
  known: AnalyticsNames,
  role: Role,
  reach: Reach,
): AnalyticsSite {
  const prefix = `analytics-${role}`;
  const { name, site, provider } = reach.cluster(config.sites[role]);
  const { region, account: subscription } = site;
  const group = known.group[role];
  const azure = reach.azure(name);
  const made = new resources.ResourceGroup(
    `${prefix}-group`,
    { resourceGroupName: group, location: region, tags: { system: "analytics" } },
    { parent, provider: azure, protect: true },
  );
  const workspace = new databricks.Provider(
    `${name}-workspace`,
    {
      azureWorkspaceResourceId: workspaceId({ subscription, group }, known.workspace[role]),
      host: `https://${config.databricks.hosts[role]}`,
    },
    { parent },
  );
  return {
    prefix,
    role,
    name,
    site,
    azure: { provider: azure, resourceGroup: group, region },
    subscription,
    group,
    region,
    made,
    databricks: workspace,
    placement: jobNamespace(parent, {
      prefix,
      namespace: config.namespace,
      provider,
      labels: JOB_LABELS,
      maps: [{ name: "jobs", object: JOBS_MAP, data: jobScripts("analytics") }],
    }),
  };
}
