import { jobNames, standbyJobs } from "../../../systems/omniverse/names";
import type { Rule, Series } from "../promtoolRules";
import { type Cases, type CasesOf, LENGTH, namespaceOf, numberOf, steady, told, turning, type Watched } from "./cases";
import {
  certificateEnds,
  copies,
  escalated,
  jobFailed,
  lastRunFailed,
  ofCronJob,
  overdue,
  pushed,
  restorable,
  unreachable,
  watchdog,
} from "./shared";

const ASSETS = ["database", "assets", "accounts"].map((name) => `omniverse/${name}`);
const STEP = "15s";
type Site = "primary" | "secondary";

const suspended = (rule: Rule, value: number): Series =>
  Object.assign({}, ...standbyJobs.map((name) => ({ [ofCronJob("spec_suspend", rule, name)]: steady(value) })));

/** What serves after a failover alone: the same once it is awake, and silent on all of it while it sleeps. */
const onceAwake =
  (of: CasesOf): CasesOf =>
  (rule) => {
    const { healthy, broken, absent } = of(rule);
    const awake = <T extends Watched>(cases: readonly T[]): T[] =>
      cases.map((one) => ({ ...one, series: { ...one.series, ...suspended(rule, 0) } }));
    const asleep = [...broken, ...absent.filter(({ by }) => by === undefined)].map((one) => ({
      ...one,
      name: `asleep, ${one.name ?? ""}`,
      series: { ...one.series, ...suspended(rule, 1) },
      fires: Object.fromEntries(Object.keys(one.fires).map((time) => [time, false])),
    }));
    return { healthy: [...awake(healthy), ...asleep], broken: awake(broken), absent: awake(absent) };
  };

const ofDatabase = (protection: string): CasesOf =>
  restorable({ asset: "omniverse/database", protection, role: "restorable" });

const recorded = (metric: string, rule: Rule, more = "") => `${metric}{namespace="${namespaceOf(rule)}"${more}}`;

const FOLDERS = ["/opt/ove/nucleus/data", "/opt/ove/nucleus/logs", "/var/cache/nucleus"];
/** Each folder fills alone, and so does the disk of a node; each folder is missed alone. */
const storageSpaceLow: CasesOf = (rule) => {
  const limit = numberOf(rule, / > (\d+) or absent/);
  const of = (mountpoint: string) => recorded("disk_usage_percent", rule, `,mountpoint="${mountpoint}"`);
  const all = (but?: string): Series =>
    Object.fromEntries(FOLDERS.filter((one) => one !== but).map((one) => [of(one), steady(limit)]));
  const cases = [...FOLDERS, "/"].map((folder) => ({
    name: folder,
    ...turning(rule, {
      good: { [of(folder)]: limit },
      bad: { [of(folder)]: limit + 1 },
      given: all(folder),
      absent: [],
    }),
  }));
  return {
    healthy: [{ series: all(), fires: { "10m": false, "3h": false } }],
    broken: cases.flatMap(({ name, broken }) => broken.map((one) => ({ ...one, name }))),
    absent: FOLDERS.map((name) => ({ name, series: all(name), fires: { "4m": false, "6m": true } })),
  };
};

const METRICS = ["nucleus_up", "nucleus_active_sessions", "nucleus_response_seconds", "memory_usage_percent"];
const metricsMissing: CasesOf = (rule) => {
  const all = (but?: string): Series =>
    Object.fromEntries(METRICS.filter((one) => one !== but).map((one) => [recorded(one, rule), steady(1)]));
  return {
    healthy: [{ series: all(), fires: { "20m": false, "3h": false } }],
    broken: METRICS.map((name) => ({
      name,
      series: { ...all(), [recorded(name, rule)]: "1x59 stale" },
      fires: { "59m": false, "74m": false, "76m": true },
    })),
    absent: [{ series: {}, fires: { "14m": false, "16m": true } }],
  };
};

const DAY = 86_400;
const served = (service: string) =>
  pushed(
    "holdfast_served_certificate_end_timestamp_seconds",
    "omniverse/database",
    `role="certificates",service="${service}"`,
  );
const looked = pushed(
  "holdfast_measured_timestamp_seconds",
  "omniverse/database",
  'role="certificates",what="certificates"',
);
/** One service's certificate comes near its end while the other's lasts. */
const servedCertificate =
  (absent: (given: Series) => Cases["absent"]): CasesOf =>
  (rule) => {
    const given = { [looked]: `0+600x${LENGTH}`, [served("nginx")]: steady(90 * DAY) };
    const { healthy, broken } = certificateEnds(served("nucleus-server"))(rule);
    const beside = <T extends Watched>(cases: readonly T[]) =>
      cases.map((one) => ({ ...one, series: { ...given, ...one.series } }));
    return { healthy: beside(healthy), broken: beside(broken), absent: absent(given) };
  };

const server = (host: string) => `probe_success{job="omniverse-directory",instance="${host}"}`;
const serversOf = (rule: Rule) => [
  ...new Set([...rule.expr.matchAll(/instance="([^"]+)"/g)].map(([, host = ""]) => host)),
];
/** Each server fails alone, and each is missed alone. */
const directoryServerDown: CasesOf = (rule) => {
  const servers = serversOf(rule);
  if (servers.length < 2) throw new Error("the directory must have two servers");
  const all = (but?: string): Series =>
    Object.fromEntries(servers.filter((one) => one !== but).map((one) => [server(one), steady(1)]));
  return {
    healthy: [{ series: all(), fires: { "10m": false, "3h": false } }],
    broken: servers.map((name) => ({
      name,
      series: { ...all(), [server(name)]: `1x59 ${steady(0)}` },
      fires: { "59m": false, "64m": false, "65m": true },
    })),
    absent: servers.map((name) => ({ name, series: all(name), fires: { "4m": false, "5m": true } })),
  };
};

const shortfall = (asset: string) => pushed("holdfast_drill_shortfalls", asset, 'role="drill"');
const drillFellShort: CasesOf = (rule) => {
  const drills = { database: jobNames.drillDatabase, assets: jobNames.drillAssets, accounts: jobNames.drillAccounts };
  const succeeded = Object.assign(
    {},
    ...Object.values(drills).map((name) => ({ [ofCronJob("status_last_successful_time", rule, name)]: steady(600) })),
  ) as Series;
  const all = (but?: string): Series => ({
    ...succeeded,
    ...Object.fromEntries(ASSETS.filter((one) => one !== but).map((one) => [shortfall(one), steady(0)])),
  });
  return {
    healthy: [{ series: all(), fires: { "10m": false, "3h": false } }],
    broken: ASSETS.map((name) => ({
      name,
      series: { ...all(), [shortfall(name)]: `0x59 ${steady(1)}` },
      fires: { "59m": false, "64m": false, "65m": true },
    })),
    absent: [
      ...ASSETS.map((name) => ({ name, series: all(name), fires: { "4m": false, "5m": true } })),
      told("OmniverseDrillOverdue"),
    ],
  };
};

const jobsAsleep: CasesOf = (rule) => {
  const pods = `kube_deployment_spec_replicas{namespace="${namespaceOf(rule)}",deployment="nucleus-server"}`;
  return {
    healthy: [
      { name: "all sleeps", series: { ...suspended(rule, 1), [pods]: steady(0) }, fires: { "1h": false, "3h": false } },
      {
        name: "all is awake",
        series: { ...suspended(rule, 0), [pods]: steady(2) },
        fires: { "1h": false, "3h": false },
      },
    ],
    broken: standbyJobs.map((name) => ({
      name,
      series: {
        ...suspended(rule, 0),
        [ofCronJob("spec_suspend", rule, name)]: `0x59 ${steady(1)}`,
        [pods]: steady(2),
      },
      fires: { "59m": false, "104m": false, "105m": true },
    })),
    absent: [told("OmniverseMaintenanceOverdue")],
  };
};

/** Alerts on whatever serves: at the second site once it is awake. */
const serving: Readonly<Record<string, CasesOf>> = {
  OmniverseCopyLate: copies("full", ASSETS, ["before-deployment"]),
  OmniverseCopyStale: copies("full", ASSETS, ["before-deployment"]),
  OmniverseLogStopped: ofDatabase("point-in-time"),
  OmniverseBackupsNotCarried: ofDatabase("replicated-backups"),
  NucleusServerDown: (rule) => {
    const up = `up{namespace="${namespaceOf(rule)}",job="nucleus",pod="a"}`;
    return turning(rule, {
      good: { [up]: 1 },
      bad: { [up]: 0 },
      absent: [{ step: STEP, series: {}, fires: { "45s": false, "60s": true } }],
    });
  },
  HighCPUUsage: (rule) => {
    const of = (instance: string) => recorded("cpu_usage_percent", rule, `,instance="${instance}"`);
    const limit = numberOf(rule, / > (\d+) or absent/);
    return turning(rule, {
      good: { [of("a")]: limit, [of("b")]: 10 },
      bad: { [of("a")]: limit + 1, [of("b")]: 10 },
      absent: [{ series: {}, fires: { "4m": false, "5m": true } }],
    });
  },
  DatabaseConnectionFailure: (rule) => {
    const up = recorded("postgres_up", rule);
    return turning(rule, {
      good: { [up]: 1 },
      bad: { [up]: 0 },
      absent: [{ step: STEP, series: {}, fires: { "15s": false, "30s": true } }],
    });
  },
  StorageSpaceLow: storageSpaceLow,
  OmniverseMetricsMissing: metricsMissing,
  OmniverseVerificationOverdue: overdue,
  OmniverseMaintenanceOverdue: overdue,
  OmniverseAuditOverdue: overdue,
  OmniverseIntegrityFailed: lastRunFailed("OmniverseVerificationOverdue"),
  OmniverseServedCertificateOld: servedCertificate((given) => [
    {
      name: "none is seen",
      step: "10m",
      series: { [looked]: given[looked] ?? "" },
      fires: { "50m": false, "60m": true },
    },
    {
      name: "nobody looks any more",
      step: "10m",
      series: { ...given, [looked]: steady(0) },
      fires: { "20h": false, "60h": true },
    },
    { name: "nobody ever looked", step: "10m", series: {}, fires: { "60m": true } },
  ]),
  OmniverseServedCertificateEnds: servedCertificate(() => [told("OmniverseServedCertificateOld")]),
};

/** Omniverse's alerts at one of its sites. */
export const omniverseCases = (at: Site): Readonly<Record<string, CasesOf>> => ({
  ...(at === "primary"
    ? serving
    : Object.fromEntries(Object.entries(serving).map(([alert, cases]) => [alert, onceAwake(cases)]))),
  OmniverseRegionLost: unreachable("omniverse-from-secondary"),
  OmniverseJobFailed: jobFailed("omniverse-backup-database", "OmniverseVerificationOverdue"),
  OmniverseDrillOverdue: overdue,
  OmniverseDrillFellShort: drillFellShort,
  OmniverseJobsAsleep: jobsAsleep,
  OmniverseDirectoryServerDown: directoryServerDown,
  OmniverseDirectoryUnreachable: (rule) => {
    const [one, other] = [server("dc1:636"), server("dc2:636")];
    return turning(rule, {
      good: { [one]: 1, [other]: 0 },
      bad: { [one]: 0, [other]: 0 },
      absent: [{ series: {}, fires: { "1m": false, "2m": true } }],
    });
  },
  OmniverseCertificateNotRenewed: certificateEnds(seen(at)),
  OmniverseCertificateEnds: certificateEnds(seen(at), "OmniverseCertificateNotRenewed"),
  HoldfastWatchdog: watchdog,
  OmniverseEscalated: escalated,
});

/** The other site's certificate, as the probe of this one sees it. */
const seen = (at: Site) => `probe_ssl_earliest_cert_expiry{job="omniverse-from-${at}",instance="https://omniverse"}`;
