import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { analyticsParts } from "./analyticsParts";
import { omniverseParts } from "./omniverseParts";

/** Every part of the OmenDB guide: its lines, and what is there. */
const omendb: readonly (readonly [lines: string, part: string])[] = [
  ["25-29", "minimum: 4 cores 2.4 GHz, 8 GB, 100 GB SSD, Ubuntu 20.04+/RHEL 8+, 1 Gbps"],
  ["32-36", "recommended: 16 cores 3.0 GHz, 32 GB, 500 GB NVMe SSD, Ubuntu 22.04, 10 Gbps"],
  ["41-44", "data = n x 24 B x 1.3; WAL 10 %; backup 0.6; total = data + WAL + 3 x backup"],
  ["44", 'factor 3 "(retention)" vs 30 days kept (5 fulls + 26 incrementals)'],
  ["55", "release URL (not a valid GitHub download path)"],
  ["57, 266", "binaries omendb and /usr/local/bin/backup_tool in one image"],
  ["60", "system user `omendb`, no shell, -> runAsNonRoot, fsGroup"],
  ["61", "/var/lib/omendb/{data,wal,backups}"],
  ["69,79", "image omendb/omendb:latest -> pinned"],
  ["74-75", "ports 3000, 9090"],
  ["76-77", "data and wal on separate volumes"],
  ["78", "OMENDB_AUTH_DISABLED=false"],
  ["86-91", "deploy.sh production; verify pods; label app=omendb; namespace omendb-prod"],
  ["101-151", "omendb.toml: 9 sections, 34 keys"],
  ["104,151,379,338", "max_memory_mb 8192 = memory_limit_mb 8192 vs 6Gi patch vs 75 % of 32 GB = 24 GB"],
  ["119,110", "sync_on_write true, sync_interval_ms 5000"],
  ["120-121", "wal max_file_size_mb 100, rotation_interval_hours 24"],
  ["130,132", "auth_enabled, tls_enabled true"],
  ["132 vs 237-240", "TLS on, health checks over http://"],
  ["137", "health_check_interval_ms 10000"],
  ["108,109,150", "batch_size 100000 vs max_insert_batch_size 50000"],
  ["126,149", "request timeout / query limit 30000 ms"],
  ["127,148", "max_concurrent_requests 1000, max_connections 1000"],
  ["158-162", "five environment variables with defaults"],
  ["174-187", "ten metric names"],
  ["197-203", "OmenDBDown, 30 s, critical"],
  ["205-211", "HighQueryLatency p95 > 1 s, 2 m, warning"],
  ["213-219", "HighMemoryUsage > 0.9, 5 m, critical"],
  ["221-227", "WALSizeGrowth > 1e9 per 1 h, 15 m, warning"],
  ["237-245", "health_check.sh: /health, /ready, /metrics contains omendb_"],
  ["258-262", "BACKUP_DIR /var/backups/omendb, DATA_DIR, 30 days, pipefail"],
  ["265-276", "Sunday full, else incremental"],
  ["-", "no hour, no scheduler, no zone in the guide"],
  ["269,275,298,550", "--database production, but [database] name = omendb_production (L102)"],
  ["61,260,549,395", "four backup directories"],
  ["279-282", "cleanup"],
  ["294-310", "DR: scale 0, list, restore --force, scale 3, wait 300 s"],
  ["294", "kubectl deployment/prod-omendb"],
  ["308", 'kubectl wait right after scale: "no matching resources" race'],
  ["320-330", "index profiles high-throughput (100 / 500000), high-accuracy (10 / 100000); base 50 / 1000000"],
  ["337-341", "memory 75 % of RAM; `free -m` in a container reads the node"],
  ["348-349", "sysctl somaxconn 4096, tcp_max_syn_backlog 4096"],
  ["359-383", "High memory: symptoms incl. OOMKilled; patch 6Gi; POST /admin/rebuild-index"],
  ["385-407", "WAL corruption: verify --backup-id latest; restore"],
  ["409-432", "Degradation: /admin/index-stats; POST /admin/retrain-index; scale to 5"],
  ["438-446", "log monitoring, ERROR/WARN counts, duration analysis over 1 h"],
  ["457-461", "self-signed certificate 365 days, secret omendb-tls"],
  ["468-472", "htpasswd users, ConfigMap omendb-users"],
  ["479-482", "audit: auth, 401/403"],
  ["493-496", "four RTO/RPO rows"],
  ["500-506", "data-centre failure, 6 steps"],
  ["508-514", "corruption recovery, 6 steps"],
  ["523-526", "daily: dashboards, error logs, backup completion, metrics"],
  ["529-532", "weekly: index analysis, capacity review, security audit, documentation"],
  ["535-538", "monthly: full backup verification, DR test, benchmark, patches"],
  ["546-565", "upgrade 5 steps, VERSION argument"],
  ["574-576", "development, staging, production configs"],
  ["580-582", "runbooks incident_response, performance, security"],
  [
    "588-590",
    "contacts: +1-555-0100 / #omendb-oncall; db-team@company.com / +1-555-0101; security@company.com / CISO +1-555-0102",
  ],
  ["594", "last updated September 2025"],
];

const root = join(__dirname, "../..");
const text = readFileSync(join(root, "docs/coverage.md"), "utf8");

interface Row {
  lines: string;
  part: string;
  became: string;
  files: string[];
  tests: string[];
}

/** Rows of the table under a heading. */
function rowsUnder(heading: string): Row[] {
  const section = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| L |"))
    .map((line) => {
      const [lines = "", part = "", became = "", files = "", tests = ""] = line.slice(2, -2).split(" | ");
      const paths = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
      return { lines, part, became, files: paths(files), tests: paths(tests) };
    });
}

describe.each([
  ["OmenDB", omendb, ["55"]],
  ["Omniverse Nucleus", omniverseParts, ["11"]],
  ["Azure real-time analytics", analyticsParts, ["512-516"]],
])("the coverage of %s", (heading, parts, notOurs) => {
  const rows = rowsUnder(heading);

  test("has every part of the document once, in its order", () => {
    expect(rows.map(({ lines, part }) => [lines, part])).toEqual(parts);
  });

  test.each(rows.map((row) => [row.lines, row] as const))(
    "row %s names files that exist, or says why it is not ours",
    (_, row) => {
      expect(row.files.length > 0 || row.became.startsWith("Not ours: ")).toBe(true);
      expect([...row.files, ...row.tests].filter((file) => !existsSync(join(root, file)))).toEqual([]);
    },
  );

  test("names as tests only tests", () => {
    for (const { tests } of rows) for (const file of tests) expect(file).toMatch(/^test\/.*\.test\.ts$/);
  });

  test("has a test for every part but the one that is no part of ours", () => {
    expect(rows.filter(({ tests }) => tests.length === 0).map(({ lines }) => lines)).toEqual(notOurs);
  });
});
