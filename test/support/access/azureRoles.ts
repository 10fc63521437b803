/** What a role of Azure allows; patterns with `*`, case does not count. */
export interface AzureRole {
  actions: readonly string[];
  /** What `actions` would allow and does not. */
  notActions?: readonly string[];
  /** Of what lies inside of a resource: blobs, events, secrets. */
  dataActions?: readonly string[];
}

const blobs = "Microsoft.Storage/storageAccounts/blobServices/containers";
const delegation = "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action";

/** Roles that Azure itself defines, as far as we give them, by id: learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const builtInRoles: Readonly<Record<string, AzureRole>> = {
  // Reader
  "acdd72a7-3385-48ef-bd42-f606fba81ae7": { actions: ["*/read"] },
  // Contributor
  "b24988ac-6180-42a0-ab88-20f7382dd24c": {
    actions: ["*"],
    notActions: [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
      "Microsoft.Blueprint/blueprintAssignments/write",
      "Microsoft.Blueprint/blueprintAssignments/delete",
      "Microsoft.Compute/galleries/share/action",
    ],
  },
  // Resource Policy Contributor
  "36243c78-bf99-498c-9df9-86d9f8d28608": {
    actions: [
      "*/read",
      "Microsoft.Authorization/policyassignments/*",
      "Microsoft.Authorization/policydefinitions/*",
      "Microsoft.Authorization/policyexemptions/*",
      "Microsoft.Authorization/policysetdefinitions/*",
      "Microsoft.PolicyInsights/*",
    ],
  },
  // Storage Blob Data Reader
  "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": {
    actions: [`${blobs}/read`, delegation],
    dataActions: [`${blobs}/blobs/read`],
  },
  // Storage Blob Data Contributor
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe": {
    actions: [`${blobs}/delete`, `${blobs}/read`, `${blobs}/write`, delegation],
    dataActions: ["delete", "read", "write", "move/action", "add/action"].map((one) => `${blobs}/blobs/${one}`),
  },
  // Key Vault Secrets User
  "4633458b-17de-408a-b874-0445c86b69e6": {
    actions: [],
    dataActions: [
      "Microsoft.KeyVault/vaults/secrets/getSecret/action",
      "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
    ],
  },
  // Key Vault Secrets Officer
  "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": {
    actions: ["Microsoft.Authorization/*/read", "Microsoft.KeyVault/vaults/*/read"],
    dataActions: ["Microsoft.KeyVault/vaults/secrets/*"],
  },
  // Monitoring Metrics Publisher
  "3913510d-42f4-4e42-8a64-420c390055eb": {
    actions: ["Microsoft.Resources/subscriptions/resourceGroups/read"],
    dataActions: ["Microsoft.Insights/Metrics/Write", "Microsoft.Insights/Telemetry/Write"],
  },
  // Monitoring Reader
  "43d0d8ad-25c7-4714-9337-8ba259a9fe05": {
    actions: ["*/read", "Microsoft.OperationalInsights/workspaces/search/action"],
  },
  // Log Analytics Reader
  "73c42c96-874c-492b-b04d-ab87d138a893": {
    actions: [
      "*/read",
      "Microsoft.OperationalInsights/workspaces/analytics/query/action",
      "Microsoft.OperationalInsights/workspaces/search/action",
    ],
    notActions: ["Microsoft.OperationalInsights/workspaces/sharedKeys/read"],
  },
  // Azure Event Hubs Data Receiver
  "a638d3c7-ab3a-418d-83e6-5f17a39d4fde": {
    actions: ["Microsoft.EventHub/*/eventhubs/consumergroups/read"],
    dataActions: ["Microsoft.EventHub/*/receive/action"],
  },
  // Azure Event Hubs Data Sender
  "2b629674-e913-4c01-ae53-ef4638d8f975": {
    actions: ["Microsoft.EventHub/*/eventhubs/read"],
    dataActions: ["Microsoft.EventHub/*/send/action"],
  },
};
