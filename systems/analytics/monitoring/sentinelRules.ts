/** A rule of Sentinel that looks for people who should not be there. */
export interface SentinelRule {
  /** Name of the rule. */
  rule: string;
  /** What the incident is called. */
  title: string;
  description: string;
  severity: "High" | "Medium";
  /** Lines it finds are what was seen; none is a quiet day. */
  query: string;
  /** How often it looks, and how far back, as Azure writes it. */
  every: string;
  over: string;
  /** Tactics of MITRE ATT&CK. */
  tactics: readonly ("CredentialAccess" | "Impact" | "DefenseEvasion" | "PrivilegeEscalation" | "InitialAccess")[];
}

/** Refused calls of one caller in an hour that are no mistake any more. */
const REFUSED = 20;

/** What only an attack, or somebody who must be asked, does to what recovery stands on. */
const PROTECTIVE = [
  "Microsoft.Authorization/locks/delete",
  "Microsoft.Databricks/workspaces/delete",
  "Microsoft.EventHub/namespaces/delete",
  "Microsoft.EventHub/namespaces/eventhubs/delete",
  "Microsoft.Insights/actionGroups/delete",
  "Microsoft.Insights/diagnosticSettings/delete",
  "Microsoft.Insights/metricAlerts/delete",
  "Microsoft.Insights/scheduledQueryRules/delete",
  "Microsoft.KeyVault/vaults/delete",
  "Microsoft.OperationalInsights/workspaces/delete",
  "Microsoft.SecurityInsights/alertRules/delete",
  "Microsoft.Storage/storageAccounts/blobServices/containers/delete",
  "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies/delete",
  "Microsoft.Storage/storageAccounts/delete",
  "Microsoft.Storage/storageAccounts/managementPolicies/delete",
] as const;

/** "Security breach: unauthorized access detected", by what each service writes of it. */
export function sentinelRules({ deployer }: { deployer: string }): SentinelRule[] {
  const hourly = { every: "PT5M", over: "PT1H" } as const;
  return [
    {
      ...hourly,
      rule: "analytics-storage-refused",
      title: "Somebody tries to read accounts that refuse them",
      description: `More than ${REFUSED} calls from one address to one account were refused within an hour.`,
      severity: "Medium",
      query: `StorageBlobLogs | where StatusCode in ("401", "403") | summarize Refused = count(), Last = max(TimeGenerated) by AccountName, CallerIpAddress = tostring(split(CallerIpAddress, ":")[0]) | where Refused > ${REFUSED}`,
      tactics: ["InitialAccess"],
    },
    {
      ...hourly,
      rule: "analytics-vault-refused",
      title: "Somebody tries to read secrets that they may not",
      // Every client is answered 401 first, and then says who it is.
      description: "More than 5 calls to a vault by one address were refused within an hour.",
      severity: "High",
      query:
        "AZKVAuditLogs | where HttpStatusCode == 403 | summarize Refused = count(), Operations = make_set(OperationName, 10), Last = max(TimeGenerated) by CallerIpAddress, _ResourceId | where Refused > 5",
      tactics: ["CredentialAccess"],
    },
    {
      ...hourly,
      rule: "analytics-events-refused",
      title: "Somebody tries to read or write events who may not",
      description: `More than ${REFUSED} calls to a namespace by one client failed to show a right within an hour.`,
      severity: "Medium",
      query: `AZMSRunTimeAuditLogs | where Status =~ "failure" | summarize Refused = sum(Count), Last = max(TimeGenerated) by ClientIp, AuthKey, _ResourceId | where Refused > ${REFUSED}`,
      tactics: ["InitialAccess"],
    },
    {
      ...hourly,
      rule: "analytics-logins-refused",
      title: "Logins to Databricks are refused",
      description: `More than ${REFUSED} logins to a workspace from one address were refused within an hour.`,
      severity: "Medium",
      query: `DatabricksAccounts | where ActionName has_any ("login", "Login", "tokenLogin") and toint(parse_json(Response).statusCode) in (401, 403) | summarize Refused = count(), Last = max(TimeGenerated) by SourceIPAddress | where Refused > ${REFUSED}`,
      tactics: ["CredentialAccess"],
    },
    {
      ...hourly,
      rule: "analytics-protection-removed",
      title: "Something that recovery stands on was deleted",
      description: "An account, a vault, a namespace, a lock, an alert or what writes the logs was deleted.",
      severity: "High",
      query: `AzureActivity | where CategoryValue == "Administrative" and ActivityStatusValue == "Success" and OperationNameValue in~ (${PROTECTIVE.map((one) => `"${one}"`).join(", ")}) | project TimeGenerated, OperationNameValue, Caller, CallerIpAddress, _ResourceId`,
      tactics: ["Impact", "DefenseEvasion"],
    },
    {
      ...hourly,
      rule: "analytics-rights-changed",
      title: "Somebody who does not deploy gave out rights",
      description: "A role was assigned, or a role was changed, by another identity than the deployer's.",
      severity: "High",
      query: `AzureActivity | where CategoryValue == "Administrative" and ActivityStatusValue == "Success" and OperationNameValue in~ ("Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/roleDefinitions/write") and Caller != "${deployer}" | project TimeGenerated, OperationNameValue, Caller, CallerIpAddress, _ResourceId`,
      tactics: ["PrivilegeEscalation"],
    },
  ];
}
