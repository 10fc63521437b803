import { factsOf } from "./group";

const sdk = { source: "@pulumi/azure-native 3.28.0 operationalinsights/table.d.ts", read: "2026-11-21" };
const replication = {
  source: "MicrosoftDocs/azure-monitor-docs articles/azure-monitor/logs/workspace-replication.md",
  read: "2024",
};
const pricing = {
  source: "hashicorp/terraform-provider-azurerm website/docs/r/log_analytics_workspace.html.markdown",
  read: "2026",
};
const alerts = { source: "common knowledge, in none of the sources that were read", read: "2026" };
const budgets = {
  source: "https://opscanary.com and https://lee-it.co.uk, which repeat Microsoft's text on budgets",
  read: "2025",
};

/** Azure Monitor, Log Analytics, Sentinel and cost budgets. */
export const azureMonitor = factsOf("azure-monitor", {
  alertFrequency: {
    says: "A log alert cannot be evaluated more often than this.",
    value: 60,
    unit: "seconds",
    standing: "unverified",
    ...alerts,
  },
  ingestion: {
    says: "How late a log line can be when its alert is evaluated is promised by nobody.",
    standing: "none",
    ...alerts,
  },
  tableRetentionLeast: {
    says: "A table keeps its lines at least this long in all.",
    value: 4,
    unit: "days",
    standing: "design",
    ...sdk,
  },
  tableRetentionMost: {
    says: "A table keeps its lines at most this long in all.",
    value: 4_383,
    unit: "days",
    standing: "design",
    ...sdk,
  },
  workspaceRetention: {
    says: "A workspace that says nothing keeps its lines this long.",
    value: 30,
    unit: "days",
    standing: "design",
    ...pricing,
  },
  workspaceRetentionLeast: {
    says: "A workspace keeps its lines at least this long, in the plan that is paid by volume.",
    value: 30,
    unit: "days",
    standing: "design",
    ...pricing,
  },
  workspaceRetentionMost: {
    says: "A workspace keeps its lines at most this long; single tables can keep them longer.",
    value: 730,
    unit: "days",
    standing: "design",
    ...pricing,
  },
  replicationStarts: {
    says: "A workspace replicates only lines that arrive after it was told to, and all tables only after up to this.",
    value: 3_600,
    unit: "seconds",
    standing: "typical",
    ...replication,
  },
  watchlists: {
    says: "Watchlists and threat intelligence of Sentinel reach the second region after up to this.",
    value: 12,
    unit: "days",
    standing: "typical",
    ...replication,
  },
  bufferedReturn: {
    says: "Lines that a workspace collected after a switchover are held for its return up to this long.",
    value: 11,
    unit: "days",
    standing: "typical",
    ...replication,
  },
  replicationUndeclared: {
    says: "azure-native 3.28.0 replicates no workspace, unless its operationalinsights is generated for 2025-02-01.",
    standing: "design",
    source: "@pulumi/azure-native 3.28.0 operationalinsights/workspace.d.ts",
    read: "2026-11-21",
  },
  switchover: {
    says: "A person switches a workspace over; the other endpoint serves some minutes later.",
    standing: "none",
    ...replication,
  },
  budgetEvaluation: {
    says: "A cost budget is evaluated about this often, and stops nothing.",
    value: 86_400,
    unit: "seconds",
    standing: "typical",
    ...budgets,
  },
  costDelay: {
    says: "What was spent is known up to this much later.",
    value: 172_800,
    unit: "seconds",
    standing: "typical",
    ...budgets,
  },
});
