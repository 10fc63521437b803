import { builtInRoles } from "../components/azure/roles";
import type { Purpose } from "./names";

/** What a role of Azure allows, and where it says yes. */
export interface AzureRights {
  actions: string[];
  /** What it may do with data, beside the actions on what holds them. */
  dataActions: string[];
  /** Which of these requests it allows, in Azure's own language for conditions. */
  condition: string;
}

/** Kinds of resources that hold data or lead to them: a deployment makes and changes them, and deletes none. */
const kept = [
  "Microsoft.Databricks/workspaces",
  "Microsoft.EventHub/namespaces",
  "Microsoft.EventHub/namespaces/eventhubs",
  "Microsoft.Fabric/capacities",
  "Microsoft.KeyVault/vaults",
  "Microsoft.OperationalInsights/workspaces",
  "Microsoft.OperationalInsights/workspaces/tables",
  "Microsoft.Resources/subscriptions/resourceGroups",
  "Microsoft.Storage/storageAccounts",
  "Microsoft.Storage/storageAccounts/blobServices",
  "Microsoft.Storage/storageAccounts/blobServices/containers",
  "Microsoft.Storage/storageAccounts/managementPolicies",
];

/** Kinds of resources that hold none: a deployment also deletes them. */
const loose = [
  "Microsoft.Authorization/policyAssignments",
  "Microsoft.Authorization/policyDefinitions",
  "Microsoft.Authorization/roleAssignments",
  "Microsoft.Authorization/roleDefinitions",
  "Microsoft.Consumption/budgets",
  "Microsoft.Databricks/accessConnectors",
  "Microsoft.EventHub/namespaces/networkRuleSets",
  "Microsoft.Insights/actionGroups",
  "Microsoft.Insights/activityLogAlerts",
  "Microsoft.Insights/components",
  "Microsoft.Insights/diagnosticSettings",
  "Microsoft.Insights/metricAlerts",
  "Microsoft.Insights/scheduledQueryRules",
  "Microsoft.Insights/workbooks",
  "Microsoft.ManagedIdentity/userAssignedIdentities",
  "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
  "Microsoft.SecurityInsights/alertRules",
  "Microsoft.SecurityInsights/onboardingStates",
];

/** To log in, and to be told where a cluster is; what the cluster allows is for those to say who own it. */
const looks = [
  "Microsoft.Resources/subscriptions/read",
  "Microsoft.ContainerService/managedClusters/read",
  "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
];

/** What Azure asks for when a resource is tied to another: a network, a workspace for its logs. */
const ties = [
  "Microsoft.Network/virtualNetworks/read",
  "Microsoft.Network/virtualNetworks/subnets/read",
  "Microsoft.Network/virtualNetworks/subnets/join/action",
  "Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action",
  "Microsoft.OperationalInsights/workspaces/sharedKeys/action",
  "Microsoft.OperationsManagement/solutions/read",
  "Microsoft.OperationsManagement/solutions/write",
  // Who deploys a workspace sets what is in it.
  "Microsoft.Databricks/workspaces/assignWorkspaceAdmin/action",
];

const blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
const assignments = "Microsoft.Authorization/roleAssignments";

/** Recovery kits lie beside the data, and are all of the data that a deployment has any business with. */
const kitsOnly = `((!(ActionMatches{'${blobs}/read'}) AND !(ActionMatches{'${blobs}/write'})) OR (@Resource[${blobs}:path] StringLike 'kit/*'))`;

/** What the identity of an environment may do in its subscription; `own` are roles that the stack itself makes. */
export function rightsFor(purpose: Purpose, own: readonly string[]): AzureRights {
  const reads = [...kept, ...loose].map((kind) => `${kind}/read`);
  if (purpose === "preview")
    return { actions: [...reads, ...looks], dataActions: [`${blobs}/read`], condition: kitsOnly };
  const roles = [...Object.values(builtInRoles), ...own].join(", ");
  const within = (verb: "write" | "delete", of: "@Request" | "@Resource") =>
    `((!(ActionMatches{'${assignments}/${verb}'})) OR (${of}[${assignments}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${roles}}))`;
  return {
    actions: [
      ...reads,
      ...[...kept, ...loose].map((kind) => `${kind}/write`),
      ...loose.map((kind) => `${kind}/delete`),
      ...looks,
      ...ties,
    ],
    dataActions: [`${blobs}/read`, `${blobs}/write`],
    condition: [within("write", "@Request"), within("delete", "@Resource"), kitsOnly].join(" AND "),
  };
}
