import * as azure from "@pulumi/azure-native/provider";
import * as databricks from "@pulumi/databricks";
import * as k8s from "@pulumi/kubernetes";

/** The subscription that everything is in. */
export const SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";

/** The guide's two regions; it says of neither where it is. */
export const SITES = {
  primary: { context: "analytics-primary", region: "westeurope" },
  secondary: { context: "analytics-secondary", region: "northeurope" },
} as const;

/** One of them. */
export type Role = keyof typeof SITES;

/** Credentials for one of the guide's regions. */
export interface Place {
  role: Role;
  region: string;
  resourceGroupName: string;
  azure: azure.Provider;
  databricks: databricks.Provider;
  cluster: k8s.Provider;
}

/** A region with a workspace of Databricks, and a cluster that runs the guide's scripts. */
export function placeOf(role: Role): Place {
  const { region, context } = SITES[role];
  const resourceGroupName = `analytics-${role}`;
  return {
    role,
    region,
    resourceGroupName,
    azure: new azure.Provider(role, { subscriptionId: SUBSCRIPTION, location: region }),
    databricks: new databricks.Provider(`${role}-workspace`, {
      azureWorkspaceResourceId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${resourceGroupName}/providers/Microsoft.Databricks/workspaces/analytics-${role}`,
    }),
    cluster: new k8s.Provider(`${role}-cluster`, { context }),
  };
}

/** Where the guide's scripts run; it does not say. */
export const NAMESPACE = "analytics";
