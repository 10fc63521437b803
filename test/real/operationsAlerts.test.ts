import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadGraph } from "../../preview/offline";
import { say } from "../../tools/packages";
import { ensurePromtool } from "../../tools/promtool";

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
}

const folder = fs.mkdtempSync(path.join(tmpdir(), "holdfast-operations-"));
const INTERVAL = "15s";
let promtool: string;
let recordings: Rule[] = [];
let alerts: Rule[] = [];

beforeAll(async () => {
  promtool = ensurePromtool();
  const { graph } = await loadGraph({ program: path.resolve(__dirname, "../.."), stack: "prod" });
  const rulesOf = (name: string): Rule[] => {
    const found = graph.resources.find((one) => one.name === name)?.props.spec;
    if (found === undefined) throw new Error(`no rules ${name}`);
    return (found as unknown as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);
  };
  recordings = rulesOf("omniverse-primary-recordings-rules");
  alerts = rulesOf("omniverse-primary-alerts-rules");
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

type Series = Record<string, string>;

/** Expressions at a time after the start, with the value that they must have; null for none. */
type Expected = [expr: string, at: string, value: number | null][];

/** Evaluates the recordings and one alert over series; returns what was not as expected. */
function wrong(alert: string, series: Series, expected: Expected): string[] {
  const rules = [...recordings, ...alerts.filter((one) => one.alert === alert)];
  const name = `case-${fs.readdirSync(folder).length}`;
  const file = path.join(folder, `${name}.json`);
  fs.writeFileSync(file, JSON.stringify({ groups: [{ name: "case", interval: INTERVAL, rules }] }));
  const test = {
    rule_files: [file],
    evaluation_interval: INTERVAL,
    tests: [
      {
        interval: INTERVAL,
        input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
        promql_expr_test: expected.map(([expr, eval_time, value]) => ({
          expr,
          eval_time,
          exp_samples: value === null ? [] : [{ labels: "{}", value }],
        })),
      },
    ],
  };
  const at = path.join(folder, `${name}.test.json`);
  fs.writeFileSync(at, JSON.stringify(test));
  const said = say(promtool, ["test", "rules", at]);
  return said.ok ? [] : [said.output];
}

/** When which alert must be firing, by the time after the start. */
function firing(alert: string, series: Series, fires: Record<string, boolean>): string[] {
  const query = `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`;
  return wrong(
    alert,
    series,
    Object.entries(fires).map(([at, yes]) => [`(${query}) > bool 0`, at, yes ? 1 : 0]),
  );
}

const asset = 'asset="omniverse/database",instance="omniverse/database",job="holdfast",role="metrics"';
/** What the collector pushed each minute: a value, and when it was measured; `until` is the last minute of it. */
function pushed(metric: string, what: string, value: string, until = 30): Series {
  const times = Array.from({ length: 31 * 4 }, (_, i) => Math.min(Math.floor(i / 4), until) * 60).join(" ");
  return {
    [`${metric}{${asset}}`]: value,
    [`holdfast_measured_timestamp_seconds{${asset},what="${what}"}`]: times,
  };
}

const namespace = 'namespace="omniverse-prod"';
const pod = { [`kube_pod_info{${namespace},pod="nucleus-server-0",host_ip="10.0.0.1",node="a"}`]: "1x200" };
/** Idle seconds of two processors of a node, which grow by so much of each 15 s. */
function busy(address: string, idle: number, then = idle): Series {
  const one = `0+${idle * 15}x79 ${idle * 15 * 79}+${then * 15}x120`;
  return {
    [`node_cpu_seconds_total{instance="${address}:9100",cpu="0",mode="idle"}`]: one,
    [`node_cpu_seconds_total{instance="${address}:9100",cpu="1",mode="idle"}`]: one,
  };
}

const folders = {
  "nucleus-data": "/opt/ove/nucleus/data",
  "nucleus-logs": "/opt/ove/nucleus/logs",
  "nucleus-cache": "/var/cache/nucleus",
};
function disks(used: Record<string, string>): Series {
  return Object.fromEntries(
    Object.entries(used).flatMap(([claim, percent]) => [
      [`kubelet_volume_stats_used_bytes{${namespace},persistentvolumeclaim="${claim}",node="a"}`, percent],
      // What EFS says of its room, which must not count.
      [`kubelet_volume_stats_capacity_bytes{${namespace},persistentvolumeclaim="${claim}",node="a"}`, "9e18x200"],
      [
        `kube_persistentvolumeclaim_resource_requests_storage_bytes{${namespace},persistentvolumeclaim="${claim}"}`,
        "100x200",
      ],
    ]),
  );
}
const healthyDisks = { "nucleus-data": "50x200", "nucleus-logs": "50x200", "nucleus-cache": "50x200" };

describe("NucleusServerDown", () => {
  const alert = "NucleusServerDown";
  const up = (of: string) => `up{${namespace},job="nucleus",pod="${of}"}`;
  it.each<[string, Series, Record<string, boolean>]>([
    ["is silent while one serves", { [up("a")]: "1x80", [up("b")]: "0x80" }, { "5m": false, "20m": false }],
    ["is silent during a takeover", { [up("a")]: "1x20 0x2 1x60", [up("b")]: "0x80" }, { "6m": false, "8m": false }],
    ["fires a minute after nobody answers", { [up("a")]: "1x20 0x60" }, { "6m": false, "6m30s": true }],
    ["fires when the target is gone", { [up("a")]: "1x20 stale" }, { "5m": false, "6m30s": true }],
    ["fires when there never was one", {}, { "45s": false, "1m15s": true }],
    ["does not take another job for Nucleus", { [`up{${namespace},job="nginx"}`]: "1x80" }, { "2m": true }],
  ])("%s", (_, series, fires) => expect(firing(alert, series, fires)).toEqual([]));
});

describe("DatabaseConnectionFailure", () => {
  const alert = "DatabaseConnectionFailure";
  it.each<[string, Series, Record<string, boolean>]>([
    ["is silent while it answers", pushed("holdfast_database_up", "database", "1x123"), { "10m": false, "29m": false }],
    [
      "fires 30 seconds after a refusal is told",
      pushed("holdfast_database_up", "database", "1x40 0x80"),
      { "10m": false, "10m15s": false, "11m": true },
    ],
    [
      "is over when it answers again",
      pushed("holdfast_database_up", "database", "0x40 1x80"),
      { "8m": true, "11m": false },
    ],
    [
      "fires when nobody asks any more, though the Pushgateway remembers the last answer, and not for one missed run",
      pushed("holdfast_database_up", "database", "1x123", 10),
      { "12m": false, "13m15s": false, "14m15s": true },
    ],
    ["fires when nobody ever asked", {}, { "15s": false, "45s": true }],
  ])("%s", (_, series, fires) => expect(firing(alert, series, fires)).toEqual([]));
});

describe("HighCPUUsage", () => {
  const alert = "HighCPUUsage";
  it.each<[string, Series, Record<string, boolean>]>([
    ["is silent at 90 %", { ...pod, ...busy("10.0.0.1", 0.1) }, { "10m": false, "30m": false }],
    ["fires five minutes above 90 %", { ...pod, ...busy("10.0.0.1", 0.5, 0.05) }, { "24m": false, "28m30s": true }],
    [
      "asks for nodes that carry Nucleus",
      { ...pod, ...busy("10.0.0.1", 0.5), ...busy("10.0.0.2", 0) },
      { "30m": false },
    ],
    ["fires when no node says", pod, { "4m": false, "5m30s": true }],
    ["fires when Nucleus is on no node that is seen", { ...pod, ...busy("10.0.0.2", 0.5) }, { "8m": true }],
  ])("%s", (_, series, fires) => expect(firing(alert, series, fires)).toEqual([]));
});

describe("StorageSpaceLow", () => {
  const alert = "StorageSpaceLow";
  it.each<[string, Series, Record<string, boolean>]>([
    ["is silent while there is room", disks(healthyDisks), { "10m": false, "30m": false }],
    ["is silent at 85 %", disks({ ...healthyDisks, "nucleus-logs": "85x200" }), { "30m": false }],
    [
      "fires five minutes above 85 % of what was asked for, whatever EFS says of its room",
      disks({ ...healthyDisks, "nucleus-data": "50x40 86x160" }),
      { "10m": false, "15m": false, "15m45s": true },
    ],
    [
      "fires when one volume says nothing",
      disks({ "nucleus-data": "50x200", "nucleus-logs": "50x200" }),
      { "6m": true },
    ],
    [
      "fires for the disk of a node that carries Nucleus",
      {
        ...pod,
        ...disks(healthyDisks),
        'node_filesystem_avail_bytes{instance="10.0.0.1:9100",mountpoint="/"}': "10x200",
        'node_filesystem_size_bytes{instance="10.0.0.1:9100",mountpoint="/"}': "100x200",
      },
      { "4m": false, "6m": true },
    ],
  ])("%s", (_, series, fires) => expect(firing(alert, series, fires)).toEqual([]));

  it("names the folder that the servers see", () => {
    for (const [claim, mountpoint] of Object.entries(folders)) {
      const query = `sum(disk_usage_percent{${namespace},mountpoint="${mountpoint}"})`;
      const series = disks({ ...healthyDisks, [claim]: "70x200" });
      expect(wrong(alert, series, [[query, "5m", 70]])).toEqual([]);
    }
  });
});

describe("OmniverseMetricsMissing", () => {
  const alert = "OmniverseMetricsMissing";
  const all: Series = {
    ...pod,
    ...pushed("holdfast_nucleus_up", "health", "1x123"),
    ...pushed("holdfast_nucleus_response_seconds", "response", "0.2x123"),
    ...pushed("holdfast_nucleus_sessions", "sessions", "7x123"),
    'node_memory_MemAvailable_bytes{instance="10.0.0.1:9100"}': "25x200",
    'node_memory_MemTotal_bytes{instance="10.0.0.1:9100"}': "100x200",
  };
  const without = (word: string) => Object.fromEntries(Object.entries(all).filter(([key]) => !key.includes(word)));
  it("is silent while all are there, with their values", () => {
    expect(firing(alert, all, { "16m": false, "30m": false })).toEqual([]);
    expect(
      wrong(alert, all, [
        [`sum(nucleus_active_sessions{${namespace}})`, "5m", 7],
        [`sum(memory_usage_percent{${namespace}})`, "5m", 75],
        [`sum(nucleus_response_seconds{${namespace}})`, "5m", 0.2],
      ]),
    ).toEqual([]);
  });
  it.each(["nucleus_up", "response_seconds", "nucleus_sessions", "MemAvailable"])("fires without %s", (word) => {
    expect(firing(alert, without(word), { "14m": false, "16m": true })).toEqual([]);
  });
  it("does not take sessions of the last hour for those of now", () => {
    const stopped = { ...all, ...pushed("holdfast_nucleus_sessions", "sessions", "7x123", 5) };
    expect(wrong(alert, stopped, [[`sum(nucleus_active_sessions{${namespace}})`, "12m", null]])).toEqual([]);
  });
});

describe("OmniverseMaintenanceOverdue", () => {
  const alert = "OmniverseMaintenanceOverdue";
  const names = () =>
    [...(alerts.find((one) => one.alert === alert)?.expr ?? "").matchAll(/cronjob="([^"]+)"/g)].map(
      ([, name]) => name ?? "",
    );
  const jobs = (but: string, values: string): Series =>
    Object.fromEntries(
      names().flatMap((cronjob) => [
        [`kube_cronjob_created{${namespace},cronjob="${cronjob}"}`, "0x200"],
        [
          `kube_cronjob_status_last_successful_time{${namespace},cronjob="${cronjob}"}`,
          cronjob === but ? values : "0+15x200",
        ],
      ]),
    );
  it("is silent while all run, and fires when the collector has not for minutes, or a job is gone", () => {
    expect(new Set(names()).size).toBe(9);
    expect(firing(alert, jobs("", ""), { "40m": false })).toEqual([]);
    expect(firing(alert, jobs("omniverse-metrics", "0x200"), { "5m": false, "13m": true })).toEqual([]);
    const gone = Object.fromEntries(Object.entries(jobs("", "")).filter(([key]) => !key.includes("omniverse-health")));
    expect(firing(alert, gone, { "4m": false, "6m": true })).toEqual([]);
  });
});
