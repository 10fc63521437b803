import * as azure from "@pulumi/azure-native/provider";
import { describe, expect, it } from "vitest";
import { type AzureAlertArgs, AzureAlerts, type AzureAlertsArgs } from "../../components/azure/azureAlerts";
import { declared, named } from "./declare";

const about = {
  asset: "analytics/lake",
  guards: "health",
  severity: 0,
  description: "It is down.",
  window: "PT5M",
  every: "PT1M",
} satisfies Partial<AzureAlertArgs>;

const metric = {
  ...about,
  alert: "Down",
  scopes: ["/accounts/lake"],
  namespace: "Microsoft.Storage/storageAccounts",
  metric: "Availability",
  aggregation: "Average",
  threshold: 99.9,
  below: true,
} satisfies AzureAlertArgs;

const query = { ...about, alert: "Wrong", scopes: ["/logs"], query: "Lines" };

function alerts(one: AzureAlertArgs, edit: Partial<AzureAlertsArgs> = {}) {
  return declared(() => {
    const provider = new azure.Provider("near", { subscriptionId: "00000000-0000-0000-0000-00000000000b" });
    const at = { provider, resourceGroup: "shop", region: "westeurope" };
    const group = { group: "critical", shortName: "critical", webhook: "https://page.example.com" };
    new AzureAlerts("alerts", { at, ...group, runbooks: "https://runbooks.example.com", alerts: [one], ...edit });
  });
}

describe("alerts of Azure", () => {
  it("tell by a call, by mail, or by both", async () => {
    const group = async (edit: Partial<AzureAlertsArgs>) => named(await alerts(metric, edit), "alerts-group").props;
    expect(await group({})).toMatchObject({ webhookReceivers: [{ serviceUri: "https://page.example.com" }] });
    expect(await group({})).not.toHaveProperty("emailReceivers");
    expect(await group({ mail: ["team@example.com", "more@example.com"] })).toMatchObject({
      emailReceivers: [
        { name: "mail-1", emailAddress: "team@example.com" },
        { name: "mail-2", emailAddress: "more@example.com" },
      ],
    });
  });

  it("watch one resource in other words than several of a kind, as Azure asks", async () => {
    const one = named(await alerts(metric), "alerts-Down").props;
    expect(one).toMatchObject({
      location: "Global",
      criteria: {
        odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
        allOf: [{ operator: "LessThan", threshold: 99.9, timeAggregation: "Average" }],
      },
    });
    expect(one).not.toHaveProperty("targetResourceType");
    const machines = { ...metric, namespace: "Microsoft.Compute/virtualMachines", scopes: ["/groups/a", "/groups/b"] };
    expect(named(await alerts(machines), "alerts-Down").props).toMatchObject({
      targetResourceType: "Microsoft.Compute/virtualMachines",
      targetResourceRegion: "westeurope",
      criteria: { odataType: "Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria" },
    });
  });

  it("fire on lines, or on their absence, and only a heartbeat again and again", async () => {
    const rule = async (one: AzureAlertArgs) => named(await alerts(one), "alerts-Wrong").props;
    expect(await rule({ ...query, moreThan: 0 })).toMatchObject({
      autoMitigate: true,
      criteria: { allOf: [{ query: "Lines", operator: "GreaterThan", threshold: 0, timeAggregation: "Count" }] },
    });
    expect(await rule({ ...query, fewerThan: 1 })).toMatchObject({
      autoMitigate: true,
      criteria: { allOf: [{ operator: "LessThan", threshold: 1, timeAggregation: "Count" }] },
    });
    expect(await rule({ ...query, moreThan: 0, repeats: true })).toMatchObject({ autoMitigate: false });
  });

  it("are refused where Azure would not take them, or where nobody would be told", async () => {
    await expect(alerts({ ...metric, scopes: ["/a", "/b"] })).rejects.toThrow(/scopes of Down must be one, got 2/);
    await expect(alerts(metric, { shortName: "far-too-long-a-name" })).rejects.toThrow(/at most 12 characters/);
    const nobody = declared(() => {
      const provider = new azure.Provider("near", { subscriptionId: "00000000-0000-0000-0000-00000000000b" });
      const at = { provider, resourceGroup: "shop", region: "westeurope" };
      new AzureAlerts("alerts", {
        at,
        group: "g",
        shortName: "g",
        runbooks: "https://r.example.com",
        alerts: [metric],
      });
    });
    await expect(nobody).rejects.toThrow(/webhook or mail must be given/);
  });
});
