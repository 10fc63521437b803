import { series } from "./alerts/rule";

/** What the dashboard selects by. */
export interface DashboardArgs {
  namespace: string;
  /** Value of the `job` label of the database's series. */
  scrapeJob: string;
  /** `omendb/data`. */
  asset: string;
}

/** One graph: a title, a unit of Grafana's, and its queries by legend. */
interface Panel {
  title: string;
  unit: string;
  queries: Readonly<Record<string, string>>;
}

/** The dashboard of the daily checklist as Grafana's JSON: the guide's ten metrics and the age of the restore points. */
export function omendbDashboard(args: DashboardArgs): string {
  return `${JSON.stringify(
    {
      uid: "omendb",
      title: "OmenDB",
      tags: ["holdfast", "omendb"],
      schemaVersion: 39,
      refresh: "1m",
      time: { from: "now-6h", to: "now" },
      panels: panelsOf(args).map((panel, at) => ({
        id: at + 1,
        type: "timeseries",
        title: panel.title,
        gridPos: { h: 8, w: 12, x: (at % 2) * 12, y: Math.floor(at / 2) * 8 },
        fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
        targets: Object.entries(panel.queries).map(([legendFormat, expr], query) => ({
          refId: String.fromCharCode(65 + query),
          legendFormat,
          expr,
        })),
      })),
    },
    undefined,
    2,
  )}\n`;
}

function panelsOf({ namespace, scrapeJob, asset }: DashboardArgs): Panel[] {
  const of = (metric: string) => series(metric, { namespace, job: scrapeJob });
  const rate = (metric: string) => `sum(rate(${of(metric)}[5m]))`;
  const quantile = (share: number, metric: string) =>
    `histogram_quantile(${share}, sum by (le) (rate(${of(metric)}[5m])))`;
  const age = (role: string) => `time() - max(${series("holdfast_capture_timestamp_seconds", { asset, role })})`;
  return [
    {
      title: "Query latency",
      unit: "s",
      queries: {
        median: quantile(0.5, "omendb_query_duration_seconds_bucket"),
        p95: quantile(0.95, "omendb_query_duration_seconds_bucket"),
      },
    },
    {
      title: "Insert latency",
      unit: "s",
      queries: {
        median: quantile(0.5, "omendb_insert_duration_seconds_bucket"),
        p95: quantile(0.95, "omendb_insert_duration_seconds_bucket"),
      },
    },
    {
      title: "Searches",
      unit: "ops",
      queries: { all: rate("omendb_searches_total"), failed: rate("omendb_search_failures_total") },
    },
    {
      title: "Inserts",
      unit: "ops",
      queries: { all: rate("omendb_inserts_total"), failed: rate("omendb_insert_failures_total") },
    },
    {
      title: "Memory and index",
      unit: "bytes",
      queries: { memory: `max(${of("omendb_memory_usage_bytes")})`, index: `max(${of("omendb_index_size_bytes")})` },
    },
    { title: "Log size", unit: "bytes", queries: { log: `max(${of("omendb_wal_size_bytes")})` } },
    { title: "Connections", unit: "short", queries: { active: `max(${of("omendb_active_connections")})` } },
    {
      title: "Age of the newest restore point",
      unit: "s",
      queries: { incremental: age("incremental"), full: age("full") },
    },
  ];
}
