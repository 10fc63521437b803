import type { Rule, Series } from "../promtoolRules";
import { type Cases, type CasesOf, growing, LENGTH, namespaceOf, numberOf, steady, told, turning } from "./cases";
import { certificateEnds, copies, escalated, jobFailed, lastRunFailed, overdue, unreachable, watchdog } from "./shared";

const labels = (rule: Rule, more = "") => `{namespace="${namespaceOf(rule)}",job="omendb",pod="a"${more}}`;
const serving = (rule: Rule): Series => ({ [`up${labels(rule)}`]: steady(1) });

/** What OmenDB itself tells: where it serves and does not, another alert says so. */
const untold = (rule: Rule): Cases["absent"] => [
  { by: "OmenDBMetricsMissing", series: serving(rule), fires: { "4m": false, "6m": true } },
  { by: "OmenDBDown", series: {}, fires: { "1m": true } },
];

/** A gauge of OmenDB over a limit of which the rule states the whole and a part. */
const share =
  (metric: string): CasesOf =>
  (rule) => {
    const whole = numberOf(rule, / \/ (\d+) > /);
    const part = numberOf(rule, / > ([\d.]+)$/);
    const series = `${metric}${labels(rule)}`;
    return turning(rule, {
      good: { [series]: Math.floor(whole * part) - 1 },
      bad: { [series]: Math.ceil(whole * part) + 1 },
      absent: untold(rule),
    });
  };

const [STEP, TURN] = ["15s", 240] as const;

/** Two in a hundred of what OmenDB counts go wrong from an hour on; before, one in two hundred. */
const failures =
  (failed: string, all: string): CasesOf =>
  (rule) => ({
    healthy: [{ step: STEP, series: counted(rule, failed, all, 1, 1), fires: { "30m": false, "2h": false } }],
    broken: [
      { step: STEP, series: counted(rule, failed, all, 1, 4), fires: { "60m": false, "64m": false, "70m": true } },
    ],
    absent: untold(rule),
  });
const counted = (rule: Rule, failed: string, all: string, first: number, then: number): Series => ({
  [`${all}${labels(rule)}`]: growing(200, 200, TURN),
  [`${failed}${labels(rule)}`]: growing(first, then, TURN),
});

/** Of what OmenDB is asked one in ten takes two to three seconds from an hour on; before, all a tenth of one. */
const latency =
  (metric: string): CasesOf =>
  (rule) => {
    const le = (bound: string) => `${metric}_bucket${labels(rule, `,le="${bound}"`)}`;
    const series = (fast: number): Series => ({
      [le("0.1")]: growing(100, fast, TURN),
      [le("1")]: growing(100, fast, TURN),
      [le("3")]: growing(100, 100, TURN),
      [le("+Inf")]: growing(100, 100, TURN),
    });
    return {
      healthy: [{ step: STEP, series: series(100), fires: { "30m": false, "2h": false } }],
      broken: [{ step: STEP, series: series(90), fires: { "60m": false, "62m": false, "68m": true } }],
      absent: untold(rule),
    };
  };

const METRICS = [
  ["omendb_query_duration_seconds_bucket", ',le="+Inf"'],
  ["omendb_insert_duration_seconds_bucket", ',le="+Inf"'],
  ["omendb_searches_total"],
  ["omendb_inserts_total"],
  ["omendb_memory_usage_bytes"],
  ["omendb_active_connections"],
  ["omendb_wal_size_bytes"],
  ["omendb_index_size_bytes"],
] as const;

/** Each metric that other alerts stand on is missed alone. */
const metricsMissing: CasesOf = (rule) => {
  const all = (but?: string): Series => ({
    ...serving(rule),
    ...Object.fromEntries(
      METRICS.filter(([name]) => name !== but).map(([name, more]) => [`${name}${labels(rule, more)}`, steady(1)]),
    ),
  });
  return {
    healthy: [{ series: all(), fires: { "10m": false, "3h": false } }],
    broken: METRICS.map(([name, more]) => ({
      name,
      series: { ...all(name), [`${name}${labels(rule, more)}`]: "1x59 stale" },
      fires: { "59m": false, "64m": false, "66m": true },
    })),
    absent: [
      { series: serving(rule), fires: { "4m": false, "6m": true } },
      { by: "OmenDBDown", series: {}, fires: { "1m": true } },
    ],
  };
};

/** A pod of OmenDB as kube-state-metrics names it, by the pattern that the rule asks for. */
const podOf = (rule: Rule): string => `${/pod=~"([^"]+)-\.\+"/.exec(rule.expr)?.[1]}-0`;
const container = (metric: string, rule: Rule, more = "") =>
  `kube_pod_container_status_${metric}{namespace="${namespaceOf(rule)}",pod="${podOf(rule)}",container="omendb"${more}}`;

const outOfMemory: CasesOf = (rule) => {
  const ended = (reason: string) => container("last_terminated_reason", rule, `,reason="${reason}"`);
  const series = (reason: string, restarts: string): Series => ({
    [container("restarts_total", rule)]: restarts,
    [ended(reason)]: `_x60 ${steady(1)}`,
  });
  return {
    healthy: [
      { series: series("Error", `0x59 ${steady(1)}`), fires: { "61m": false, "2h": false } },
      { name: "long ago", series: series("OOMKilled", steady(1)), fires: { "61m": false, "2h": false } },
    ],
    broken: [{ series: series("OOMKilled", `0x59 ${steady(1)}`), fires: { "59m": false, "61m": true, "75m": false } }],
    absent: [told("OmenDBStandbyMissing")],
  };
};

const takeoversRepeat: CasesOf = (rule) => {
  const lease = /lease="([^"]+)"/.exec(rule.expr)?.[1];
  const holder = (pod: string) =>
    `kube_lease_owner{namespace="${namespaceOf(rule)}",lease="${lease}",lease_holder="${pod}"}`;
  const held = (...pods: string[]): Series =>
    Object.fromEntries(pods.map((pod, i) => [holder(pod), `${i > 0 ? `_x${i * 5} ` : ""}1x4 stale`]));
  const restarts = container("restarts_total", rule);
  return {
    healthy: [
      {
        name: "one takeover",
        series: { ...held("a", "b"), [restarts]: steady(0) },
        fires: { "15m": false, "1h": false },
      },
    ],
    broken: [
      { name: "takeovers", series: held("a", "b", "c"), fires: { "9m": false, "12m": true } },
      { name: "restarts", series: { [restarts]: `0x59 0+1x20 ${steady(20)}` }, fires: { "59m": false, "70m": true } },
    ],
    absent: [told("OmenDBLeaseStale"), told("OmenDBStandbyMissing")],
  };
};

const leaseStale: CasesOf = (rule) => {
  const lease = `kube_lease_renew_time{namespace="${namespaceOf(rule)}",lease="${/lease="([^"]+)"/.exec(rule.expr)?.[1]}"}`;
  return {
    healthy: [{ step: STEP, series: { [lease]: `0+15x${LENGTH}` }, fires: { "10m": false, "2h": false } }],
    broken: [
      // Renewed for an hour, and stale half a minute later; told half a minute after that.
      {
        step: STEP,
        series: { [lease]: `0+15x${TURN} ${3_600}x${LENGTH}` },
        fires: { "60m": false, "60m45s": false, "61m15s": true },
      },
    ],
    absent: [{ step: STEP, series: {}, fires: { "0s": false, "30s": true } }],
  };
};

/** Volumes that the rule asks for, each with its limit. */
const volumes: CasesOf = (rule) => {
  const asked = [...rule.expr.matchAll(/persistentvolumeclaim="([^"]+)"\}\[\w+\]\)\) > (\d+)/g)].map(
    ([, claim = "", limit]) => ({ claim, limit: Number(limit) }),
  );
  if (asked.length === 0) throw new Error(`${rule.alert} asks for no volume`);
  const used = (claim: string) =>
    `kubelet_volume_stats_used_bytes{namespace="${namespaceOf(rule)}",persistentvolumeclaim="${claim}"}`;
  const half = (but = ""): Series =>
    Object.fromEntries(
      asked.filter(({ claim }) => claim !== but).map(({ claim, limit }) => [used(claim), steady(limit / 2)]),
    );
  return {
    healthy: [{ series: half(), fires: { "30m": false, "5h": false } }],
    broken: asked.map(({ claim, limit }) => ({
      name: claim,
      series: { ...half(), [used(claim)]: `${limit}x59 ${steady(limit + 1)}` },
      fires: { "59m": false, "71m": true },
    })),
    absent: asked.map(({ claim }) => ({ name: claim, series: half(claim), fires: { "11m": true } })),
  };
};

/** OmenDB's alerts at one of its sites. */
export const omendbCases = (at: "primary" | "secondary"): Readonly<Record<string, CasesOf>> => ({
  OmenDBDown: (rule) => {
    const up = `up${labels(rule)}`;
    return turning(rule, {
      good: { [up]: 1 },
      bad: { [up]: 0 },
      absent: [{ step: STEP, series: {}, fires: { "15s": false, "45s": true } }],
    });
  },
  HighQueryLatency: latency("omendb_query_duration_seconds"),
  HighInsertLatency: latency("omendb_insert_duration_seconds"),
  HighMemoryUsage: share("omendb_memory_usage_bytes"),
  OmenDBConnectionsNearLimit: share("omendb_active_connections"),
  OmenDBIndexGrowth: share("omendb_index_size_bytes"),
  WALSizeGrowth: (rule) => {
    const size = `omendb_wal_size_bytes${labels(rule)}`;
    return {
      healthy: [{ series: { [size]: `0+15000000x${LENGTH}` }, fires: { "2h": false, "10h": false } }],
      broken: [{ series: { [size]: `0+20000000x${LENGTH}` }, fires: { "30m": false, "90m": true } }],
      absent: untold(rule),
    };
  },
  OmenDBSearchFailures: failures("omendb_search_failures_total", "omendb_searches_total"),
  OmenDBInsertFailures: failures("omendb_insert_failures_total", "omendb_inserts_total"),
  OmenDBMetricsMissing: metricsMissing,
  OmenDBLeaseStale: leaseStale,
  OmenDBTakeoversRepeat: takeoversRepeat,
  OmenDBStandbyMissing: (rule) => {
    const count = numberOf(rule, / < (\d+) or absent/);
    const pods = (values: (pod: number) => string): Series =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [
          `kube_pod_status_phase{namespace="${namespaceOf(rule)}",pod="${podOf(rule).slice(0, -1)}${i}",phase="Running"}`,
          values(i),
        ]),
      );
    return {
      healthy: [{ series: pods(() => steady(1)), fires: { "10m": false, "3h": false } }],
      broken: [
        {
          series: pods((i) => (i === 0 ? `1x59 ${steady(0)}` : steady(1))),
          fires: { "59m": false, "69m": false, "70m": true },
        },
      ],
      absent: [{ series: {}, fires: { "9m": false, "10m": true } }],
    };
  },
  OmenDBOutOfMemory: outOfMemory,
  OmenDBStartFailing: (rule) => {
    const waiting = (reason: string) => container("waiting_reason", rule, `,reason="${reason}"`);
    return turning(rule, {
      good: { [waiting("ContainerCreating")]: 1 },
      bad: { [waiting("CrashLoopBackOff")]: 1 },
      absent: [told("OmenDBStandbyMissing")],
    });
  },
  OmenDBVolumeFilling: volumes,
  OmenDBScratchFull: volumes,
  OmenDBCertificateExpiry: (rule) =>
    certificateEnds(
      `certmanager_certificate_expiration_timestamp_seconds{namespace="${namespaceOf(rule)}",name="${/name="([^"]+)"/.exec(rule.expr)?.[1]}"}`,
    )(rule),
  OmenDBServedCertificateExpiry: certificateEnds(
    'probe_ssl_earliest_cert_expiry{job="omendb-from-secondary",instance="https://omendb"}',
  ),
  OmenDBRestorePointLate: copies("incremental"),
  OmenDBRestorePointStale: copies("incremental"),
  OmenDBFullBackupOverdue: copies("full", [], ["incremental"]),
  OmenDBJobFailed: jobFailed(
    "omendb-backup-full",
    at === "primary" ? "OmenDBVerificationOverdue" : "OmenDBDrillOverdue",
  ),
  OmenDBVerificationOverdue: overdue,
  OmenDBDrillOverdue: overdue,
  OmenDBAuditOverdue: overdue,
  OmenDBIntegrityFailed: lastRunFailed("OmenDBVerificationOverdue"),
  OmenDBRegionLost: unreachable("omendb-from-secondary"),
  HoldfastWatchdog: watchdog,
  OmenDBEscalated: escalated,
});
