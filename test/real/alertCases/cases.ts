import { duration } from "../../../recovery/duration";
import type { Fires, Rule, Series } from "../promtoolRules";

/** Series over time, and when the rule must fire on them. */
export interface Watched {
  /** What the series show, where a rule has several cases of a kind. */
  name?: string;
  /** Of samples and evaluations. @default "1m" */
  step?: string;
  series: Series;
  fires: Fires;
}

/** What every rule is held to: silent on healthy data, in time on broken, and not silent when nobody tells. */
export interface Cases {
  healthy: readonly Watched[];
  broken: readonly Watched[];
  /** `by` names the alert of the same site that speaks instead. */
  absent: readonly (Watched & { by?: string })[];
}

/** The cases of a rule that has this name, whichever site, asset and numbers it has. */
export type CasesOf = (rule: Rule) => Cases;

/** Samples of every series here: longer than any case. */
export const LENGTH = 1_000;

/** The same value all along. */
export const steady = (value: number): string => `${value}x${LENGTH}`;

/** The time after the start of a step of so many seconds. */
export const at = (index: number, step: number): string => `${index * step}s`;

/** Seconds between samples, so that an age of so many seconds takes about 25: each is an evaluation. */
export const stepFor = (age: number): number => Math.max(15, 60 * Math.round(age / 25 / 60));

/** What labels of a rule say where it stands. */
export const namespaceOf = ({ labels }: Rule): string => {
  if (labels?.namespace === undefined) throw new Error("a rule must say its namespace");
  return labels.namespace;
};

/** A number that a rule states, so that a changed promise does not need a changed test. */
export function numberOf({ alert, expr }: Rule, pattern: RegExp): number {
  const [, found] = pattern.exec(expr) ?? [];
  if (found === undefined) throw new Error(`${alert} states no number like ${pattern}`);
  return Number(found);
}

/** Another alert of the same site speaks where there is no series at all. */
export const told = (by: string, fires: Fires = { "3h": true }): Watched & { by: string } => ({
  by,
  step: "15m",
  series: {},
  fires,
});

/** Gauges that are good and turn bad. */
export interface Turn {
  good: Readonly<Record<string, number>>;
  bad: Readonly<Record<string, number>>;
  /** What there is all along. */
  given?: Series;
  absent: Cases["absent"];
}

/** Good for an hour, then bad: it fires after the rule's `for`, and not an evaluation before. */
export function turning({ for: held = "0s" }: Rule, { good, bad, given = {}, absent }: Turn): Cases {
  const [TURN, STEP] = [240, 15];
  const wait = duration(held) / STEP;
  const healthy = Object.fromEntries(Object.entries(good).map(([name, value]) => [name, steady(value)]));
  const turned = Object.fromEntries(
    Object.keys({ ...good, ...bad }).map((name) => {
      const before = name in good ? `${good[name]}x${TURN - 1}` : `_x${TURN}`;
      return [name, `${before} ${name in bad ? `${bad[name]}x${LENGTH}` : "stale"}`];
    }),
  );
  return {
    healthy: [
      { step: "15s", series: { ...given, ...healthy }, fires: { "1h": false, [at(TURN + 2 * wait, STEP)]: false } },
    ],
    broken: [
      {
        step: "15s",
        series: { ...given, ...turned },
        fires: {
          [at(TURN - 1, STEP)]: false,
          ...(wait > 0 ? { [at(TURN + wait - 1, STEP)]: false } : {}),
          [at(TURN + wait, STEP)]: true,
        },
      },
    ],
    absent,
  };
}

/** The same with a sample each minute less seldom: counters that grow by so much each step, and then by another. */
export const growing = (first: number, then: number, turn: number): string =>
  `0+${first}x${turn - 1} ${first * (turn - 1) + then}+${then}x${LENGTH}`;

/** The newest moment that is told stays where it is. */
export function ageing(
  rule: Rule,
  moments: (values: string) => Series,
  { others = {}, given = {} }: { others?: Series; given?: Series } = {},
): Cases {
  const limit = numberOf(rule, / > (\d+) or absent/);
  const wait = duration(rule.for ?? "0s");
  const seconds = stepFor(limit);
  const [step, last] = [`${seconds}s`, Math.floor(limit / seconds)];
  const end = last + 1 + Math.ceil(wait / seconds);
  const all = { ...given, ...others };
  const newest = `0+${seconds}x${LENGTH}`;
  return {
    healthy: [
      {
        step,
        series: { ...all, ...moments(newest) },
        fires: { [at(2, seconds)]: false, [at(3 * end, seconds)]: false },
      },
    ],
    broken: [
      {
        step,
        series: { ...all, ...moments(steady(0)) },
        fires: { [at(last, seconds)]: false, [at(end, seconds)]: true },
      },
    ],
    absent: [{ step, series: all, fires: { [at(1 + Math.ceil(wait / seconds), seconds)]: true } }],
  };
}
