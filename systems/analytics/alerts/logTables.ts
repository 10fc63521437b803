/**
 * The columns of the workspace's tables that our queries read, as Microsoft documents them (MicrosoftDocs/
 * azure-reference-other, azure-monitor-ref/tables, read 2026-11-22). A query that names anything else does not pass its test.
 */
export const logTables = {
  AppAvailabilityResults: {
    TimeGenerated: "datetime",
    Name: "string",
    Success: "bool",
    DurationMs: "real",
    Message: "string",
    ItemCount: "int",
  },
  AppRequests: {
    TimeGenerated: "datetime",
    Success: "bool",
    ResultCode: "string",
    DurationMs: "real",
    ItemCount: "int",
  },
  AZKVAuditLogs: {
    TimeGenerated: "datetime",
    OperationName: "string",
    HttpStatusCode: "int",
    CallerIpAddress: "string",
    _ResourceId: "string",
  },
  AZMSRunTimeAuditLogs: {
    TimeGenerated: "datetime",
    AuthKey: "string",
    ClientIp: "string",
    Count: "int",
    Status: "string",
    _ResourceId: "string",
  },
  AzureActivity: {
    TimeGenerated: "datetime",
    ActivityStatusValue: "string",
    Caller: "string",
    CallerIpAddress: "string",
    CategoryValue: "string",
    OperationNameValue: "string",
    _ResourceId: "string",
  },
  AzureMetrics: {
    TimeGenerated: "datetime",
    Average: "real",
    MetricName: "string",
    Resource: "string",
    ResourceProvider: "string",
    Total: "real",
    _ResourceId: "string",
  },
  DatabricksAccounts: {
    TimeGenerated: "datetime",
    ActionName: "string",
    Response: "string",
    SourceIPAddress: "string",
  },
  DatabricksJobs: { TimeGenerated: "datetime", ActionName: "string", RequestParams: "string", _ResourceId: "string" },
  SecurityIncident: {
    TimeGenerated: "datetime",
    IncidentNumber: "int",
    LastModifiedTime: "datetime",
    Severity: "string",
    Status: "string",
    Title: "string",
  },
  StorageBlobLogs: {
    TimeGenerated: "datetime",
    AccountName: "string",
    CallerIpAddress: "string",
    StatusCode: "string",
  },
} as const satisfies Record<string, Record<string, "bool" | "datetime" | "int" | "real" | "string">>;

/** Tables that our alerts and Sentinel's rules read: kept for as long as the workspace keeps anything. */
export const watchedTables = Object.keys(logTables);
