import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Resource } from "../../policies/graph";
import { loadGraph } from "../../preview/offline";
import { say } from "../../tools/packages";
import { ensurePromtool } from "../../tools/promtool";

const prometheusRule = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      interval: z.string(),
      rules: z.array(
        z.union([
          z.looseObject({ alert: z.string(), expr: z.string(), for: z.string() }),
          z.strictObject({ record: z.string(), expr: z.string(), labels: z.record(z.string(), z.string()) }),
        ]),
      ),
    }),
  ),
});
type Groups = z.infer<typeof prometheusRule>["groups"];

/** Series over time as promtool writes them, and when which alert must be firing. */
interface Case {
  /** Step of the series. @default "1m" */
  interval?: string;
  series: Record<string, string>;
  alert: string;
  /** Whether it fires, by the time after the start. */
  fires: Record<string, boolean>;
}

const up = 'up{namespace="omendb-prod",job="omendb"';
const captured = 'holdfast_capture_timestamp_seconds{asset="omendb/data",instance="omendb/data",job="holdfast"';
const walSize = 'omendb_wal_size_bytes{namespace="omendb-prod",job="omendb"';

const folder = fs.mkdtempSync(path.join(tmpdir(), "holdfast-alerts-"));
let promtool: string;
const files = new Map<string, string>();
let groups: Groups = [];

beforeAll(async () => {
  promtool = ensurePromtool();
  const { graph } = await loadGraph({ program: path.resolve(__dirname, "../.."), stack: "prod" });
  const isRule = ({ type }: Resource) => type.endsWith(":PrometheusRule");
  for (const { name, props } of graph.resources.filter(isRule)) {
    const spec = prometheusRule.parse(props.spec);
    groups = [...groups, ...spec.groups];
    const file = path.join(folder, `${name}.json`);
    // JSON is YAML.
    fs.writeFileSync(file, JSON.stringify(spec));
    files.set(name, file);
  }
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** The declared rule; its threshold is read from it, so that a changed promise does not need a changed test. */
function ruleOf(alert: string): { expr: string; for: string; interval: string } {
  const found = groups.flatMap(({ interval, rules }) =>
    rules.flatMap((rule) => ("alert" in rule ? [{ ...rule, interval }] : [])),
  );
  const [rule, ...others] = found.filter((each) => each.alert === alert);
  if (!rule || others.length > 0) throw new Error(`${alert} must be one rule, got ${others.length + (rule ? 1 : 0)}`);
  return rule;
}

function thresholdOf(alert: string): number {
  const [, seconds] = / > (\d+) or absent/.exec(ruleOf(alert).expr) ?? [];
  return z.coerce.number().positive().parse(seconds);
}

/** A file with the rule alone: promtool evaluates each rule of a file at every instant. */
function fileOf(alert: string): string {
  const { interval, ...rule } = ruleOf(alert);
  const file = path.join(folder, `${alert}.json`);
  fs.writeFileSync(file, JSON.stringify({ groups: [{ name: alert, interval, rules: [rule] }] }));
  return file;
}

/** Runs one case through `promtool test rules`; returns what was not as expected. */
function firing(name: string, { interval = "1m", series, alert, fires }: Case): string[] {
  // promtool compares whole alerts; counting them in ALERTS asks only what the case is about.
  const test = {
    rule_files: [fileOf(alert)],
    evaluation_interval: ruleOf(alert).interval,
    tests: [
      {
        interval,
        input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
        promql_expr_test: Object.entries(fires).map(([at, yes]) => ({
          expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`,
          eval_time: at,
          exp_samples: [{ labels: "{}", value: yes ? 1 : 0 }],
        })),
      },
    ],
  };
  const file = path.join(folder, `${name.replace(/\W+/g, "-")}.test.json`);
  fs.writeFileSync(file, JSON.stringify(test));
  const said = say(promtool, ["test", "rules", file]);
  return said.ok ? [] : [said.output];
}

/** Captures every three minutes from the first evaluation on, pushed when the run ends, as `minutes` samples. */
function captures(minutes: number, stopAfter = minutes): string {
  return Array.from({ length: minutes + 1 }, (_, minute) => {
    const pushed = Math.min(minute, stopAfter);
    // A run starts at each third minute and takes two: the newest pushed capture is at least two minutes old.
    return Math.max(0, Math.floor((pushed - 2) / 3) * 3) * 60;
  }).join(" ");
}

describe("the alerts that prod declares, of which everyAlert.test.ts has three cases each", () => {
  it("are rules that Prometheus accepts", () => {
    expect([...files.keys()].sort()).toEqual([
      "analytics-primary-alerts-rules",
      "analytics-secondary-alerts-rules",
      "omendb-primary-alerts-rules",
      "omendb-secondary-alerts-rules",
      "omniverse-primary-alerts-rules",
      "omniverse-primary-recordings-rules",
      "omniverse-secondary-alerts-rules",
      "omniverse-secondary-recordings-rules",
      "platform-analytics-primary-alerts-rules",
      "platform-analytics-secondary-alerts-rules",
      "platform-primary-alerts-rules",
      "platform-secondary-alerts-rules",
    ]);
    for (const [name, file] of files) {
      const { ok, output } = say(promtool, ["check", "rules", file]);
      expect(ok, `${name}: ${output}`).toBe(true);
    }
  });

  it("are checked: promtool refuses an expression that is wrong, and a case whose alert does not fire", () => {
    const file = path.join(folder, "wrong.json");
    const rule = { alert: "Wrong", expr: "sum by (asset (up)", for: "0s" };
    fs.writeFileSync(file, JSON.stringify({ groups: [{ name: "wrong", rules: [rule] }] }));
    expect(say(promtool, ["check", "rules", file]).ok).toBe(false);
    const silent = { series: { [`${up}}`]: "1x10" }, alert: "OmenDBDown", fires: { "5m": true } };
    expect(firing("silent", silent)).not.toEqual([]);
  });

  for (const alert of ["OmenDBRestorePointLate", "OmenDBRestorePointStale"]) {
    it(`${alert} stays silent on healthy days, fires after its threshold, and stops at the next capture`, () => {
      const healthy = Array.from({ length: 60 }, (_, i) => [`${i + 1}m`, false] as const);
      const series = { [`${captured},role="incremental"}`]: captures(60) };
      expect(firing(`${alert} healthy`, { series, alert, fires: Object.fromEntries(healthy) })).toEqual([]);

      // The newest capture is at 9m; nothing more arrives until one at 30m.
      const [last, back] = [9 * 60, 30 * 60];
      const late = last + thresholdOf(alert);
      const interval = "15s";
      const values = `${last}x${back / 15 - 1} ${back}x8`;
      const fires = { [`${late}s`]: false, [`${late + 15}s`]: true, [`${back + 15}s`]: false };
      const stopped = { interval, series: { [`${captured},role="incremental"}`]: values }, alert, fires };
      expect(firing(`${alert} stopped`, stopped)).toEqual([]);
    });

    it(`${alert} fires when there is no series at all, and a full backup counts as a restore point`, () => {
      expect(firing(`${alert} absent`, { series: {}, alert, fires: { "1m": true } })).toEqual([]);
      const of = (role: string, values: string) => ({ [`${captured},role="${role}"}`]: values });
      const series = { ...of("incremental", "0x30"), ...of("full", captures(30)) };
      expect(firing(`${alert} full`, { series, alert, fires: { "30m": false } })).toEqual([]);
    });
  }

  it("OmenDBFullBackupOverdue watches fulls alone: incrementals do not hide that they stopped", () => {
    const alert = "OmenDBFullBackupOverdue";
    const minutes = Math.ceil(thresholdOf(alert) / 60) + 1;
    const series = {
      [`${captured},role="incremental"}`]: captures(minutes + 5),
      [`${captured},role="full"}`]: `0x${minutes + 5}`,
    };
    const fires = { [`${minutes - 2}m`]: false, [`${minutes}m`]: true };
    expect(firing(alert, { series, alert, fires })).toEqual([]);
  });

  it("OmenDBDown fires 30 seconds after the last target is down or vanishes, not while one pod serves", () => {
    const alert = "OmenDBDown";
    const interval = "15s";
    const pods = (a: string, b: string) => ({ [`${up},pod="a"}`]: a, [`${up},pod="b"}`]: b });
    const cases: Record<string, Omit<Case, "alert">> = {
      standby: { interval, series: pods("1x40", "0x40"), fires: { "1m": false, "10m": false } },
      takeover: { interval, series: pods("1x7 0x32", "0x8 1x31"), fires: { "2m15s": false, "5m": false } },
      down: { interval, series: pods("1x7 0x32", "0x40"), fires: { "2m15s": false, "2m45s": true } },
      vanished: { interval, series: { [`${up},pod="a"}`]: "1x7 stale" }, fires: { "1m45s": false, "2m45s": true } },
      never: { interval, series: {}, fires: { "15s": false, "45s": true } },
    };
    for (const [name, each] of Object.entries(cases)) expect(firing(`down ${name}`, { ...each, alert })).toEqual([]);
  });

  it("WALSizeGrowth takes the size for a gauge: rotation and a takeover are no growth, 1 GB an hour for 15 minutes is", () => {
    const alert = "WALSizeGrowth";
    const of = (values: string, pod = "a") => ({ [`${walSize},pod="${pod}"}`]: values });
    // Up to 800 MB and back to nothing, every twenty minutes: increase() would say 2.4 GB an hour.
    const rotating = Array.from({ length: 180 }, (_, minute) => (minute % 20) * 40_000_000).join(" ");
    const hour = "0+15000000x180";
    const cases: Record<string, Omit<Case, "alert">> = {
      rotation: { series: of(rotating), fires: { "1h30m": false, "2h": false, "3h": false } },
      "little growth": { series: of("0+15000000x180"), fires: { "3h": false } },
      growth: { series: of("0+20000000x180"), fires: { "1h": false, "2h": true, "3h": true } },
      takeover: {
        series: { ...of(`${hour.replace("x180", "x60")} stale`), ...of("_x60 915000000+15000000x120", "b") },
        fires: { "2h": false, "3h": false },
      },
      shrinking: { series: of("9000000000-20000000x180"), fires: { "2h": false } },
    };
    for (const [name, each] of Object.entries(cases)) expect(firing(`wal ${name}`, { ...each, alert })).toEqual([]);
  });
});
