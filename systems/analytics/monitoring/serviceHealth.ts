import * as monitor from "@pulumi/azure-native/monitor";
import type { input } from "@pulumi/azure-native/types";
import type * as pulumi from "@pulumi/pulumi";
import type { AzureSite } from "../../../components/azure/place";

/** Where the alerts stand, and who is told. */
export interface ServiceHealthArgs {
  at: AzureSite;
  /** Id of the subscription. */
  subscription: string;
  /** Resource groups whose resources must be well. */
  groups: readonly string[];
  /** Id of the group that is told. */
  group: pulumi.Input<string>;
  runbooks: string;
  parent: pulumi.Resource;
}

/** One alert on the activity log. */
interface ActivityAlert {
  alert: string;
  description: string;
  allOf: input.monitor.AlertRuleAnyOfOrLeafConditionArgs[];
}

/** What Azure itself says is down: one of our resources, or a service of which nothing is ours to mend. */
export function serviceHealth(args: ServiceHealthArgs): void {
  const { at, subscription, group, runbooks, parent } = args;
  for (const { alert, description, allOf } of activityAlerts(args.groups))
    new monitor.ActivityLogAlert(
      `analytics-${alert}`,
      {
        activityLogAlertName: alert,
        resourceGroupName: at.resourceGroup,
        location: "Global",
        description,
        enabled: true,
        scopes: [subscription],
        condition: { allOf },
        actions: { actionGroups: [{ actionGroupId: group }] },
        tags: { system: "analytics", holdfast_runbook: `${runbooks}/${alert}.md` },
      },
      { parent, provider: at.provider },
    );
}

/** The alerts on what Azure says of its own services. */
export function activityAlerts(groups: readonly string[]): ActivityAlert[] {
  return [
    {
      alert: "AnalyticsServiceDown",
      description: "Service down: Azure says that one of our resources is not available.",
      allOf: [
        { field: "category", equals: "ResourceHealth" },
        { field: "properties.currentHealthStatus", equals: "Unavailable" },
        { anyOf: groups.map((equals) => ({ field: "resourceGroup", equals })) },
      ],
    },
    {
      alert: "AnalyticsServiceIncident",
      description: "Azure has an incident of a service that the subscription uses.",
      allOf: [
        { field: "category", equals: "ServiceHealth" },
        { field: "properties.incidentType", equals: "Incident" },
      ],
    },
  ];
}
