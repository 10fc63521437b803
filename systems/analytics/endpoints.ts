import type { Estate, Role } from "./site";

/** Addresses that scripts call; they have none of their own, so that no job calls another cloud by a default. */
export function endpoints({ config, names, primary }: Estate): Record<string, string> {
  return {
    AZURE_TENANT_ID: config.tenant,
    AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com/",
    ARM_URL: "https://management.azure.com",
    POWERBI_URL: "https://api.powerbi.com/v1.0/myorg",
    BLOB_URL: "https://%s.blob.core.windows.net",
    VAULT_URL: "https://%s.vault.azure.net",
    LOGS_URL: "https://api.loganalytics.azure.com/v1",
    SUBSCRIPTION: primary.subscription,
    GROUPS_OF_BOTH: `${names.group.primary} ${names.group.secondary}`,
  };
}

/** Where the workspace of a region answers. */
export function workspaceUrl({ config }: Pick<Estate, "config">, role: Role): string {
  return `https://${config.databricks.hosts[role]}`;
}
