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

/** Roles of Azure's own that a deployment may give, by their ids: none of them gives roles in turn. */
const givable = [
  "acdd72a7-3385-48ef-bd42-f606fba81ae7", // Reader
  "b24988ac-6180-42a0-ab88-20f7382dd24c", // Contributor
  "36243c78-bf99-498c-9df9-86d9f8d28608", // Resource Policy Contributor
  "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", // Storage Blob Data Reader
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe", // Storage Blob Data Contributor
  "4633458b-17de-408a-b874-0445c86b69e6", // Key Vault Secrets User
  "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", // Key Vault Secrets Officer
  "3913510d-42f4-4e42-8a64-420c390055eb", // Monitoring Metrics Publisher
  "43d0d8ad-25c7-4714-9337-8ba259a9fe05", // Monitoring Reader
  "73c42c96-874c-492b-b04d-ab87d138a893", // Log Analytics Reader
  "a638d3c7-ab3a-418d-83e6-5f17a39d4fde", // Azure Event Hubs Data Receiver
  "2b629674-e913-4c01-ae53-ef4638d8f975", // Azure Event Hubs Data Sender
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
  const roles = [...givable, ...own].join(", ");
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
