import { parser } from "@prometheus-io/lezer-promql";
import { describe, expect, test } from "vitest";
import { omendbDashboard } from "../../../systems/omendb/dashboard";

/** The guide's key metrics. */
const guide = [
  "omendb_query_duration_seconds_bucket",
  "omendb_searches_total",
  "omendb_search_failures_total",
  "omendb_insert_duration_seconds_bucket",
  "omendb_inserts_total",
  "omendb_insert_failures_total",
  "omendb_memory_usage_bytes",
  "omendb_active_connections",
  "omendb_wal_size_bytes",
  "omendb_index_size_bytes",
];

interface Dashboard {
  panels: { id: number; gridPos: { x: number; y: number }; targets: { expr: string }[] }[];
}

const text = omendbDashboard({ namespace: "omendb-prod", scrapeJob: "omendb", asset: "omendb/data" });
const { panels } = JSON.parse(text) as Dashboard;
const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

describe("the dashboard", () => {
  test.each(guide)("shows %s", (metric) => {
    expect(queries.some((query) => query.includes(`${metric}{`))).toBe(true);
  });

  test("shows how old the newest restore points are", () => {
    expect(queries.filter((query) => query.includes("holdfast_capture_timestamp_seconds"))).toHaveLength(2);
  });

  test.each(queries)("asks what Prometheus can read: %s", (query) => {
    const errors: number[] = [];
    parser.parse(query).iterate({ enter: (node) => void (node.type.isError && errors.push(node.from)) });
    expect(errors).toEqual([]);
  });

  test("puts no panel over another, and is the same every time", () => {
    expect(new Set(panels.map(({ gridPos }) => `${gridPos.x} ${gridPos.y}`)).size).toBe(panels.length);
    expect(omendbDashboard({ namespace: "omendb-prod", scrapeJob: "omendb", asset: "omendb/data" })).toBe(text);
  });
});
