import * as monitor from "@pulumi/azure-native/monitor";
import type * as pulumi from "@pulumi/pulumi";
import type { AzureSite } from "../../../components/azure/place";

/** Something whose logs and metrics go to the workspace. */
export interface Diagnosed {
  /** What its setting is called in the program. */
  name: string;
  /** Its id; plain. */
  id: string;
  /** What of it there is. */
  sends: "logs" | "metrics" | "both";
}

/** Where they go, and what must be there first. */
export interface DiagnosticsArgs {
  at: AzureSite;
  /** Id of the workspace of logs. */
  workspace: string;
  parent: pulumi.Resource;
  after: pulumi.Resource[];
}

/** Sends logs and metrics of resources to the workspace, each service into tables of its own. */
export function diagnosticSettings({ at, workspace, parent, after }: DiagnosticsArgs, all: readonly Diagnosed[]): void {
  const options = { parent, provider: at.provider, dependsOn: after };
  for (const { name, id, sends } of all)
    new monitor.DiagnosticSetting(
      `analytics-${name}-diagnostics`,
      {
        name: "analytics-logs",
        resourceUri: id,
        workspaceId: workspace,
        logAnalyticsDestinationType: "Dedicated",
        logs: sends === "metrics" ? [] : [{ categoryGroup: "allLogs", enabled: true }],
        metrics: sends === "logs" ? [] : [{ category: "AllMetrics", enabled: true }],
      },
      options,
    );
}

/** What a subscription's activity log holds that we look at. */
const activities = ["Administrative", "Alert", "Policy", "ResourceHealth", "Security", "ServiceHealth"] as const;

/** Sends what anybody does to the subscription's resources to the workspace. */
export function activityLog({ at, workspace, parent, after }: DiagnosticsArgs): void {
  new monitor.SubscriptionDiagnosticSetting(
    "analytics-activity-log",
    {
      name: "analytics-logs",
      workspaceId: workspace,
      logs: activities.map((category) => ({ category, enabled: true })),
    },
    { parent, provider: at.provider, dependsOn: after },
  );
}
