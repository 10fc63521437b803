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
    return this.wrongOf(rules, step, [{ series, fires }]);
  }

  /** Runs cases of the same rules at once, each on its own series. */
  wrongOf(rules: readonly Rule[], step: string, cases: readonly { series: Series; fires: Fires }[]): string[] {
    const at = (file: string) => path.join(this.folder, `${fs.readdirSync(this.folder).length}-${file}.json`);
    const file = at("rules");
    fs.writeFileSync(file, JSON.stringify({ groups: [{ name: "case", interval: step, rules }] }));
    const test = {
      rule_files: [file],
      evaluation_interval: step,
      tests: cases.map(({ series, fires }) => ({
        interval: step,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: Object.entries(fires).map(([eval_time, yes]) => ({
          expr: `(count(ALERTS{alertname="${rules[0]?.alert}",alertstate="firing"}) or vector(0)) > bool 0`,
          eval_time,
          exp_samples: [{ labels: "{}", value: yes ? 1 : 0 }],
        })),
      })),
    };
    const written = at("test");
    fs.writeFileSync(written, JSON.stringify(test));
    const said = say(ensurePromtool(), ["test", "rules", written]);
    return said.ok ? [] : [said.output];
  }

  close(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
