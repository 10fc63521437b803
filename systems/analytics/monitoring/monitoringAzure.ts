import type * as pulumi from "@pulumi/pulumi";
import { AzureAlerts } from "../../../components/azure/azureAlerts";
import { guideAlerts } from "../alerts/guide";
import { heartbeatAlert } from "../alerts/heartbeat";
import { type AlertScopes, type AnalyticsAlert, azureAlert } from "../alerts/rule";
import { type IncidentSeverity, incidentSeverities, tooSlow } from "../alerts/severities";
import { targetAlerts } from "../alerts/targets";
import { accountId, groupId, logsId, subscriptionId } from "../ids";
import { assetIds, assetNames } from "../objectives";
import type { Estate } from "../site";
import { Budget } from "./budget";
import { budgetAlerts } from "./budgetAlerts";
import { managedGroup } from "./monitoringNames";
import { serviceHealth } from "./serviceHealth";

/** Every alert of Azure Monitor that a stack has; refuses one that answers later than what it guards must be back. */
export function azureAlerts({
  config,
  names,
  primary,
}: Pick<Estate, "config" | "names" | "primary">): AnalyticsAlert[] {
  const scopes: AlertScopes = {
    logs: logsId(primary, names.logs),
    compute: groupId({ ...primary, group: managedGroup(primary.group) }),
    lake: accountId(primary, names.lake.written),
  };
  const { load } = config.kafka;
  const sizes = { lakeBytes: config.lake.mostBytes, ...load, deployer: config.alerts.deployer };
  const all = [...guideAlerts(scopes, sizes), ...targetAlerts(scopes.logs)];
  const objectives = Object.fromEntries(assetNames.map((name) => [assetIds[name], config.objectives[name]]));
  const slow = tooSlow(all, objectives);
  if (slow.length > 0) throw new RangeError(slow.join("\n"));
  return all;
}

/** A group for each severity of the matrix, with its alerts, and the budget and Azure's own health told through them. */
export function azureMonitoring(estate: Estate, workspace: string): void {
  const { config, primary, parent } = estate;
  const { webhook, heartbeat, runbooks, to, budget } = config.alerts;
  const all = azureAlerts(estate);
  const shared = { at: primary.azure, runbooks, tags: { system: "analytics" } };
  const receivers: Record<IncidentSeverity, { webhook?: string; mail: string[] }> = {
    critical: { webhook, mail: [to.team, to.security] },
    high: { mail: [to.team] },
    medium: { mail: [to.tickets] },
    low: { mail: [to.review] },
  };
  const groups = Object.fromEntries(
    incidentSeverities.map((severity) => [
      severity,
      new AzureAlerts(
        `analytics-${severity}`,
        {
          ...shared,
          ...receivers[severity],
          group: `analytics-${severity}`,
          shortName: `an-${severity}`,
          alerts: all.filter((one) => one.severity === severity).map(azureAlert),
        },
        { parent },
      ).group.id,
    ]),
  ) as Record<IncidentSeverity, pulumi.Output<string>>;
  new AzureAlerts(
    "analytics-heartbeat",
    {
      ...shared,
      webhook: heartbeat,
      group: "analytics-heartbeat",
      shortName: "an-heartbeat",
      alerts: [azureAlert(heartbeatAlert(workspace))],
    },
    { parent },
  );
  const subscription = subscriptionId(primary.subscription);
  serviceHealth({
    at: primary.azure,
    subscription,
    groups: [primary, estate.secondary].map(({ group }) => group),
    group: groups.critical,
    runbooks,
    parent,
  });
  new Budget(
    "analytics-budget",
    {
      at: primary.azure,
      scope: subscription,
      budget: "analytics",
      ...budget,
      mail: [to.team],
      alerts: budgetAlerts.map(({ severity, ...one }) => ({ ...one, group: groups[severity] })),
    },
    { parent },
  );
}
