import type { PrimaryAlertArgs } from "./args";
import { type AlertRule, alertRule, series } from "./rule";

/** The guide's four alerts: its names, thresholds, durations and severities; expressions mended where they cannot fire. */
export function guideAlerts(args: PrimaryAlertArgs): AlertRule[] {
  const context = args;
  const scraped = { namespace: args.namespace, job: args.scrapeJob };
  const up = series("up", scraped);
  const memory = args.memoryLimitMib * 1_048_576;
  return [
    alertRule(context, {
      alert: "OmenDBDown",
      // One pod serves and standbys do not answer, so one target that is up is enough; with none there is no series
      // to compare, and the guide's `up == 0` stays silent.
      expr: `sum by (namespace, job) (${up}) == 0 or absent(${up})`,
      for: "30s",
      severity: "critical",
      team: "on-call",
      guards: "detection",
      disruptions: ["process", "node", "zone"],
      summary: "OmenDB instance is down",
      description:
        "No pod of OmenDB answers its scrape, or none is a target any more. A standby takes the lease by itself; if this stays, it could not.",
    }),
    alertRule(context, {
      alert: "HighQueryLatency",
      // A quantile of raw buckets covers everything since the process started; the rate covers now.
      expr: `histogram_quantile(0.95, sum by (namespace, le) (rate(${series("omendb_query_duration_seconds_bucket", scraped)}[5m]))) > 1`,
      for: "2m",
      severity: "warning",
      team: "database",
      guards: "health",
      summary: "95th percentile query latency > 1s",
      description: "One query in twenty took more than {{ $value | humanizeDuration }} in the last five minutes.",
    }),
    alertRule(context, {
      alert: "HighMemoryUsage",
      // The guide divides by omendb_memory_limit_bytes, which nothing exports: the limit comes from omendb.toml.
      expr: `max by (namespace, job) (${series("omendb_memory_usage_bytes", scraped)}) / ${memory} > 0.9`,
      for: "5m",
      severity: "critical",
      team: "on-call",
      guards: "capacity",
      summary: "Memory usage > 90%",
      description: `OmenDB uses {{ $value | humanizePercentage }} of its limit of ${args.memoryLimitMib} MiB; at the limit it refuses work.`,
    }),
    alertRule(context, {
      alert: "WALSizeGrowth",
      // The size is a gauge: increase() takes every rotation for a counter reset and adds the size again. The maximum
      // inside the subquery keeps one series through a takeover.
      expr: `delta(max by (namespace, job) (${series("omendb_wal_size_bytes", scraped)})[1h:1m]) > 1e9`,
      for: "15m",
      severity: "warning",
      team: "database",
      guards: "capacity",
      summary: "WAL growing faster than 1GB/hour",
      description:
        "The log grew by {{ $value | humanize1024 }}B in the last hour; scratch and volumes are sized for 1 GB.",
    }),
  ];
}
