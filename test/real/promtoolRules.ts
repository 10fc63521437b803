import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { ResourceGraph } from "../../policies/graph";
import { say } from "../../tools/packages";
import { ensurePromtool } from "../../tools/promtool";

/** Series over time as promtool writes them, by their name. */
export type Series = Record<string, string>;

/** When a rule must be firing, by the time after the start. */
export type Fires = Readonly<Record<string, boolean>>;

/** One rule as a PrometheusRule holds it. */
export interface Rule {
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** What rules must say of series; `step` is that of samples and of evaluations. */
export interface RuleCase {
  /** Of one alert. */
  rules: readonly Rule[];
  step: string;
  series: Series;
  fires: Fires;
}

/** What promtool says where a query gives something else: the comment in the query tells which case it is. */
const FAILURE = /expr: ".*# case (\d+)", time: (\S+),\s+exp: \{\} (\S+)\s+got: \{\} (\S+)/g;

/** A case as promtool reads it. */
function testOf({ rules, step, series, fires }: RuleCase, index: number): object {
  const firing = `ALERTS{alertname="${rules[0]?.alert}",alertstate="firing"}`;
  return {
    interval: step,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: Object.entries(fires).map(([eval_time, yes]) => ({
      expr: `(count(${firing}) or vector(0)) > bool 0 # case ${index}`,
      eval_time,
      exp_samples: [{ labels: "{}", value: yes ? 1 : 0 }],
    })),
  };
}

/** Alerts of one PrometheusRule of a graph, run through `promtool test rules` alone. */
export class PromtoolRules {
  private readonly folder = fs.mkdtempSync(path.join(tmpdir(), "holdfast-rules-"));
  /** All of them, in order. */
  readonly rules: readonly Rule[];

  constructor({ resources }: ResourceGraph, resource: string) {
    const spec = resources.find(({ name }) => name === resource)?.props.spec;
    if (spec === undefined) throw new Error(`no PrometheusRule ${resource}`);
    this.rules = (spec as never as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);
  }

  /** The rules of an alert; of one asset where it is named. */
  of(alert: string, asset?: string): Rule[] {
    const found = this.rules.filter(
      (one) => one.alert === alert && (asset === undefined || one.annotations?.holdfast_asset === asset),
    );
    if (found.length === 0) throw new Error(`no alert ${alert}`);
    return found;
  }

  /** Runs one case, evaluated at each `step`; returns what was not as expected. */
  wrong(rules: readonly Rule[], step: string, series: Series, fires: Fires): string[] {
    return this.wrongOf([{ rules, step, series, fires }]).flat();
  }

  /**
   * Runs cases at once, each on its own series; returns what was not as expected of each, in their order.
   * @throws Error with what promtool says, where that is not about a case.
   */
  wrongOf(cases: readonly RuleCase[]): string[][] {
    const groups = new Map<string, number[]>();
    for (const [index, { rules, step }] of cases.entries()) {
      const key = JSON.stringify({ groups: [{ name: "case", interval: step, rules }] });
      groups.set(key, [...(groups.get(key) ?? []), index]);
    }
    // A file for each set of rules: promtool evaluates all rules of a file at every step of all its cases.
    const files = [...groups].map(([rules, indexes]) => {
      const step = cases[indexes[0] ?? 0]?.step;
      const tests = indexes.map((index) => testOf(cases[index] as RuleCase, index));
      return this.write("test", { rule_files: [this.write("rules", rules)], evaluation_interval: step, tests });
    });
    if (files.length === 0) return [];
    const said = say(ensurePromtool(), ["test", "rules", ...files]);
    const found = cases.map((): string[] => []);
    for (const [, index, time, expected, got] of said.output.matchAll(FAILURE)) {
      found[Number(index)]?.push(`at ${time} firing must be ${Number(expected)}, got ${Number(got)}`);
    }
    if (!said.ok && found.flat().length === 0) throw new Error(said.output);
    return found;
  }

  private write(what: string, content: unknown): string {
    const file = path.join(this.folder, `${fs.readdirSync(this.folder).length}-${what}.json`);
    fs.writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  close(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
