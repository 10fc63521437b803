import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadGraph } from "../../preview/offline";
import { jobNames } from "../../systems/omniverse/names";
import { PromtoolRules, type Series } from "./promtoolRules";

let primary: PromtoolRules;
let secondary: PromtoolRules;
beforeAll(async () => {
  const { graph } = await loadGraph({ program: path.resolve(__dirname, "../.."), stack: "prod" });
  primary = new PromtoolRules(graph, "omniverse-primary-alerts-rules");
  secondary = new PromtoolRules(graph, "omniverse-secondary-alerts-rules");
});
afterAll(() => {
  primary?.close();
  secondary?.close();
});

const HOUR = 3_600;
const namespace = 'namespace="omniverse-prod"';
/** Series that kube-state-metrics has of a CronJob or a Job. */
const cron = (metric: string, name: string) => `kube_cronjob_${metric}{${namespace},cronjob="${name}"}`;
const ofJob = (name: string, created: string, failed: string): Series => ({
  [`kube_job_created{${namespace},job_name="${name}"}`]: created,
  [`kube_job_failed{${namespace},job_name="${name}",condition="true"}`]: failed,
});
/** CronJobs that an expression asks for, each with the age above which it is overdue. */
const asked = (expr: string) =>
  [...expr.matchAll(/time\(\) - max by \(namespace, cronjob\) \([^)]*cronjob="([^"]+)"[^)]*\) > (\d+)/g)].map(
    ([, name = "", age]) => ({ name, age: Number(age) }),
  );

describe("OmniverseJobFailed", () => {
  const check = (series: Series, fires: Record<string, boolean>) =>
    primary.wrong(primary.of("OmniverseJobFailed"), "1m", series, fires);
  const name = "omniverse-backup-database-29384720";
  it.each<[string, Series, Record<string, boolean>]>([
    ["is silent while jobs end well", ofJob(name, "0x200", "0x200"), { "10m": false, "2h": false }],
    [
      "fires at once, for an hour",
      ofJob(name, "0x200", "_x10 1x190"),
      { "9m": false, "10m": true, "69m": true, "71m": false },
    ],
    [
      "counts from the failure of a job that ran for hours, and forgets none",
      ofJob("omniverse-drill-assets-1", "0x600", "_x300 1x300"),
      { "299m": false, "300m": true, "359m": true, "361m": false, "9h": false },
    ],
    [
      "does not tell again of what failed hours ago when kube-state-metrics was away for some minutes",
      ofJob(name, "0x400", "1x120 _x20 1x200"),
      { "30m": true, "100m": false, "145m": false, "200m": false, "5h": false },
    ],
    [
      "tells of each that fails, whatever failed before it",
      { ...ofJob(name, "0x400", "1x400"), ...ofJob(`${name}1`, "0x400", "_x200 1x200") },
      { "150m": false, "200m": true, "265m": false },
    ],
    ["leaves another system's to others", ofJob("omendb-backup-1", "0x200", "1x200"), { "10m": false }],
    ["has nothing to say without jobs", {}, { "10m": false }],
  ])("%s", (_, series, fires) => expect(check(series, fires)).toEqual([]));
});

describe("OmniverseDrillFellShort", () => {
  const drills = ["database", "assets", "accounts"] as const;
  const short = (asset: string, values: string): Series => ({
    [`holdfast_drill_shortfalls{asset="omniverse/${asset}",role="drill",job="holdfast",instance="omniverse/${asset}"}`]:
      values,
  });
  const succeeded = (asset: string, values: string): Series => ({
    [cron("status_last_successful_time", `omniverse-drill-${asset}`)]: values,
  });
  const all = (values: string) => Object.assign({}, ...drills.map((asset) => short(asset, values))) as Series;
  const check = (series: Series, fires: Record<string, boolean>) =>
    secondary.wrong(secondary.of("OmniverseDrillFellShort"), "1m", series, fires);

  it.each<[string, Series, Record<string, boolean>]>([
    ["is silent while drills keep what is promised", all("0x100"), { "10m": false, "90m": false }],
    ["is silent before any has run", {}, { "10m": false, "90m": false }],
    ["leaves another system's to others", short("other", "3x100"), { "10m": false }],
  ])("%s", (_, series, fires) => expect(check(series, fires)).toEqual([]));

  it.each(drills)("fires within minutes of a drill of the %s that was worse, until one was better", (asset) => {
    const fires = { "9m": false, "16m": true, "59m": true, "61m": false };
    expect(check({ ...all("0x100"), ...short(asset, "0x9 2x49 0x40") }, fires)).toEqual([]);
  });

  it.each(drills)("fires where a drill of the %s ended well and nobody knows what it measured", (asset) => {
    const others = Object.assign(
      {},
      ...drills.filter((one) => one !== asset).map((one) => short(one, "0x100")),
    ) as Series;
    expect(check({ ...others, ...succeeded(asset, "0x9 600x90") }, { "9m": false, "16m": true, "90m": true })).toEqual(
      [],
    );
  });
});

describe.each([
  ["OmniverseVerificationOverdue", () => primary, 3],
  ["OmniverseAuditOverdue", () => primary, 1],
  ["OmniverseMaintenanceOverdue", () => primary, 9],
  ["OmniverseDrillOverdue", () => secondary, 3],
] as const)("%s", (alert, site, count) => {
  /** All succeed every hour; but one of them last did at the start. */
  const jobs = (but = "", last = "0x1000"): Series =>
    Object.fromEntries(
      asked(site().of(alert)[0]?.expr ?? "").flatMap(({ name }) => [
        [cron("created", name), "0x1000"],
        [cron("status_last_successful_time", name), name === but ? last : `0+${HOUR}x1000`],
      ]),
    );
  const check = (series: Series, fires: Record<string, boolean>) => site().wrong(site().of(alert), "1h", series, fires);
  const watched = () => asked(site().of(alert)[0]?.expr ?? "");

  it("is silent on healthy days", () => {
    expect(watched()).toHaveLength(count);
    expect(check(jobs(), { "24h": false, "900h": false })).toEqual([]);
  });

  it("fires for each of its jobs that did not succeed in time, and not before", () => {
    for (const { name, age } of watched().filter((one) => one.age > 2 * HOUR)) {
      const hours = Math.floor(age / HOUR);
      // It lasts five minutes before it fires: one evaluation of these.
      const fires = { [`${hours}h`]: false, [`${hours + 2}h`]: true };
      expect(check(jobs(name), fires), name).toEqual([]);
      // None ever succeeded: its own age counts.
      const { [cron("status_last_successful_time", name)]: _, ...never } = jobs(name);
      expect(check(never, fires), name).toEqual([]);
    }
  });

  it("fires when a job is gone, and when nobody tells of any", () => {
    const [first] = watched();
    const gone = Object.entries(jobs()).filter(([series]) => !series.includes(`"${first?.name}"`));
    expect(check(Object.fromEntries(gone), { "0h": false, "1h": true })).toEqual([]);
    expect(check({}, { "1h": true })).toEqual([]);
  });
});

describe("OmniverseIntegrityFailed", () => {
  const check = (series: Series, fires: Record<string, boolean>) =>
    primary.wrong(primary.of("OmniverseIntegrityFailed"), "1m", series, fires);
  const runs = (succeeded: string): Series => ({
    [cron("created", jobNames.verifyDatabase)]: "0x200",
    [cron("status_last_successful_time", jobNames.verifyDatabase)]: succeeded,
  });
  const run = (failed: string) => ofJob(`${jobNames.verifyDatabase}-29384720`, "600x200", failed);
  it.each<[string, Series, Record<string, boolean>]>([
    ["is silent while copies verify", { ...runs("900x200"), ...run("0x200") }, { "30m": false, "3h": false }],
    [
      "fires as soon as a verification has failed",
      { ...runs("0x200"), ...run("0x29 1x170") },
      { "29m": false, "30m": true, "3h": true },
    ],
    ["is over when a later one succeeds", { ...runs("0x59 3600x140"), ...run("1x200") }, { "30m": true, "61m": false }],
    [
      "fires for a first run that failed",
      { [cron("created", jobNames.verifyDatabase)]: "0x200", ...run("1x200") },
      { "30m": true },
    ],
    ["has nothing to say without runs: that they are overdue is another alert", {}, { "30m": false }],
    [
      "leaves a dump that failed to others",
      { ...runs("0x200"), ...ofJob("omniverse-backup-database-1", "600x200", "1x200") },
      { "30m": false },
    ],
  ])("%s", (_, series, fires) => expect(check(series, fires)).toEqual([]));
});

describe("OmniverseEscalated", () => {
  const check = (series: Series, fires: Record<string, boolean>) =>
    primary.wrong(primary.of("OmniverseEscalated"), "1m", series, fires);
  const alert = (more: Record<string, string>) => {
    const labels = {
      alertname: "OmniverseCopyStale",
      alertstate: "firing",
      namespace: "omniverse-prod",
      severity: "critical",
      system: "omniverse",
      team: "on-call",
      ...more,
    };
    return `ALERTS{${Object.entries(labels)
      .map(([name, value]) => `${name}="${value}"`)
      .join(",")}}`;
  };
  it.each<[string, Series, Record<string, boolean>]>([
    [
      "fires a quarter of an hour after a critical alert that nobody ended",
      { [alert({})]: "_x10 1x100" },
      { "24m": false, "27m": true, "1h": true },
    ],
    ["is silent where somebody ended it in time", { [alert({})]: "1x13 stale" }, { "14m": false, "30m": false }],
    ["leaves a warning alone", { [alert({ severity: "warning" })]: "1x100" }, { "1h": false }],
    ["waits for one that is only pending", { [alert({ alertstate: "pending" })]: "1x100" }, { "1h": false }],
    ["leaves other systems to theirs", { [alert({ system: "omendb" })]: "1x100" }, { "1h": false }],
    ["does not escalate what went to management", { [alert({ team: "management" })]: "1x100" }, { "1h": false }],
    ["is silent while nothing fires", {}, { "1h": false }],
  ])("%s", (_, series, fires) => expect(check(series, fires)).toEqual([]));
});

describe("HoldfastWatchdog", () => {
  it.each([
    ["primary", () => primary],
    ["secondary", () => secondary],
  ] as const)("fires always at the %s, whatever else there is", (_, site) => {
    const fires = { "0m": true, "1m": true, "3h": true };
    expect(site().wrong(site().of("HoldfastWatchdog"), "1m", {}, fires)).toEqual([]);
    expect(site().wrong(site().of("HoldfastWatchdog"), "1m", { up: "0x200" }, fires)).toEqual([]);
  });
});
