import type { Resource } from "../../policies/graph";
import type { Loaded } from "../../preview/offline";
import { named } from "./declared";

/** A stack's place in Azure; the numbers are made up. */
export const inAzure = {
  tenant: "00000000-0000-0000-0000-00000000000a",
  subscription: "00000000-0000-0000-0000-00000000000b",
  location: "westeurope",
  roles: ["00000000-0000-0000-0000-0000000000f1"],
};

/** What an identity of CI was given in a subscription. */
export interface AzureRole {
  subscription: string;
  actions: string[];
  dataActions: string[];
  condition: string;
}

/** The one role that an environment's identity has. @throws Error where it has none, or another than was made for it */
export function azureRoleOf(program: Loaded, stack: string, purpose: "preview" | "deploy"): AzureRole {
  const name = `${stack}-azure-${purpose}`;
  const { props } = named(program, "RoleDefinition", `${name}-role`);
  const id = String(props.roleDefinitionId);
  const given = program.graph.resources.filter(
    (one) => one.type.endsWith(":RoleAssignment") && one.name.startsWith(`${name}-`),
  );
  const [rights] = given.map((one) => one.props as Record<string, string>);
  const scope = String(props.scope);
  if (given.length !== 1 || rights?.scope !== scope || !rights.roleDefinitionId?.endsWith(`/${id}`))
    throw new Error(`${name} has other rights than its role in ${scope}`);
  const [permissions] = props.permissions as { actions: string[]; dataActions: string[] }[];
  return {
    subscription: scope.replace("/subscriptions/", ""),
    actions: permissions?.actions ?? [],
    dataActions: permissions?.dataActions ?? [],
    condition: String(rights.condition),
  };
}

/** Whether a list of actions holds this one; Azure does not look at case, and none of ours is a pattern. */
export function allows(list: readonly string[], action: string): boolean {
  if (list.some((one) => one.includes("*"))) throw new Error("a pattern is not read here");
  return list.some((one) => one.toLowerCase() === action.toLowerCase());
}

/** Roles that the condition lets an identity give (`write`) or take back (`delete`), by id. */
export function givable({ condition }: AzureRole, verb: "write" | "delete"): string[] {
  const clause = new RegExp(
    `roleAssignments/${verb}'\\}\\)\\) OR \\([^{]*RoleDefinitionId\\] ForAnyOfAnyValues:GuidEquals \\{([^}]*)\\}`,
  );
  return clause.exec(condition)?.[1]?.split(", ") ?? [];
}

/** Kinds of resources in Azure's words, by those of the provider. */
const kinds: Readonly<Record<string, string>> = {
  "applicationinsights:Component": "Microsoft.Insights/components",
  "applicationinsights:Workbook": "Microsoft.Insights/workbooks",
  "authorization:PolicyAssignment": "Microsoft.Authorization/policyAssignments",
  "authorization:PolicyDefinition": "Microsoft.Authorization/policyDefinitions",
  "authorization:RoleAssignment": "Microsoft.Authorization/roleAssignments",
  "authorization:RoleDefinition": "Microsoft.Authorization/roleDefinitions",
  "consumption:Budget": "Microsoft.Consumption/budgets",
  "databricks:AccessConnector": "Microsoft.Databricks/accessConnectors",
  "databricks:Workspace": "Microsoft.Databricks/workspaces",
  "eventhub:EventHub": "Microsoft.EventHub/namespaces/eventhubs",
  "eventhub:NamespaceNetworkRuleSet": "Microsoft.EventHub/namespaces/networkRuleSets",
  "fabric:FabricCapacity": "Microsoft.Fabric/capacities",
  "keyvault:Vault": "Microsoft.KeyVault/vaults",
  "managedidentity:FederatedIdentityCredential":
    "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
  "managedidentity:UserAssignedIdentity": "Microsoft.ManagedIdentity/userAssignedIdentities",
  "monitor:ActionGroup": "Microsoft.Insights/actionGroups",
  "monitor:ActivityLogAlert": "Microsoft.Insights/activityLogAlerts",
  "monitor:DiagnosticSetting": "Microsoft.Insights/diagnosticSettings",
  "monitor:MetricAlert": "Microsoft.Insights/metricAlerts",
  "monitor:ScheduledQueryRule": "Microsoft.Insights/scheduledQueryRules",
  "monitor:SubscriptionDiagnosticSetting": "Microsoft.Insights/diagnosticSettings",
  "operationalinsights:Table": "Microsoft.OperationalInsights/workspaces/tables",
  "resources:ResourceGroup": "Microsoft.Resources/subscriptions/resourceGroups",
  "securityinsights:ScheduledAlertRule": "Microsoft.SecurityInsights/alertRules",
  "securityinsights:SentinelOnboardingState": "Microsoft.SecurityInsights/onboardingStates",
  "storage:BlobContainer": "Microsoft.Storage/storageAccounts/blobServices/containers",
  "storage:BlobServiceProperties": "Microsoft.Storage/storageAccounts/blobServices",
  "storage:ManagementPolicy": "Microsoft.Storage/storageAccounts/managementPolicies",
  "storage:StorageAccount": "Microsoft.Storage/storageAccounts",
};

/** What the provider writes with the rights on data, and not on what holds them. */
export const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

/** The kind of a resource in Azure's words; nothing where it is not known here. */
export function kindOf({ type, props }: Resource): string | undefined {
  const own = type.replace("azure-native:", "");
  if (own === "storage:Blob") return BLOBS;
  if (own !== "resources:Resource") return kinds[own];
  return [props.resourceProviderNamespace, props.parentResourcePath, props.resourceType].filter(Boolean).join("/");
}
