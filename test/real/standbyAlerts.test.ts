import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadGraph } from "../../preview/offline";
import { jobNames, standbyJobs } from "../../systems/omniverse/names";
import { PromtoolRules, type Series } from "./promtoolRules";

let rules: PromtoolRules;
beforeAll(async () => {
  const { graph } = await loadGraph({ program: path.resolve(__dirname, "../.."), stack: "prod" });
  rules = new PromtoolRules(graph, "omniverse-secondary-alerts-rules");
});
afterAll(() => rules?.close());

type Fires = Readonly<Record<string, boolean>>;

const MINUTE = 60;
const STEP = 300;
const HOUR = 3_600;
const LENGTH = 3_000;
const namespace = 'namespace="omniverse-prod"';
const cron = (metric: string, name: string) => `kube_cronjob_${metric}{${namespace},cronjob="${name}"}`;

/** What kube-state-metrics says of a job that sleeps for so many steps, is awake for the next, and then sleeps again. */
function sleeping(name: string, steps: number, awake = LENGTH): Series {
  const again = awake < LENGTH ? ` 1x${LENGTH}` : "";
  return { [cron("spec_suspend", name)]: `${steps > 0 ? `1x${steps - 1} ` : ""}0x${awake - 1}${again}` };
}

/** Moments that a job pushes from a step on: nothing before, then one each so many steps, until the last. */
function moments(series: string, step: number, from: number, each: number, until = LENGTH): Series {
  const moment = (i: number) => Math.min(from + Math.floor((i - from) / each) * each, until) * step;
  const values = Array.from({ length: LENGTH - from }, (_, i) => moment(from + i));
  return { [series]: `_x${from} ${values.join(" ")}` };
}

/** The time after the start of a step. */
const at = (step: number) => `${step * (STEP / MINUTE)}m`;

/** Age in a rule above which it fires. */
const ageOf = (expr: string) => Number(/> (\d+) or absent/.exec(expr)?.[1]);
const ceil = (seconds: number, step: number) => Math.ceil(seconds / step);

const pushed = (metric: string, asset: string, more: string) =>
  `${metric}{asset="omniverse/${asset}",instance="omniverse/${asset}",job="holdfast",${more}}`;
const captured = (asset: string) => pushed("holdfast_capture_timestamp_seconds", asset, 'role="full"');
const restorable = pushed(
  "holdfast_restorable_timestamp_seconds",
  "database",
  'protection="point-in-time",role="restorable"',
);

describe.each([
  ["OmniverseCopyLate", "database", jobNames.dump, captured("database")],
  ["OmniverseCopyStale", "database", jobNames.dump, captured("database")],
  ["OmniverseCopyStale", "assets", jobNames.assets, captured("assets")],
  ["OmniverseCopyStale", "accounts", jobNames.accounts, captured("accounts")],
  ["OmniverseLogStopped", "database", jobNames.restorable, restorable],
] as const)("%s of the %s at the second site", (alert, asset, job, series) => {
  const WOKEN = 20;
  const own = () => rules.of(alert, `omniverse/${asset}`);
  /** Steps from the wake, or from the last copy, until it speaks. */
  const due = () => ceil(ageOf(own()[0]?.expr ?? ""), STEP);
  const check = (given: Series, fires: Fires) => rules.wrong(own(), "5m", given, fires);
  /** So many steps after the wake. */
  const woken = (steps: number) => at(WOKEN + steps);

  it("is one rule, of that asset, and no promise leans on it", () => {
    expect(own()).toHaveLength(1);
    expect(own()[0]?.annotations?.holdfast_guards).toBe("health");
  });

  it("is silent while the site sleeps, whatever there is", () => {
    const asleep = sleeping(job, LENGTH, 1);
    expect(check(asleep, { "0m": false, "1h": false, "30h": false })).toEqual([]);
    // Of the last time that it served.
    expect(check({ ...asleep, [series]: `0x${LENGTH}` }, { "1h": false, "30h": false })).toEqual([]);
  });

  it("fires once it is awake and nothing came, or nothing newer than of the last time", () => {
    const awake = sleeping(job, WOKEN);
    const fires = { [woken(-1)]: false, [woken(due() - 2)]: false, [woken(due() + 2)]: true, "30h": true };
    expect(check(awake, fires)).toEqual([]);
    expect(check({ ...awake, [series]: `0x${LENGTH}` }, fires)).toEqual([]);
  });

  it("is silent a day after the wake while newer ones come, and fires when they stop", () => {
    const awake = sleeping(job, WOKEN);
    const each = 2;
    const day = (24 * HOUR) / STEP;
    const healthy = { ...awake, ...moments(series, STEP, WOKEN + 1, each) };
    expect(check(healthy, { [woken(1)]: false, [woken(due())]: false, [woken(day)]: false })).toEqual([]);
    const last = WOKEN + day;
    const stopped = { ...awake, ...moments(series, STEP, WOKEN + 1, each, last) };
    const fires = { [at(last + due() - each)]: false, [at(last + due() + 2)]: true };
    expect(check(stopped, fires)).toEqual([]);
  });

  it("is silent again when it sleeps again", () => {
    const slept = sleeping(job, WOKEN, due() + 12);
    expect(check(slept, { [woken(due() + 6)]: true, [woken(due() + 14)]: false, "30h": false })).toEqual([]);
  });

  it("fires when nobody says whether it sleeps, and when only others do", () => {
    expect(check({}, { "5m": true })).toEqual([]);
    expect(check(sleeping(jobNames.updates, LENGTH, 1), { "5m": true })).toEqual([]);
  });
});

describe.each([
  ["OmniverseVerificationOverdue", jobNames.verifyDatabase],
  ["OmniverseVerificationOverdue", jobNames.verifyAssets],
  ["OmniverseMaintenanceOverdue", jobNames.health],
  ["OmniverseMaintenanceOverdue", jobNames.maintenance],
  ["OmniverseAuditOverdue", jobNames.audit],
] as const)("%s at the second site, of %s", (alert, job) => {
  const WOKEN = 10;
  const expr = () => rules.of(alert)[0]?.expr ?? "";
  const due = () => ceil(Number(new RegExp(`cronjob="${job}"[^>]*?> (\\d+) or`).exec(expr())?.[1]), HOUR);
  const check = (given: Series, fires: Fires) => rules.wrong(rules.of(alert), "1h", given, fires);
  const woken = (hours: number) => `${WOKEN + hours}h`;
  /** The others of the same alert sleep, which none of this hides. */
  const others = (): Series =>
    Object.assign(
      {},
      ...standbyJobs
        .filter((name) => name !== job && expr().includes(`"${name}"`))
        .map((name) => ({ ...sleeping(name, LENGTH, 1), [cron("created", name)]: `0x${LENGTH}` })),
    );
  const made = { [cron("created", job)]: `0x${LENGTH}` };

  it("is silent while it sleeps, and fires when it is awake and does not succeed in time", () => {
    expect(
      check({ ...others(), ...made, ...sleeping(job, LENGTH, 1) }, { "1h": false, [`${due() + 200}h`]: false }),
    ).toEqual([]);
    const awake = { ...others(), ...made, ...sleeping(job, WOKEN) };
    // It lasts five minutes before it fires: one evaluation of these.
    const fires = { [woken(0)]: false, [woken(due() - 1)]: false, [woken(due() + 2)]: true };
    expect(check(awake, fires)).toEqual([]);
    // Of the last time that it served.
    const then = { [cron("status_last_successful_time", job)]: `0x${LENGTH}` };
    expect(check({ ...awake, ...then }, fires)).toEqual([]);
  });

  it("is silent while it succeeds, a day after the wake and later", () => {
    const succeeded = moments(cron("status_last_successful_time", job), HOUR, WOKEN + 1, 5);
    const awake = { ...others(), ...made, ...sleeping(job, WOKEN), ...succeeded };
    expect(check(awake, { [woken(24)]: false, [woken(due() + 5)]: false, [woken(2 * due())]: false })).toEqual([]);
  });

  it("fires when it is gone", () => expect(check(others(), { "2h": true })).toEqual([]));
});

describe("OmniverseIntegrityFailed at the second site", () => {
  const check = (given: Series, fires: Fires) => rules.wrong(rules.of("OmniverseIntegrityFailed"), "1m", given, fires);
  const name = `${jobNames.verifyDatabase}-29384720`;
  const failed = (from: number): Series => ({
    [cron("created", jobNames.verifyDatabase)]: `0x${LENGTH}`,
    [`kube_job_created{${namespace},job_name="${name}"}`]: `_x${from} ${from * MINUTE}x1000`,
    [`kube_job_failed{${namespace},job_name="${name}",condition="true"}`]: `_x${from} 1x1000`,
  });
  it("fires at the first verification that fails after the wake, and is silent once the site sleeps again", () => {
    const given = { ...failed(120), ...sleeping(jobNames.verifyDatabase, 100, 200) };
    expect(check(given, { "119m": false, "121m": true, "299m": true, "301m": false })).toEqual([]);
  });
});

describe("the runbook's alerts at the second site", () => {
  it.each([
    "NucleusServerDown",
    "HighCPUUsage",
    "DatabaseConnectionFailure",
    "StorageSpaceLow",
    "OmniverseMetricsMissing",
  ])("%s is silent while it sleeps, and fires when it is awake and nobody tells", (alert) => {
    const check = (given: Series, fires: Fires) => rules.wrong(rules.of(alert), "1m", given, fires);
    expect(check(sleeping(jobNames.metrics, LENGTH, 1), { "10m": false, "12h": false })).toEqual([]);
    expect(check(sleeping(jobNames.metrics, 60), { "59m": false, "68m": false, "90m": true })).toEqual([]);
    expect(check({}, { "20m": true })).toEqual([]);
  });
});

describe("OmniverseJobsAsleep", () => {
  const check = (given: Series, fires: Fires) => rules.wrong(rules.of("OmniverseJobsAsleep"), "1m", given, fires);
  const pods = (values: string): Series => ({
    [`kube_deployment_spec_replicas{${namespace},deployment="nucleus-server"}`]: values,
  });
  const all = (steps: number, but: Series = {}): Series =>
    Object.assign({}, ...standbyJobs.map((name) => sleeping(name, steps)), but);
  it.each<[string, Series, Fires]>([
    ["is silent while all sleeps", { ...pods("0x300"), ...all(300) }, { "1h": false, "4h": false }],
    [
      "is silent through a failover that wakes them",
      { ...pods("0x60 2x200"), ...all(90) },
      { "80m": false, "4h": false },
    ],
    [
      "fires where the site serves and nobody woke them",
      { ...pods("0x60 2x200"), ...all(300) },
      { "105m": false, "107m": true },
    ],
    [
      "fires for one that was left",
      { ...pods("0x60 2x200"), ...all(90, sleeping(jobNames.restorable, 300)) },
      { "105m": false, "107m": true },
    ],
    [
      "fires where they are sent to sleep again while people work",
      { ...pods("2x300"), ...all(0, sleeping(jobNames.dump, 0, 100)) },
      { "99m": false, "144m": false, "147m": true },
    ],
    ["leaves it to the alerts on each that nobody says anything", {}, { "1h": false }],
  ])("%s", (_, given, fires) => expect(check(given, fires)).toEqual([]));

  it("asks of every job that sleeps", () => {
    for (const name of standbyJobs) {
      const given = { ...pods("2x300"), ...all(0, sleeping(name, 300)) };
      expect(check(given, { "1h": true }), name).toEqual([]);
    }
  });
});
