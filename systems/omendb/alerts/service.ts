import type { PrimaryAlertArgs } from "./args";
import { type AlertRule, alertRule, series } from "./rule";

/** Series without which the alerts and the dashboard say nothing. */
const required = [
  "omendb_query_duration_seconds_bucket",
  "omendb_insert_duration_seconds_bucket",
  "omendb_searches_total",
  "omendb_inserts_total",
  "omendb_memory_usage_bytes",
  "omendb_active_connections",
  "omendb_wal_size_bytes",
  "omendb_index_size_bytes",
];

/** Alerts on what the database says of itself, over the guide's ten metrics. */
export function serviceAlerts(args: PrimaryAlertArgs): AlertRule[] {
  const context = args;
  const scraped = { namespace: args.namespace, job: args.scrapeJob };
  const rate = (metric: string) => `sum by (namespace) (rate(${series(metric, scraped)}[5m]))`;
  const memory = args.memoryLimitMib * 1_048_576;
  return [
    alertRule(context, {
      alert: "HighInsertLatency",
      expr: `histogram_quantile(0.95, sum by (namespace, le) (rate(${series("omendb_insert_duration_seconds_bucket", scraped)}[5m]))) > 1`,
      for: "2m",
      severity: "warning",
      team: "database",
      guards: "health",
      summary: "95th percentile insert latency > 1s",
      description:
        "One insert in twenty took more than {{ $value | humanizeDuration }}: writes wait for the shared volume.",
    }),
    alertRule(context, {
      alert: "OmenDBSearchFailures",
      expr: `${rate("omendb_search_failures_total")} / ${rate("omendb_searches_total")} > 0.01`,
      for: "5m",
      severity: "warning",
      team: "database",
      guards: "health",
      summary: "More than 1% of searches fail",
      description: "{{ $value | humanizePercentage }} of searches failed in the last five minutes.",
    }),
    alertRule(context, {
      alert: "OmenDBInsertFailures",
      expr: `${rate("omendb_insert_failures_total")} / ${rate("omendb_inserts_total")} > 0.01`,
      for: "5m",
      severity: "critical",
      team: "on-call",
      guards: "detection",
      // A damaged log first shows as inserts that fail.
      disruptions: ["corruption"],
      summary: "More than 1% of inserts fail",
      description:
        "{{ $value | humanizePercentage }} of inserts failed in the last five minutes; a damaged log begins like this.",
    }),
    alertRule(context, {
      alert: "OmenDBConnectionsNearLimit",
      expr: `max by (namespace, job) (${series("omendb_active_connections", scraped)}) / ${args.maxConnections} > 0.8`,
      for: "5m",
      severity: "warning",
      team: "database",
      guards: "capacity",
      summary: "More than 80% of connections are in use",
      description: `{{ $value | humanizePercentage }} of ${args.maxConnections} connections are in use; the next ones are refused.`,
    }),
    alertRule(context, {
      alert: "OmenDBIndexGrowth",
      expr: `max by (namespace, job) (${series("omendb_index_size_bytes", scraped)}) / ${memory} > 0.7`,
      for: "1h",
      severity: "warning",
      team: "database",
      guards: "capacity",
      summary: "The index fills 70% of the memory limit",
      description:
        "The index takes {{ $value | humanizePercentage }} of the memory limit; queries and inserts share the rest.",
    }),
    alertRule(context, {
      alert: "OmenDBMetricsMissing",
      // Only while a target is up: a database that is down has its own alert.
      expr: `(${required.map((metric) => missing(metric, scraped)).join(" or ")}) and on (namespace) sum by (namespace) (${series("up", scraped)}) > 0`,
      for: "5m",
      severity: "warning",
      team: "database",
      guards: "health",
      summary: "OmenDB answers but some of its metrics are missing",
      description: "{{ $labels.metric }} has no series: the alerts and panels that stand on it are blind.",
    }),
  ];
}

/** `absent` drops the name of what is absent; the label brings it back. */
function missing(metric: string, labels: Readonly<Record<string, string>>): string {
  return `label_replace(absent(${series(metric, labels)}), "metric", ${JSON.stringify(metric)}, "", "")`;
}
