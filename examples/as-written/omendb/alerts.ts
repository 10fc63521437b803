import * as k8s from "@pulumi/kubernetes";
import { ALERTS, DATA, type GuideAlert, LABELS, NAMESPACE } from "./guide";
import { assumed, links } from "./links";
import type { Mend } from "./variant";

/** `alerts.yml` of the guide, and what a variant adds around it. */
export function declareAlerts(mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  const metadata = (name: string) => ({ name, namespace: NAMESPACE });
  const interval = mended.has("monitoring") ? { interval: "1m" } : {};
  new k8s.apiextensions.CustomResource(
    "alerts",
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: {
        ...metadata("omendb"),
        annotations: links(
          assumed("a PrometheusRule: the guide shows the file, and not who evaluates it", mended, ["monitoring"]),
        ),
      },
      spec: { groups: [{ name: "omendb", ...interval, rules: ALERTS.map((alert) => rule(alert, mended)) }] },
    },
    { provider },
  );
  if (!mended.has("monitoring")) return;
  const defaults = links({ assumed: "defaults of Prometheus and Alertmanager: 1m, 10s, 1m, 30s; the guide has none" });
  new k8s.apiextensions.CustomResource(
    "scraping",
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { ...metadata("omendb"), annotations: { ...links({ asset: DATA }), ...defaults } },
      spec: {
        selector: { matchLabels: LABELS },
        endpoints: [{ port: "metrics", interval: "1m", scrapeTimeout: "10s" }],
      },
    },
    { provider },
  );
  new k8s.apiextensions.CustomResource(
    "notification",
    {
      apiVersion: "monitoring.coreos.com/v1alpha1",
      kind: "AlertmanagerConfig",
      metadata: { ...metadata("omendb"), annotations: defaults },
      spec: {
        route: { receiver: "on-call", groupWait: "30s" },
        receivers: [{ name: "on-call", emailConfigs: [{ to: "db-team@company.com" }] }],
      },
    },
    { provider },
  );
}

/** The annotations `holdfast_*` say what the guide's sections are about; the rest is the guide's. */
function rule({ alert, expr, for: holds, severity, summary, guards }: GuideAlert, mended: ReadonlySet<Mend>) {
  const noticed = guards === "detection" ? { holdfast_disruptions: "process,node,zone,region" } : {};
  const said = { holdfast_asset: DATA, holdfast_guards: guards, ...noticed };
  // Alertmanager's operator matches routes with this label.
  const labels = { severity, ...(mended.has("monitoring") ? { namespace: NAMESPACE } : {}) };
  return { alert, expr, for: holds, labels, annotations: { summary, ...said } };
}
