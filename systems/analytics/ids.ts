/** Where an id of Azure begins. */
interface Scope {
  subscription: string;
  group: string;
}

/** Id of a subscription, under which all others lie. */
export function subscriptionId(subscription: string): string {
  return `/subscriptions/${subscription}`;
}

/** Id of a resource group. */
export function groupId({ subscription, group }: Scope): string {
  return `${subscriptionId(subscription)}/resourceGroups/${group}`;
}

/** Id of a resource, plain, so that it is known before deployment. */
export function resourceId(scope: Scope, kind: string, name: string): string {
  return `${groupId(scope)}/providers/${kind}/${name}`;
}

/** Id of a workspace of Databricks. */
export function workspaceId(scope: Scope, name: string): string {
  return resourceId(scope, "Microsoft.Databricks/workspaces", name);
}

/** Id of a storage account. */
export function accountId(scope: Scope, name: string): string {
  return resourceId(scope, "Microsoft.Storage/storageAccounts", name);
}

/** Id of a namespace of Event Hubs. */
export function namespaceId(scope: Scope, name: string): string {
  return resourceId(scope, "Microsoft.EventHub/namespaces", name);
}

/** Id of a vault. */
export function vaultId(scope: Scope, name: string): string {
  return resourceId(scope, "Microsoft.KeyVault/vaults", name);
}

/** Id of a workspace of logs. */
export function logsId(scope: Scope, name: string): string {
  return resourceId(scope, "Microsoft.OperationalInsights/workspaces", name);
}
