import { duration } from "../../../recovery/duration";
import type { Rule, Series } from "../promtoolRules";
import { ageing, at, type Cases, type CasesOf, LENGTH, namespaceOf, steady, stepFor, told, turning } from "./cases";

const HOUR = 3_600;

/** A series that a job pushed. */
export const pushed = (metric: string, asset: string, more: string): string =>
  `${metric}{asset="${asset}",instance="${asset}",job="holdfast",${more}}`;

/** A series that kube-state-metrics has of a CronJob. */
export const ofCronJob = (metric: string, rule: Rule, cronJob: string): string =>
  `kube_cronjob_${metric}{namespace="${namespaceOf(rule)}",cronjob="${cronJob}"}`;

/** What kube-state-metrics has of one Job. */
export const ofJob = (rule: Rule, name: string, created: string, failed: string): Series => ({
  [`kube_job_created{namespace="${namespaceOf(rule)}",job_name="${name}"}`]: created,
  [`kube_job_failed{namespace="${namespaceOf(rule)}",job_name="${name}",condition="true"}`]: failed,
});

/** The asset that a rule speaks for. */
export function assetOf({ alert, annotations }: Rule): string {
  const asset = annotations?.holdfast_asset;
  if (asset === undefined) throw new Error(`${alert} must say its asset`);
  return asset;
}

/** The age of the newest copy of one asset; those of the others, and copies of another kind, go on. */
export const copies =
  (role: string, assets: readonly string[] = [], beside: readonly string[] = []): CasesOf =>
  (rule) => {
    const asset = assetOf(rule);
    const captured = (of: string, kind: string, values: string) => ({
      [pushed("holdfast_capture_timestamp_seconds", of, `role="${kind}"`)]: values,
    });
    const going = steadilyNew();
    const others = [
      ...assets.filter((one) => one !== asset).map((one) => captured(one, role, going)),
      ...beside.map((kind) => captured(asset, kind, going)),
    ];
    return ageing(rule, (values) => captured(asset, role, values), { others: Object.assign({}, ...others) as Series });
  };

/** Moments so far ahead that they are never old: what they stand for goes on. */
const steadilyNew = (): string => steady(1e9);

/** A copy of which a job pushes until when it holds everything. */
export interface Restorable {
  asset: string;
  protection: string;
  /** Of the group in which the job pushes it. */
  role: string;
}

/** How far behind a copy is; the others go on. */
export const restorable =
  (copy: Restorable, others: readonly Restorable[] = []): CasesOf =>
  (rule) => {
    const until = ({ asset, protection, role }: Restorable, values: string): Series => ({
      [pushed("holdfast_restorable_timestamp_seconds", asset, `protection="${protection}",role="${role}"`)]: values,
    });
    const going = others.filter((one) => one !== copy).map((one) => until(one, steadilyNew()));
    return ageing(rule, (values) => until(copy, values), { others: Object.assign({}, ...going) as Series });
  };

/** CronJobs that an expression asks for, each with the age above which it is overdue. */
export const asked = ({ expr }: Rule): { name: string; age: number }[] =>
  [...expr.matchAll(/time\(\) - max by \(namespace, cronjob\) \([^)]*cronjob="([^"]+)"[^)]*\) > (\d+)/g)].map(
    ([, name = "", age]) => ({ name, age: Number(age) }),
  );

/** CronJobs that must succeed again and again: each is missed alone, and so is each that is gone. */
export const overdue: CasesOf = (rule) => {
  const jobs = asked(rule);
  if (jobs.length === 0) throw new Error(`${rule.alert} asks for no job`);
  const wait = duration(rule.for ?? "0s");
  const cases = jobs.map(({ name, age }): Cases => {
    const seconds = stepFor(age);
    const step = `${seconds}s`;
    const [last, held] = [Math.floor(age / seconds), Math.ceil(wait / seconds)];
    const created = (of: string) => ({ [ofCronJob("created", rule, of)]: steady(0) });
    const succeeded = (of: string, values: string) => ({
      [ofCronJob("status_last_successful_time", rule, of)]: values,
    });
    const newest = `0+${seconds}x${LENGTH}`;
    const others = Object.assign(
      {},
      ...jobs
        .filter((one) => one.name !== name)
        .map((one) => ({ ...created(one.name), ...succeeded(one.name, newest) })),
    ) as Series;
    const late = { [at(last, seconds)]: false, [at(last + 1 + held, seconds)]: true };
    return {
      healthy: [
        {
          name,
          step,
          series: { ...others, ...created(name), ...succeeded(name, newest) },
          fires: { [at(last + 3 + held, seconds)]: false },
        },
      ],
      broken: [
        { name, step, series: { ...others, ...created(name), ...succeeded(name, steady(0)) }, fires: late },
        { name: `${name}, which never succeeded`, step, series: { ...others, ...created(name) }, fires: late },
      ],
      absent: [{ name, step, series: others, fires: { [at(held + 1, seconds)]: true } }],
    };
  });
  return {
    healthy: cases.flatMap(({ healthy }) => healthy),
    broken: cases.flatMap(({ broken }) => broken),
    absent: [...cases.flatMap(({ absent }) => absent), { name: "all", step: "1h", series: {}, fires: { "2h": true } }],
  };
};

/** A Job that failed is told of at once, for an hour; without kube-state-metrics its jobs are overdue. */
export const jobFailed =
  (job: string, by: string): CasesOf =>
  (rule) => ({
    healthy: [{ series: ofJob(rule, `${job}-29384720`, steady(0), steady(0)), fires: { "10m": false, "3h": false } }],
    broken: [
      {
        series: ofJob(rule, `${job}-29384720`, steady(0), `_x10 ${steady(1)}`),
        fires: { "9m": false, "10m": true, "69m": true, "71m": false },
      },
    ],
    absent: [told(by)],
  });

/** The last run of a job failed: of each that the rule asks for. */
export const lastRunFailed =
  (by: string): CasesOf =>
  (rule) => {
    const jobs = [...new Set([...rule.expr.matchAll(/cronjob="([^"]+)"/g)].map(([, name = ""]) => name))];
    if (jobs.length === 0) throw new Error(`${rule.alert} asks for no job`);
    const runs = (name: string, failed: string, succeeded: string): Series => ({
      [ofCronJob("created", rule, name)]: steady(0),
      [ofCronJob("status_last_successful_time", rule, name)]: succeeded,
      ...ofJob(rule, `${name}-29384720`, `_x2 ${steady(600)}`, failed),
    });
    return {
      healthy: jobs.map((name) => ({
        name,
        step: "5m",
        series: runs(name, `_x2 ${steady(0)}`, `_x6 ${steady(1_800)}`),
        fires: { "20m": false, "3h": false },
      })),
      broken: jobs.map((name) => ({
        name,
        step: "5m",
        series: runs(name, `_x6 ${steady(1)}`, steady(0)),
        fires: { "25m": false, "30m": true, "3h": true },
      })),
      absent: [told(by)],
    };
  };

/** A probe whose every target fails, or that is gone. */
export const unreachable =
  (job: string): CasesOf =>
  (rule) => {
    const target = (instance: string) => `probe_success{job="${job}",instance="${instance}"}`;
    const wait = duration(rule.for ?? "0s");
    return turning(rule, {
      good: { [target("https://one")]: 1 },
      bad: { [target("https://one")]: 0 },
      given: { 'probe_success{job="another",instance="https://one"}': steady(1) },
      absent: [
        {
          step: "15s",
          series: { 'probe_success{job="another",instance="https://one"}': steady(1) },
          fires: { [at(wait / 15, 15)]: true },
        },
      ],
    });
  };

/** The end of a certificate comes near; where nobody sees it, it fires itself, or `by` does. */
export const certificateEnds =
  (series: string, by?: string): CasesOf =>
  (rule) => {
    const limit = Number(/ < (\d+)/.exec(rule.expr)?.[1]);
    const seconds = 600;
    const held = Math.ceil(duration(rule.for ?? "0s") / seconds);
    const end = (after: number) => ({ [series]: steady(limit + after) });
    const [turn, step] = [100, "10m"];
    return {
      healthy: [{ step, series: end(7 * 24 * HOUR), fires: { "2h": false, "48h": false } }],
      broken: [
        {
          step,
          series: end(turn * seconds),
          fires: { [at(turn + held, seconds)]: false, [at(turn + 1 + held, seconds)]: true, "48h": true },
        },
      ],
      absent: [by === undefined ? { step, series: {}, fires: { [at(held, seconds)]: true } } : told(by)],
    };
  };

/** It always fires: that it stops is what pages. */
export const watchdog: CasesOf = () => ({
  healthy: [],
  broken: [],
  absent: [{ series: {}, fires: { "0m": true, "3h": true } }],
});

/** A critical alert stays; where no alert comes any more, the watchdog's does not either. */
export const escalated: CasesOf = (rule) => {
  const firing = (severity: string) =>
    `ALERTS{${Object.entries({
      alertname: "Any",
      alertstate: "firing",
      namespace: namespaceOf(rule),
      severity,
      system: rule.labels?.system ?? "",
      team: "on-call",
    })
      .map(([name, value]) => `${name}="${value}"`)
      .join(",")}}`;
  const wait = duration(rule.for ?? "0s") / 60;
  return {
    healthy: [
      { series: { [firing("warning")]: steady(1) }, fires: { "3h": false } },
      { name: "ended in time", series: { [firing("critical")]: `1x${wait - 2} stale` }, fires: { "3h": false } },
    ],
    broken: [
      {
        series: { [firing("critical")]: `_x10 ${steady(1)}` },
        fires: { [`${10 + wait - 1}m`]: false, [`${10 + wait}m`]: true },
      },
    ],
    absent: [told("HoldfastWatchdog")],
  };
};
