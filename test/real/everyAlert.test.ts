import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../policies/graph";
import { loadGraph } from "../../preview/offline";
import { analyticsCases } from "./alertCases/analytics";
import type { Cases, CasesOf, Watched } from "./alertCases/cases";
import { omendbCases } from "./alertCases/omendb";
import { omniverseCases } from "./alertCases/omniverse";
import { platformCases, platformCasesBeside } from "./alertCases/platform";
import { PromtoolRules, type Rule, type RuleCase } from "./promtoolRules";

/** The alerts that a PrometheusRule may hold, each with its cases. */
const all: Readonly<Record<string, Readonly<Record<string, CasesOf>>>> = {
  "analytics-primary-alerts-rules": analyticsCases("primary"),
  "analytics-secondary-alerts-rules": analyticsCases("secondary"),
  "omendb-primary-alerts-rules": omendbCases("primary"),
  "omendb-secondary-alerts-rules": omendbCases("secondary"),
  "omniverse-primary-alerts-rules": omniverseCases("primary"),
  "omniverse-secondary-alerts-rules": omniverseCases("secondary"),
  "platform-analytics-primary-alerts-rules": platformCasesBeside("analytics-primary"),
  "platform-analytics-secondary-alerts-rules": platformCasesBeside("analytics-secondary"),
  "platform-primary-alerts-rules": platformCases("primary"),
  "platform-secondary-alerts-rules": platformCases("secondary"),
};

const stacks = ["prod", "staging"] as const;
const graphs = new Map<string, ResourceGraph>();
const opened: PromtoolRules[] = [];
beforeAll(async () => {
  for (const stack of stacks) {
    graphs.set(stack, (await loadGraph({ program: path.resolve(__dirname, "../.."), stack })).graph);
  }
});
afterAll(() => {
  for (const one of opened) one.close();
});

/** The PrometheusRules of a stack that hold an alert. */
function resourcesOf(stack: string): string[] {
  const spec = (props: object) => (props as { spec?: { groups: { rules: Rule[] }[] } }).spec;
  return (graphs.get(stack)?.resources ?? [])
    .filter(({ type }) => type.endsWith(":PrometheusRule"))
    .filter(({ props }) => spec(props)?.groups.some(({ rules }) => rules.some(({ alert }) => alert !== undefined)))
    .map(({ name }) => name)
    .sort();
}

function rulesOf(stack: string, resource: string): PromtoolRules {
  const graph = graphs.get(stack);
  if (graph === undefined) throw new Error(`no graph of ${stack}`);
  const rules = new PromtoolRules(graph, resource);
  opened.push(rules);
  return rules;
}

/** What a set of cases does not ask; one that always fires has nothing to turn. */
function unasked({ healthy, broken, absent }: Cases, alert: string | undefined): string[] {
  const said = (cases: readonly { fires: object }[], value: boolean) =>
    cases.length > 0 && cases.every(({ fires }) => Object.values(fires).includes(value));
  const always = alert === "HoldfastWatchdog";
  return [
    ...(always || (said(healthy, false) && !healthy.some(({ fires }) => Object.values(fires).includes(true)))
      ? []
      : ["silent on healthy data"]),
    ...(always || (said(broken, true) && said(broken, false)) ? [] : ["fires in time"]),
    ...(said(absent, true) ? [] : ["fires when the series is absent"]),
  ];
}

/** What is wrong with rules: no cases, too few, or one in which a rule does not do what it must. */
function wrong(rules: PromtoolRules, all: readonly Asked[]): string[] {
  const known = all.map(({ rule, casesOf }) => ({ rule, cases: casesOf?.(rule) }));
  const few = known.flatMap(({ rule, cases }) =>
    cases === undefined
      ? [`${told(rule)}: has no cases`]
      : unasked(cases, rule.alert).map((what) => `${told(rule)}: nothing asks whether it ${what}`),
  );
  const each = known.flatMap(({ rule, cases }) => (cases === undefined ? [] : casesOfRule(rules, rule, cases)));
  const failed = rules.wrongOf(each).flatMap((said, i) => said.map((what) => `${each[i]?.told}: ${what}`));
  return [...few, ...failed];
}

/** A rule, and its cases where any are known. */
interface Asked {
  rule: Rule;
  casesOf: CasesOf | undefined;
}

const told = ({ alert, annotations }: Rule) => [alert, annotations?.holdfast_asset].join(" of ");

function casesOfRule(rules: PromtoolRules, rule: Rule, cases: Cases): (RuleCase & { told: string })[] {
  return (["healthy", "broken", "absent"] as const).flatMap((kind) =>
    cases[kind].map(({ name = "", step = "1m", series, fires, ...one }: Watched & { by?: string }) => ({
      told: `${told(rule)}: ${kind} ${name}`,
      rules: one.by === undefined ? [rule] : rules.of(one.by),
      step,
      series,
      fires,
    })),
  );
}

describe.each(stacks)("every alert of %s", (stack) => {
  it("stands in a rule whose cases are known", () => {
    expect(resourcesOf(stack)).toEqual(Object.keys(all));
  });

  it.each(Object.keys(all))(
    "of %s fires in time, is silent on healthy data, and fires when the series is absent",
    (resource) => {
      const rules = rulesOf(stack, resource);
      const asked = rules.rules.map((rule) => ({ rule, casesOf: all[resource]?.[rule.alert ?? ""] }));
      expect(wrong(rules, asked)).toEqual([]);
    },
  );
});

describe("the cases", () => {
  const resource = "omniverse-primary-alerts-rules";
  const spoilt = (alert: string, change: (rule: Rule) => Rule) => {
    const rules = rulesOf("prod", resource);
    const casesOf = all[resource]?.[alert];
    return wrong(
      rules,
      rules.of(alert).map((rule) => ({ rule: change(rule), casesOf })),
    );
  };

  it("are none of rules that nobody has written any for", () => {
    const rules = rulesOf("prod", resource);
    const [rule] = rules.rules;
    if (rule === undefined) throw new Error("no rule");
    expect(wrong(rules, [{ rule, casesOf: undefined }])).toEqual([
      "OmniverseCopyLate of omniverse/database: has no cases",
    ]);
    const none = { healthy: [], broken: [], absent: [] };
    expect(wrong(rules, [{ rule, casesOf: () => none }])).toHaveLength(3);
  });

  it.each<[string, (rule: Rule) => Rule, RegExp]>([
    [
      "does not see absence",
      (rule) => ({ ...rule, expr: rule.expr.replace(/ or absent.*$/, " or absent(vector(1))") }),
      /absent/,
    ],
    [
      "watches another asset",
      (rule) => ({ ...rule, expr: rule.expr.replaceAll(/omniverse\/\w+/g, "omniverse/other") }),
      /healthy/,
    ],
    ["speaks late", (rule) => ({ ...rule, expr: rule.expr.replace("time() -", "time() - 3600 -") }), /broken/],
    ["never speaks", (rule) => ({ ...rule, expr: `(${rule.expr}) and on () vector(1) < 0` }), /broken/],
  ])("find a rule that %s", (_, change, kind) => {
    const found = spoilt("OmniverseCopyStale", change);
    expect(found.length).toBeGreaterThanOrEqual(3);
    expect(found.join("\n")).toMatch(kind);
  });
});
