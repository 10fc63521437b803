import * as k8s from "@pulumi/kubernetes";
import { assumed, links } from "./links";
import { ALERTS, ASSETS, DATABASE, NAMESPACE, type RunbookAlert } from "./runbook";
import type { Mend } from "./variant";

/** The runbook's four alerts, and what a variant adds around them. */
export function declareAlerts(mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  const metadata = (name: string) => ({ name, namespace: NAMESPACE });
  const interval = mended.has("monitoring") ? { interval: "1m" } : {};
  const text = "a PrometheusRule: the runbook shows the groups, and not who evaluates them";
  new k8s.apiextensions.CustomResource(
    "alerts",
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: {
        ...metadata("omniverse-alerts"),
        annotations: links(assumed(text, mended, ["monitoring"])),
      },
      spec: { groups: [{ name: "omniverse_alerts", ...interval, rules: ALERTS.map((alert) => rule(alert, mended)) }] },
    },
    { provider },
  );
  if (!mended.has("monitoring")) return;
  const defaults = "defaults of Prometheus and Alertmanager: 1m, 10s, 1m, 30s; the runbook has none";
  for (const [name, asset, app] of [
    ["nucleus", ASSETS, "nucleus-server"],
    ["postgresql", DATABASE, "postgresql"],
  ] as const) {
    new k8s.apiextensions.CustomResource(
      `scraping-${name}`,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "ServiceMonitor",
        metadata: { ...metadata(name), annotations: links({ asset, assumed: defaults }) },
        spec: {
          selector: { matchLabels: { app } },
          endpoints: [{ port: "service", interval: "1m", scrapeTimeout: "10s" }],
        },
      },
      { provider },
    );
  }
  new k8s.apiextensions.CustomResource(
    "notification",
    {
      apiVersion: "monitoring.coreos.com/v1alpha1",
      kind: "AlertmanagerConfig",
      metadata: { ...metadata("omniverse"), annotations: links({ assumed: defaults }) },
      spec: {
        route: { receiver: "on-call", groupWait: "30s" },
        receivers: [{ name: "on-call", emailConfigs: [{ to: "operations@company.com" }] }],
      },
    },
    { provider },
  );
}

/** The annotations `holdfast_*` say what the runbook's alerts are there for; the rest is the runbook's. */
function rule({ alert, expr, for: holds, summary, asset, guards }: RunbookAlert, mended: ReadonlySet<Mend>) {
  const noticed = guards === "detection" ? { holdfast_disruptions: "process,node,zone,region" } : {};
  const said = { holdfast_asset: asset, holdfast_guards: guards, ...noticed };
  // Alertmanager's operator matches routes with this label.
  const labels = mended.has("monitoring") ? { labels: { namespace: NAMESPACE } } : {};
  return { alert, expr, for: holds, ...labels, annotations: { summary, ...said } };
}
