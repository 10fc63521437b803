import * as monitor from "@pulumi/azure-native/monitor";
import * as k8s from "@pulumi/kubernetes";
import { accounts, assetOf } from "./guide";
import { NAMESPACE, type Place, SUBSCRIPTION } from "./places";

/** The guide's alerts on what people would notice, with its thresholds; it names no query, no window and no receiver. */
const alerts = [
  { name: "high-latency", severity: 2, query: "Latency | where Seconds > 10" },
  { name: "error-spike", severity: 2, query: "Requests | summarize Rate = avg(Failed) | where Rate > 0.01" },
  { name: "backup-success", severity: 4, query: "Backups | where Status == 'success'" },
] as const;

/** Declares them; "Backup Success" is information, and nobody is told when it stays away. */
export function declareAlerts({ azure, region, resourceGroupName }: Place): void {
  const scope = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${resourceGroupName}/providers/Microsoft.Storage/storageAccounts/${accounts.data}`;
  for (const { name, severity, query } of alerts)
    new monitor.ScheduledQueryRule(
      name,
      {
        ruleName: name,
        location: region,
        resourceGroupName,
        description: name,
        severity,
        enabled: true,
        scopes: [scope],
        windowSize: "PT5M",
        evaluationFrequency: "PT5M",
        criteria: { allOf: [{ query, operator: "GreaterThan", threshold: 0, timeAggregation: "Count" }] },
        tags: {
          holdfast_asset: assetOf("lake"),
          holdfast_guards: name === "backup-success" ? "freshness" : "health",
          holdfast_assumed: "query, window and frequency: the guide gives a threshold",
        },
      },
      { provider: azure },
    );
}

/** Mended: what notices from the other region that the first one is gone. */
export function declareNotice({ cluster: provider }: Place): void {
  const defaults = "defaults of Prometheus and Alertmanager: 1m, 10s, 1m, 30s; the guide has no such alert";
  const declare = (name: string, apiVersion: string, kind: string, said: Record<string, string>, spec: object) => {
    const annotations = { ...said, "holdfast.dev/assumed": defaults };
    const metadata = { name, namespace: NAMESPACE, annotations };
    new k8s.apiextensions.CustomResource(name, { apiVersion, kind, metadata, spec }, { provider });
  };
  const rule = {
    alert: "RegionDown",
    expr: 'probe_success{job="analytics"} == 0 or absent(probe_success{job="analytics"})',
    for: "1m",
    labels: { severity: "critical", namespace: NAMESPACE },
    annotations: {
      summary: "Nothing of the first region answers",
      holdfast_asset: "analytics/*",
      holdfast_guards: "detection",
      holdfast_disruptions: "region",
    },
  };
  const prometheus = "monitoring.coreos.com/v1";
  declare("region", prometheus, "PrometheusRule", {}, { groups: [{ name: "region", interval: "1m", rules: [rule] }] });
  declare(
    "region-probe",
    prometheus,
    "Probe",
    { "holdfast.dev/asset": "analytics/*" },
    {
      jobName: "analytics",
      interval: "1m",
      scrapeTimeout: "10s",
      prober: { url: "blackbox-exporter:9115" },
      module: "http_2xx",
      targets: { staticConfig: { static: ["https://analytics.example.com/health"] } },
    },
  );
  declare(
    "notification",
    "monitoring.coreos.com/v1alpha1",
    "AlertmanagerConfig",
    {},
    {
      route: { receiver: "on-call", groupWait: "30s" },
      receivers: [{ name: "on-call", emailConfigs: [{ to: "operations@company.com" }] }],
    },
  );
}
