import type { Disruption, ObjectiveArgs } from "../../../recovery/objective";
import type { Mend } from "./variant";

/** Asset that the guide protects. */
export const DATA = "omendb/data";

/** Names that every command of the guide uses. */
export const NAMESPACE = "omendb-prod";

/** The label that every command of the guide selects pods by. */
export const LABELS = { app: "omendb" };

/** The image of the guide's Docker deployment; the tag moves. */
export const IMAGE = "omendb/omendb:latest";

/** Folders of the guide's backup script. */
export const FOLDERS = { data: "/var/lib/omendb", backups: "/var/backups/omendb" };

/** `RETENTION_DAYS` of the guide's backup script. */
export const RETENTION_DAYS = 30;

const row = (rpo: ObjectiveArgs["rpo"], rto: ObjectiveArgs["rto"], name: string, line: number): ObjectiveArgs => ({
  rpo,
  rto,
  owner: "OmenDB operations guide",
  reason: `table of recovery time objectives, row "${name}", line ${line}`,
});

/** The guide's table; it has no rows for corruption and compromise. */
export function objectives(mended: ReadonlySet<Mend>): Partial<Record<Disruption, ObjectiveArgs>> {
  const region = row("under 15m", "under 1h", "Region failure", 496);
  return {
    process: row("0s", "under 2m", "Pod restart", 493),
    node: row("under 1m", "under 5m", "Node failure", 494),
    zone: row("under 5m", "under 15m", "Zone failure", 495),
    region,
    ...(mended.has("corruption")
      ? { corruption: { ...region, reason: "assumed: its loosest row, for a checklist that promises nothing" } }
      : {}),
  };
}

/** `omendb.toml`, word for word. */
export const OMENDB_TOML = `[database]
name = "omendb_production"
data_dir = "/var/lib/omendb/data"
max_memory_mb = 8192
expected_size = 100000000

[storage]
enable_compression = true
batch_size = 100000
sync_interval_ms = 5000

[index]
model_type = "recursive"
max_error = 50
retrain_threshold = 1000000

[wal]
enabled = true
sync_on_write = true
max_file_size_mb = 100
rotation_interval_hours = 24

[http]
host = "0.0.0.0"
port = 3000
request_timeout_ms = 30000
max_concurrent_requests = 1000

[security]
auth_enabled = true
session_timeout_seconds = 3600
tls_enabled = true

[monitoring]
prometheus_enabled = true
prometheus_port = 9090
health_check_interval_ms = 10000
log_level = "info"
log_format = "json"

[performance]
worker_threads = 8
io_threads = 4
enable_simd = true
prefetch_size = 2000

[limits]
max_connections = 1000
max_query_duration_ms = 30000
max_insert_batch_size = 50000
memory_limit_mb = 8192
`;

/** One alert of the guide, and what it is there for: without that nothing would judge it. */
export interface GuideAlert {
  alert: string;
  expr: string;
  for: string;
  severity: string;
  summary: string;
  guards: "detection" | "health" | "capacity";
}

/** The guide's alerts, word for word: `increase()` of a gauge, and a limit that nobody exports, included. */
export const ALERTS: readonly GuideAlert[] = [
  {
    alert: "OmenDBDown",
    expr: 'up{job="omendb"} == 0',
    for: "30s",
    severity: "critical",
    summary: "OmenDB instance is down",
    guards: "detection",
  },
  {
    alert: "HighQueryLatency",
    expr: "histogram_quantile(0.95, omendb_query_duration_seconds_bucket) > 1.0",
    for: "2m",
    severity: "warning",
    summary: "95th percentile query latency > 1s",
    guards: "health",
  },
  {
    alert: "HighMemoryUsage",
    expr: "omendb_memory_usage_bytes / omendb_memory_limit_bytes > 0.9",
    for: "5m",
    severity: "critical",
    summary: "Memory usage > 90%",
    guards: "capacity",
  },
  {
    alert: "WALSizeGrowth",
    expr: "increase(omendb_wal_size_bytes[1h]) > 1e9",
    for: "15m",
    severity: "warning",
    summary: "WAL growing faster than 1GB/hour",
    guards: "capacity",
  },
];
