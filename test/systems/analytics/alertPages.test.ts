import { beforeAll, describe, expect, test } from "vitest";
import type { Resource } from "../../../policies/graph";
import { alertPages, documentedAlerts } from "../../../systems/analytics/runbooks/alertPages";
import { declaredGraph } from "../../support/declaredGraph";
import { ofSystem } from "../declared";

const pages = alertPages();
const files = pages.map(({ file }) => file);
let own: Resource[];
/** Every alert that production declares, with the page its link names where it names one. */
let alerts: { alert: string; runbook: string }[];

beforeAll(async () => {
  own = ofSystem((await declaredGraph("prod")).resources, "analytics");
  const rules = ofKind("PrometheusRule").flatMap(({ props }) => {
    const { groups } = props.spec as unknown as {
      groups: { rules: { alert: string; annotations: { runbook_url: string } }[] }[];
    };
    return groups.flatMap((group) =>
      group.rules.map(({ alert, annotations }) => ({ alert, runbook: annotations.runbook_url })),
    );
  });
  const ofAzure = ["MetricAlert", "ScheduledQueryRule", "ActivityLogAlert"].flatMap((kind) =>
    ofKind(kind).map(({ props }) => ({
      alert: String(props.ruleName ?? props.activityLogAlertName),
      runbook: (props.tags as Record<string, string>).holdfast_runbook ?? "",
    })),
  );
  const budget = ofKind("Budget").flatMap(({ props }) =>
    Object.keys(props.notifications as object).map((alert) => ({ alert, runbook: `${alert}.md` })),
  );
  alerts = [...rules, ...ofAzure, ...budget];
});

function ofKind(kind: string): Resource[] {
  // Our components are called after what they declare.
  return own.filter(({ type }) => !type.startsWith("holdfast:") && type.endsWith(`:${kind}`));
}

describe("the alerts of analytics", () => {
  test("each have their page, where their link leads; and there is no page of an alert that production has not", () => {
    expect(alerts.length).toBeGreaterThan(50);
    expect(alerts.filter(({ runbook }) => !files.includes(runbook.split("/").at(-1) ?? ""))).toEqual([]);
    const declared = new Set(alerts.map(({ alert }) => alert));
    const unused = documentedAlerts().filter(({ alert }) => !declared.has(alert));
    // It waits for jobs that look at who came in.
    expect(unused.map(({ alert }) => alert)).toEqual(["AnalyticsAuditOverdue"]);
  });

  test("are told to somebody: by a group for each severity, and by one heartbeat", () => {
    const groups = ofKind("ActionGroup").map(({ props }) => [
      props.actionGroupName,
      "webhookReceivers" in props,
      "emailReceivers" in props,
    ]);
    expect(groups.sort()).toEqual([
      ["analytics-critical", true, true],
      ["analytics-heartbeat", true, false],
      ["analytics-high", false, true],
      ["analytics-low", false, true],
      ["analytics-medium", false, true],
    ]);
    const repeating = ofKind("ScheduledQueryRule").filter(({ props }) => props.autoMitigate === false);
    expect(repeating.map(({ props }) => props.ruleName)).toEqual(["AnalyticsMonitorHeartbeat"]);
  });

  test("see every resource that keeps data: each sends its logs", () => {
    const diagnosed = ofKind("DiagnosticSetting").map(({ props }) => String(props.resourceUri).toLowerCase());
    const sends = (id: string) => diagnosed.some((one) => one.endsWith(id.toLowerCase()));
    const accounts = ofKind("StorageAccount").map(({ props }) => `/storageAccounts/${String(props.accountName)}`);
    const vaults = ofKind("Vault")
      .filter(({ type }) => type.includes("keyvault"))
      .map(({ props }) => `/vaults/${String(props.vaultName)}`);
    const namespaces = own
      .filter(({ props }) => props.resourceProviderNamespace === "Microsoft.EventHub")
      .map(({ props }) => `/namespaces/${String(props.resourceName)}`);
    const workspaces = own
      .filter(({ type }) => type === "azure-native:databricks:Workspace")
      .map(({ props }) => `/workspaces/${String(props.workspaceName)}`);
    const all = [...accounts, ...vaults, ...namespaces, ...workspaces];
    expect([accounts.length, vaults.length, namespaces.length, workspaces.length]).toEqual([3, 1, 53, 2]);
    expect(all.filter((id) => !sends(id))).toEqual([]);
  });
});
