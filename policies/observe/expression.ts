import { isUnknown, type Maybe } from "../../recovery/bound";
import type { Series } from "../../recovery/plan";
import {
  absencesOf,
  aggregated,
  asksFor,
  branchesOf,
  comparisonOf,
  isAbsence,
  type Selector,
  selectorOf,
} from "./promql";
import type { Read } from "./read";

const roles = ["full", "incremental"] as const;

/** The metric that a job pushes: when the newest restore point's state was captured. */
const captureMetric = "holdfast_capture_timestamp_seconds";

/** The metric that a job pushes: the latest moment that a log can be replayed to. */
const restorableMetric = "holdfast_restorable_timestamp_seconds";

/** What a freshness alert watches; without a threshold it watches less than all restore points of a kind. */
export interface Freshness {
  /** Age in seconds at which it fires; unknown when its expression is of any other form. */
  threshold?: Maybe<number>;
  /** The one kind of restore point it watches; every kind when absent. */
  role?: Series["role"];
  /** The one archive whose latest moment it watches, by its name within the asset: `point-in-time`. */
  protection?: string;
}

/** The age at which an expression fires, and the selectors whose newest time counts. */
export interface Age {
  threshold: number;
  selectors: readonly Selector[];
}

/** Reads `time() - max(...) > 360`, alone or with branches that fire on absence; nothing for any other expression. */
export function agesOf(expression: string): Age[] | undefined {
  const others = branchesOf(expression).filter((branch) => !isAbsence(branch));
  const ages = others.map(ageOf);
  return ages.every((age) => age !== undefined) ? ages : undefined;
}

/** Whether an alert with this expression fires always: a sample of any value fires. */
export function alwaysFires(expression: Read<string>): boolean {
  const [only, ...others] = typeof expression === "string" ? branchesOf(expression) : [];
  return others.length === 0 && /^vector\(\d+\)$/.test(only ?? "");
}

/** Reads what a freshness alert of an asset watches. */
export function freshnessOf(expression: Read<string>, asset: string): Freshness {
  if (isUnknown(expression)) return { threshold: expression };
  const [age, ...others] = agesOf(expression ?? "") ?? [];
  const [selector, ...more] = age?.selectors ?? [];
  if (age !== undefined && selector?.metric === restorableMetric && others.length + more.length === 0) {
    return restorableOf(age, selector, asset);
  }
  if (age === undefined || selector?.metric !== captureMetric || others.length > 0 || more.length > 0) {
    const form = `time() - max(${captureMetric}{asset="${asset}"}) > 360`;
    return { threshold: { unknown: `its expr is not of the form ${form}` } };
  }
  const { threshold } = age;
  if (!asksFor(selector, "asset", asset)) {
    return { threshold: { unknown: `its expr does not select asset="${asset}"` } };
  }
  const role = roles.find((one) => asksFor(selector, "role", one));
  if (selector.labels.length > (role === undefined ? 1 : 2)) return {};
  return role === undefined ? { threshold } : { threshold, role };
}

/** The latest moment of an archive is pushed under its name, since an asset may have several. */
function restorableOf({ threshold }: Age, selector: Selector, asset: string): Freshness {
  const [label, ...others] = selector.labels.filter(({ name }) => name === "protection");
  const protection = label?.value;
  const exact = protection !== undefined && others.length === 0 && asksFor(selector, "protection", protection);
  if (!exact || !asksFor(selector, "asset", asset) || selector.labels.length > 2) {
    const form = `time() - max(${restorableMetric}{asset="${asset}",protection="point-in-time"}) > 900`;
    return { threshold: { unknown: `its expr is not of the form ${form}` } };
  }
  return { threshold, protection };
}

/** Whether an alert fires when the series it watches is absent; all of them are when those of any one kind must be there. */
export function coversAbsence(
  expression: Read<string>,
  guards: string,
  asset: string,
  { role, protection }: Omit<Freshness, "threshold">,
): boolean {
  if (typeof expression !== "string") return false;
  const absences = absencesOf(expression);
  if (guards !== "freshness") return absences.length > 0;
  if (protection !== undefined) {
    return absences.some(
      (one) =>
        one.metric === restorableMetric && asksFor(one, "asset", asset) && asksFor(one, "protection", protection),
    );
  }
  return absences.some(
    (one) =>
      one.metric === captureMetric &&
      asksFor(one, "asset", asset) &&
      (role === undefined || asksFor(one, "role", role)),
  );
}

function ageOf(branch: string): Age | undefined {
  const comparison = comparisonOf(branch);
  const [, since] = /^time\(\)-(.*)$/s.exec(comparison?.left ?? "") ?? [];
  if (comparison === undefined || since === undefined || !comparison.operator.startsWith(">")) return undefined;
  const threshold = /^\d+$/.test(comparison.right) ? Number(comparison.right) : Number.NaN;
  const selectors = branchesOf(aggregated(since, ["max", "min"])).map(selectorOf);
  if (!Number.isSafeInteger(threshold) || !selectors.every((one) => one !== undefined)) return undefined;
  return { threshold, selectors };
}
